/** Keys without a field of their own, at every door: alone, with rules, and behind what an Envoy was told. */
import { expect, test } from 'vitest';
import { rulesFor } from '../../../src/istio/index.ts';
import { shows } from '../../netfilter/text/texts-with-keys.ts';
import { allOutputs } from './doors.ts';
import { dumpWithSecrets } from './dump-with-secrets.ts';

const rules = rulesFor('1.30', {}).text.v4;
const all = shows.map(([, text]) => text).join('\n\n');

test.each([
  ...shows.map(([what, text]) => [what, text] as const),
  ['all before rules', `${all}\n${rules}`],
  ['all within rules', rules.replace('COMMIT', `${all}\nCOMMIT`)],
  ['all behind rules', `${rules}\n${all}\n`],
  ['all behind a dump', `${JSON.stringify(dumpWithSecrets(), null, 2)}\n${all}\n`],
] as const)('%s', async (_, text) => {
  for (const [door, out] of await allOutputs(text))
    for (const [what, , secret] of shows)
      expect.soft(secret.exec(out)?.[0], `${door}: ${what}`).toBeUndefined();
});
