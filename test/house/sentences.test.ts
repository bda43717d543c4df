/** What is computed is data: nothing reads a sentence that the project made. */
import { expect, test } from 'vitest';
import { readSentences } from './sentences.ts';
import { codeEnds, filesIn, sourceFile } from './tree.ts';

test('nothing in the house reads a sentence', () => {
  expect(readSentences(filesIn(['src', 'components'], codeEnds))).toEqual([]);
});

/** Each is a way to read a sentence that was once in the house. */
test.each([
  'if (/^uid/.test(event.because)) mark();',
  "const isProxy = message.because.startsWith('the proxy');",
  "const port = (stop.says ?? '').match(/port (\\d+)/)?.[1];",
  "const known = problems.some(({ found, ...problem }) => problem.fix === 'Write it anew.');",
  "if (problem.found === 'a tab') skip();",
  "switch (leg.ending) { case 'It is dropped.': break; }",
  "const [name] = finding.message.split(' ');",
  'const icon = icons[verdict.because];',
  'if (endings.includes(journey.ending)) stop();',
  "import { because } from '../words/index.ts';\nconst is = because(event) === 'no rule matched';",
  "import { sentence as say } from '../words/index.ts';\nconst is = say(event).endsWith('dropped');",
  "import { ending } from '../../src/words/index.ts';\nconst last = ending(journey);\nif (last.includes('circle')) stop();",
])('%s is found', (code) => {
  expect(readSentences([sourceFile('src/render/planted.ts', code)])).toHaveLength(1);
});

/** What may look so, and is none. */
test.each([
  'const has = event.because !== undefined && event.because !== "";',
  "if (event.reason.code === 'policy') mark();",
  'const shown = [problem.found, problem.fix].join(": ");',
  "if (error.message.includes('ENOENT')) skip();",
  "import { because } from '../words/index.ts';\nconst shown = because(event);",
  "const chain = rule.chain === 'OUTPUT' && name.startsWith('ISTIO_');",
  'if (finding.found === relation) mark();',
])('%s is none', (code) => {
  expect(readSentences([sourceFile('src/render/planted.ts', code)])).toEqual([]);
});
