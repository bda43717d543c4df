/**
 * Asks istiod anew about the pods of `answers.json.br`: `node test/istio/sidecar/record.ts CHECKOUT [PODS.json]`, with a
 * checkout of Istio that has been made ready as `test/mesh/README.md` says, and a list of pods that replaces the questions.
 */
import { readFileSync } from 'node:fs';
import { askIstiod } from '../../mesh/istiod/checkout.ts';
import { type AnsweredPod, answeredPods, writeAnsweredPods } from './answers.ts';
import type { Told } from './deciding.ts';

const [checkout, list] = process.argv.slice(2);
if (checkout === undefined) {
  console.error('usage: node test/istio/sidecar/record.ts CHECKOUT-OF-ISTIO [PODS.json]');
  process.exit(2);
}
const pods: readonly AnsweredPod['pod'][] =
  list === undefined ? answeredPods().map(({ pod }) => pod) : JSON.parse(readFileSync(list, 'utf8'));
const said = askIstiod(
  checkout,
  pods.map((pod) => ({
    name: pod.Name,
    mode: pod.Mode,
    addresses: pod.IPs,
    labels: pod.Labels ?? { app: 'shop' },
    outbound: pod.Policy,
    inbound: pod.Inbound ?? 'PASSTHROUGH',
    istio: pod.Config,
    objects: pod.Objects,
    clusterID: pod.ClusterID ?? '',
  })),
) as Readonly<Record<string, Told & { readonly bootstrap: unknown }>>;
writeAnsweredPods(
  pods.map((pod) => {
    const answer = said[pod.Name];
    if (answer === undefined) throw new Error(`istiod said nothing about ${pod.Name}`);
    const { bootstrap: _, ...told } = answer;
    return { pod, answer: told };
  }),
);
console.log(`${pods.length} answers written`);
