/** Sets of packets in words: `TCP, from uid 1337, to an own address but 127.0.0.1, port any but 15008`. */
import type {
  DeadRule,
  DifferentPackets,
  FieldCondition,
  Open,
  PacketDifference,
  PacketSet,
  Packets,
  PacketsEnding,
  RareKind,
  RoughEnd,
} from '../../analysis/index.ts';
import type { Interface, Packet, Traversal } from '../../netfilter/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';
import { ruleName } from '../rule-name.ts';

/** More values than these are counted instead. */
const mostValues = 6;

/** The packets for which all of these hold. */
export function packetSetWords(set: PacketSet): string {
  return set.length === 0 ? 'every packet' : set.map(conditionWords).join(', ');
}

/** All of the packets that enter at one place, set by set; the place is named by `entranceWords`. */
export function packetsWords({ sets }: Packets): readonly string[] {
  return sets.map(packetSetWords);
}

/** Where they come from; `of` has the rules. */
export function entranceWords({ entrance }: Pick<Packets, 'entrance'>, of: 'pod' | 'node' = 'pod'): string {
  return entrance.kind === 'process' ? `from a process of the ${of}` : `in by ${entrance.name}`;
}

function conditionWords(condition: FieldCondition): string {
  const { field } = condition;
  const values = listed(
    condition.values.map((value) => (field === 'protocol' ? protocolWords(value) : value)),
  );
  if (condition.is === 'one of')
    return `${before[field]}${field === 'mark' ? hex(condition.values) : values}`;
  const but = condition.values.length === 0 ? '' : ` but ${values}`;
  if (field === 'protocol') return `any protocol${but}`;
  if (field === 'source' || field === 'destination')
    return `${before[field]}${addressKinds[condition.of]}${but}`;
  return `any ${before[field]}${but.trimStart()}`;
}

const before = {
  protocol: '',
  source: 'from ',
  destination: 'to ',
  sourcePort: 'source port ',
  destinationPort: 'port ',
  uid: 'uid ',
  gid: 'gid ',
  mark: 'mark ',
} as const;

const addressKinds = {
  any: 'any address',
  own: 'an own address',
  foreign: 'an address that is not its own',
} as const;

function protocolWords(name: string): string {
  return name.toUpperCase();
}

function hex(values: readonly string[]): string {
  return listed(values.map((value) => (value === '0' ? '0' : `0x${Number(value).toString(16)}`)));
}

function listed(values: readonly string[]): string {
  if (values.length > mostValues)
    return `${values.slice(0, mostValues - 1).join(', ')} and ${values.length - mostValues + 1} more`;
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}

/** One packet of a set: `TCP from uid 1337, gid 1000 to 10.244.1.5:8080`. */
export function packetExampleWords({ protocol, destination, destinationPort, source, from }: Packet): string {
  const sender = 'uid' in from ? `uid ${from.uid}, gid ${from.gid}` : source;
  return `${protocolWords(protocol)} from ${sender} to ${printEndpoint(destination, destinationPort)}`;
}

/** Why nothing matches a rule, and which rare packets do after all. */
export function deadRuleWords({ takenBy, rare }: Pick<DeadRule, 'takenBy' | 'rare'>): string {
  const usual = rare.length === 0 ? 'No packet' : 'No usual packet';
  const but = rare.length === 0 ? '' : ` Only these match it: ${rarePacketsWords(rare)}.`;
  if (takenBy.length === 0)
    return `${usual} matches it here: none that it asks for comes to its chain.${but}`;
  const rules =
    takenBy.length === 1
      ? `rule ${takenBy[0]} takes`
      : `rules ${listed(takenBy.map(String)).replace(' or ', ' and ')} take`;
  return `${usual} matches it here: ${rules} before it what it would match.${but}`;
}

/** What stands above a table of such rules. */
export const deadRulesWords =
  'Istio writes these rules into every pod of the setting, and of all packets that open a connection none matches them. They do no harm, and nobody has to take them out.';

/** Behind a rule that only packets match of which people rarely think; '' where none does. */
export function rareRuleWords(rare: readonly RareKind[]): string {
  return rare.length === 0 ? '' : `Only ${rarePacketsWords(rare)} match it.`;
}

/** Packets of these kinds. */
export function rarePacketsWords(rare: readonly RareKind[]): string {
  return listed(rare.map((kind) => rareWords[kind])).replace(' or ', ' and ');
}

/** Of one setting: where no rule is named, and what goes past the proxy. */
export function deadUnderWords({ dead, holes }: DeadOfSetting): readonly string[] {
  return [
    ...(dead === null ? ['Nobody can tell: not all ways are told apart.'] : []),
    ...(dead?.length === 0 ? ['None is known: some packet matches each rule that can be judged.'] : []),
    ...(holes === null
      ? []
      : [`Past Envoy: ${kindsOf(holes.comesIn)} in, and ${kindsOf(holes.leaves)} out.`]),
  ];
}

interface DeadOfSetting {
  readonly dead: readonly unknown[] | null;
  readonly holes: { readonly comesIn: number; readonly leaves: number } | null;
}

function kindsOf(number: number): string {
  return `${number} ${number === 1 ? 'kind' : 'kinds'} of packets`;
}

const rareWords: Readonly<Record<RareKind, string>> = {
  transparent: 'packets of a socket with addresses that are not the host’s (IP_TRANSPARENT)',
  kernel: 'packets that the host itself makes, without a process',
  bound: 'packets of a socket that is bound to an interface (SO_BINDTODEVICE)',
  marked: 'packets that come in with a mark',
  'sent on': 'packets that the host sends on, if it does',
};

/** What is different for the packets of a case. */
export const packetDifferenceWords: Readonly<Record<PacketDifference, string>> = {
  'ends otherwise': 'Ends otherwise',
  'goes otherwise': 'Other rules decide, to the same end',
  'cannot tell': 'Nobody can tell on one side',
};

/** What becomes of one packet, with the rule that only this side has: `sent by eth0; ISTIO_OUTPUT 1`. */
export function packetEndWords(
  { outcome, events }: Traversal,
  parting: DifferentPackets['parting'][number],
): string {
  const [first, last] = [events[0]?.packet, events.at(-1)?.packet];
  const from = last === undefined || last.source === first?.source ? '' : `, from ${last.source}`;
  const to = last === undefined ? '' : ` ${printEndpoint(last.destination, last.destinationPort)}`;
  const ends = {
    delivered: `delivered to${to}${'socket' in outcome && outcome.socket?.process !== undefined ? `, ${outcome.socket.process}` : ''}`,
    sent: `sent by ${'interface' in outcome ? outcome.interface : ''} to${to}${from}`,
    dropped: 'dropped',
    rejected: 'rejected',
    refused: `refused at${to}, where nobody listens`,
    'cannot tell': 'cannot tell',
  }[outcome.kind];
  return parting === null ? ends : `${ends}; ${ruleName(parting)} decides`;
}

/** Of all packets, and not of examples: how many cases there are, and whether that is all. */
export function packetsComparedWords(
  cases: readonly DifferentPackets[],
  not: readonly SaidNotCompared[],
): string {
  if (not.some(({ code }) => code === 'other addresses'))
    return 'All packets are not compared: the two sides have other addresses.';
  if (not.some(({ code }) => code === 'two modes'))
    return 'All packets are not compared: what Envoy takes on one side ztunnel takes on the other.';
  const ending = cases.filter(({ kind }) => kind === 'ends otherwise').length;
  const ways = cases.length - ending;
  const found =
    cases.length === 0
      ? not.length === 0
        ? 'Every first packet of a connection fares alike on both sides.'
        : 'No packet is known that fares otherwise.'
      : `Of all first packets of connections, ${countOfCases(ending)} ${ending === 1 ? 'ends' : 'end'} otherwise, and ${countOfCases(ways)} ${ways === 1 ? 'goes' : 'go'} by other rules.${not.length === 0 ? ' Every other packet fares alike.' : ''}`;
  return [found, ...not.map(notComparedWords)].join(' ');
}

/**
 * How many kinds of packets end otherwise on one of two sides; null where they have other addresses. `as`: what the
 * other side is called, "without it" or "in 1.24".
 */
export function endingsWords(told: SaidEndings | null, as: string): string {
  if (told === null) return 'Packets are not compared: the pod has other addresses with it.';
  const { ending, hasMarked, beside } = told;
  const said =
    ending.length === 0
      ? `Every packet that opens a connection ends as ${as}.`
      : `${countOfCases(ending.length)} of packets that open a connection ${ending.length === 1 ? 'ends' : 'end'} otherwise, and no other does.`;
  const more = beside.map(({ name, addresses }) => `${addresses.join(' and ')} on ${name}`);
  return [
    said,
    ...(hasMarked ? ['Packets that a process marks itself are left out.'] : []),
    ...(more.length === 0 ? [] : [`Here the pod has ${more.join(' and ')}, too.`]),
  ].join(' ');
}

interface SaidEndings {
  readonly ending: readonly unknown[];
  readonly hasMarked: boolean;
  readonly beside: readonly Interface[];
}

/** Packets of which several kinds are told, one by one: `From a process of the pod: TCP, to 127.0.0.1`. */
export function endingPacketsWords({ family, packets }: Pick<PacketsEnding, 'family' | 'packets'>): string {
  const where = `${entranceWords(packets)}${family === 'v6' ? ', IPv6' : ''}`;
  return `${where.charAt(0).toUpperCase()}${where.slice(1)}: ${packetsWords(packets).join('; or ')}`;
}

/** What becomes of them: `Envoy gets them at port 15001`. */
export function roughEndWords(end: RoughEnd): string {
  switch (end.kind) {
    case 'taken':
      return `${end.process} gets them at port ${end.port}${end.isKept ? ', their destination unchanged' : ''}${fromWords(end)}`;
    case 'as asked':
      return asAskedWords(end);
    case 'led to nobody':
      return `they are led to port ${end.port}, where nobody listens`;
    case 'leaves':
      return `they leave by ${end.interface}${end.to === null ? '' : ` for ${end.to}`}${fromWords(end)}`;
    case 'dropped':
      return 'a rule drops them';
    case 'rejected':
      return 'they are rejected';
    case 'cannot tell':
      return 'nobody can tell';
  }
}

function fromWords({ from }: Pick<Extract<RoughEnd, { readonly kind: 'taken' }>, 'from'>): string {
  if (from === null) return '';
  return from === 'unchanged' ? ', their source unchanged' : `, from ${from.address}`;
}

function asAskedWords({
  processes,
  isRefused,
  isDropped,
}: Extract<RoughEnd, { readonly kind: 'as asked' }>): string {
  if (processes.length === 0 && !isRefused)
    return isDropped ? 'the kernel drops them' : 'the kernel takes them';
  return [
    processes.length === 0
      ? 'they are refused: nobody listens there'
      : `they go where they were sent: to ${listed(processes)}`,
    ...(processes.length > 0 && isRefused ? ['where nobody listens they are refused'] : []),
    ...(isDropped ? ['the kernel drops those that are not for the pod'] : []),
  ].join('; ');
}

function countOfCases(number: number): string {
  return number === 0 ? 'none' : `${number} ${number === 1 ? 'kind' : 'kinds'}`;
}

/** Why it is not known that all others fare alike. */
type SaidNotCompared =
  | { readonly code: 'other addresses' | 'two modes' | 'too many ways' }
  | { readonly code: 'not told apart'; readonly open: readonly Open[] };

function notComparedWords(not: SaidNotCompared): string {
  return not.code === 'not told apart'
    ? `Not all is told apart: ${listed(not.open.map((one) => openWords[one])).replace(' or ', ' and ')}. There may be others.`
    : 'There are more ways through the rules than were looked at, and there may be others.';
}

const openWords: Readonly<Record<Open, string>> = {
  'a set': 'a set of ipset with several parts',
  'a mask with gaps': 'a mask with gaps',
  'both ports': 'a match of either port',
  'the way back': 'a match of the way back',
  'what was not modelled': 'a condition that is not modelled as a set',
};
