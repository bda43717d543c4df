/**
 * One case put to the kernel: rulesets, sockets, and packets one after the other; with it, what processes do with
 * the connections that they take.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import type { DialResult, End } from './agent-protocol.ts';
import { connectionsOf, originalDestination } from './conntrack.ts';
import type { FirstView, KernelEvent } from './event.ts';
import { type Accepted, type Agent, dialMarked, type Owner } from './namespace.ts';
import type { Backend, MarkedSocket, Pod } from './pod.ts';
import { answers, type TracedPacket } from './trace.ts';

/** What a stand-in proxy does when it takes a connection. */
export interface DialOn {
  /** The port that it listens on. */
  readonly port: number;
  /** Only for connections with this original destination; its fields that are absent hold for any. */
  readonly original?: Partial<End>;
  readonly to: {
    readonly address: string | 'original';
    readonly port: number | 'original';
  };
  /** Only where this user took the connection: with TPROXY two processes can take one to the same port. */
  readonly takenBy?: Owner;
  /** The address that it binds to before it dials. */
  readonly from?: string;
  /** The mark of its socket; with one, `from` may be any address. */
  readonly mark?: number;
  readonly as: Owner;
}

/** A socket at the other end of an interface. */
export interface RemoteSocket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** `eth0` when absent. */
  readonly interface?: string;
}

export interface KernelCase {
  /** `nft`: a script of native nft, loaded after iptables' rules. */
  readonly rulesets: { readonly [language in Family | 'nft']?: string };
  readonly sockets?: readonly MarkedSocket[];
  readonly remote?: readonly RemoteSocket[];
  readonly packets: readonly Packet[];
  readonly dialOn?: readonly DialOn[];
  /** In milliseconds, for each packet; a second when absent. */
  readonly timeout?: number;
}

/** A packet that went the other way. */
export interface Reply {
  readonly flags?: number;
  /** As it was before any table. */
  readonly first: FirstView;
  readonly events: readonly KernelEvent[];
}

/** What became of one packet, and of the connection that it opened. */
export interface Said {
  /** As it was sent; a port that the case left open is filled in. */
  readonly packet: Packet;
  readonly result: DialResult['result'];
  /** The listener's view, when there was one. */
  readonly accepted?: { readonly local: End; readonly remote: End; readonly by: Owner | 'remote' };
  /** What conntrack says was dialled, when that is not what the listener sees. */
  readonly original?: End;
  readonly events: readonly KernelEvent[];
  readonly replies: readonly Reply[];
  /** Which packet's connection made a process dial this one; counted from 0. */
  readonly dialledFor?: number;
}

const firstPort = 40000;
const familyOf = (address: string): Family => (address.includes(':') ? 'v6' : 'v4');

interface Sent {
  readonly packet: Packet;
  readonly result: DialResult;
  readonly accepted: { readonly accepted: Accepted; readonly by: Owner | 'remote' } | null;
  readonly original: End | null;
  readonly dialledFor: number | null;
}

/**
 * Puts a case to the kernel and answers with what became of each packet, in order; packets that a proxy dialled on
 * come after the one that made it dial. Leaves the pod without sockets.
 */
export async function runCase(pod: Pod, backend: Backend, one: KernelCase): Promise<Said[]> {
  await pod.flush();
  await pod.trace('first');
  try {
    for (const family of ['v4', 'v6'] as const) {
      const text = one.rulesets[family];
      if (text !== undefined) await pod.load(text, backend, family);
    }
    if (one.rulesets.nft !== undefined) await pod.loadNft(one.rulesets.nft);
    const listeners = await openSockets(pod, one);
    await pod.forget();
    const sent = await sendAll(pod, one, listeners);
    const traced = await pod.traced(backend);
    return sent.map((each) => said(each, traced));
  } finally {
    await pod.closeSockets();
  }
}

export type Listener = { readonly agent: Agent; readonly by: Owner | 'remote' };

export async function openSockets(pod: Pod, one: KernelCase): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (const socket of one.sockets ?? []) {
    if (socket.remoteAddress !== undefined) continue;
    const agent = await pod.listen(socket);
    const by = { uid: socket.uid, gid: socket.gid };
    listeners.push({ agent, by });
  }
  for (const socket of one.remote ?? []) {
    const agent = pod.peer(socket.interface);
    await agent.listen({ protocol: socket.protocol, address: socket.address, port: socket.port });
    listeners.push({ agent, by: 'remote' });
  }
  return listeners.filter(
    ({ agent }, index) => listeners.findIndex((other) => other.agent === agent) === index,
  );
}

async function sendAll(pod: Pod, one: KernelCase, listeners: readonly Listener[]): Promise<Sent[]> {
  const sent: Sent[] = [];
  const queue: { packet: Packet; dialledFor: number | null }[] = one.packets.map((packet) => ({
    packet,
    dialledFor: null,
  }));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const port = firstPort + sent.length;
    const packet = { ...next.packet, sourcePort: next.packet.sourcePort ?? port };
    const each = await send(pod, one, listeners, packet, next.dialledFor);
    const dial = each.accepted === null ? undefined : dialOf(one, each.accepted, each.original);
    if (dial !== undefined) queue.unshift({ packet: dial, dialledFor: sent.length });
    sent.push(each);
  }
  return sent;
}

/** How late a listener may tell of a connection that was answered, in milliseconds. */
const latest = 400;

async function send(
  pod: Pod,
  one: KernelCase,
  listeners: readonly Listener[],
  packet: Packet,
  dialledFor: number | null,
): Promise<Sent> {
  const { protocol } = packet;
  if (protocol !== 'tcp' && protocol !== 'udp') throw new Error(`a ${protocol} packet cannot be sent yet`);
  const agent = 'uid' in packet.from ? await pod.process(packet.from) : pod.peer(deviceOf(packet));
  for (const listener of listeners) listener.agent.accepted.length = 0;
  const request = {
    protocol: packet.protocol as 'tcp' | 'udp',
    from: { address: packet.source, port: packet.sourcePort ?? 0 },
    to: { address: packet.destination, port: packet.destinationPort ?? 0 },
    timeout: one.timeout ?? 1000,
    payload: `?${String(packet.sourcePort).padStart(11, '0')}`,
    keep: true,
  };
  const result =
    'uid' in packet.from && packet.mark !== undefined && packet.mark !== 0
      ? await dialMarked(pod.root, packet.from, packet.mark, request)
      : await agent.dial(request);
  // On a busy machine a listener tells late of the connection before this one.
  const others = new Set(one.packets.filter((other) => other !== packet).map(({ sourcePort }) => sourcePort));
  others.delete(packet.sourcePort);
  const taken = () =>
    listeners
      .flatMap(({ agent: taker, by }) =>
        taker.accepted.filter(({ remote }) => !others.has(remote.port)).map((accepted) => ({ accepted, by })),
      )
      .at(-1) ?? null;
  // Who was answered was taken by somebody, who may be late to tell.
  for (let waited = 0; result.result === 'answered' && taken() === null && waited < latest; waited += 10)
    await pause(10);
  const accepted = taken();
  const original =
    accepted === null || accepted.by === 'remote'
      ? null
      : originalDestination(await connectionsOf(pod.root, familyOf(packet.destination)), accepted.accepted);
  return { packet, result, accepted, original, dialledFor };
}

function deviceOf(packet: Packet): string {
  if ('interface' in packet.from) return packet.from.interface;
  throw new Error('the kernel itself cannot be asked to send');
}

function dialOf(
  one: KernelCase,
  { accepted, by }: NonNullable<Sent['accepted']>,
  original: End | null,
): Packet | undefined {
  const dialled = original ?? accepted.local;
  const plan = one.dialOn?.find(
    (each) =>
      each.port === accepted.local.port &&
      (each.takenBy === undefined || (by !== 'remote' && by.uid === each.takenBy.uid)) &&
      (each.original?.address ?? dialled.address) === dialled.address &&
      (each.original?.port ?? dialled.port) === dialled.port,
  );
  if (plan === undefined) return undefined;
  const destination = plan.to.address === 'original' ? dialled.address : plan.to.address;
  return {
    protocol: 'tcp',
    source: plan.from ?? '',
    destination,
    destinationPort: plan.to.port === 'original' ? dialled.port : plan.to.port,
    ...(plan.mark === undefined ? {} : { mark: plan.mark }),
    from: { uid: plan.as.uid, gid: plan.as.gid },
  };
}

function said(sent: Sent, traced: readonly TracedPacket[]): Said {
  const { packet, accepted, original } = sent;
  const own = traced.find(
    ({ first }) =>
      first.protocol === packet.protocol &&
      first.sourcePort === packet.sourcePort &&
      first.destinationPort === packet.destinationPort &&
      first.destination === packet.destination &&
      (first.in === undefined) === 'uid' in packet.from,
  );
  if (own === undefined) throw new Error(`no trace of ${JSON.stringify(packet)} (${sent.result.result})`);
  const replies = traced.filter((other) => answers(other.header, own.header));
  const flagsOf = ({ header }: TracedPacket) => (header.flags === undefined ? {} : { flags: header.flags });
  const rewritten = original !== null && !sameEnd(original, accepted?.accepted.local);
  return {
    packet: { ...packet, source: own.first.source, ...factsOf(own.first) },
    result: sent.result.result,
    ...(accepted === null
      ? {}
      : { accepted: { local: accepted.accepted.local, remote: accepted.accepted.remote, by: accepted.by } }),
    ...(rewritten ? { original } : {}),
    events: own.events,
    replies: replies.map((reply) => ({ ...flagsOf(reply), first: reply.first, events: reply.events })),
    ...(sent.dialledFor === null ? {} : { dialledFor: sent.dialledFor }),
  };
}

/** What the sender's kernel chose, and rules may ask for. */
function factsOf({ ttl, tos, length }: FirstView): Pick<Packet, 'ttl' | 'tos' | 'length'> {
  return { ttl, tos, length };
}

function sameEnd(a: End, b: End | undefined): boolean {
  return a.address === b?.address && a.port === b.port;
}
