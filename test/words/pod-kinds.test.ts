/** For which pods a command of a page is not, as it is told beside it. */
import { expect, test } from 'vitest';
import { notForWords } from '../../src/words/index.ts';

test.for([
  ['ambient', 'Not for: a sidecar, a distroless proxy or a gateway.'],
  ['sidecar distroless ambient gateway', 'Not for: a native sidecar.'],
  ['native-sidecar ambient', 'Not for: a sidecar that is not native, a distroless proxy or a gateway.'],
  ['sidecar native-sidecar distroless ambient gateway', null],
] as const)('%s: %s', ([named, words]) => {
  expect(notForWords(named.split(' '))).toBe(words);
});
