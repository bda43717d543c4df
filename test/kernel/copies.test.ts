/**
 * What TEE sends beside a packet. In the traces of `cases.test.ts` copies are left out, so that the packet itself can be
 * held to the engine; here they are counted where they come to.
 */
import { afterAll, expect, test } from 'vitest';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import { runCrafted } from './crafted.ts';
import { openKernel } from './kernel.ts';
import type { Pod } from './pod.ts';
import { usualPod } from './pod-plan.ts';

const kernel = openKernel('copies');
afterAll(() => kernel.end());

const rulesFor = (hook: string, gateway: string) =>
  [
    '*mangle',
    ...['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
    `-A ${hook} -p udp -j TEE --gateway ${gateway}`,
    'COMMIT\n',
  ].join('\n');

const app = { from: { uid: 1000, gid: 1000 } };
const peer = { from: { interface: 'eth0' } };
const ports = { protocol: 'udp', sourcePort: 40000, destinationPort: 53 };

/** The counters of the neighbour's rules, in their order. */
async function counted(agent: Pod['root']): Promise<number[]> {
  const listed = await agent.run('nft', ['list', 'table', 'inet', 'watch']);
  return [...listed.matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets));
}

const watch = [
  'table inet watch { chain in { type filter hook prerouting priority -460;',
  'udp dport 53 ip ttl 64 counter',
  'udp dport 53 ip ttl 63 counter',
  'udp dport 53 ip6 hoplimit 64 counter',
  'udp dport 53 ip6 hoplimit 63 counter',
  '}',
  '}\n',
].join('\n');

/** Of the packets that the neighbour sees: how many with a TTL of 64, and how many with one less. */
test.each([
  ['PREROUTING', 'v4', { source: '10.244.2.9', destination: '10.244.1.5', ...peer }, [0, 1]],
  ['INPUT', 'v4', { source: '10.244.2.9', destination: '10.244.1.5', ...peer }, [0, 1]],
  ['OUTPUT', 'v4', { source: '10.244.1.5', destination: '10.96.0.7', ...app }, [2, 0]],
  ['POSTROUTING', 'v4', { source: '10.244.1.5', destination: '10.96.0.7', ...app }, [2, 0]],
  ['PREROUTING', 'v6', { source: 'fd00:10:244:2::9', destination: 'fd00:10:244:1::5', ...peer }, [0, 1]],
  ['OUTPUT', 'v6', { source: 'fd00:10:244:1::5', destination: 'fd00:10:96::7', ...app }, [2, 0]],
] as const)('%s, IP%s', async (hook, family, ends, expected) => {
  const packet: Packet = { ...ports, ttl: 64, ...ends };
  const text = rulesFor(hook, family === 'v4' ? '10.244.1.1' : 'fd00:10:244:1::1');
  const live = async (pod: Pod, backend: 'nft' | 'legacy') => {
    await pod.peer().run('nft', ['-f', '-'], watch);
    try {
      const crafted = [{ packet, direction: 'original', connection: 1 }] as const;
      await runCrafted(pod, backend, { [family]: text }, [], crafted);
      const seen = await counted(pod.peer());
      return family === 'v4' ? seen.slice(0, 2) : seen.slice(2);
    } finally {
      await pod.peer().run('nft', ['delete', 'table', 'inet', 'watch']);
      await pod.flush();
    }
  };
  const answer = await kernel.answer(`${hook}, ${family}`, { plan: usualPod, text, packet }, live);
  expect(answer).toEqual({ nft: expected, legacy: expected });
});
