/** Route tables: pilot/pkg/networking/core/httproute.go, core/route/route.go. */

import type { EnvoyMessage } from './messages.ts';
import { isGrpc, listenerProtocol, type PortProtocol } from './protocol.ts';
import { byText } from './raw.ts';
import { outboundCluster, type RegistryService, unspecified } from './registry.ts';
import type { EgressListener, SidecarScope } from './scope.ts';
import type { HavingSay } from './undecided.ts';
import { addressesFor, addressFor, type OutboundPolicy, type ProxyWorkload } from './workload.ts';

const noTimeout = '0s';

/** The table of a port of the pod, in place. */
export function inboundRoutes(
  cluster: string,
  servicePort: number,
  host: string,
  protocol: PortProtocol,
): EnvoyMessage {
  const route = {
    name: 'default',
    match: { prefix: '/' },
    route: {
      cluster,
      timeout: noTimeout,
      ...(isGrpc(protocol) ? {} : { retry_policy: { retry_on: 'reset-before-request', num_retries: 2 } }),
      max_stream_duration: { max_stream_duration: noTimeout, grpc_timeout_header_max: noTimeout },
    },
    decorator: { operation: `${host}:${servicePort}/*` },
  };
  return {
    name: cluster,
    virtual_hosts: [{ name: `inbound|http|${servicePort}`, domains: ['*'], routes: [route] }],
    validate_clusters: false,
  };
}

const retryPolicy = {
  retry_on: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  num_retries: 2,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      },
    },
  ],
  host_selection_retry_max_attempts: '5',
} as const;

interface NamedHost {
  readonly name: string;
  readonly port: number;
  readonly service: RegistryService | null;
  /** Where there is no Service. */
  readonly host: string;
  readonly route: EnvoyMessage;
}

/** The table that listeners ask for by this name: a port, a host with a port, or what a Sidecar's listener is bound to. */
export function outboundRoutes(
  name: string,
  scope: SidecarScope,
  workload: ProxyWorkload,
  undecided: HavingSay,
): EnvoyMessage {
  const isSocket = name.startsWith('unix://');
  const isOfOne = !isSocket && name.includes(':');
  const port = isSocket || name === 'http_proxy' ? 0 : Number(name.slice(name.lastIndexOf(':') + 1));
  const egress = egressFor(scope, port, name);
  const all =
    egress === null
      ? []
      : virtualHosts(egress, egress.port?.protocol === 'HTTP_PROXY' ? 0 : port, workload, undecided);
  const own = isOfOne
    ? all
        .filter(({ domains }) =>
          domains.some((one) => one === name || one === name.slice(0, name.lastIndexOf(':'))),
        )
        .map((host, _, some) => (some.length === 1 ? { ...host, domains: ['*'] } : host))
    : all;
  const sorted = [...own].sort((a, b) => byText(a.name, b.name));
  const hosts = isOfOne ? sorted : [...sorted, catchAll(scope.outboundPolicy)];
  return {
    name,
    ...(hosts.length === 0 ? {} : { virtual_hosts: hosts }),
    validate_clusters: false,
    max_direct_response_body_size_bytes: 1048576,
    ignore_port_in_host_matching: true,
  };
}

/** Of a port of its own, else the one for all ports, which is the last. */
function egressFor(scope: SidecarScope, port: number, name: string): EgressListener | null {
  return (
    scope.egress.find((one) =>
      one.port === null ? true : one.port.number === port && (port !== 0 || one.bind === name),
    ) ?? null
  );
}

type VirtualHostMessage = EnvoyMessage & { readonly name: string; readonly domains: readonly string[] };

function virtualHosts(
  egress: EgressListener,
  port: number,
  workload: ProxyWorkload,
  undecided: HavingSay,
): readonly VirtualHostMessage[] {
  // The last of a host is the one.
  const byHost = new Map<string, RegistryService>();
  for (const service of egress.services)
    if (port === 0 || service.ports.some((one) => one.port === port)) byHost.set(service.hostname, service);
  const named = [...byHost.values()]
    .filter(({ resolution }) => resolution !== 'alias')
    .sort((a, b) => byText(a.hostname, b.hostname))
    .flatMap((service) =>
      service.ports
        .filter((one) => port === 0 || one.port === port)
        .filter(({ protocol }) => ['HTTP', 'auto'].includes(listenerProtocol(protocol)))
        .map(
          (one): NamedHost => ({
            name: `${service.hostname}:${one.port}`,
            port: one.port,
            service,
            host: service.hostname,
            route: routeTo(service.hostname, one.port, undecided.httpRouteOf(service)),
          }),
        ),
    );
  const strangers = undecided.hostsOutside(egress.services, port).map(({ host, by }): NamedHost => {
    const name = `${host}:${port}`;
    return { name, port, service: null, host, route: routeTo(host, port, by) };
  });
  const known = new Set(named.flatMap(({ name, host }) => [name, host]));
  const taken = new Set<string>();
  const hosts = [...strangers, ...named].flatMap(({ name, service, host, port: own, route }) => {
    const { domains, short } =
      service === null ? { domains: [host], short: [] } : domainsOf(service, port === 0 ? own : 0, workload);
    const free = domains.filter(
      (one) => !taken.has(one.toLowerCase()) && !(short.includes(one) && known.has(one)),
    );
    const once = free.filter((one, at) => free.indexOf(one) === at);
    for (const one of once) taken.add(one.toLowerCase());
    if (once.length === 0) return [];
    return [{ name, domains: once, routes: [route], include_request_attempt_count: true, port: own }];
  });
  return hosts.flatMap(({ port: own, ...host }) => {
    if (port !== 0 || own === 80) return [host];
    // A table of all ports: without a number a name is that of port 80.
    const domains = host.domains.filter((one) => one.includes(':'));
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}

function routeTo(host: string, port: number, by: string | null): EnvoyMessage {
  return {
    name: 'default',
    match: { prefix: '/' },
    route: {
      cluster: outboundCluster(host, port),
      timeout: noTimeout,
      retry_policy: retryPolicy,
      max_grpc_timeout: noTimeout,
    },
    decorator: { operation: `${host}:${port}/*` },
    ...(by === null ? {} : { typed_per_filter_config: { [by]: {} } }),
  };
}

/** The names of a host, with the number of the port where the table is not that of one port. */
function domainsOf(
  service: RegistryService,
  port: number,
  workload: ProxyWorkload,
): { readonly domains: readonly string[]; readonly short: readonly string[] } {
  const withPort = (name: string): readonly string[] => (port === 0 ? [name] : [name, `${name}:${port}`]);
  const names = [service.hostname, ...service.aliases].map((name) => {
    const short = shortNames(name, workload.namespace);
    return {
      own: [...withPort(name), ...withPort(`${name}.`), ...short.flatMap(withPort)],
      short: [...withPort(`${name}.`), ...short.flatMap(withPort)],
    };
  });
  const own = names.flatMap((one) => one.own);
  const isHeadless = service.resolution === 'passthrough' && service.registry === 'Kubernetes';
  const asked = { ...service, defaultAddress: addressFor(service, workload) };
  const addresses = addressesFor(asked, workload)
    .filter((address) => address !== unspecified)
    .flatMap((address) => withPort(address.includes(':') ? `[${address}]` : address));
  return {
    domains: [...own, ...(isHeadless ? own.map((name) => `*.${name}`) : []), ...addresses],
    short: names.flatMap((one) => one.short),
  };
}

/** As a pod of the namespace may call a Service of Kubernetes. */
function shortNames(host: string, namespace: string): readonly string[] {
  const ending = '.svc.cluster.local';
  const at = host.indexOf('.svc.');
  if (!host.endsWith(ending) || at <= 0) return [];
  const [name = ''] = host.split('.', 1);
  const full = host.slice(0, at);
  return host.slice(name.length + 1, at) === namespace ? [name, `${full}.svc`, full] : [full, `${full}.svc`];
}

/** What is done with a host that nobody has. */
function catchAll(policy: OutboundPolicy): EnvoyMessage {
  const host = (name: string, action: EnvoyMessage): EnvoyMessage => ({
    name,
    domains: ['*'],
    routes: [{ name, match: { prefix: '/' }, ...action }],
    include_request_attempt_count: true,
  });
  const to = (cluster: string) => ({
    route: { cluster, timeout: noTimeout, max_grpc_timeout: noTimeout },
  });
  if (policy === 'ALLOW_ANY_DYNAMIC_DNS')
    return host('allow_any_dynamic_dns', to('AllowAnyDynamicDNSCluster'));
  if (policy === 'ALLOW_ANY') return host('allow_any', to('PassthroughCluster'));
  return host('block_all', { direct_response: { status: 502 } });
}
