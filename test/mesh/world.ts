/**
 * The world of the mesh tests: the handbook's own pod and Services, and a few Services more, of the kinds that Envoy
 * treats otherwise. Each address has its twin in IPv6.
 */
import {
  pod as handbookPod,
  services as handbookServices,
  metricsPort,
  peers,
} from '../../src/handbook/scenarios/setting.ts';
import type { Family } from '../../src/netfilter/index.ts';
import type { Speaks } from './lab/protocol.ts';

export interface MeshService {
  readonly name: string;
  readonly namespace: string;
  /** Null: headless. */
  readonly address: string | null;
  /** A port's name declares its protocol to Istio. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly target: number }[];
  readonly endpoints: readonly string[];
}

/** `10.244.2.9` is `fd00:10:244:2::9` in IPv6, and `10.96.0.7` is `fd00:10:96::7`, as in the handbook. */
export function twin(address: string, family: Family): string {
  if (family === 'v4') return address;
  const [a, b, c, d] = address.split('.');
  return c === '0' ? `fd00:${a}:${b}::${d}` : `fd00:${a}:${b}:${c}::${d}`;
}

const { remote, own, istiod } = handbookServices;

/** What the app of the pod listens on, at every address or on localhost only. */
export const appPorts: readonly {
  readonly port: number;
  readonly speaks: Speaks;
  readonly onLocalhost?: boolean;
}[] = [
  { port: handbookPod.port, speaks: 'http' },
  { port: metricsPort, speaks: 'http' },
  { port: 8081, speaks: 'http', onLocalhost: true },
  { port: 9000, speaks: 'tcp' },
  { port: 9001, speaks: 'tcp', onLocalhost: true },
  { port: 3306, speaks: 'first' },
  { port: 7777, speaks: 'first' },
  // No Service declares these.
  { port: 9191, speaks: 'tcp' },
  { port: 9192, speaks: 'tcp', onLocalhost: true },
  { port: 9292, speaks: 'first' },
];

/** A declared port that the app does not listen on. */
export const closedPort = 9999;

export const services: readonly MeshService[] = [
  {
    name: remote.name,
    namespace: 'default',
    address: remote.address,
    ports: [{ name: 'http', port: remote.port, target: remote.endpoints[0].port }],
    endpoints: [remote.endpoints[0].address],
  },
  {
    name: own.name,
    namespace: 'default',
    address: own.address,
    ports: [
      { name: 'http', port: own.port, target: own.endpoints[0].port },
      { name: 'http-local', port: 8081, target: 8081 },
      { name: 'tcp', port: 9000, target: 9000 },
      { name: 'tcp-local', port: 9001, target: 9001 },
      { name: 'mysql', port: 3306, target: 3306 },
      { name: 'plain', port: 7777, target: 7777 },
      { name: 'tcp-closed', port: closedPort, target: closedPort },
      { name: 'http-closed', port: closedPort - 1, target: closedPort - 1 },
    ],
    endpoints: [handbookPod.address],
  },
  {
    name: istiod.name,
    namespace: 'istio-system',
    address: istiod.address,
    ports: [{ name: 'https-dns', port: istiod.port, target: istiod.endpoints[0].port }],
    endpoints: [istiod.endpoints[0].address],
  },
  {
    name: 'database',
    namespace: 'default',
    address: '10.96.0.30',
    ports: [
      { name: 'tcp', port: 5432, target: 5432 },
      { name: 'mysql', port: 3306, target: 3306 },
      { name: 'tcp-closed', port: closedPort, target: closedPort },
      { name: 'http-closed', port: closedPort - 1, target: closedPort - 1 },
    ],
    endpoints: ['10.244.2.30'],
  },
  {
    // A port whose name declares nothing: Envoy has to look at the first bytes.
    name: 'undeclared',
    namespace: 'default',
    address: '10.96.0.40',
    ports: [{ name: 'plain', port: 6379, target: 6379 }],
    endpoints: ['10.244.2.40'],
  },
  {
    name: 'headless',
    namespace: 'default',
    address: null,
    ports: [{ name: 'tcp', port: 9092, target: 9092 }],
    endpoints: ['10.244.2.50'],
  },
  {
    name: 'empty',
    namespace: 'default',
    address: '10.96.0.60',
    ports: [
      { name: 'tcp', port: 7000, target: 7000 },
      { name: 'http', port: 80, target: 8080 },
    ],
    endpoints: [],
  },
];

/** Outside the mesh, where no Service has an address. */
export const stranger = '203.0.113.10';

/** Everything that answers beyond the pod's interface, by address. */
export const elsewhere: readonly {
  readonly address: string;
  readonly port: number;
  readonly speaks: Speaks;
}[] = [
  { address: peers.remote.address, port: remote.endpoints[0].port, speaks: 'http' },
  { address: peers.remote.address, port: 7000, speaks: 'tcp' },
  { address: '10.244.2.30', port: 5432, speaks: 'tcp' },
  { address: '10.244.2.30', port: 3306, speaks: 'first' },
  { address: '10.244.2.40', port: 6379, speaks: 'first' },
  { address: '10.244.2.50', port: 9092, speaks: 'tcp' },
  { address: istiod.endpoints[0].address, port: istiod.port, speaks: 'tcp' },
  { address: istiod.address, port: istiod.port, speaks: 'tcp' },
  { address: remote.address, port: remote.port, speaks: 'http' },
  { address: own.address, port: own.port, speaks: 'http' },
  { address: stranger, port: 80, speaks: 'http' },
  { address: stranger, port: 443, speaks: 'tcp' },
  { address: stranger, port: 8443, speaks: 'tcp' },
  { address: stranger, port: 25, speaks: 'first' },
  { address: stranger, port: 3306, speaks: 'first' },
  { address: stranger, port: 6379, speaks: 'first' },
];

/** Who calls the pod. */
export const callers = { remote: peers.remote.address, prometheus: peers.prometheus.address } as const;

export { handbookPod, metricsPort };
