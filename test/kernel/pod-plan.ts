/** What a pod on the real kernel is to be: its interfaces, routes and sets, and who answers at the other ends. */
import type { Host, Interface, Route, RoutingRule } from '../../src/netfilter/model/host.ts';

/** The fields are those of the engine's host, so that one description serves both. */
export interface PodPlan {
  readonly interfaces: readonly Interface[];
  readonly routes?: readonly Route[];
  readonly rules?: readonly RoutingRule[];
  readonly sysctls?: Readonly<Record<string, number>>;
  readonly sets?: Host['sets'];
  /** By the pod's interface: the addresses at the other end of its veth pair. */
  readonly peers?: Readonly<Record<string, readonly string[]>>;
  /** By the pod's interface: what the other end is called; the same name when absent. */
  readonly peerNames?: Readonly<Record<string, string>>;
  /** Interfaces whose other end sends everything to the pod, as a virtual machine in it does. */
  readonly guests?: readonly string[];
}

/** What most cases run in: the pod and the neighbours of the design's examples. */
export const usualPod: PodPlan = {
  interfaces: [
    { name: 'lo', addresses: ['127.0.0.1/8', '::1/128', '::6/128'] },
    { name: 'eth0', addresses: ['10.244.1.5/24', 'fd00:10:244:1::5/64'] },
  ],
  routes: [
    { destination: 'default', via: '10.244.1.1', dev: 'eth0' },
    { destination: 'default', via: 'fd00:10:244:1::1', dev: 'eth0' },
  ],
  peers: {
    eth0: [
      '10.244.1.1/24',
      '10.244.2.9/32',
      '10.96.0.7/32',
      'fd00:10:244:1::1/64',
      'fd00:10:244:2::9/128',
      'fd00:10:96::7/128',
    ],
  },
};

export const isV6 = (address: string) => address.includes(':');
export const firstIndex = 11;

/** The hardware address at the other end of an interface; undefined for `lo`. */
export function peerMacOf(plan: PodPlan, name: string): string | undefined {
  const position = linkedOf(plan).findIndex((one) => one.name === name);
  return position < 0 ? undefined : peerMac(firstIndex + position);
}

export function linkedOf(plan: PodPlan): Interface[] {
  return plan.interfaces.filter((one) => one.name !== 'lo');
}

export const podMac = (index: number) => `02:00:00:00:${index.toString(16).padStart(2, '0')}:05`;
export const peerMac = (index: number) => `02:00:00:00:${index.toString(16).padStart(2, '0')}:01`;
