/** Of what istiod tells an Envoy the fields that decide where a connection goes: all but those that are named here. */

/** They count, log, limit, name or prove, and send nothing elsewhere. */
const others: readonly string[] = [
  'access_log',
  'tracing',
  'circuit_breakers',
  'transport_socket_connect_timeout',
  'cipher_suites',
  'match_subject_alt_names',
  'dns_refresh_rate',
  'dns_jitter',
  'respect_dns_ttl',
  'typed_dns_resolver_config',
];

// biome-ignore lint/suspicious/noExplicitAny: Envoy's API has thousands of fields.
type Message = any;

export interface Told {
  readonly listeners: readonly Message[];
  readonly clusters: readonly Message[];
  readonly routes: readonly Message[];
  readonly endpoints: readonly Message[];
}

/** One entry a resource, by kind and name, so that a difference says where it is. */
export function deciding(told: Told): Readonly<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  // Of two of a name the first: istiod's test server is asked for a table as often as listeners name it.
  for (const kind of ['listeners', 'clusters', 'routes', 'endpoints'] as const)
    for (const one of told[kind])
      all[`${kind} ${one.name ?? one.cluster_name}`] ??= plain(kind === 'clusters' ? withoutOwn(one) : one);
  return all;
}

/** Istio's filter in a cluster, for its metrics. */
function withoutOwn({ filters: _, ...cluster }: Message): Message {
  return cluster;
}

function plain(value: Message): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, Message>)
    .filter(([key]) => !others.includes(key))
    .flatMap(([key, one]): readonly [string, unknown][] => {
      if (key === 'metadata') {
        const labels = one.filter_metadata?.['envoy.transport_socket_match'];
        return labels === undefined ? [] : [[key, labels]];
      }
      // Of endpoints that weigh the same, and of chains of which no two fit, the order says nothing.
      const isUnordered =
        key === 'lb_endpoints' || (key === 'filter_chains' && value.traffic_direction === 'OUTBOUND');
      if (isUnordered) return [[key, sorted(plain(one) as readonly unknown[])]];
      return [[key, plain(one)]];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function sorted(all: readonly unknown[]): readonly unknown[] {
  return [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The path of each value that differs, with both values. */
export function differences(found: unknown, wanted: unknown, path = ''): readonly string[] {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return [];
  const isInner = (one: unknown) => typeof one === 'object' && one !== null;
  if (!isInner(found) || !isInner(wanted) || Array.isArray(found) !== Array.isArray(wanted))
    return [`${path}: ${short(found)}, istiod: ${short(wanted)}`];
  const [a, b] = [found as Record<string, unknown>, wanted as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], path === '' ? key : `${path} ▸ ${key}`),
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
