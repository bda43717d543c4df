/** Route tables: virtual hosts, their routes, and the conditions and actions of these. */
import type {
  HeaderMatch,
  HttpRoute,
  QueryMatch,
  RouteAction,
  RouteMatch,
  RouteTable,
  VirtualHost,
} from '../model/config.ts';
import type { StringMatch } from '../model/string-match.ts';
import type { MessageFields } from './fields.ts';
import { isPassingHttp } from './passing.ts';
import { readClusters } from './weighted-clusters.ts';

export function readRouteTable(fields: MessageFields): RouteTable {
  return {
    name: fields.text('name'),
    virtualHosts: fields.messages('virtual_hosts').map(readVirtualHost),
    ignorePortInHostMatching: fields.truth('ignore_port_in_host_matching'),
    undecided: fields.present(['vhds', 'vhost_header']),
    rest: fields.rest(),
  };
}

function readVirtualHost(fields: MessageFields): VirtualHost {
  const requireTls = fields.text('require_tls', 'NONE');
  return {
    name: fields.text('name'),
    domains: fields.texts('domains').map((domain) => domain.toLowerCase()),
    routes: fields.messages('routes').map(readRoute),
    retryOn: readRetries(fields),
    undecided: [...fields.present(['matcher']), ...(requireTls === 'NONE' ? [] : ['require_tls'])],
    rest: fields.rest(),
  };
}

/** `retry_on` of a retry policy: what is tried again. */
function readRetries(fields: MessageFields): readonly string[] {
  const words = fields.message('retry_policy')?.text('retry_on') ?? '';
  const known = retries.get(words);
  if (known !== undefined) return known;
  const read = words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (retries.size < 10_000) retries.set(words, read);
  return read;
}

/** They are few, and come again and again. */
const retries = new Map<string, readonly string[]>();

function readRoute(fields: MessageFields): HttpRoute {
  const own = fields.message('typed_per_filter_config');
  return {
    name: fields.text('name'),
    match: readRouteMatch(fields.inner('match')),
    action: readAction(fields),
    undecided: own === null ? [] : Object.keys(own.rest()).filter((name) => !isPassingHttp(name)),
    rest: fields.rest(),
  };
}

const undecidedConditions: readonly string[] = [
  'runtime_fraction',
  'grpc',
  'tls_context',
  'dynamic_metadata',
  'filter_state',
  'cookies',
];
const pathKinds = ['prefix', 'path', 'path_separated_prefix'] as const;

function readRouteMatch(fields: MessageFields): RouteMatch {
  return {
    path: readPath(fields),
    caseSensitive: fields.truth('case_sensitive', true),
    headers: fields.messages('headers').map(readHeaderMatch),
    query: fields.messages('query_parameters').map(readQueryMatch),
    undecided: fields.present(undecidedConditions),
    rest: fields.rest(),
  };
}

function readPath(fields: MessageFields): RouteMatch['path'] {
  for (const kind of pathKinds) if (fields.has(kind)) return { kind, value: fields.text(kind) };
  const regex = fields.message('safe_regex');
  if (regex !== null) return { kind: 'safe_regex', value: regex.text('regex') };
  if (fields.has('connect_matcher')) return { kind: 'connect', value: '' };
  return { kind: 'other', value: fields.has('path_match_policy') ? 'path_match_policy' : '' };
}

export function readStringMatch(fields: MessageFields): StringMatch {
  const ignoreCase = fields.truth('ignore_case');
  for (const kind of ['exact', 'prefix', 'suffix', 'contains'] as const)
    if (fields.has(kind)) return { kind, value: fields.text(kind), ignoreCase };
  const regex = fields.message('safe_regex');
  if (regex !== null) return { kind: 'safe_regex', value: regex.text('regex'), ignoreCase: false };
  return { kind: 'other', field: Object.keys(fields.rest())[0] ?? '' };
}

/** The fields before `string_match`, which older configurations have. */
const olderMatches = [
  ['exact_match', 'exact'],
  ['prefix_match', 'prefix'],
  ['suffix_match', 'suffix'],
  ['contains_match', 'contains'],
] as const;

function readHeaderMatch(fields: MessageFields): HeaderMatch {
  return {
    name: fields.text('name').toLowerCase(),
    is: readHeaderCondition(fields),
    invert: fields.truth('invert_match'),
    treatMissingAsEmpty: fields.truth('treat_missing_header_as_empty'),
  };
}

function readHeaderCondition(fields: MessageFields): HeaderMatch['is'] {
  const text = fields.message('string_match');
  if (text !== null) return readStringMatch(text);
  for (const [field, kind] of olderMatches)
    if (fields.has(field)) return { kind, value: fields.text(field), ignoreCase: false };
  const regex = fields.message('safe_regex_match');
  if (regex !== null) return { kind: 'safe_regex', value: regex.text('regex'), ignoreCase: false };
  const range = fields.message('range_match');
  if (range !== null) return { kind: 'range', start: range.number('start', 0), end: range.number('end', 0) };
  return { kind: 'present', present: fields.truth('present_match', true) };
}

function readQueryMatch(fields: MessageFields): QueryMatch {
  const text = fields.message('string_match');
  return {
    name: fields.text('name'),
    is:
      text === null
        ? { kind: 'present', present: fields.truth('present_match', true) }
        : readStringMatch(text),
  };
}

const redirects: ReadonlyMap<string, number> = new Map([
  ['MOVED_PERMANENTLY', 301],
  ['FOUND', 302],
  ['SEE_OTHER', 303],
  ['TEMPORARY_REDIRECT', 307],
  ['PERMANENT_REDIRECT', 308],
]);

const notFoundStatus: ReadonlyMap<string, number> = new Map([
  ['SERVICE_UNAVAILABLE', 503],
  ['NOT_FOUND', 404],
  ['INTERNAL_SERVER_ERROR', 500],
]);

function readAction(fields: MessageFields): RouteAction {
  const direct = fields.message('direct_response');
  if (direct !== null) return { kind: 'direct_response', status: direct.number('status', 200) };
  const redirect = fields.message('redirect');
  if (redirect !== null) {
    const code = redirect.text('response_code', 'MOVED_PERMANENTLY');
    return { kind: 'redirect', status: redirects.get(code) ?? 301, rest: redirect.rest() };
  }
  const route = fields.message('route');
  if (route === null) {
    const [field = ''] = fields.present(['filter_action', 'non_forwarding_action']);
    return { kind: 'other', field };
  }
  const clusters = readClusters(route);
  if (clusters.length === 0) {
    const [field = 'cluster'] = route.present([
      'cluster_header',
      'cluster_specifier_plugin',
      'inline_cluster_specifier_plugin',
    ]);
    return { kind: 'other', field };
  }
  const code = route.text('cluster_not_found_response_code', 'SERVICE_UNAVAILABLE');
  return {
    kind: 'clusters',
    clusters,
    retryOn: readRetries(route),
    clusterNotFoundStatus: notFoundStatus.get(code) ?? 503,
    rest: route.rest(),
  };
}
