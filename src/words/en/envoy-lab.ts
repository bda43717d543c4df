/** What the lab says of an Envoy's configuration: whose it is, what is wrong with it, and the way of a connection. */
import type { EnvoyFinding, EnvoyFindingId, EnvoyOrigin } from '../../analysis/envoy/index.ts';
import type { ConnectionWalk } from '../../envoy/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';
import { code, inParts, type Part } from '../parts.ts';
import { envoyEventWords, envoyOutcomeWords } from './envoy.ts';
import type { FindingWords } from './finding-words.ts';
import { grouped } from './numbers.ts';

export interface SaidEnvoy {
  readonly origin: EnvoyOrigin;
  readonly counts: Readonly<Record<string, number | null>>;
  /** It has keys and certificates. */
  readonly hasSecrets: boolean;
  /** It is the file with which Envoy starts, and what it is told later is not in it. */
  readonly isBootstrap: boolean;
  /** Nobody can see whether its end is missing. */
  readonly hasOpenEnd: boolean;
  /** Of a dump of ztunnel: how many workloads, services and policies. */
  readonly of: Readonly<Record<string, number>> | null;
  /** Why the rest may not be judged; null where all was read. */
  readonly problem: string | null;
}

/** What the text is, in one or two sentences. */
export function envoySummary({
  origin,
  counts,
  hasSecrets,
  isBootstrap,
  hasOpenEnd,
  of,
  problem,
}: SaidEnvoy): string {
  const parts = Object.entries(of ?? counts).flatMap(([what, count]) =>
    count === null
      ? []
      : [
          `${grouped(count)} ${count === 1 ? what.replace(/(?:ie)?s$/, (end) => (end === 'ies' ? 'y' : '')) : what}`,
        ],
  );
  const has =
    parts.length === 0
      ? ''
      : `, with ${parts.slice(0, -1).join(', ')}${parts.length > 1 ? ' and ' : ''}${parts.at(-1)}`;
  const secrets = hasSecrets ? ' Its keys and certificates are not shown.' : '';
  if (problem !== null && origin === 'nothing')
    return `This seems to be what Envoy was told, and none of it was read, so nothing is said of it. ${problem}`;
  const unread =
    problem === null || origin === 'older API'
      ? ''
      : ` Not all of it was read, so nothing is said to be wrong. ${problem}`;
  if (isBootstrap)
    return `This is the bootstrap with which the Envoy${startsWords[origin] ?? ''} starts${has}: what its control plane tells it later is not in it.${unread}${secrets}`;
  const open = hasOpenEnd ? ' In YAML nobody sees whether the end is missing: with -o json that shows.' : '';
  return `${origins[origin](has)}${unread}${open}${secrets}`;
}

const startsWords: Readonly<Partial<Record<EnvoyOrigin, string>>> = {
  sidecar: ' of a sidecar',
  gateway: ' of a gateway',
  waypoint: ' of a waypoint',
};

const origins: Readonly<Record<EnvoyOrigin, (has: string) => string>> = {
  sidecar: (has) => `This is what the Envoy of a sidecar was told${has}.`,
  gateway: (has) =>
    `This is what the Envoy of a gateway was told${has}: no rules bring connections to it, and nothing of it is judged.`,
  waypoint: (has) =>
    `This is what the Envoy of a waypoint was told${has}: ztunnel brings connections to it, and nothing of it is judged.`,
  ztunnel: (has) => `This is a dump of ztunnel, which is no Envoy${has}; nothing of it is judged.`,
  secrets: () =>
    'These are the secrets of an Envoy, of which their names are read; of connections they tell nothing.',
  extensions: () =>
    'These are configurations of filters that an Envoy loads apart; of connections they tell nothing.',
  'older API': () =>
    'This is what Envoy was told in an older API than v3, and none of it was read: give a dump of an Envoy that speaks v3.',
  other: (has) =>
    `This is what an Envoy was told, and nothing in it is Istio’s${has}: nothing of it is judged.`,
  nothing: () => 'This is no configuration of Envoy that can be read.',
};

type WordsOf = {
  readonly [Id in EnvoyFindingId]: (finding: Extract<EnvoyFinding, { readonly id: Id }>) => FindingWords;
};

const words: WordsOf = {
  'envoy.chain-unreachable': ({ listener, chain, position }) => ({
    says: inParts`No connection can come to filter chain ${position}${chain === '' ? '' : inParts` (${code(chain)})`} of the listener ${code(listener)}: other chains take all that fits it, or no listener filter finds out what it asks for`,
    fix: inParts`if an EnvoyFilter made this chain, give it a condition that no other chain has; one that istiod made may stay`,
  }),
  'envoy.listener-unreachable': ({ listener }) => ({
    says: inParts`Nothing comes to the listener ${code(listener)}: it is bound to no port, and no other listener hands connections over`,
    fix: inParts`look whether an EnvoyFilter took ${code('use_original_dst')} from virtualOutbound`,
  }),
  'envoy.waits-for-client': ({ direction, port, protocol, listener, looksFor, timeout, isDeclared }) => ({
    says: inParts`At port ${port} a server of ${protocol} speaks first, and the listener ${code(listener)} waits for the client${looksFor === null ? ', which should send a request of HTTP' : ` to see whether it sends ${looksFor}`}, ${timeout === null ? 'for ever: the connection hangs' : `for ${timeout / 1000} s`}`,
    fix: waitFix(direction, port, looksFor, isDeclared),
  }),
  'envoy.port-undeclared': ({ ports, declared }) => ({
    says: inParts`The app listens on ${ports.join(', ')}, and no Service that selects the pod declares ${ports.length === 1 ? 'it' : 'them'}${declared.length === 0 ? '' : ` (declared: ${declared.join(', ')})`}: Envoy passes such a connection on by InboundPassthroughCluster, and guesses its protocol`,
    fix: inParts`where others call it, declare it in a Service with a name or an ${code('appProtocol')} that tells its protocol`,
  }),
  'envoy.cluster-empty': ({ clusters, count, areSick }) => ({
    says: inParts`${count === 1 ? 'A cluster has' : `${count} clusters have`} ${areSick ? 'no healthy endpoint' : 'no endpoint'}: ${listedNames(clusters, count)}; whoever calls ${count === 1 ? 'it' : 'them'} gets 503 with UH, or a closed connection where it is TCP`,
    fix: areSick
      ? inParts`look why its pods are not ready, or were ejected, with ${code('istioctl proxy-config endpoints POD --cluster NAME')}`
      : inParts`look whether the Service selects ready pods, with ${code('kubectl get endpointslices -l kubernetes.io/service-name=NAME')}`,
  }),
  'envoy.listener-taken': ({ listener, port, cluster, hidden }) => ({
    says: inParts`The listener ${code(listener)} has every address at port ${port}, and sends to ${code(cluster)} whatever no other listener has${hidden.length === 0 ? '' : inParts`; no listener leads to ${listedNames(hidden, hidden.length)}, so calls of ${hidden.length === 1 ? 'it' : 'them'} end there, too`}`,
    fix: inParts`give the Service of that cluster an address, or another port; where it is a ServiceEntry, write ${code('addresses')} into it`,
  }),
};

function waitFix(
  direction: 'inbound' | 'outbound',
  port: number,
  looksFor: 'TLS' | 'HTTP' | null,
  isDeclared: boolean,
): readonly Part[] {
  const declare = inParts`declare port ${port} in the Service with ${code('appProtocol: tcp')}, or mysql where it is that`;
  if (!isDeclared || direction === 'outbound') return declare;
  if (looksFor === 'TLS')
    return inParts`set mutual TLS of port ${port} to STRICT or DISABLE by ${code('portLevelMtls')} of a PeerAuthentication: PERMISSIVE has to see the client’s first bytes`;
  return declare;
}

function listedNames(names: readonly string[], count: number): readonly Part[] {
  const parts = names.flatMap((name, at): readonly Part[] => (at === 0 ? [code(name)] : [', ', code(name)]));
  return count > names.length ? [...parts, ` and ${count - names.length} more`] : parts;
}

export function envoyFindingWords(finding: EnvoyFinding): FindingWords {
  return (words[finding.id] as (one: EnvoyFinding) => FindingWords)(finding);
}

/** The page that tells more, below the base path. */
export function envoyFindingPage({ id }: Pick<EnvoyFinding, 'id'>): string {
  return id === 'envoy.waits-for-client' ? '/runbooks/connection-hangs/' : '/traffic/inside-envoy/';
}

export interface SaidAsked {
  readonly direction: 'inbound' | 'outbound';
  readonly address: string;
  readonly port: number;
  readonly first: string;
  readonly host: string;
  readonly path?: string;
}

/** `A client calls 10.0.0.10:8080, and sends HTTP for web` */
export function askedWords({ direction, address, port, first, host, path = '/' }: SaidAsked): string {
  const who = direction === 'inbound' ? 'A client calls' : 'The app calls';
  const what = `${first}${host === '' ? '' : ` for ${host}`}${path === '/' ? '' : ` at ${path}`}`;
  return `${who} ${printEndpoint(address, port)}, and sends ${what} first`;
}

/** What of a link to a call could not be read: its part `call.NAME`. */
export function callProblemWords(name: string, text: string): string {
  const example = new Map(Object.entries(callExamples)).get(name);
  return example === undefined
    ? `The link has call.${name}, which is no part of a call; expected ${Object.keys(callExamples).join(', ')}.`
    : `The link's call.${name} is "${text}"; expected one such as ${example}.`;
}

const callExamples = {
  from: 'app',
  to: '10.96.0.7:80',
  first: 'HTTP',
  host: 'reviews',
  alpn: 'h2,http/1.1',
  path: '/',
} as const;

export interface SaidMesh {
  readonly mode?: string;
  readonly mutualTls?: string;
  readonly outbound?: string;
  readonly inbound?: string;
  readonly sidecar?: string;
}

/** What is set of the mesh, where it bears on a call: `Mutual TLS is STRICT` */
export function meshWords(
  { mode, mutualTls = 'PERMISSIVE', outbound = 'ALLOW_ANY', inbound, sidecar = 'none' }: SaidMesh,
  direction: SaidAsked['direction'],
): string {
  const words =
    direction === 'outbound'
      ? [
          `The policy is ${outbound}`,
          ...(sidecar.startsWith('egress') ? ['a Sidecar has istio-system alone in its egress'] : []),
        ]
      : [
          `Mutual TLS is ${mutualTls}`,
          ...(inbound === 'LOCALHOST' ? ['inboundTrafficPolicy is LOCALHOST'] : []),
          ...(sidecar.startsWith('ingress') ? ['a Sidecar names 127.0.0.1 as the endpoint'] : []),
        ];
  return [...words, ...(mode === 'TPROXY' ? ['the mode is TPROXY'] : [])].join(', ');
}

export interface SaidEnvoyWalk {
  readonly steps: readonly { readonly says: string; readonly isMiss: boolean }[];
  readonly ending: string;
}

/** Steps that are drawn as one: what was taken, or what was asked in a row and was not. */
export interface StepGroup {
  /** What stands for them while they are folded; null for a step that was taken, which stands open. */
  readonly folded: string | null;
  readonly says: readonly string[];
}

/** Chains and routes that are not taken are folded where they were asked. */
export function stepGroups(steps: SaidEnvoyWalk['steps']): readonly StepGroup[] {
  const groups: { isMiss: boolean; says: string[] }[] = [];
  for (const { says, isMiss } of steps) {
    const last = groups.at(-1);
    if (last?.isMiss === true && isMiss) last.says.push(says);
    else groups.push({ isMiss, says: [says] });
  }
  return groups.map(({ isMiss, says }) => ({
    folded: isMiss ? `${says.length} ${says.length === 1 ? 'is' : 'are'} not taken` : null,
    says,
  }));
}

/** Its steps, each in a sentence, and what becomes of it. */
export function envoyWalkWords(
  walk: ConnectionWalk & { readonly isPast?: boolean; readonly before?: string | null },
): SaidEnvoyWalk {
  return {
    steps: walk.events.map((event) => ({
      says: envoyEventWords(event),
      isMiss: (event.kind === 'filter chain' || event.kind === 'route') && event.missed !== null,
    })),
    ending:
      walk.isPast !== true
        ? envoyOutcomeWords(walk.outcome)
        : walk.before === null
          ? 'Envoy has no listener for it.'
          : 'The rules do not bring it to Envoy.',
  };
}
