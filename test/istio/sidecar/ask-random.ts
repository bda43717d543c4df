/**
 * Puts pods at random to istiod, says where the model differs, and keeps the answers: `node test/istio/sidecar/ask-random.ts
 * CHECKOUT [SEED] [PODS]`, with a checkout of Istio that has been made ready as `test/mesh/README.md` says. Nothing is kept
 * of another seed than the recorded one.
 */
import { sidecarConfig } from '../../../src/istio/sidecar/index.ts';
import { askIstiod } from '../../mesh/istiod/checkout.ts';
import { deciding, differences, type Told } from './deciding.ts';
import { recordedCount, recordedSeed, writeRandomAnswers } from './random-answers.ts';
import { randomPods } from './random-pods.ts';

const [checkout, seedGiven, countGiven] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('usage: node test/istio/sidecar/ask-random.ts CHECKOUT-OF-ISTIO [SEED] [PODS]');
  process.exit(2);
}
const seed = Number(seedGiven ?? recordedSeed);
const pods = randomPods(seed, Number(countGiven ?? recordedCount));
const said = askIstiod(
  checkout,
  pods.map((pod) => ({
    name: pod.Name,
    mode: pod.Mode,
    addresses: pod.IPs,
    labels: pod.Labels,
    outbound: pod.Policy,
    inbound: pod.Inbound ?? 'PASSTHROUGH',
    istio: pod.Config,
    objects: pod.Objects,
    clusterID: pod.ClusterID ?? '',
  })),
) as Readonly<Record<string, Told>>;
const told = pods.flatMap((pod) => {
  const answer = said[pod.Name];
  return answer === undefined ? [] : [{ pod, answer }];
});
const wrong = told.flatMap(({ pod, answer }) => {
  const found = differences(deciding(sidecarConfig('1.31', pod)), deciding(answer));
  return found.length === 0 ? [] : [`${pod.Name}:\n  ${found.slice(0, 5).join('\n  ')}`];
});
for (const one of wrong) console.log(one);
console.log(`${pods.length} pods of seed ${seed}, ${told.length} answered: ${wrong.length} differ`);
if (seed === recordedSeed && pods.length === recordedCount) writeRandomAnswers(said);
process.exitCode = wrong.length === 0 && told.length === pods.length ? 0 : 1;
