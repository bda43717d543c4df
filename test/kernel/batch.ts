/** Many first packets through one ruleset at once: what random testing asks of the kernel. */
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { RemoteSocket, Reply } from './case.ts';
import type { FirstView, KernelEvent } from './event.ts';
import type { Backend, Pod } from './pod.ts';
import { isChosen } from './random-corners.ts';
import { answers } from './trace.ts';

/** What became of one packet of a batch; null when the kernel showed no trace of it. */
export type Traced = {
  readonly first: FirstView;
  readonly events: readonly KernelEvent[];
  readonly replies: readonly Reply[];
} | null;

/** Opens the listeners that batches find. */
export async function openListeners(
  pod: Pod,
  sockets: readonly Socket[],
  remote: readonly RemoteSocket[],
): Promise<void> {
  for (const socket of sockets) await pod.listen(socket);
  for (const { protocol, address, port, interface: name } of remote)
    await pod.peer(name).listen({ protocol, address, port });
}

/** The packets must differ in their source ports. */
export async function runBatch(
  pod: Pod,
  backend: Backend,
  rulesets: { readonly v4: string; readonly v6: string; readonly nft?: string },
  packets: readonly Packet[],
): Promise<Traced[]> {
  await pod.flush();
  await pod.load(rulesets.v4, backend, 'v4');
  await pod.load(rulesets.v6, backend, 'v6');
  if (rulesets.nft !== undefined) await pod.loadNft(rulesets.nft);
  await pod.forget();

  const byAgent = new Map<string, Packet[]>();
  for (const packet of packets) {
    const key = JSON.stringify(packet.from);
    byAgent.set(key, [...(byAgent.get(key) ?? []), packet]);
  }
  const agents = await Promise.all(
    [...byAgent.values()].map(async (group) => {
      const from = group[0]?.from;
      const agent =
        from !== undefined && 'uid' in from
          ? await pod.process(from)
          : pod.peer(from !== undefined && 'interface' in from ? from.interface : 'eth0');
      return { agent, group };
    }),
  );
  await Promise.all(agents.map(({ agent, group }) => agent.fire(group.map(shotOf))));
  const traced = await pod.traced(backend);
  await Promise.all(agents.map(({ agent }) => agent.release()));

  return packets.map((packet) => {
    const own = traced.find(
      ({ first }) =>
        first.sourcePort === packet.sourcePort &&
        first.source === packet.source &&
        first.protocol === packet.protocol &&
        first.destinationPort === packet.destinationPort,
    );
    if (own === undefined) return null;
    const replies = traced.filter(({ header }) => answers(header, own.header));
    return {
      first: own.first,
      events: own.events,
      replies: replies.map(({ header, first, events }) => ({
        ...(header.flags === undefined ? {} : { flags: header.flags }),
        first,
        events,
      })),
    };
  });
}

const nowhere = ({ destination }: Packet) => (destination.includes(':') ? '::' : '0.0.0.0');

function shotOf(packet: Packet) {
  return {
    protocol: packet.protocol === 'tcp' ? ('tcp' as const) : ('udp' as const),
    // the kernel is left to choose where it would choose this one: what it takes is seen in the trace
    from: {
      address: 'uid' in packet.from && isChosen(packet) ? nowhere(packet) : packet.source,
      port: packet.sourcePort ?? 0,
    },
    to: { address: packet.destination, port: packet.destinationPort ?? 0 },
    payload: `?${String(packet.sourcePort).padStart(11, '0')}`,
  };
}
