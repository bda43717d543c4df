/**
 * Asks istiod anew: `node test/mesh/istiod/ask.ts CHECKOUT`, with a checkout of Istio that has been made ready as
 * `test/mesh/README.md` says. Writes one packed answer a pod.
 */
import { writeFileSync } from 'node:fs';
import { type Answer, answerFile, packed } from './answer.ts';
import { askIstiod } from './checkout.ts';
import { askedPod, podNames } from './pods.ts';

const checkout = process.argv[2];
if (checkout === undefined) {
  console.error('usage: node test/mesh/istiod/ask.ts CHECKOUT-OF-ISTIO');
  process.exit(2);
}
const said = askIstiod(checkout, podNames.map(askedPod)) as Readonly<Record<string, Omit<Answer, 'asked'>>>;
for (const name of podNames) {
  const answer = said[name];
  if (answer === undefined) throw new Error(`istiod said nothing about ${name}`);
  writeFileSync(answerFile(name), packed(name, answer));
}
console.log(`${podNames.length} answers written`);
