/** Sets of packets in words: `TCP, from uid 1337, to an own address but 127.0.0.1, port any but 15008`. */
import type { FieldCondition, PacketSet, Packets } from '../../analysis/index.ts';
import type { Packet } from '../../netfilter/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';

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

/** Where they come from. */
export function entranceWords({ entrance }: Pick<Packets, 'entrance'>): string {
  return entrance.kind === 'process' ? 'from a process of the pod' : `in by ${entrance.name}`;
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

/** Why nothing matches a rule. */
export function deadRuleWords({ takenBy }: { readonly takenBy: readonly number[] }): string {
  if (takenBy.length === 0) return 'No packet matches it here: none that it asks for comes to its chain.';
  const rules =
    takenBy.length === 1
      ? `rule ${takenBy[0]} takes`
      : `rules ${listed(takenBy.map(String)).replace(' or ', ' and ')} take`;
  return `No packet matches it here: ${rules} before it what it would match.`;
}
