/** A node of ambient mode, with its pods behind a bridge: on what its processes and its pods send is walked. */
import type { AmbientRules } from '../../istio/index.ts';
import { type Inhabited, isOnLink, type Journey, journey, type Request } from '../../journey/index.ts';
import { type Family, type Host, withBuiltInChains } from '../../netfilter/index.ts';
import type { RealPod } from './real-pod/index.ts';
import { peers } from './setting.ts';

/** The kubelet as a process of its node. */
export const kubeletProcess = { name: peers.kubelet.name, uid: 0, gid: 0 } as const;

/** Any process of a node but its kubelet. */
export const otherProcess = { name: 'a process of the node', uid: 1000, gid: 1000 } as const;

/** Where nothing is known of them. */
const usualInterfaces = [
  { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
  { name: 'eth0', addresses: ['192.0.2.10/24'] },
  { name: 'cni0', addresses: [`${peers.kubelet.address}/24`, 'fd00:10:244:1::1/64'] },
];

/** A node of which this much is known. */
export function nodeOf({ rulesets = {}, network, state = {} }: RealPod): Inhabited {
  const interfaces = network?.interfaces ?? usualInterfaces;
  const way = interfaces.find(({ name }) => name !== 'lo')?.name ?? 'eth0';
  return {
    isNode: true,
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

/** A node as Istio sets it up, with these pods enrolled. */
export function programmedNode(
  { host: { v4, v6, nft }, sets }: AmbientRules,
  pods: Readonly<Record<Family, readonly string[]>>,
): Pick<RealPod, 'rulesets' | 'state'> {
  const rulesets: Host['rulesets'] =
    nft === null
      ? { v4: withBuiltInChains(v4), ...(v6 === null ? {} : { v6: withBuiltInChains(v6) }) }
      : {
          nft: {
            ...nft,
            tables: nft.tables.map((table) => ({
              ...table,
              sets: sets.map(({ name, family }) => ({
                kind: 'set' as const,
                name,
                type: family === 'v4' ? 'ipv4_addr' : 'ipv6_addr',
                isTypeof: false,
                properties: [],
                elements: pods[family].map((text) => ({ key: { kind: 'literal' as const, text } })),
              })),
            })),
          },
        };
  return {
    rulesets,
    state: {
      sets: Object.fromEntries(
        sets.map(({ name, family }) => [name, { type: 'hash:ip', family, members: pods[family] }]),
      ),
    },
  };
}

/** Walks a request on one host. */
type Walk = (request: Request) => Journey;

/** A probe's whole way, over the node's rules and, where they send it on, the pod's. */
export function probeOver(
  onNode: Walk,
  inPod: Walk,
  { address, port }: { readonly address: string; readonly port: number },
): Journey {
  const sent = onNode({ from: kubeletProcess, address, port });
  const left = leftAs(sent);
  const from = { name: kubeletProcess.name, address: left ?? '' };
  return left === null ? sent : joined(sent, inPod({ from, address, port }));
}

/**
 * The whole way of a probe that is walked in its pod already; null where the node does not send it on, or not from the
 * address that it has in the pod.
 */
export function overNode(node: Inhabited, inPod: Journey, request: Request): Journey | null {
  const sent = journey(node, { ...request, from: kubeletProcess });
  const left = leftAs(sent);
  return left !== null && left === inPod.legs[0]?.dialled.source ? joined(sent, inPod) : null;
}

/** The source with which a packet went out; null where it did not. */
function leftAs({ legs }: Journey): string | null {
  const sent = legs[0]?.passages[0]?.traversal;
  return sent?.outcome.kind === 'sent' ? (sent.events.at(-1)?.packet.source ?? null) : null;
}

/** What becomes of it is decided in the pod. */
function joined({ legs }: Journey, inPod: Journey): Journey {
  const { legs: own, outcome } = inPod;
  const at = legs.length;
  return {
    ...inPod,
    legs: [...legs, ...own],
    outcome:
      outcome.kind === 'nothing sent'
        ? outcome
        : {
            ...outcome,
            leg: outcome.leg + at,
            ...(outcome.kind === 'in a circle' && outcome.again !== null
              ? { again: outcome.again + at }
              : {}),
            decided: outcome.decided && { ...outcome.decided, leg: outcome.decided.leg + at },
          },
  };
}
