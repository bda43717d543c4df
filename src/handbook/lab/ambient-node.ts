/** A pasted node of ambient mode: what its processes and its pods send, on its own rules. */
import type { AmbientRules } from '../../istio/index.ts';
import { journey, type Request } from '../../journey/index.ts';
import { readAddress, setNamed } from '../../netfilter/index.ts';
import { type AmbientGround, enrolledWorkload } from '../scenarios/ambient.ts';
import { nodeCalls, nodeSenders } from '../scenarios/ambient-examples.ts';
import { kubeletProcess, nodeOf } from '../scenarios/ambient-node.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { pod } from '../scenarios/setting.ts';

/** The node. The rules know its pods by a set: where the text does not tell its members, nobody can say whether a pod is one. */
export function nodeGround(real: RealPod, release: string, rules: AmbientRules): AmbientGround {
  const member = memberOf(real, rules);
  const toPod = { address: member ?? pod.address, port: pod.port };
  const node = nodeOf(real);
  return {
    usual: 'ambient-probe',
    menu: { senders: nodeSenders, calls: nodeCalls(toPod, member !== null) },
    bind(_, change) {
      const request: Request = { from: kubeletProcess, ...toPod, ...change.request };
      return {
        release,
        rules,
        workload: enrolledWorkload,
        pod: node,
        request,
        journey: journey(node, request),
      };
    },
  };
}

/** The first pod of the set, where the text tells one. */
function memberOf({ state, rulesets }: RealPod, { sets }: AmbientRules): string | null {
  const listed = rulesets?.nft?.tables.flatMap((table) => table.sets) ?? [];
  const members = sets.flatMap(({ name }) => [
    ...(setNamed(state?.sets, name)?.members ?? []),
    ...listed
      .filter((one) => one.name === name)
      .flatMap(({ elements }) => elements.map(({ key }) => (key.kind === 'literal' ? key.text : ''))),
  ]);
  return members.find((one) => readAddress(one) !== null) ?? null;
}
