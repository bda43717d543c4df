/**
 * Istiod's answer as one static configuration that a stock Envoy takes. What is changed, and nothing else:
 * Istio's own filters, which a stock Envoy does not have, go; routes and endpoints stand where they are asked for;
 * secrets come from a file; the access log goes to a file; nobody is asked for more.
 */
import type { Answer, Message } from '../istiod/answer.ts';

export interface Files {
  /** Key and certificates, in one file. */
  readonly certificate: string;
  readonly accessLog: string;
}

/** The configuration of Envoy for what istiod said. */
export function bootstrapOf(answer: Answer, files: Files): Message {
  const { dynamic_resources: _, static_resources: own, ...bootstrap } = answer.bootstrap;
  return withFiles(
    {
      ...bootstrap,
      static_resources: {
        ...own,
        listeners: [
          ...own.listeners,
          ...answer.listeners.map((listener) => listenerOf(listener, answer.routes)),
        ],
        clusters: [
          ...own.clusters,
          ...answer.clusters.map((cluster) => clusterOf(cluster, answer.endpoints)),
        ],
      },
    },
    files,
  );
}

/**
 * The same with its listeners in a file, as a control plane serves them: one that cannot be bound is refused, and the others
 * are there. Of static ones Envoy takes all or ends.
 */
export function servedFrom(
  file: string,
  bootstrap: Message,
): { readonly bootstrap: Message; readonly served: Message } {
  const { listeners, ...static_resources } = bootstrap.static_resources;
  const lds_config = { resource_api_version: 'V3', path_config_source: { path: file } };
  return {
    bootstrap: { ...bootstrap, static_resources, dynamic_resources: { lds_config } },
    served: {
      version_info: '1',
      resources: listeners.map((one: Message) => ({
        '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener',
        ...one,
      })),
    },
  };
}

/** `istio.metadata_exchange`, `istio.alpn`, `istio.stats`. */
const isStock = ({ name }: Message): boolean => !/^istio[._]/.test(name);

function listenerOf(listener: Message, routes: readonly Message[]): Message {
  const chain = (one: Message): Message => ({
    ...one,
    filters: one.filters.filter(isStock).map((filter: Message) => networkFilter(filter, routes)),
  });
  return {
    ...listener,
    ...(listener.filter_chains === undefined ? {} : { filter_chains: listener.filter_chains.map(chain) }),
    ...(listener.default_filter_chain === undefined
      ? {}
      : { default_filter_chain: chain(listener.default_filter_chain) }),
  };
}

function networkFilter(filter: Message, routes: readonly Message[]): Message {
  const { rds, tracing: _, http_filters: filters, ...config } = filter.typed_config;
  if (filters === undefined) return filter;
  const route = rds && routes.find(({ name }) => name === rds.route_config_name);
  if (rds !== undefined && route === undefined) throw new Error(`no routes ${rds.route_config_name}`);
  return {
    ...filter,
    typed_config: {
      ...config,
      http_filters: filters.filter(isStock),
      ...(route === undefined ? {} : { route_config: route }),
    },
  };
}

function clusterOf(cluster: Message, endpoints: readonly Message[]): Message {
  const { eds_cluster_config: eds, filters = [], ...rest } = cluster;
  const own = { ...rest, ...(filters.length === 0 ? {} : { filters: filters.filter(isStock) }) };
  if (cluster.type !== 'EDS') return own;
  const name = eds?.service_name || cluster.name;
  const found = endpoints.find(({ cluster_name }) => cluster_name === name);
  return { ...own, type: 'STATIC', load_assignment: found ?? { cluster_name: name } };
}

/** Wherever a secret or a log is spoken of, however deep. */
function withFiles(message: Message, files: Files): Message {
  if (Array.isArray(message)) return message.map((one) => withFiles(one, files));
  if (typeof message !== 'object' || message === null) return message;
  const changed = Object.entries(message).map(([key, value]) => {
    if (key === 'path' && value === '/dev/stdout') return [key, files.accessLog];
    if (key === 'common_tls_context') return [key, withCertificate(value as Message, files.certificate)];
    return [key, withFiles(value, files)];
  });
  return Object.fromEntries(changed);
}

function withCertificate(context: Message, file: string): Message {
  const { tls_certificate_sds_secret_configs: _, combined_validation_context: __, ...rest } = context;
  return {
    ...rest,
    tls_certificates: [{ certificate_chain: { filename: file }, private_key: { filename: file } }],
    validation_context: { trusted_ca: { filename: file }, trust_chain_verification: 'ACCEPT_UNTRUSTED' },
  };
}
