/** A connection on its whole way over two hosts, each with its own rules: a node, and a pod behind one of its interfaces. */
import { setTimeout as pause } from 'node:timers/promises';
import { type KernelCase, openSockets } from './case.ts';
import { eventLines } from './event.ts';
import type { Owner } from './namespace.ts';
import type { Backend, Pod } from './pod.ts';
import type { PodPlan } from './pod-plan.ts';
import { answers, type TracedPacket } from './trace.ts';

export interface TwoHosts {
  /** The node's interface to the pod. */
  readonly by: string;
  readonly node: Pick<KernelCase, 'rulesets'>;
  readonly pod: Pick<KernelCase, 'rulesets' | 'sockets'> & { readonly plan: PodPlan };
  /** A process of the node, or the address of somebody at the other end of its `eth0`. */
  readonly from: Owner | string;
  readonly to: { readonly address: string; readonly port: number };
}

/** The events of the first packet, and of its answer, on both hosts. */
export interface SaidOfTwo {
  readonly node: readonly string[];
  readonly pod: readonly string[];
  readonly result: string;
  /** Whom the pod's process that took it has at the other end, and who that process is. */
  readonly taken: string | null;
}

const sourcePort = 40000;

export async function overTwoHosts(
  node: Pod,
  backend: Backend,
  { by, to, from, ...hosts }: TwoHosts,
  timeout: number,
): Promise<SaidOfTwo> {
  const pod = await node.beyond(by, hosts.pod.plan);
  const both = [
    [node, hosts.node],
    [pod, hosts.pod],
  ] as const;
  try {
    for (const [host, { rulesets }] of both) {
      await host.flush();
      for (const family of ['v4', 'v6'] as const)
        if (rulesets[family] !== undefined) await host.load(rulesets[family], backend, family);
      if (rulesets.nft !== undefined) await host.loadNft(rulesets.nft);
    }
    const listeners = await openSockets(pod, { ...hosts.pod, packets: [] });
    for (const [host] of both) await host.forget();
    const dialler = typeof from === 'string' ? node.peer('eth0') : await node.process(from);
    const { result } = await dialler.dial({
      protocol: 'tcp',
      from: { address: typeof from === 'string' ? from : '', port: sourcePort },
      to,
      timeout,
      payload: 'first bytes',
      keep: true,
    });
    const taken = () => listeners.find(({ agent }) => agent.accepted.length > 0);
    // Who was answered was taken by somebody, who may be late to tell.
    for (let waited = 0; result === 'answered' && taken() === undefined && waited < 400; waited += 10)
      await pause(10);
    const taker = taken();
    const [accepted] = taker?.agent.accepted ?? [];
    const owner = taker === undefined || taker.by === 'remote' ? null : taker.by;
    return {
      node: linesOf(await node.traced(backend), to.port),
      pod: linesOf(await pod.traced(backend), to.port),
      result,
      taken:
        accepted === undefined || owner === null
          ? null
          : `${accepted.remote.address} by ${owner.uid}:${owner.gid} at ${accepted.local.port}`,
    };
  } finally {
    for (const [host] of both) await host.closeSockets();
  }
}

function linesOf(traced: readonly TracedPacket[], port: number): string[] {
  const own = traced.find(({ first }) => first.sourcePort === sourcePort && first.destinationPort === port);
  if (own === undefined) return [];
  const [answer] = traced.filter(({ header }) => answers(header, own.header));
  return [...eventLines(own.events), ...eventLines(answer?.events ?? []).map((line) => `reply ${line}`)];
}
