/**
 * Imported before all that reads `handbook.config.ts`: a mistake in it is told, and nothing is made of it. A file
 * that has none changes nothing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import handbook from '../../../handbook.config.ts';
import { settingProblemWords } from '../../words/index.ts';
import { checkSettings } from './check.ts';

const root = process.cwd();
const folder = join(root, 'public');
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `/${name.replaceAll('\\', '/')}`)
  : [];
const tokens = readFileSync(join(root, 'src/styles/tokens.css'), 'utf8');
const [, light = '', dark = ''] = /--ground: light-dark\((#\w+), (#\w+)\)/.exec(tokens) ?? [];

const problems = checkSettings(handbook, { files, ground: { light, dark } });
if (problems.length > 0)
  throw new Error(
    [
      'handbook.config.ts cannot be published:',
      ...problems.map((problem) => `  ${settingProblemWords(problem)}`),
    ].join('\n'),
  );
