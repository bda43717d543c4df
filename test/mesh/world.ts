/**
 * The world of the mesh tests: the handbook's own pod and Services, and a few Services more, of the kinds that Envoy
 * treats otherwise. Each address has its twin in IPv6.
 */
import { closedPort, meshServices, twin } from '../../src/handbook/envoy/mesh.ts';
import {
  pod as handbookPod,
  services as handbookServices,
  metricsPort,
  peers,
} from '../../src/handbook/scenarios/setting.ts';
import type { Speaks } from './lab/protocol.ts';

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

export { closedPort, meshServices as services };

/** Outside the mesh, where no Service has an address. */
export const stranger = '203.0.113.10';

/** There, too: what is sent to it is lost, and nobody says so. */
export const silent = '203.0.113.99';

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

export { handbookPod, metricsPort, twin };
