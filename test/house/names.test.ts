/** One name, one home. */
import { expect, test } from 'vitest';
import { type Shared, sharedNames } from './names.ts';
import { codeEnds, filesIn, sourceFile } from './tree.ts';

const may: readonly Shared[] = [
  { because: 'Astro asks each route for these names', files: /^src\/pages\// },
  {
    because:
      'a page’s worker is given the common ones in the place of all, by src/site/delivery/lean-scripts.ts',
    files:
      /\/(matches|targets|conditions|native|real-pod|ztunnel|hooked|nft|budget|addressing|loops|packet-address|hosts|joined-option|shell-words|spelling|nft-reasons|nft-notation)\/common\.ts$/,
    names: [
      'askedOf',
      'knowsNodes',
      'passagesOf',
      'matchExtensions',
      'targetExtensions',
      'conditions',
      'targets',
      'nativeRules',
      'ztunnelWords',
      'ztunnelDialWords',
      'ztunnelMeans',
      'workloadOf',
      'findHooked',
      'walkBaseChain',
      'nftOrder',
      'whyTooLong',
      'findLoops',
      'prefixTest',
      'getsCopy',
      'judgeInput',
      'judgeOutput',
      'sourceAddress',
      'tiedTo',
      'whyNotTaken',
      'withDestination',
      'nftPhrase',
      'nftTexts',
      'splitJoined',
      'nearest',
      'readWords',
      'splitWords',
    ],
  },
  {
    because: 'what shows a stop is called as what it shows; publishers import it by this name',
    files: /^components\/path\/Stop\.tsx$/,
    names: ['Stop'],
  },
];

test('in the house', () => {
  expect(sharedNames(filesIn(['src', 'components'], codeEnds), may)).toEqual([]);
});

test('and two homes are found, of a type and a function too; passing on is none', () => {
  const files = [
    sourceFile('src/a.ts', 'export interface Place {}\nexport const one = 1, two = 2;\nconst own = 1;'),
    sourceFile('src/b.ts', 'export type Place = 1;\nexport function two() {}\nconst own = 2;'),
    sourceFile('src/index.ts', "export { one } from './a.ts';\nexport type { Place } from './a.ts';"),
    sourceFile('components/C.astro', '---\nexport const one = 2;\n---\n<p />'),
  ];
  expect(sharedNames(files)).toEqual([
    'Place has 2 homes: src/a.ts, src/b.ts',
    'one has 2 homes: src/a.ts, components/C.astro',
    'two has 2 homes: src/a.ts, src/b.ts',
  ]);
  expect(sharedNames(files, [{ because: '', files: /b\.ts$/, names: ['two'] }])).toHaveLength(2);
});
