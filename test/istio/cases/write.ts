/**
 * Writes the case files anew from Istio's own expected output: `node test/istio/cases/write.ts`.
 */
import { writeFileSync } from 'node:fs';
import { printCases } from './form.ts';
import { goldenCases, releaseCases } from './reference.ts';

const notice =
  '# Written by write.ts, from what the tools of each release of Istio print. The form is told in form.ts.\n\n';

writeFileSync(new URL('releases.rules', import.meta.url), notice + printCases(releaseCases()));
writeFileSync(new URL('newest.rules', import.meta.url), notice + printCases(goldenCases()));
