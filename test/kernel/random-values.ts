/** The few addresses, ports and owners that random rules and packets share, so that they meet. */
import type { Packet, Socket } from '../../src/netfilter/packet.ts';
import type { Family } from '../../src/netfilter/ruleset.ts';
import type { RemoteSocket } from './case.ts';
import type { Draw } from './draw.ts';
import { peerMacOf, usualPod } from './pod.ts';

export const values = {
  v4: {
    pod: '10.244.1.5',
    /** An address of nobody, for SNAT: what is sent to it comes back to the pod. */
    snat: '10.244.1.77',
    loopback: ['127.0.0.1', '127.0.0.6', '127.0.0.2'],
    remote: ['10.244.1.1', '10.244.2.9', '10.96.0.7'],
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
      '10.0.0.0/8',
      '0.0.0.0/1',
    ],
  },
  v6: {
    pod: 'fd00:10:244:1::5',
    snat: 'fd00:10:244:1::77',
    loopback: ['::1', '::6'],
    remote: ['fd00:10:244:1::1', 'fd00:10:244:2::9', 'fd00:10:96::7'],
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
      'fd00::/8',
    ],
  },
} as const;

export const peerMac = peerMacOf(usualPod, 'eth0') ?? '';

export const ports = [53, 80, 8080, 15001, 15006, 15008, 15020, 15090] as const;

export const owners = [
  { uid: 1000, gid: 1000 },
  { uid: 1337, gid: 1337 },
  { uid: 0, gid: 1337 },
  { uid: 1000, gid: 1337 },
] as const;

const [app, proxy] = owners;

const families = [values.v4, values.v6];

/**
 * Listeners; where a port has none, the kernel's own answer is seen. A datagram's listener has one address, or its
 * answer would come from another than the one that was asked, and be a new connection.
 */
export const sockets: readonly Socket[] = [
  ...[8080, 80].map((port): Socket => ({ protocol: 'tcp', address: '::', port, ...app })),
  ...[15001, 15006, 15020].map((port): Socket => ({ protocol: 'tcp', address: '::', port, ...proxy })),
  ...families
    .flatMap(({ pod, loopback }) => [pod, ...loopback])
    .flatMap((address) => [
      ...[53, 8080].map((port): Socket => ({ protocol: 'udp', address, port, ...app })),
      ...[15001, 15006].map((port): Socket => ({ protocol: 'udp', address, port, ...proxy })),
    ]),
];

export const remoteSockets: readonly RemoteSocket[] = [53, 80, 8080].flatMap((port) => [
  { protocol: 'tcp' as const, address: '::', port },
  ...families.flatMap(({ remote }) => remote).map((address) => ({ protocol: 'udp' as const, address, port })),
]);

/** One packet by a process or from the peer; its port is its own among those of the batch. */
export function drawPacket(draw: Draw, family: Family, sourcePort: number): Packet {
  const { pod, loopback, remote } = values[family];
  const protocol = draw.chance(0.6) ? 'tcp' : 'udp';
  const destinationPort = draw.chance(0.95) ? draw.pick(ports) : draw.between(1, 65535);
  const common = { protocol, sourcePort, destinationPort };
  if (draw.chance(0.35))
    return {
      ...common,
      source: draw.pick(remote),
      destination: pod,
      mac: peerMac,
      from: { interface: 'eth0' },
    };
  const from = draw.pick(owners);
  if (draw.chance(0.45)) return { ...common, source: pod, destination: draw.pick(remote), from };
  const local = [pod, ...loopback];
  return { ...common, source: draw.pick(local), destination: draw.pick(local), from };
}
