/** The engine's answer, reduced to the shape that the kernel's trace has, and held against it. */
import type { Event, Host, Packet, TcpFlag, Traversal, Verdict } from '../../src/netfilter/index.ts';
import { parseRuleset, traverse } from '../../src/netfilter/index.ts';
import type { KernelCase, Reply, Said } from './case.ts';
import { eventLines, type KernelEvent, type PacketView } from './event.ts';
import { tcpFlag } from './header.ts';
import type { PodPlan } from './pod.ts';

function verdictText(verdict: Verdict): string {
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return `${verdict.kind} ${verdict.chain}`;
  // what REJECT does with the packet itself is a drop; the answer that it sends is another packet
  return verdict.kind === 'reject' ? 'drop' : verdict.kind;
}

function viewOf(packet: Packet, devices: { readonly in?: string; readonly out?: string }): PacketView {
  return {
    protocol: packet.protocol,
    source: packet.source,
    destination: packet.destination,
    ...(packet.sourcePort === undefined ? {} : { sourcePort: packet.sourcePort }),
    ...(packet.destinationPort === undefined ? {} : { destinationPort: packet.destinationPort }),
    ...(devices.in === undefined ? {} : { in: devices.in }),
    ...(devices.out === undefined ? {} : { out: devices.out }),
    ...(packet.mark === undefined || packet.mark === 0 ? {} : { mark: packet.mark }),
  };
}

/** The events of a traversal that a kernel's trace would show: rules that matched, ends of chains, policies. */
export function eventsOfEngine(traversal: { readonly events: readonly Event[] }): KernelEvent[] {
  let devices: { readonly in?: string; readonly out?: string } = {};
  return traversal.events.flatMap((event): KernelEvent[] => {
    if (event.kind === 'hook') {
      devices = event;
      return [];
    }
    if (event.kind !== 'rule' && event.kind !== 'return' && event.kind !== 'policy') return [];
    const { hook, table, chain } = event;
    const at = { hook, table, chain, packet: viewOf(event.packet, devices) };
    if (event.kind === 'return') return [{ ...at, kind: 'return', verdict: 'return' }];
    if (event.kind === 'policy') return [{ ...at, kind: 'policy', verdict: verdictText(event.verdict) }];
    if (!event.matched) return [];
    const verdict = event.verdict === undefined ? 'continue' : verdictText(event.verdict);
    return [{ ...at, kind: 'rule', position: event.position, verdict }];
  });
}

/** Null when they agree; else both side by side, with a mark at the lines that differ. */
export function compareEvents(engine: readonly KernelEvent[], kernel: readonly KernelEvent[]): string | null {
  const ours = eventLines(engine);
  const theirs = eventLines(kernel);
  if (ours.length === theirs.length && ours.every((line, index) => line === theirs[index])) return null;
  const width = Math.max(...ours.map((line) => line.length), 'the engine'.length);
  const rows = Array.from({ length: Math.max(ours.length, theirs.length) }, (_, index) => {
    const left = ours[index] ?? '';
    const right = theirs[index] ?? '';
    return `${left === right ? ' ' : '≠'} ${left.padEnd(width)}   ${right}`;
  });
  return [`  ${'the engine'.padEnd(width)}   the kernel`, ...rows].join('\n');
}

/** The engine's host for a case. Throws when it cannot read the rules. */
export function hostOf(plan: PodPlan, one: KernelCase): Host {
  const ruleset = (family: 'v4' | 'v6') => {
    const text = one.rulesets[family];
    if (text === undefined) return {};
    const { ruleset: parsed, problems } = parseRuleset(text, family);
    const [problem] = problems;
    if (problem !== undefined)
      throw new Error(`line ${problem.line}: found ${problem.found}, expected ${problem.expected}`);
    return { [family]: parsed };
  };
  return {
    rulesets: { ...ruleset('v4'), ...ruleset('v6') },
    interfaces: plan.interfaces,
    ...(plan.routes === undefined ? {} : { routes: plan.routes }),
    ...(plan.rules === undefined ? {} : { rules: plan.rules }),
    ...(plan.sysctls === undefined ? {} : { sysctls: plan.sysctls }),
    ...(one.sockets === undefined ? {} : { sockets: one.sockets }),
  };
}

function flagNames(flags: number): TcpFlag[] {
  const names: readonly (readonly [TcpFlag, number])[] = [
    ['SYN', tcpFlag.syn],
    ['ACK', tcpFlag.ack],
    ['FIN', tcpFlag.fin],
    ['RST', tcpFlag.rst],
    ['URG', tcpFlag.urg],
    ['PSH', tcpFlag.psh],
  ];
  return names.flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [name]));
}

/** Who sent an answer: the peer; the process that took the packet; or the kernel, when nobody listens. */
function replyPacket(reply: Reply, said: Said): Packet {
  const { in: device, out: _out, ...fields } = reply.first;
  const taker = said.accepted?.by;
  const isReset = ((reply.flags ?? 0) & tcpFlag.rst) !== 0;
  return {
    ...fields,
    ...(reply.flags === undefined ? {} : { flags: flagNames(reply.flags) }),
    from:
      device !== undefined
        ? { interface: device }
        : isReset || taker === undefined || taker === 'remote'
          ? { kernel: 'control socket' }
          : { uid: taker.uid, gid: taker.gid },
  };
}

function compareEnd(traversal: Traversal, said: Said): string | null {
  const { outcome } = traversal;
  if (said.accepted === undefined) return null;
  const who = said.accepted.by === 'remote' ? 'the peer' : `${said.accepted.by.uid}:${said.accepted.by.gid}`;
  const { local } = said.accepted;
  const kernel = `the kernel: taken by ${who} at ${local.address} port ${local.port}`;
  if (said.accepted.by === 'remote')
    return outcome.kind === 'sent' ? null : `the engine: ${JSON.stringify(outcome)}\n${kernel}`;
  const { packet } = traversal.events.at(-1) ?? {};
  const isSame =
    outcome.kind === 'delivered' &&
    packet?.destination === local.address &&
    packet.destinationPort === local.port &&
    (outcome.socket === null ||
      (outcome.socket.uid === said.accepted.by.uid && outcome.socket.gid === said.accepted.by.gid));
  return isSame ? null : `the engine: ${JSON.stringify(outcome)}\n${kernel}`;
}

/**
 * Puts the packets of a case to the engine, each with the conntrack entries that the ones before have left, and its
 * answers with it. One text for each disagreement; none when all agree.
 */
export function compareCase(plan: PodPlan, one: KernelCase, answers: readonly Said[]): string[] {
  const host = hostOf(plan, one);
  let connections = host.connections ?? [];
  const disagreements: string[] = [];
  const ask = (what: string, packet: Packet, kernel: readonly KernelEvent[]) => {
    const traversal = traverse({ ...host, connections }, packet);
    connections = traversal.connections;
    const difference = compareEvents(eventsOfEngine(traversal), kernel);
    if (difference !== null) disagreements.push(`${what} ${JSON.stringify(packet)}\n${difference}`);
    return traversal;
  };
  for (const said of answers) {
    const traversal = ask('packet', said.packet, said.events);
    const end = compareEnd(traversal, said);
    if (end !== null) disagreements.push(`outcome of ${JSON.stringify(said.packet)}\n${end}`);
    for (const reply of said.replies) ask('reply', replyPacket(reply, said), reply.events);
  }
  return disagreements;
}
