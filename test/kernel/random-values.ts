/** The few addresses, ports and owners that random rules and packets share, so that they meet. */
import type { Socket } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import type { RemoteSocket } from './case.ts';
import type { Draw } from './draw.ts';
import { peerMacOf } from './pod-plan.ts';
import { randomPod } from './random-pod.ts';

interface Values {
  readonly pod: string;
  readonly second: string;
  readonly loopback: readonly string[];
  readonly remote: readonly string[];
  readonly behind: readonly string[];
}

export const values = {
  v4: {
    pod: '10.244.1.5',
    /** An address of nobody, for SNAT: what is sent to it comes back to the pod. */
    snat: '10.244.1.77',
    loopback: ['127.0.0.1', '127.0.0.6', '127.0.0.2'],
    remote: ['10.244.1.1', '10.244.2.9', '10.96.0.7'],
    /** The pod's address on its second link, and what lies behind that. */
    second: '10.244.3.5',
    behind: ['10.244.3.1', '10.97.0.7'],
    prefixes: [
      '127.0.0.1/32',
      '127.0.0.6/32',
      '127.0.0.0/8',
      '10.244.1.5/32',
      '10.244.1.0/24',
      '10.244.0.0/16',
      '10.244.2.9/32',
      '10.96.0.7/32',
      '10.96.0.0/12',
      '10.244.3.0/24',
      '10.97.0.7/32',
      '10.0.0.0/8',
      '0.0.0.0/1',
    ],
  },
  v6: {
    pod: 'fd00:10:244:1::5',
    snat: 'fd00:10:244:1::77',
    loopback: ['::1', '::6'],
    remote: ['fd00:10:244:1::1', 'fd00:10:244:2::9', 'fd00:10:96::7'],
    second: 'fd00:10:244:3::5',
    behind: ['fd00:10:244:3::1', 'fd00:10:97::7'],
    prefixes: [
      '::1/128',
      '::6/128',
      '::/96',
      'fd00:10:244:1::5/128',
      'fd00:10:244:1::/64',
      'fd00:10:244::/48',
      'fd00:10:244:2::9/128',
      'fd00:10:96::7/128',
      'fd00:10:96::/48',
      'fd00:10:244:3::/64',
      'fd00:10:97::7/128',
      'fd00::/8',
    ],
  },
} as const;

const macOf = (name: string) => peerMacOf(randomPod, name) ?? '';
export const peerMacs = [macOf('eth0'), macOf('eth1')] as const;

export const ports = [53, 80, 8080, 15001, 15006, 15008, 15020, 15090] as const;

export const owners = [
  { uid: 1000, gid: 1000 },
  { uid: 1337, gid: 1337 },
  { uid: 0, gid: 1337 },
  { uid: 1000, gid: 1337 },
] as const;

const [app, proxy] = owners;

const families: readonly Values[] = [values.v4, values.v6];

/**
 * Listeners; where a port has none, the kernel's own answer is seen. A datagram's listener has one address, or its
 * answer would come from another than the one that was asked, and be a new connection.
 */
export const sockets: readonly Socket[] = [
  ...[8080, 80].map((port): Socket => ({ protocol: 'tcp', address: '::', port, ...app })),
  ...[15001, 15006, 15020].map((port): Socket => ({ protocol: 'tcp', address: '::', port, ...proxy })),
  ...families
    .flatMap(({ pod, second, loopback }) => [pod, second, ...loopback])
    .flatMap((address) => [
      ...[53, 8080].map((port): Socket => ({ protocol: 'udp', address, port, ...app })),
      ...[15001, 15006].map((port): Socket => ({ protocol: 'udp', address, port, ...proxy })),
    ]),
];

/** What TPROXY hands packets to; root opens them, and stays their owner. */
export const transparentSockets: readonly Socket[] = ['tcp', 'udp'].flatMap((protocol) =>
  ['0.0.0.0', '::'].map((address) => ({ protocol, address, port: 15008, uid: 0, gid: 0, transparent: true })),
);

export const remoteSockets: readonly RemoteSocket[] = [53, 80, 8080].flatMap((port) =>
  (['eth0', 'eth1'] as const).flatMap((name) => [
    { protocol: 'tcp' as const, address: '::', port, interface: name },
    ...families
      .flatMap(({ remote, behind }): readonly string[] => (name === 'eth0' ? remote : behind))
      .map((address) => ({ protocol: 'udp' as const, address, port, interface: name })),
  ]),
);

/** The ways that a packet can take through the pod, each as often as the others. */
export const ways = ['lo', 'out', 'from the peer', 'forwarded'] as const;
export type Way = (typeof ways)[number];

/** The way that a packet sets out on; a rule may send it another. */
export function wayOf({ destination, from }: Packet): Way {
  const isLocal = families.some(({ pod, second, loopback }) =>
    [pod, second, ...loopback].includes(destination),
  );
  if ('interface' in from) return isLocal ? 'from the peer' : 'forwarded';
  return isLocal ? 'lo' : 'out';
}

/** One packet by a process or from a peer; its port is its own among those of the batch. */
export function drawPacket(draw: Draw, family: Family, sourcePort: number): Packet {
  const { pod, second, loopback, remote, behind } = values[family];
  const protocol = draw.chance(0.6) ? 'tcp' : 'udp';
  const destinationPort = draw.chance(0.95) ? draw.pick(ports) : draw.between(1, 65535);
  const common = { protocol, sourcePort, destinationPort };
  const from = draw.pick(owners);
  const local = [pod, ...loopback, second];
  const [name, near, far] = draw.chance(0.7) ? ['eth0', remote, behind] : ['eth1', behind, remote];
  const mac = peerMacs[name === 'eth0' ? 0 : 1];
  const peer = { ...common, source: draw.pick<string>(near), mac, from: { interface: name } };
  switch (draw.pick(ways)) {
    case 'lo':
      return { ...common, source: draw.pick(local), destination: draw.pick(local), from };
    case 'out': {
      const [source, there] = draw.chance(0.7) ? [pod, remote] : [second, behind];
      return { ...common, source, destination: draw.pick<string>(there), from };
    }
    case 'from the peer':
      return { ...peer, destination: draw.chance(0.8) === (name === 'eth0') ? pod : second };
    case 'forwarded':
      return { ...peer, destination: draw.pick<string>(far) };
  }
}
