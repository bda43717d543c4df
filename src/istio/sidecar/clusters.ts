/** Clusters for what the pod calls, and their endpoints: pilot/pkg/networking/core/cluster_builder.go, cluster_tls.go. */

import { protocolFields } from './inbound.ts';
import {
  dynamicCluster,
  type EnvoyMessage,
  edsConfig,
  meshClientTls,
  rawBuffer,
  socketAddress,
  upstreamProtocol,
} from './messages.ts';
import { modeAt, namespaceMode, peerPolicyOf } from './peer-authentication.ts';
import { isHttp2 } from './protocol.ts';
import { byText, type Resource } from './raw.ts';
import {
  endpointsOf,
  outboundCluster,
  type RegistryEndpoint,
  type RegistryPort,
  type RegistryService,
} from './registry.ts';
import type { SidecarScope } from './scope.ts';
import type { HavingSay } from './undecided.ts';
import { lookupFamilyOf, type ProxyWorkload } from './workload.ts';

export class OutboundClusters {
  readonly #workload: ProxyWorkload;
  readonly #scope: SidecarScope;
  readonly #resources: readonly Resource[];
  readonly #undecided: HavingSay;

  constructor(
    workload: ProxyWorkload,
    scope: SidecarScope,
    resources: readonly Resource[],
    undecided: HavingSay,
  ) {
    this.#workload = workload;
    this.#scope = scope;
    this.#resources = resources;
    this.#undecided = undecided;
  }

  clusters(): readonly EnvoyMessage[] {
    const patch = this.#undecided.clusterPatchAt('outbound');
    const patched = patch === null ? {} : { transport_socket_matcher: { name: patch } };
    const usual = { connect_timeout: '10s' };
    return [
      ...this.#ports().flatMap(({ service, port }) => this.#cluster(service, port, patched)),
      { name: 'BlackHoleCluster', alt_stat_name: 'BlackHoleCluster;', type: 'STATIC', ...usual, ...patched },
      {
        name: 'PassthroughCluster',
        alt_stat_name: 'PassthroughCluster;',
        type: 'ORIGINAL_DST',
        ...usual,
        lb_policy: 'CLUSTER_PROVIDED',
        ...upstreamProtocol('as the client, idle 5 minutes'),
        ...patched,
      },
      ...(this.#scope.outboundPolicy === 'ALLOW_ANY_DYNAMIC_DNS'
        ? [dynamicCluster('AllowAnyDynamicDNSCluster', 'allow_any', lookupFamilyOf(this.#workload))]
        : []),
    ];
  }

  /** Of the clusters that ask for them. */
  endpoints(): readonly EnvoyMessage[] {
    return this.#ports()
      .filter(({ service }) => service.resolution === 'EDS')
      .map(({ service, port }) => {
        const localities = this.#localities(service, port);
        const name = outboundCluster(service.hostname, port.port);
        return { cluster_name: name, ...(localities.length === 0 ? {} : { endpoints: localities }) };
      });
  }

  #ports(): readonly { readonly service: RegistryService; readonly port: RegistryPort }[] {
    return this.#scope.services
      .filter(({ resolution }) => resolution !== 'alias')
      .flatMap((service) =>
        service.ports.filter(({ protocol }) => protocol !== 'UDP').map((port) => ({ service, port })),
      );
  }

  #cluster(service: RegistryService, port: RegistryPort, patched: EnvoyMessage): readonly EnvoyMessage[] {
    const name = outboundCluster(service.hostname, port.port);
    if (service.resolution === 'dynamic DNS')
      return [dynamicCluster(name, service.hostname, lookupFamilyOf(this.#workload))];
    const isDns = service.resolution === 'DNS' || service.resolution === 'DNS round robin';
    const localities = isDns ? this.#localities(service, port) : [];
    // A cluster that has nobody to ask a name server for is left out.
    if (isDns && localities.length === 0) return [];
    const isOriginal = service.resolution === 'passthrough';
    const passed = service.passedPorts[port.port];
    const by = this.#undecided.clusterOf(service);
    return [
      {
        name,
        alt_stat_name: `${name};`,
        type: typesOf[service.resolution],
        ...(service.resolution === 'EDS' ? { eds_cluster_config: edsConfig(name) } : {}),
        connect_timeout: '10s',
        lb_policy: isOriginal ? 'CLUSTER_PROVIDED' : 'LEAST_REQUEST',
        ...(isDns
          ? {
              load_assignment: { cluster_name: name, endpoints: localities },
              dns_lookup_family: lookupFamilyOf(this.#workload),
            }
          : {}),
        ...(isOriginal && passed !== undefined
          ? { original_dst_lb_config: { upstream_port_override: passed } }
          : {}),
        ...protocolFields(port.protocol),
        common_lb_config: { healthy_panic_threshold: {} },
        ...this.#tls(service, port, isOriginal),
        ...(by === null ? patched : { transport_socket_matcher: { name: by } }),
      },
    ];
  }

  /** Mutual TLS that nobody has set: to endpoints that have it, where the namespace does not refuse it. */
  #tls(service: RegistryService, port: RegistryPort, isOriginal: boolean): EnvoyMessage {
    if (!this.#expectsTls(service, port)) return {};
    const sni = `outbound_.${port.port}_._.${service.hostname}`;
    const socket = meshClientTls(sni, isHttp2(port.protocol));
    if (isOriginal) return { transport_socket: socket };
    return {
      transport_socket_matches: [
        { name: 'tlsMode-istio', match: { tlsMode: 'istio' }, transport_socket: socket },
        { name: 'tlsMode-disabled', match: {}, transport_socket: rawBuffer },
      ],
    };
  }

  /** push_context.go BestEffortInferServiceMTLSMode. */
  #expectsTls(service: RegistryService, port: RegistryPort): boolean {
    if (service.isExternal) return false;
    if (service.resolution === 'passthrough') {
      const all = endpointsOf(service, port);
      if (all.length === 0 || all.some(({ tlsMode }) => tlsMode === 'disabled')) return false;
    }
    return namespaceMode(this.#resources, service.namespace) !== 'DISABLE';
  }

  #localities(service: RegistryService, port: RegistryPort): readonly EnvoyMessage[] {
    const isEds = service.resolution === 'EDS';
    const all = endpointsOf(service, port)
      .filter(({ health }) => service.publishesNotReady || health !== 'not ready')
      // Whoever has no address of IP is asked for by name, which endpoints that are told are not.
      .filter(({ addresses }) => !isEds || /^[\d.]+$|:/.test(addresses[0] ?? ''));
    if (all.length === 0) return [];
    const lbEndpoints = all.map((one) => this.#lbEndpoint(one));
    const weight = all.reduce((sum, one) => sum + one.weight, 0);
    return [{ locality: {}, lb_endpoints: lbEndpoints, load_balancing_weight: weight }];
  }

  #lbEndpoint(endpoint: RegistryEndpoint): EnvoyMessage {
    const [first = '', ...more] = endpoint.addresses;
    const { port, namespace, labels } = endpoint;
    const policy = peerPolicyOf(this.#resources, namespace, labels);
    const hasTls = endpoint.tlsMode === 'istio' && modeAt(policy, port) !== 'DISABLE';
    return {
      endpoint: {
        address: first.startsWith('unix://')
          ? { pipe: { path: first.slice('unix://'.length) } }
          : socketAddress(first, port),
        ...(more.length === 0
          ? {}
          : { additional_addresses: more.map((one) => ({ address: socketAddress(one, port) })) }),
      },
      ...(endpoint.health === 'HEALTHY' ? { health_status: 'HEALTHY' } : {}),
      metadata: {
        filter_metadata: hasTls ? { 'envoy.transport_socket_match': { tlsMode: 'istio' } } : {},
      },
      load_balancing_weight: endpoint.weight,
    };
  }
}

const typesOf: Readonly<Partial<Record<RegistryService['resolution'], string>>> = {
  EDS: 'EDS',
  DNS: 'STRICT_DNS',
  'DNS round robin': 'LOGICAL_DNS',
  passthrough: 'ORIGINAL_DST',
};

/** In an order that does not change. */
export function byName(all: readonly EnvoyMessage[]): readonly EnvoyMessage[] {
  const nameOf = (one: EnvoyMessage) => String(one.name ?? one.cluster_name);
  return [...all].sort((a, b) => byText(nameOf(a), nameOf(b)));
}
