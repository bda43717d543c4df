/**
 * What the Envoy of a sidecar has of its own bootstrap, which pilot-agent writes, and not of istiod: the listeners for
 * its metrics and its readiness (tools/packaging/common/envoy_bootstrap.json). Its admin interface is no listener.
 */
import { portOf } from '../pod/ports.ts';
import { type EnvoyMessage, socketAddress } from './messages.ts';

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

export function ownParts(): OwnParts {
  const names = Object.keys(ownPaths) as OwnPort[];
  return {
    listeners: names.map((name) => listener(portOf(name), ownPaths[name], clusterOf[name].name)),
    clusters: names.map((name) => cluster(clusterOf[name].name, portOf(clusterOf[name].at))),
  };
}

function listener(port: number, prefix: string, to: string): EnvoyMessage {
  const routes = [{ match: { prefix }, route: { cluster: to } }];
  return {
    name: `0.0.0.0_${port}`,
    address: socketAddress('0.0.0.0', port),
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

function cluster(name: string, port: number): EnvoyMessage {
  const endpoint = { address: socketAddress('127.0.0.1', port) };
  return {
    name,
    type: 'STATIC',
    connect_timeout: '0.250s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
  };
}
