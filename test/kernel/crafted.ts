/**
 * Packets of any kind, one after the other, each given byte by byte, while nobody answers: what conntrack and the
 * rules make of the middle of a connection, of a stray packet, of a spoofed source.
 */
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import type { KernelEvent } from './event.ts';
import { headerOfPacket } from './header.ts';
import { type Numbers, packetBytes } from './packet-bytes.ts';
import type { Backend, Pod } from './pod.ts';
import type { TracedPacket } from './trace.ts';

/** One packet, and where it stands in its connection. */
export interface Crafted {
  readonly packet: Packet;
  readonly direction: 'original' | 'reply';
  /** Counts the connections of the case: packets with the same number are of one connection. */
  readonly connection: number;
}

const initial = { original: 1000, reply: 5000 } as const;

/** A SYN has the first number of its side; whatever comes later has the next one. */
export function numbersOf({ packet, direction, connection }: Crafted, id: number): Numbers {
  const other = direction === 'original' ? 'reply' : 'original';
  const base = connection * 1_000_000;
  const isFirst = packet.flags === undefined || packet.flags.includes('SYN');
  return {
    sequence: base + initial[direction] + (isFirst ? 0 : 1),
    acknowledgement: base + initial[other] + 1,
    id,
  };
}

/** What is loaded meets the packets in turn; answers with each one's events. */
export async function sendCrafted(
  pod: Pod,
  backend: Backend,
  packets: readonly Crafted[],
  /** Whether any events are awaited of the packet with this number: a busy machine may be late. */
  isAwaited: (index: number) => boolean = () => false,
): Promise<(readonly KernelEvent[])[]> {
  const events: (readonly KernelEvent[])[] = [];
  for (const [index, crafted] of packets.entries()) {
    const { packet } = crafted;
    const numbers = numbersOf(crafted, index + 1);
    const { fingerprint } = headerOfPacket(packetBytes(packet, numbers)) ?? {};
    await pod.inject(packet, numbers);
    let own: TracedPacket | undefined;
    for (let look = 0; look === 0 || (own === undefined && look < 20 && isAwaited(index)); look++)
      own = (await pod.traced(backend, 4 + look)).find(({ header }) => header.fingerprint === fingerprint);
    events.push(own?.events ?? []);
  }
  return events;
}

/** The connected sockets of the case, while the neighbour still answers and no rule is loaded. */
async function connect(pod: Pod, sockets: readonly Socket[]): Promise<void> {
  const connected = sockets.filter(({ remoteAddress }) => remoteAddress !== undefined);
  if (connected.length > 0) await pod.trace('first');
  for (const { uid, gid, address, port, remoteAddress = '', remotePort = 0 } of connected) {
    const to = { address: remoteAddress, port: remotePort };
    await pod.peer().listen({ protocol: 'tcp', ...to });
    const process = await pod.process({ uid, gid });
    const { result } = await process.dial({
      protocol: 'tcp',
      from: { address, port },
      to,
      timeout: 2000,
      keep: true,
    });
    if (result !== 'connected') throw new Error(`no connection to ${remoteAddress}: ${result}`);
  }
}

/** Sends the packets in turn, through the rulesets and past the sockets, and answers with each one's events. */
export async function runCrafted(
  pod: Pod,
  backend: Backend,
  rulesets: { readonly [family in Family]?: string },
  sockets: readonly Socket[],
  packets: readonly Crafted[],
): Promise<KernelEvent[][]> {
  await pod.flush();
  await connect(pod, sockets);
  const hasCopies = Object.values(rulesets).some((text) => text.includes(' -j TEE '));
  await pod.trace(hasCopies ? 'alone without copies' : 'alone');
  try {
    for (const family of ['v4', 'v6'] as const) {
      const text = rulesets[family];
      if (text !== undefined) await pod.load(text, backend, family);
    }
    for (const socket of sockets) if (socket.remoteAddress === undefined) await pod.listen(socket);
    await pod.forget();
    return (await sendCrafted(pod, backend, packets)).map((events) => [...events]);
  } finally {
    await pod.closeSockets();
  }
}

/**
 * The sockets that the engine takes to be there when a case names none: TPROXY and `-m socket` look for them; all
 * else ends before it would come to one.
 */
export function socketsFor(
  rulesets: { readonly [family in Family]?: string },
  sockets: readonly Socket[] | undefined,
): readonly Socket[] {
  if (sockets !== undefined) return sockets;
  return (['v4', 'v6'] as const).flatMap((family) => {
    const ports = [...(rulesets[family] ?? '').matchAll(/-j TPROXY .*--on-port (\d+)/g)].map((match) =>
      Number(match[1]),
    );
    const address = family === 'v4' ? '0.0.0.0' : '::';
    return [...new Set(ports)].flatMap((port) =>
      ['tcp', 'udp'].map((protocol) => ({ protocol, address, port, uid: 0, gid: 0, transparent: true })),
    );
  });
}
