/** Conntrack's entries, as `conntrack -L` prints them. */
import type { End } from './agent-protocol.ts';
import type { Agent } from './namespace.ts';

export interface TrackedTuple {
  readonly source: End;
  readonly destination: End;
}

export interface TrackedConnection {
  readonly protocol: string;
  readonly original: TrackedTuple;
  readonly reply: TrackedTuple;
  readonly mark: number;
  readonly zone: number;
}

/** Reads `conntrack -L`'s text. */
export function readConntrack(text: string): TrackedConnection[] {
  return text.split('\n').flatMap((line) => {
    const values = (name: string) =>
      [...line.matchAll(new RegExp(`\\b${name}=(\\S+)`, 'g'))].map((one) => one[1] ?? '');
    const [sources, destinations] = [values('src'), values('dst')];
    const [from, to] = [values('sport'), values('dport')];
    if (sources.length < 2) return [];
    const tuple = (index: number): TrackedTuple => ({
      source: { address: sources[index] ?? '', port: Number(from[index] ?? 0) },
      destination: { address: destinations[index] ?? '', port: Number(to[index] ?? 0) },
    });
    return [
      {
        protocol: line.trim().split(/\s+/)[0] ?? '',
        original: tuple(0),
        reply: tuple(1),
        mark: Number(values('mark')[0] ?? 0),
        zone: Number(values('zone')[0] ?? 0),
      },
    ];
  });
}

/** All entries of a family. */
export async function connectionsOf(agent: Agent, family: 'v4' | 'v6'): Promise<TrackedConnection[]> {
  return readConntrack(await agent.run('conntrack', ['-L', '-f', family === 'v4' ? 'ipv4' : 'ipv6']));
}

const same = (a: End, b: End) => a.address === b.address && a.port === b.port;

/**
 * Where a connection was dialled to before NAT, by the accepted socket's two ends: what SO_ORIGINAL_DST answers.
 * Null when conntrack does not know it.
 */
export function originalDestination(
  connections: readonly TrackedConnection[],
  accepted: { readonly local: End; readonly remote: End },
): End | null {
  const found = connections.find(
    ({ reply }) => same(reply.source, accepted.local) && same(reply.destination, accepted.remote),
  );
  return found?.original.destination ?? null;
}
