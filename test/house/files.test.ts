/** Each file by itself: its name, its words, what it reaches for. */
import { describe, expect, test } from 'vitest';
import { emptyNames, longFiles, outsidePaths, unheardWords } from './files.ts';
import { codeEnds, filesIn, sourceFile } from './tree.ts';

const house = filesIn(['src', 'components'], codeEnds);
const all = [...house, ...filesIn(['test'], codeEnds)];

describe('the ground floor has never heard of what is above', () => {
  test('in the house', () => {
    expect(unheardWords(house)).toEqual([]);
  });

  test('and a word of it is found, in comments too', () => {
    expect(
      unheardWords([
        sourceFile('src/netfilter/a.ts', '// as Istio does\nconst port = 15001;'),
        sourceFile('src/envoy/b.ts', '// an Envoy, here beside istiod'),
        sourceFile('src/istio/c.ts', '// Istio'),
      ]),
    ).toEqual([
      'src/netfilter/a.ts speaks of Istio',
      'src/netfilter/a.ts speaks of 15001',
      'src/envoy/b.ts speaks of istio',
    ]);
  });
});

describe('a name says what is in it', () => {
  test('in the house', () => {
    expect(emptyNames(all)).toEqual([]);
  });

  test('and one that does not is found', () => {
    expect(
      emptyNames([
        sourceFile('src/render/utils/text.ts', ''),
        sourceFile('components/lab/path-helpers.ts', ''),
        sourceFile('src/render/a.ts', `class State${'Manager'} {}\nconst helper = 1;\nconst utility = 2;`),
      ]),
    ).toEqual([
      'src/render/utils/text.ts: "utils" says nothing of what it is',
      'components/lab/path-helpers.ts: "path-helpers.ts" says nothing of what it is',
      'src/render/a.ts: "StateManager" says nothing of what it is',
    ]);
  });
});

describe('the project stands alone', () => {
  test('nothing is read from outside', () => {
    expect(outsidePaths(all)).toEqual([]);
  });

  test('and what would be is found', () => {
    expect(
      outsidePaths([
        sourceFile('test/istio/a.ts', "new URL('../../../shared/', import.meta.url); new URL('../../x', y);"),
        sourceFile('test/b.ts', "join(import.meta.dirname, '../..'); join(import.meta.dirname, '..');"),
        sourceFile(
          'test/site/c.ts',
          "join(root, '../shared'); resolve(process.cwd(), '../x'); join(root, 'x');",
        ),
        sourceFile('src/d.ts', "readFileSync('/home/somebody/x');"),
      ]),
    ).toEqual([
      'test/istio/a.ts reaches for ../../../shared/',
      'test/b.ts reaches for ../..',
      'test/site/c.ts reaches for ../shared',
      'test/site/c.ts reaches for ../x',
      'src/d.ts reaches for /home/somebody/x',
    ]);
  });
});

describe('a file is short enough to be read', () => {
  const ends = [...codeEnds, '.css', '.pl', '.json', '.txt', '.case', '.rules', '.md', '.mdx'];

  test('in the house', () => {
    expect(longFiles(filesIn(['src', 'components', 'test'], ends))).toEqual([]);
  });

  test('and one that is not is found, but data is as long as there is to tell', () => {
    const long = (path: string, lines: number) => sourceFile(path, 'a\n'.repeat(lines));
    expect(
      longFiles([
        long('src/istio/a.ts', 500),
        long('src/istio/b.ts', 501),
        long('test/kernel/c.test.ts', 777),
        long('test/kernel/recorded/d.json', 9000),
        long('test/istio/cases/e.rules', 9000),
        long('src/styles/f.css', 600),
      ]),
    ).toEqual([
      'src/istio/b.ts has 501 lines, and more than 500 nobody reads',
      'test/kernel/c.test.ts has 777 lines, and more than 500 nobody reads',
      'src/styles/f.css has 600 lines, and more than 500 nobody reads',
    ]);
  });
});
