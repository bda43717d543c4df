/**
 * What the Envoy of a sidecar has of its own bootstrap, which pilot-agent writes, and not of istiod: the listeners for
 * its metrics and its readiness (tools/packaging/common/envoy_bootstrap.json). Its admin interface is no listener.
 */
import type { Family } from '../../netfilter/index.ts';
import { portOf } from '../pod/ports.ts';
import { addressFields, type EnvoyMessage, socketAddress } from './messages.ts';
import { loopbackOf, wildcardOf } from './workload.ts';

export interface OwnParts {
  readonly listeners: readonly EnvoyMessage[];
  readonly clusters: readonly EnvoyMessage[];
}

/** The one path that each of the ports answers. */
export const ownPaths = { 'envoy-prometheus': '/stats/prometheus', 'envoy-ready': '/healthz/ready' } as const;
export type OwnPort = keyof typeof ownPaths;

const clusterOf = {
  'envoy-prometheus': { name: 'prometheus_stats', at: 'envoy-admin' },
  'envoy-ready': { name: 'agent', at: 'agent-metrics' },
} as const;

const names = Object.keys(ownPaths) as OwnPort[];

/** Ports from which the rules bring a connection to no other. */
export const ownPorts: readonly number[] = names.map(portOf);

/** In the families of the pod: a listener has all, what it dials is in the first (pkg/bootstrap/config.go). */
export function ownParts(families: readonly Family[] = ['v4']): OwnParts {
  const [first = 'v4'] = families;
  const binds = families.map((family) => wildcardOf[family]);
  return {
    listeners: names.map((name) => listener(binds, portOf(name), ownPaths[name], clusterOf[name].name)),
    clusters: names.map((name) =>
      cluster(clusterOf[name].name, loopbackOf[first], portOf(clusterOf[name].at)),
    ),
  };
}

function listener(binds: readonly string[], port: number, prefix: string, to: string): EnvoyMessage {
  const routes = [{ match: { prefix }, route: { cluster: to } }];
  return {
    name: `${binds[0]}_${port}`,
    ...addressFields(binds, port),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              codec_type: 'AUTO',
              route_config: { virtual_hosts: [{ name: 'backend', domains: ['*'], routes }] },
              http_filters: [{ name: 'envoy.filters.http.router' }],
            },
          },
        ],
      },
    ],
  };
}

function cluster(name: string, address: string, port: number): EnvoyMessage {
  const endpoint = { address: socketAddress(address, port) };
  return {
    name,
    type: 'STATIC',
    connect_timeout: '0.250s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
  };
}
