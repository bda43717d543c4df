/**
 * What a writer is told: each file of messages/ is a page with a mistake, and, behind `==>`, the message word
 * for word. `vitest -u` writes them anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkBound } from '../../src/handbook/claims/index.ts';

const folder = join(import.meta.dirname, 'messages');
const mark = '\n==>\n';

test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', async (name) => {
  const file = join(folder, name);
  const [source = ''] = readFileSync(file, 'utf8').split(mark);
  const messages = checkBound('content/page.mdx', source).map(({ message }) => message);
  await expect(`${source}${mark}${messages.join('\n\n')}\n`).toMatchFileSnapshot(file);
});
