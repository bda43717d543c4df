/** A request in the connection manager: what it makes of the bytes, the route, and whom it dials. */
import type { EnvoyConfig, HttpProxy, HttpRoute, RouteTable, VirtualHost } from '../model/config.ts';
import type { EnvoyEvent, EnvoyOutcome } from '../model/event.ts';
import { lookupIn } from '../read/lookup.ts';
import { dial } from './dial.ts';
import { type RequestHead, readHead, refusal } from './http-head.ts';
import type { EnvoyRelease } from './inspectors.ts';
import type { AcceptedSocket } from './listener-filters.ts';
import { chooseRoute, findVirtualHost, portStart } from './routes.ts';

export interface HttpSetting {
  readonly config: EnvoyConfig;
  readonly release: EnvoyRelease;
  readonly accepted: AcceptedSocket;
  readonly events: EnvoyEvent[];
  readonly downstreamTls: boolean;
  /** Of several clusters with weights, the reader's. */
  readonly chosen: readonly string[];
}

export function manage(manager: HttpProxy, bytes: string, setting: HttpSetting): EnvoyOutcome {
  const head = readHead(bytes, manager);
  switch (head.kind) {
    case 'more':
      return {
        kind: 'waits',
        for: 'the head of a request',
        filter: null,
        timeout: null,
        otherwise: null,
        afterwards: null,
      };
    case 'HTTP/2':
      return { kind: 'responds', with: 'HTTP/2' };
    case 'not HTTP/2':
      return { kind: 'closed', because: 'not HTTP/2', unread: false };
    case 'refused':
      return responds(head.status, head.flags, head.details);
    case 'request':
      return handle(manager, head.request, setting);
  }
}

function responds(status: number, flags: string, details: string, more: object = {}): EnvoyOutcome {
  return { kind: 'responds', status, with: 'HTTP/1.1', details, ...(flags === '' ? {} : { flags }), ...more };
}

function cannotTell(what: string, name: string): EnvoyOutcome {
  return { kind: 'cannot tell', because: { code: 'not modelled', what, name } };
}

const fragmentGuard = 'envoy.reloadable_features.http_reject_path_with_fragment';

function handle(manager: HttpProxy, asked: RequestHead, setting: HttpSetting): EnvoyOutcome {
  const { config, events, release } = setting;
  const rejectsFragments = `${config.runtime[fragmentGuard] ?? true}` !== 'false';
  const refused = refusal(asked, manager.upgrades, rejectsFragments);
  if (refused !== null) return responds(refused.status, refused.flags, refused.details);
  const filter = manager.httpFilters.find(({ isPassing }) => !isPassing);
  if (filter !== undefined) return cannotTell('HTTP filter', filter.name);
  const host = nameOf(manager, asked, setting.accepted.localPort);
  const path = manager.normalizePath ? normalized(asked.path) : asked.path;
  const request = { ...asked, path: path.replace(/#.*$/s, '') };
  const table = tableOf(manager, config);
  if (table === null) return responds(404, 'NR', 'route_not_found');
  if ('rds' in table)
    return { kind: 'cannot tell', because: { code: 'not in the text', section: 'routes', name: table.rds } };
  const [field] = table.undecided;
  if (field !== undefined) return cannotTell(field, table.name);
  const found = findVirtualHost(table, host);
  events.push({
    kind: 'virtual host',
    name: found?.virtualHost.name ?? null,
    host,
    domain: found?.domain ?? null,
  });
  if (found === null) return responds(404, 'NR', 'route_not_found');
  const [hostField] = found.virtualHost.undecided;
  if (hostField !== undefined) return cannotTell(hostField, found.virtualHost.name);
  const choice = chooseRoute(found.virtualHost, request, release, events);
  if (choice.kind === 'cannot tell') return choice;
  if (choice.kind === 'none') return responds(404, 'NR', 'route_not_found');
  // A tunnel that nobody allows: createFilterChain says so when a route was found.
  if (request.method === 'CONNECT' && !manager.upgrades.includes('connect'))
    return responds(403, '', 'upgrade_failed');
  return follow(found.virtualHost, choice.route, request, setting);
}

/** conn_manager_utility.cc maybeNormalizeHost, and lower case for the look-up. */
function nameOf(manager: HttpProxy, { host }: RequestHead, localPort: number): string {
  const undotted = manager.stripTrailingHostDot ? host.replace(/\.(?=(:\d+)?$)/, '') : host;
  const at = portStart(undotted);
  const port = /^:(\d+)$/.exec(undotted.slice(at))?.[1];
  const { stripPort } = manager;
  const strips = stripPort === 'any' || (stripPort === 'matching' && Number(port) === localPort);
  return (port !== undefined && strips ? undotted.slice(0, at) : undotted).toLowerCase();
}

/** `normalize_path`: dots go, as in RFC 3986, and what is coded without need is decoded. */
function normalized(target: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(target) ?? [];
  if (!path.startsWith('/')) return target;
  const decoded = path.replace(/%([0-9a-fA-F]{2})/g, (whole, code: string) => {
    const letter = String.fromCharCode(Number.parseInt(code, 16));
    return /[A-Za-z0-9\-._~]/.test(letter) ? letter : whole;
  });
  const kept: string[] = [];
  const segments = decoded.replaceAll('\\', '/').split('/').slice(1);
  segments.forEach((segment, at) => {
    const isLast = at === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
    if (isLast && (segment === '.' || segment === '..')) kept.push('');
  });
  return `/${kept.join('/')}${rest}`;
}

function tableOf({ routes }: HttpProxy, config: EnvoyConfig): RouteTable | { readonly rds: string } | null {
  if (routes === null || !('rds' in routes)) return routes;
  const found = lookupIn(config).routes.get(routes.rds);
  if (found !== undefined) return found;
  return config.has.routes ? null : routes;
}

/** Words of `retry_on` by which a dial that is refused is tried again. */
const retriesRefused: readonly string[] = [
  '5xx',
  'gateway-error',
  'connect-failure',
  'reset',
  'reset-before-request',
];

function follow(
  { retryOn }: VirtualHost,
  route: HttpRoute,
  request: RequestHead,
  setting: HttpSetting,
): EnvoyOutcome {
  const { action } = route;
  const named = route.name === '' ? {} : { route: route.name };
  const [field] = route.undecided;
  if (field !== undefined) return cannotTell('typed_per_filter_config', field);
  switch (action.kind) {
    case 'direct_response':
      return responds(action.status, '', 'direct_response', named);
    case 'redirect':
      return responds(action.status, '', 'direct_response', named);
    case 'other':
      return cannotTell(action.field, route.name);
    case 'clusters': {
      const names = action.clusters.filter(({ weight }) => weight > 0).map(({ name }) => name);
      const cluster = names.length === 1 ? names[0] : names.find((name) => setting.chosen.includes(name));
      if (cluster === undefined)
        return { kind: 'cannot tell', because: { code: 'weights', clusters: names } };
      const retries = (action.retryOn.length > 0 ? action.retryOn : retryOn).some((word) =>
        retriesRefused.includes(word),
      );
      return send(cluster, action.clusterNotFoundStatus, retries, named, request, setting);
    }
  }
}

function send(
  cluster: string,
  notFoundStatus: number,
  retries: boolean,
  named: { readonly route?: string },
  request: RequestHead,
  { config, accepted, events, downstreamTls }: HttpSetting,
): EnvoyOutcome {
  const dialled = dial(config, cluster, accepted, request.headers, events);
  switch (dialled.kind) {
    case 'cannot tell':
      return { ...dialled, cluster };
    case 'unknown cluster':
      return responds(notFoundStatus, 'NC', 'cluster_not_found', named);
    case 'no host':
      return responds(503, 'UH', 'no_healthy_upstream', { cluster, ...named });
    case 'no source':
      return responds(503, retries ? 'URX,UF' : 'UF', 'upstream_reset_before_response_started', {
        cluster,
        ...named,
      });
    case 'hosts':
      return {
        kind: 'dials',
        cluster,
        hosts: dialled.hosts,
        ...(dialled.source === null ? {} : { source: dialled.source }),
        protocol: 'http',
        ...named,
        tls: dialled.tls,
        downstreamTls,
        retries,
        unread: false,
      };
  }
}
