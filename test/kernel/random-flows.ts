/**
 * Random packets that no socket would send: several packets of one connection in either direction, crafted flags, ICMP
 * and its errors, SCTP. What answers is the engine's own idea of where the packet ended; where the kernel took it
 * elsewhere, the packet itself shows it first.
 */
import { tupleOf } from '../../src/netfilter/index.ts';
import type { Traversal } from '../../src/netfilter/model/event.ts';
import type { Host } from '../../src/netfilter/model/host.ts';
import type { Packet, TcpFlag } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import { traverse } from '../../src/netfilter/walk/traverse.ts';
import { hostAfter, replyTo } from '../netfilter/trace-lines.ts';
import { type Crafted, numbersOf } from './crafted.ts';
import type { Draw } from './draw.ts';
import { packetBytes } from './packet-bytes.ts';
import { cornersOf, drawCorner } from './random-corners.ts';
import { drawPacket, peerMacs, values } from './random-values.ts';

export interface FlowStep {
  readonly kind: 'original' | 'reply' | 'error';
  readonly flags?: readonly TcpFlag[];
}

/** The packets of one connection: the first as it is, the later ones by what became of those before. */
export interface Flow {
  readonly first: Packet;
  readonly steps: readonly FlowStep[];
}

type Flags = readonly TcpFlag[];

const opening: readonly Flags[] = [
  ['ACK'],
  ['RST'],
  ['FIN', 'ACK'],
  ['SYN', 'ACK'],
  ['SYN', 'FIN'],
  ['FIN'],
  ['PSH', 'ACK'],
];
const going: readonly Flags[] = [
  ['ACK'],
  ['ACK'],
  ['PSH', 'ACK'],
  ['FIN', 'ACK'],
  ['RST'],
  ['SYN'],
  ['FIN', 'PSH', 'URG'],
];
// no reset with ACK: one from the side that began, before any answer, is judged by its numbers alone
const answering: readonly Flags[] = [['SYN', 'ACK'], ['ACK'], ['FIN', 'ACK'], ['RST'], ['SYN']];

/** One connection; its port, or its ICMP identity, is its own among those of the batch. */
export function drawFlow(draw: Draw, family: Family, port: number): Flow {
  const usual = drawPacket(draw, family, port);
  const base = draw.chance(0.4) ? drawCorner(draw, family, usual) : usual;
  const { sourcePort, destinationPort, ...bare } = base;
  const isLocal = 'uid' in base.from;
  const facts = {
    ttl: !isLocal && draw.chance(0.1) ? 1 : 64,
    tos: draw.chance(0.1) ? 0x10 : 0,
    ...(isLocal && draw.chance(0.2) ? { mark: draw.pick([0x1, 0x539, 0x100]) } : {}),
    // a stranger's address on the link: the pod's own, a loopback one, or one that nobody has
    ...(!isLocal && draw.chance(0.1)
      ? { source: draw.pick<string>([values[family].pod, values[family].snat, ...values[family].loopback]) }
      : {}),
  };
  const kind = draw.pick(['tcp', 'tcp', 'tcp', 'udp', 'icmp', 'icmp', 'sctp'] as const);
  const all = Array.from({ length: draw.pick([0, 1, 2, 3, 3, 4, 5]) }, () => drawStep(draw, kind));
  // nobody answers from an address of many hosts
  const isOfOne = cornersOf(base).every((corner) => corner === 'of one link' || corner === 'second address');
  const steps = isOfOne ? all : all.filter(({ kind }) => kind === 'original');
  if (kind === 'icmp') {
    const type = draw.pick(family === 'v4' ? [8, 8, 8, 13, 0, 3] : [128, 128, 128, 129, 1]);
    const protocol = family === 'v4' ? 'icmp' : 'ipv6-icmp';
    return { first: { ...bare, ...facts, protocol, icmp: { type, code: 0, id: port } }, steps };
  }
  const ports = { protocol: kind, sourcePort: port, destinationPort: destinationPort ?? 80 };
  if (kind !== 'tcp') return { first: { ...bare, ...facts, ...ports }, steps: kind === 'sctp' ? [] : steps };
  const flags = draw.chance(0.75) ? (['SYN'] as const) : draw.pick(opening);
  return { first: { ...bare, ...facts, ...ports, flags, mss: null }, steps };
}

function drawStep(draw: Draw, protocol: string): FlowStep {
  const kind = draw.pick(['original', 'original', 'reply', 'reply', 'reply', 'error'] as const);
  if (protocol !== 'tcp' || kind === 'error') return { kind };
  // most of the time what comes next in a connection, else anything
  if (draw.chance(0.4)) return { kind, flags: kind === 'reply' ? ['SYN', 'ACK'] : ['ACK'] };
  return { kind, flags: draw.pick(kind === 'reply' ? answering : going) };
}

export interface Walked {
  /** As the packet met it. */
  readonly host: Host;
  readonly crafted: Crafted;
  readonly traversal: Traversal;
}

/** The packets of a flow with the engine's answers, and the host behind them. It ends where the engine cannot tell. */
export function walkFlow(
  before: Host,
  { first, steps }: Flow,
  connection: number,
): { readonly walked: readonly Walked[]; readonly host: Host } {
  const walked: Walked[] = [];
  let host = before;
  let ended: Traversal | null = null;
  for (const step of [{ kind: 'first' } as const, ...steps]) {
    const made: Packet | null = step.kind === 'first' ? first : nextPacket(step, first, ended);
    if (made === null) continue;
    const direction = step.kind === 'reply' ? 'reply' : 'original';
    const bare: Crafted = { packet: made, direction, connection };
    const { length } = packetBytes(made, numbersOf(bare, 1));
    const packet = { ...made, length };
    // behind a reset, where of the other side only an ACK was let pass, numbers alone decide
    const isBlind =
      packet.flags?.includes('RST') === true &&
      host.connections?.some(({ seenReply, tcp }) => seenReply && tcp?.state === 'SYN_SENT') === true;
    const traversal = traverse(host, packet);
    if (traversal.outcome.kind === 'cannot tell') break;
    walked.push({ host, crafted: { ...bare, packet }, traversal });
    if (direction === 'original' && step.kind !== 'error') ended = traversal;
    host = hostAfter(host, traversal);
    // what the kernel drew by lot is not known here, and what it answers to a rejection is not walked
    if (drewLots(traversal) || traversal.outcome.kind === 'rejected' || isBlind) break;
  }
  return { walked, host };
}

export function drewLots({ events }: Traversal): boolean {
  return events.some(
    (event) =>
      event.kind === 'rewrite' && event.reason.code === 'nat decided' && event.reason.lot !== undefined,
  );
}

function nextPacket(step: FlowStep, first: Packet, ended: Traversal | null): Packet | null {
  if (step.kind === 'original') return step.flags === undefined ? first : { ...first, flags: step.flags };
  const kind = ended?.outcome.kind;
  const arrived = kind === 'sent' || kind === 'delivered' || kind === 'refused';
  if (ended === null || !arrived) return null;
  const { about: _, ...reply } = replyTo(ended);
  const packet: Packet = {
    ...reply,
    ttl: 64,
    tos: 0,
    ...('interface' in reply.from ? { mac: peerMacs[reply.from.interface === 'eth0' ? 0 : 1] } : {}),
    ...(reply.protocol === 'tcp' ? { mss: null } : {}),
  };
  if (step.kind === 'reply') return step.flags === undefined ? packet : { ...packet, flags: step.flags };
  const end = ended.events.at(-1)?.packet;
  if (end === undefined || !['tcp', 'udp'].includes(end.protocol)) return null;
  const {
    sourcePort: _sourcePort,
    destinationPort: _destinationPort,
    flags: _flags,
    mss: _mss,
    ...rest
  } = packet;
  const isV6 = end.destination.includes(':');
  return {
    ...rest,
    protocol: isV6 ? 'ipv6-icmp' : 'icmp',
    icmp: isV6 ? { type: 1, code: 4, id: 0 } : { type: 3, code: 3, id: 0 },
    about: tupleOf(end),
  };
}
