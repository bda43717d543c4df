/**
 * Rules of native nftables, walked by the engine and asked of the kernel: the six types of traffic with Istio's own
 * rules, and a case for each expression and statement. The kernel's trace says which rule took the packet.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rulesFor } from '../../src/istio/index.ts';
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import { type DialOn, type KernelCase, type RemoteSocket, runCase } from './case.ts';
import { compareCase } from './engine.ts';
import { eventLine } from './event.ts';
import { openPod, type Pod } from './pod.ts';
import { usualPod } from './pod-plan.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';

let pod: Pod;
beforeAll(async () => {
  if (isLive) pod = await openPod(usualPod);
});
afterAll(() => pod?.end());

/** Asks the kernel, holds the engine to what it says, and answers with the rules that took the packets. */
async function taken(one: KernelCase): Promise<readonly string[]> {
  const said = await runCase(pod, 'nft', one);
  expect(compareCase(usualPod, one, said, 'nft').join('\n\n')).toBe('');
  return said.flatMap(({ events }) => events.map(eventLine));
}

const app = { uid: 1000, gid: 1000 };
const proxy = { uid: 1337, gid: 1337 };

interface Addresses {
  readonly pod: string;
  readonly client: string;
  readonly service: string;
  readonly loopback: string;
  readonly passthrough: string;
}

const addresses: Readonly<Record<'v4' | 'v6', Addresses>> = {
  v4: {
    pod: '10.244.1.5',
    client: '10.244.2.9',
    service: '10.96.0.7',
    loopback: '127.0.0.1',
    passthrough: '127.0.0.6',
  },
  v6: {
    pod: 'fd00:10:244:1::5',
    client: 'fd00:10:244:2::9',
    service: 'fd00:10:96::7',
    loopback: '::1',
    passthrough: '::6',
  },
};

const listening = (owner: typeof app, port: number, address = '::'): Socket => ({
  protocol: 'tcp',
  address,
  port,
  ...owner,
});

const tcp = (from: Packet['from'], source: string, destination: string, destinationPort: number): Packet => ({
  protocol: 'tcp',
  source,
  destination,
  destinationPort,
  from,
});

describe.runIf(isLive).each(['1.27', '1.28', '1.31'])(
  'the six types on native nft, release %s',
  (release) => {
    const nft = rulesFor(release, { nativeNftables: true, enableIPv6: true }).text.nft ?? '';
    test.each(['v4', 'v6'] as const)('%s', async (family) => {
      const { pod: own, client, service, loopback, passthrough } = addresses[family];
      const sockets = [
        listening(app, 8080),
        ...[15001, 15006, 15020, 15090].map((port) => listening(proxy, port)),
        listening(proxy, 15000, loopback),
      ];
      const remote: readonly RemoteSocket[] = [80, 15012].map((port) => ({
        protocol: 'tcp',
        address: service,
        port,
      }));
      const dialOn: readonly DialOn[] = [
        { port: 15001, to: { address: 'original', port: 'original' }, as: proxy },
        { port: 15006, to: { address: own, port: 'original' }, from: passthrough, as: proxy },
      ];
      const packets = [
        tcp({ interface: 'eth0' }, client, own, 8080),
        tcp(app, own, service, 80),
        tcp({ interface: 'eth0' }, client, own, 15090),
        tcp({ interface: 'eth0' }, client, own, 15020),
        tcp(proxy, loopback, loopback, 15000),
        tcp(app, own, own, 8080),
        tcp(proxy, own, service, 15012),
        tcp({ uid: 0, gid: 1337 }, own, service, 80),
      ];
      const lines = await taken({ rulesets: { nft }, sockets, remote, packets, dialOn });
      expect(lines).toContain('OUTPUT inet istio-proxy-nat istio-redirect 1 accept');
      expect(lines).toContain('PREROUTING inet istio-proxy-nat istio-in-redirect 1 accept');
    });
  },
);
