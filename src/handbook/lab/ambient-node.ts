/** A pasted node of ambient mode: what its processes and its pods send, on its own rules. */
import type { AmbientRules } from '../../istio/index.ts';
import { type Inhabited, isOnLink, journey, type Request } from '../../journey/index.ts';
import { readAddress, setNamed } from '../../netfilter/index.ts';
import { type AmbientGround, enrolledWorkload } from '../scenarios/ambient.ts';
import { kubeletProcess, nodeCalls, nodeSenders } from '../scenarios/ambient-examples.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { peers, pod } from '../scenarios/setting.ts';

/** Where the text tells of none: the handbook's pods are behind a bridge of the node. */
const usualInterfaces = [
  { name: 'lo', addresses: ['127.0.0.1/8'] },
  { name: 'eth0', addresses: ['192.0.2.10/24'] },
  { name: 'cni0', addresses: [`${peers.kubelet.address}/24`] },
];

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

function nodeOf({ rulesets = {}, network, state = {} }: RealPod): Inhabited {
  const interfaces = network?.interfaces ?? usualInterfaces;
  const way = interfaces.find(({ name }) => name !== 'lo')?.name ?? 'eth0';
  return {
    proxy: 'ztunnel',
    processes: [kubeletProcess],
    behave: ({ process }) => ({ reason: { code: 'answers', process }, dials: [], closes: false }),
    entry: (source) =>
      interfaces.find(({ addresses }) => addresses.some((own) => isOnLink(own, source)))?.name ?? way,
    host: {
      rulesets,
      interfaces,
      routes: network?.routes ?? [{ destination: 'default', family: 'v4', dev: way }],
      ...(network?.rules === undefined ? {} : { rules: network.rules }),
      ...state,
      // A node sends on what is for its pods.
      sysctls: { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1, ...state.sysctls },
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
