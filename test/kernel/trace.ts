/**
 * From single trace messages to packets: both back ends' messages are first put into one form, then gathered by
 * the packet that they are about, over `lo` too, where the kernel's trace id changes.
 */
import type { Family, TableName } from '../../src/netfilter/model/ruleset.ts';
import type { FirstView, KernelEvent } from './event.ts';
import { type Header, tcpFlag } from './header.ts';

/** One trace message: an event, and the packet that it is about. */
export interface Sighting {
  readonly event: KernelEvent;
  readonly header: Header;
  /** Its place among the messages. */
  readonly at: number;
}

/** A packet at the start of its way, before any table: the oracle's own rule saw it. */
export interface Start {
  readonly header: Header;
  readonly packet: FirstView;
}

/** One packet's way through the tables of the host. */
export interface TracedPacket {
  readonly family: Family;
  readonly header: Header;
  /** The packet before any table. */
  readonly first: FirstView;
  readonly events: readonly KernelEvent[];
}

const tableOrder: readonly TableName[] = ['raw', 'mangle', 'nat', 'filter', 'security'];

/** Nat is asked last at INPUT and POSTROUTING; iptables-nft's security table behind it, legacy's before it. */
function rankOf({ hook, table }: KernelEvent): number {
  const isLast =
    (table === 'nat' && (hook === 'INPUT' || hook === 'POSTROUTING')) ||
    (table === 'security' && hook === 'INPUT');
  return isLast ? tableOrder.length : tableOrder.indexOf(table as TableName);
}

/** Networks of IPv4 here all end in 255. */
const isForMany = ({ destination }: KernelEvent['packet']): boolean =>
  /^(22[4-9]|23\d)\.|\.255$|^ff/.test(destination);

/** Whether a sighting with the same fingerprint is a retransmission and not the same packet further on. */
function startsAgain(before: KernelEvent, now: KernelEvent): boolean {
  // of what goes to many this host's copy is in again before the packet itself leaves, or as soon as it has
  if (isForMany(now.packet) && now.hook !== 'OUTPUT')
    return before.hook === 'INPUT' && now.hook === 'PREROUTING';
  if (before.verdict === 'drop') return true;
  if (before.hook === now.hook && [before, now].some(({ table }) => table.includes(' ')))
    return before.table === now.table && before.chain === now.chain && before.kind === 'policy';
  if (before.hook === now.hook)
    return before.table === now.table ? before.kind === 'policy' : rankOf(now) < rankOf(before);
  const wasLeaving = before.hook === 'OUTPUT' || before.hook === 'POSTROUTING';
  switch (now.hook) {
    case 'OUTPUT':
      return true;
    case 'PREROUTING':
    case 'INPUT':
    case 'FORWARD':
      // over lo a packet that has left comes in again
      return wasLeaving ? now.packet.in !== 'lo' : before.hook !== 'PREROUTING';
    case 'POSTROUTING':
      return before.hook === 'INPUT';
  }
}

interface Gathered {
  readonly header: Header;
  readonly events: KernelEvent[];
}

function byPacket(sightings: readonly Sighting[]): Map<string, Gathered[]> {
  const packets = new Map<string, Gathered[]>();
  for (const { event, header } of sightings) {
    const known = packets.get(header.fingerprint) ?? [];
    packets.set(header.fingerprint, known);
    const latest = known.at(-1);
    const before = latest?.events.at(-1);
    if (latest === undefined || before === undefined || startsAgain(before, event))
      known.push({ header, events: [event] });
    else latest.events.push(event);
  }
  return packets;
}

/**
 * Gathers sightings into packets, each with its events in order; packets in the order of their starts. A packet
 * that no table was asked about is there too, without events.
 */
export function gather(starts: readonly Start[], sightings: readonly Sighting[]): TracedPacket[] {
  const packets = byPacket(sightings);
  return starts
    .filter((start) => start.packet.in !== 'lo')
    .map(({ header, packet }) => {
      const events = packets.get(header.fingerprint)?.shift()?.events ?? [];
      return { family: header.family, header, first: packet, events };
    });
}

/** Whether `reply` is the SYN-ACK, reset or echo that answers `packet`: NAT changes neither numbers nor payload. */
export function answers(reply: Header, packet: Header): boolean {
  if (reply.protocol !== packet.protocol || reply === packet) return false;
  if (reply.protocol === 'tcp')
    return (
      packet.sequence !== undefined &&
      reply.acknowledgement === (packet.sequence + 1) % 2 ** 32 &&
      ((reply.flags ?? 0) & (tcpFlag.syn | tcpFlag.rst)) !== 0
    );
  if (reply.protocol === 'udp') return reply.fingerprint === packet.fingerprint.replace('udp ?', 'udp !');
  return false;
}
