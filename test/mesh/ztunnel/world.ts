/**
 * The world of a real ztunnel: the handbook's enrolled pod and a peer of it, in both families, somebody outside the mesh,
 * and what the mesh knows of them.
 */
import { closedPort, twin } from '../../../src/handbook/envoy/mesh.ts';
import { enrolledWorkload } from '../../../src/handbook/scenarios/index.ts';
import {
  peers,
  pod,
  podAddressV6,
  remoteAddressV6,
  services,
} from '../../../src/handbook/scenarios/setting.ts';
import { ztunnelAsked } from '../../../src/istio/facts/index.ts';
import { ambientDefaults, type EnrolledWorkload, readRelease } from '../../../src/istio/index.ts';
import type { Speaks } from '../lab/protocol.ts';

/** By what calls are turned to ztunnel: rules of iptables or of nft; TPROXY, which iptables has before 1.24. */
export const backEnds = ['iptables', 'nft', 'TPROXY'] as const;
export type BackEnd = (typeof backEnds)[number];

/** The release whose rules are loaded, and the tag of the ztunnel that is asked with them. */
export const setups: Readonly<Record<BackEnd, { readonly release: string; readonly ztunnel: string }>> = {
  iptables: { release: '1.31', ztunnel: ztunnelAsked },
  nft: { release: '1.31', ztunnel: ztunnelAsked },
  TPROXY: { release: '1.23', ztunnel: '1.23.6' },
};

const both = ['v4', 'v6'] as const;
const inBoth = <One>(one: (address: (v4: string) => string) => One): readonly One[] =>
  both.map((family) => one((address) => twin(address, family)));

/** A Service of a pod outside the mesh, and one without a pod, and without IPv6. */
const db = {
  name: 'db',
  address: '10.96.0.30',
  port: 5432,
  endpoints: [{ address: '10.244.2.30', port: 5432 }],
} as const;
const empty = { name: 'empty', address: '10.96.0.31', port: 80, endpoints: [] } as const;

/** The pod that is asked about, as the model has it. */
export const askedWorkload: EnrolledWorkload = {
  ...enrolledWorkload,
  services: [
    ...[...enrolledWorkload.services, db].flatMap((service) =>
      inBoth((to) => ({
        ...service,
        address: to(service.address),
        endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, address: to(endpoint.address) })),
      })),
    ),
    empty,
  ],
  peers: [
    ...enrolledWorkload.peers,
    ...inBoth((to) => ({ address: to('10.244.2.30'), protocol: 'TCP' as const })),
  ],
};

/** Its peer, in the same mesh. */
export const peerWorkload: EnrolledWorkload = {
  ...askedWorkload,
  addresses: [`${peers.remote.address}/24`, `${remoteAddressV6}/64`],
  peers: [
    { address: pod.address, protocol: 'HBONE' },
    { address: podAddressV6, protocol: 'HBONE' },
  ],
};

export const outside = '203.0.113.10';
export const waypoint = '10.244.3.20';
const { hostProbeSNATAddress, hostProbeV6SNATAddress } = ambientDefaults(
  readRelease(setups.iptables.release) ?? [1, 31, 0],
);
/** Where the probes of the node come from. */
export const probes = { v4: hostProbeSNATAddress, v6: hostProbeV6SNATAddress } as const;
export const nameserver = enrolledWorkload.nameserver;

export { closedPort, pod, twin };

/** What listens in a pod, and what the world answers on. */
export interface Served {
  readonly address: string;
  readonly port: number;
  readonly speaks: Speaks;
}

export const podServes: readonly Served[] = inBoth((to) => {
  const [everywhere, localhost] = to('10.0.0.1').includes(':') ? ['::', '::1'] : ['0.0.0.0', '127.0.0.1'];
  return [
    { address: everywhere, port: pod.port, speaks: 'tcp' },
    { address: everywhere, port: 9080, speaks: 'tcp' },
    { address: everywhere, port: 3306, speaks: 'first' },
    { address: localhost, port: 8081, speaks: 'tcp' },
  ] as const;
}).flat();

export const worldServes: readonly Served[] = inBoth(
  (to) =>
    [
      { address: to(outside), port: 443, speaks: 'tcp' },
      { address: to(outside), port: 443, speaks: 'udp' },
      { address: to(outside), port: 25, speaks: 'first' },
      { address: to('10.244.2.30'), port: 5432, speaks: 'tcp' },
      { address: to(waypoint), port: 15008, speaks: 'tcp' },
      { address: to(services.istiod.endpoints[0].address), port: services.istiod.port, speaks: 'tcp' },
      { address: to(nameserver), port: 53, speaks: 'dns' },
    ] as const,
).flat();
