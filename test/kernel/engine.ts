/** The engine's answer, reduced to the shape that the kernel's trace has, and held against it. */
import type {
  Answer,
  Event,
  Host,
  Owner,
  Packet,
  TcpFlag,
  Traversal,
  Verdict,
} from '../../src/netfilter/index.ts';
import { parseNft, parseRuleset, tableNames, traverse } from '../../src/netfilter/index.ts';
import { problemWords } from '../../src/words/index.ts';
import { hostAfter } from '../netfilter/trace-lines.ts';
import type { KernelCase, Reply, Said } from './case.ts';
import { eventLines, type FirstView, type KernelEvent, type PacketView } from './event.ts';
import { tcpFlag } from './header.ts';
import type { Backend } from './pod.ts';
import { type PodPlan, peerMacOf } from './pod-plan.ts';

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

/**
 * The events of a traversal that a kernel's trace would show: rules that matched, ends of chains, policies. The trace of
 * legacy iptables knows no verdicts (`trace-legacy.ts`): that REDIRECT or MASQUERADE found no address, and dropped the
 * packet, it shows by nothing but that nothing follows.
 */
export function eventsOfEngine(
  traversal: { readonly events: readonly Event[] },
  backend?: Backend,
): KernelEvent[] {
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
    const isUntold =
      backend === 'legacy' &&
      (tableNames as readonly string[]).includes(table) &&
      (event.effect?.code === 'no address to redirect to' ||
        event.effect?.code === 'no address to send from');
    const verdict =
      event.verdict === undefined ? 'continue' : isUntold ? 'accept' : verdictText(event.verdict);
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
export function hostOf(plan: PodPlan, one: KernelCase, backend?: Host['backend']): Host {
  const ruleset = (family: 'v4' | 'v6') => {
    const text = one.rulesets[family];
    if (text === undefined) return {};
    const { ruleset: parsed, problems } = parseRuleset(text, family);
    const [problem] = problems;
    if (problem !== undefined) {
      const { found, expected } = problemWords(problem);
      throw new Error(`line ${problem.line}: found ${found}, expected ${expected}`);
    }
    return { [family]: parsed };
  };
  return {
    rulesets: { ...ruleset('v4'), ...ruleset('v6'), ...nftOf(one) },
    interfaces: plan.interfaces,
    ...(plan.routes === undefined ? {} : { routes: plan.routes }),
    ...(plan.rules === undefined ? {} : { rules: plan.rules }),
    ...(plan.sysctls === undefined ? {} : { sysctls: plan.sysctls }),
    ...(plan.sets === undefined ? {} : { sets: plan.sets }),
    ...(one.sockets === undefined ? {} : { sockets: one.sockets }),
    ...(backend === undefined ? {} : { backend }),
  };
}

function nftOf({ rulesets: { nft } }: KernelCase): Pick<Host['rulesets'], 'nft'> {
  if (nft === undefined) return {};
  const { ruleset, problems } = parseNft(nft);
  if (problems.length > 0) throw new Error(`nft: ${JSON.stringify(problems)}`);
  return { nft: ruleset };
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

/**
 * Over IPv6, a reset to ::1 leaves by the device that has the address it answers from, although the packet that it
 * answers came in over lo: tcp_v6_send_response() asks for a route by that device (rt6_need_strict(), and IP6CB's
 * iif). No socket is bound to it, so the engine's packet has no field for this; a mark that changes routes it again.
 */
function isMisrouted({ first }: Reply): boolean {
  return first.destination === '::1' && first.out !== undefined && first.out !== 'lo';
}

/** Who sent an answer: the peer; the process that took the packet; or the kernel, when nobody listens. */
function replyPacket(plan: Pick<Host, 'interfaces'>, reply: Reply, owner: Owner | null): Packet {
  const { in: device, out: _out, ...fields } = reply.first;
  const mac = device === undefined ? undefined : peerMacOf(plan, device);
  const isReset = ((reply.flags ?? 0) & tcpFlag.rst) !== 0;
  return {
    ...fields,
    ...(mac === undefined ? {} : { mac }),
    ...(reply.flags === undefined ? {} : { flags: flagNames(reply.flags) }),
    from:
      device !== undefined
        ? { interface: device }
        : isReset || owner === null
          ? // ip_send_unicast_reply() sends through the control socket; tcp_v6_send_response() gives the packet none
            { kernel: reply.first.destination.includes(':') ? 'no socket' : 'control socket' }
          : { uid: owner.uid, gid: owner.gid },
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

/** An answer that conntrack does not know as one: the packet that it answers was in another zone, or untracked. */
function opensConnection(traversal: Traversal): boolean {
  return traversal.events.find((event) => event.kind === 'conntrack')?.state === 'NEW';
}

/**
 * Where such an answer is redirected, its new tuple may be that of another one in the batch, and the kernel then
 * picks a source port at random.
 */
export function sameButPorts(engine: readonly KernelEvent[], kernel: readonly KernelEvent[]): boolean {
  const masked = (events: readonly KernelEvent[]) =>
    events.map((event) => ({ ...event, packet: { ...event.packet, sourcePort: 0 } }));
  return compareEvents(masked(engine), masked(kernel)) === null;
}

/** How packets are put to the engine. */
export interface Asking {
  /** What the reader would have to say, the kernel says: one of both answers has to be its way. */
  readonly asksReader?: boolean;
  readonly met?: (host: Host, packet: Packet, walked: Traversal, answers: readonly Answer[]) => void;
}

/** The walks of one packet that are tried, with other answers each, and the ways that are followed on. */
const mostWalks = 60;
const mostWays = 8;

/** One way of a packet, by the answers that led there. */
interface Walked {
  readonly host: Host;
  readonly traversal: Traversal;
  readonly answers: readonly Answer[];
  readonly difference: string | null;
}

/**
 * Walks packets through the engine one after the other, each with the conntrack entries of those before. Where the reader
 * is asked, the kernel's events may leave several answers open; each is followed until an answer of the peer decides.
 */
class Walk {
  readonly disagreements: string[] = [];
  #hosts: readonly Host[];
  readonly #asking: Asking;

  constructor(host: Host, asking: Asking = {}) {
    this.#hosts = [host];
    this.#asking = asking;
  }

  ask(what: string, packet: Packet, kernel: readonly KernelEvent[]): Traversal {
    const walked = this.#hosts.flatMap((host) =>
      this.#walk({ what, packet, kernel }, host, { left: mostWalks }),
    );
    const agreeing = walked.filter(
      ({ difference, traversal }) => difference === null && traversal.outcome.kind !== 'cannot tell',
    );
    const [first] = agreeing.length > 0 ? agreeing : walked;
    if (first === undefined) throw new Error('a packet without a way');
    const { host, traversal, answers, difference } = first;
    this.#asking.met?.(host, packet, traversal, answers);
    this.#hosts = (agreeing.length > 0 ? agreeing.slice(0, mostWays) : [first]).map((one) =>
      hostAfter(one.host, one.traversal),
    );
    if (difference !== null) this.disagreements.push(`${what} ${JSON.stringify(packet)}\n${difference}`);
    else if (traversal.outcome.kind === 'cannot tell')
      this.disagreements.push(
        `${what} ${JSON.stringify(packet)}\nthe engine: ${JSON.stringify(traversal.outcome)}`,
      );
    return traversal;
  }

  #difference(what: string, traversal: Traversal, kernel: readonly KernelEvent[]): string | null {
    const engine = eventsOfEngine(traversal);
    const isSame = what === 'reply' && opensConnection(traversal) && sameButPorts(engine, kernel);
    return isSame ? null : compareEvents(engine, kernel);
  }

  /** At least one way. */
  #walk(
    asked: { readonly what: string; readonly packet: Packet; readonly kernel: readonly KernelEvent[] },
    host: Host,
    budget: { left: number },
    answers: readonly Answer[] = [],
  ): readonly Walked[] {
    const { what, packet, kernel } = asked;
    budget.left--;
    const traversal = traverse(host, packet, answers);
    const { outcome } = traversal;
    const end = [{ host, traversal, answers, difference: this.#difference(what, traversal, kernel) }];
    const question = outcome.kind === 'cannot tell' ? outcome.question : undefined;
    if (this.#asking.asksReader !== true || question === undefined || budget.left <= 0) return end;
    // What parted from the kernel's way before comes back to it by no answer.
    const before = eventsOfEngine(traversal);
    if (answers.length > 0 && compareEvents(before, kernel.slice(0, before.length)) !== null) return end;
    return [true, false].flatMap((matches) =>
      this.#walk(asked, host, budget, [...answers, { ...question, matches }]),
    );
  }
}

/**
 * What REJECT answers with is no packet that can be put to the engine by itself: nf_ct_attach() gives it the entry
 * of the packet that was rejected, and it is RELATED wherever it is asked about.
 */
function isRejected({ outcome }: Traversal): boolean {
  return outcome.kind === 'rejected';
}

/**
 * Puts the packets of a case to the engine, and their answers. One text for each disagreement; none when all agree.
 */
export function compareCase(
  plan: PodPlan,
  one: KernelCase,
  answers: readonly Said[],
  backend?: Host['backend'],
): string[] {
  const walk = new Walk(hostOf(plan, one, backend));
  for (const said of answers) {
    const traversal = walk.ask('packet', said.packet, said.events);
    const end = compareEnd(traversal, said);
    if (end !== null) walk.disagreements.push(`outcome of ${JSON.stringify(said.packet)}\n${end}`);
    if (isRejected(traversal)) continue;
    for (const reply of said.replies) {
      if (isMisrouted(reply)) continue;
      const taker = said.accepted?.by;
      const owner = taker === undefined || taker === 'remote' ? null : taker;
      walk.ask('reply', replyPacket(plan, reply, owner), reply.events);
    }
  }
  return walk.disagreements;
}

/**
 * Puts one packet to the engine, and its answers, whose sender is the listener that the host has on that port. Null
 * when all agree.
 */
export function compareAnswer(
  host: Host,
  packet: Packet,
  said: {
    readonly first: FirstView;
    readonly events: readonly KernelEvent[];
    readonly replies: readonly Reply[];
  },
  asking: Asking = {},
): string | null {
  const walk = new Walk(host, asking);
  const { ttl, tos, length } = said.first;
  const traversal = walk.ask('packet', { ...packet, ttl, tos, length }, said.events);
  if (isRejected(traversal)) return walk.disagreements.length === 0 ? null : walk.disagreements.join('\n');
  for (const reply of said.replies) {
    if (isMisrouted(reply)) continue;
    const { protocol, sourcePort } = reply.first;
    const owner = host.sockets?.find((socket) => socket.protocol === protocol && socket.port === sourcePort);
    walk.ask('reply', replyPacket(host, reply, owner ?? null), reply.events);
  }
  return walk.disagreements.length === 0 ? null : walk.disagreements.join('\n');
}
