/** Every sentence that a reader is shown is made in `src/words`. */
import { expect, test } from 'vitest';
import { floors } from './floors.ts';
import { needlessExceptions, saidElsewhere } from './said-elsewhere.ts';
import { codeEnds, filesIn, sourceFile } from './tree.ts';

const onFloors = filesIn(floors, codeEnds);

test('no floor but src/words says anything', () => {
  expect(saidElsewhere(onFloors)).toEqual([]);
});

test('every exception is still needed', () => {
  expect(needlessExceptions(onFloors)).toEqual([]);
});

/** A template with something put in. */
function filled(code: string): string {
  return code.replace('GIVEN', '$' + '{given}');
}

/** Each is a way in which a sentence once stood below. */
test.each([
  "const because = 'It changes no rule: without it they would be the same.';",
  "const entry = { what: 'The application, as it is.' };",
  filled('const because = `istio-init has GIVEN: the annotation was changed after the injection.`;'),
  filled('const fix = `Did you mean GIVEN, or is it another one?`;'),
  filled('return `GIVEN is not met any more`;'),
  "const nativeRules = 'Rules are made with native nftables: iptables-save shows nothing of them';",
])('%s is found', (code) => {
  expect(saidElsewhere([sourceFile('src/istio/yaml/planted.ts', code)])).toHaveLength(1);
  expect(saidElsewhere([sourceFile('src/words/en/planted.ts', code)])).toEqual([]);
});

/** What may look so, and is none. */
test.each([
  "const code = 'a word that does not belong there';",
  filled('const rule = `-p tcp -m mark --mark GIVEN -j CONNMARK --save-mark`;'),
  "const nft = 'meta mark set ct mark';",
  filled('throw new Error(`found process "GIVEN" where one of the pod’s was expected.`);'),
  "type Is = 'The application is not here.';",
  "const fields = 'version dscp ecn length id frag-off ttl protocol checksum saddr daddr';",
])('%s is none', (code) => {
  expect(saidElsewhere([sourceFile('src/istio/yaml/planted.ts', code)])).toEqual([]);
});
