/**
 * Whom a reader can let call whom: the senders and destinations of the handbook's small mesh.
 */
import type { Pod, Request } from '../../journey/index.ts';
import { familyOf } from '../../netfilter/index.ts';
import { requestOn } from './own-place.ts';
import { peers, pod, podAddressV6, remoteAddressV6, services } from './setting.ts';

export interface ExampleSender {
  readonly label: string;
  readonly from: Request['from'];
}

export const exampleSenders: readonly ExampleSender[] = [
  { label: 'the app', from: { process: 'app' } },
  { label: 'Envoy', from: { process: 'Envoy' } },
  { label: 'pilot-agent', from: { process: 'pilot-agent' } },
  { label: 'a remote pod', from: peers.remote },
  { label: 'Prometheus', from: peers.prometheus },
  { label: 'the kubelet', from: peers.kubelet },
];

export interface ExampleCall {
  readonly label: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly isV6: boolean;
  /** What a tunnel asks for, or DNS. */
  readonly path?: string;
}

/** The server that the examples' resolv.conf names. */
export const exampleDnsServer = '10.96.0.53';

/** A peer, with its address in each family. */
export interface ExamplePeer {
  /** '' for anybody else. */
  readonly name: string;
  readonly v4: string;
  readonly v6: string;
}

export const examplePeers: readonly ExamplePeer[] = [
  { name: peers.remote.name, v4: peers.remote.address, v6: remoteAddressV6 },
  { name: peers.prometheus.name, v4: peers.prometheus.address, v6: 'fd00:10:244:3::7' },
  { name: '', v4: '203.0.113.10', v6: '2001:db8::10' },
];

function call(label: string, address: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): ExampleCall {
  return { label, address, port, protocol, isV6: familyOf(address) === 'v6' };
}

export const exampleCalls: readonly ExampleCall[] = [
  call('another Service', services.remote.address, services.remote.port),
  call('its own Service', services.own.address, services.own.port),
  call('the address of the pod', pod.address, pod.port),
  call('localhost', '127.0.0.1', pod.port),
  call('istiod', services.istiod.address, services.istiod.port),
  call('DNS over UDP', exampleDnsServer, 53, 'udp'),
  call('DNS over TCP', exampleDnsServer, 53),
  call('an address outside of the mesh', '203.0.113.20', 443),
  call('the IPv6 address of the pod', podAddressV6, pod.port),
  call('localhost, IPv6', '::1', pod.port),
  call('an IPv6 address outside of the mesh', '2001:db8::20', 443),
];

/** Whom a reader can let call, on this pod. */
export function callsOn(walked: Pod): readonly ExampleCall[] {
  return exampleCalls.map((call) => requestOn(walked, call));
}
