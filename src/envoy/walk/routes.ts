/** Which virtual host and which route take a request: source/common/router/config_impl.cc. */
import type { HeaderMatch, HttpRoute, QueryMatch, RouteTable, VirtualHost } from '../model/config.ts';
import type { Doubt, EnvoyEvent, RouteMiss } from '../model/event.ts';
import type { StringMatch } from '../model/string-match.ts';
import { domainsIn, type FoundHost } from '../read/lookup.ts';
import type { RequestHead } from './http-head.ts';
import type { EnvoyRelease } from './inspectors.ts';

/** The virtual host of a name in lower case, and the domain by which: findVirtualHost. */
export function findVirtualHost(table: RouteTable, host: string): FoundHost | null {
  const name = table.ignorePortInHostMatching ? host.slice(0, portStart(host)) : host;
  const { exact, others } = domainsIn(table);
  const own = name === '*' ? undefined : exact.get(name);
  if (own !== undefined) return own;
  let best: FoundHost | null = null;
  let most = -1;
  for (const one of others) {
    const rank = rankOf(one.domain, name);
    if (rank !== null && rank > most) [best, most] = [one, rank];
  }
  return best;
}

/** Where the port begins, with its colon, whatever it is; the end where there is none: header_utility.cc getPortStart. */
export function portStart(host: string): number {
  const at = host.lastIndexOf(':');
  return at < host.lastIndexOf(']') || at < 0 ? host.length : at;
}

/** The longest `*x`, then the longest `x*`, then `*`; null where it does not hold the name. */
function rankOf(domain: string, name: string): number | null {
  const most = 100_000;
  if (domain === '*') return 0;
  // At least one character stands for the star.
  if (domain.length > name.length) return null;
  if (domain.startsWith('*')) return name.endsWith(domain.slice(1)) ? 2 * most + domain.length : null;
  if (domain.endsWith('*')) return name.startsWith(domain.slice(0, -1)) ? most + domain.length : null;
  return null;
}

export type RouteChoice =
  | { readonly kind: 'found'; readonly route: HttpRoute }
  | { readonly kind: 'none' }
  | { readonly kind: 'cannot tell'; readonly because: Doubt };

/** The first route whose conditions all hold. */
export function chooseRoute(
  { routes }: VirtualHost,
  request: RequestHead,
  release: EnvoyRelease,
  events: EnvoyEvent[],
): RouteChoice {
  for (const [index, route] of routes.entries()) {
    const missed = missOf(route, request, release);
    if (missed !== null && 'code' in missed) return { kind: 'cannot tell', because: missed };
    if (missed === null && route.match.undecided.length > 0)
      return {
        kind: 'cannot tell',
        because: { code: 'not modelled', what: route.match.undecided.join(', '), name: route.name },
      };
    events.push({ kind: 'route', name: route.name, position: index + 1, missed });
    if (missed === null) return { kind: 'found', route };
  }
  return { kind: 'none' };
}

/** Conditions first, the path behind them: matchRoute. */
function missOf(
  { match, name }: HttpRoute,
  request: RequestHead,
  release: EnvoyRelease,
): RouteMiss | Doubt | null {
  for (const header of match.headers) {
    const held = headerHolds(
      header,
      request.headers.get(header.name) ?? pseudo(request, header.name),
      release,
    );
    if (typeof held !== 'boolean') return held;
    if (!held)
      return {
        condition: 'header',
        name: header.name,
        wanted: textOf(header.is),
        found: request.headers.get(header.name)?.join(',') ?? null,
      };
  }
  const query = queryOf(request.path);
  for (const one of match.query) {
    const held = queryHolds(one, query.get(one.name));
    if (typeof held !== 'boolean') return held;
    if (!held)
      return {
        condition: 'query',
        name: one.name,
        wanted: textOf(one.is),
        found: query.get(one.name) ?? null,
      };
  }
  const path = request.path.replace(/[?#].*$/s, '');
  const { kind, value } = match.path;
  if (kind === 'other') return { code: 'not modelled', what: value === '' ? 'path' : value, name };
  if ((request.method === 'CONNECT') !== (kind === 'connect'))
    return { condition: 'connect', name: kind, wanted: value, found: request.method };
  const held = kind === 'connect' || pathHolds(kind, value, path, match.caseSensitive);
  if (typeof held !== 'boolean') return held;
  return held ? null : { condition: 'path', name: kind, wanted: value, found: path };
}

function pseudo({ method, path, host }: RequestHead, name: string): readonly string[] | undefined {
  if (name === ':method') return [method];
  if (name === ':path') return [path];
  return name === ':authority' ? [host] : undefined;
}

function textOf(is: HeaderMatch['is'] | QueryMatch['is']): string {
  if (is.kind === 'present') return is.present ? 'present' : 'absent';
  if (is.kind === 'range') return `${is.start}-${is.end}`;
  return is.kind === 'other' ? is.field : is.value;
}

function pathHolds(
  kind: 'prefix' | 'path' | 'safe_regex' | 'path_separated_prefix',
  value: string,
  path: string,
  caseSensitive: boolean,
): boolean | Doubt {
  if (kind === 'safe_regex') return wholeMatch(value, path);
  const [wanted, found] = caseSensitive ? [value, path] : [value.toLowerCase(), path.toLowerCase()];
  if (kind === 'path') return found === wanted;
  if (kind === 'prefix') return found.startsWith(wanted);
  return found === wanted || found.startsWith(`${wanted}/`);
}

/** RE2 and the regular expressions here agree on what both can read. */
function wholeMatch(pattern: string, text: string): boolean | Doubt {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const body = flags === null ? pattern : pattern.slice(flags[0].length);
  // What RE2 reads otherwise, or not at all.
  if (/\(\?[^:]|\\[AzCQEpPk]|\[\[:/.test(body.replace(/\(\?P?<[A-Za-z_]/g, '')))
    return { code: 'regular expression', pattern };
  try {
    return new RegExp(`^(?:${body.replaceAll('(?P<', '(?<')})$`, flags?.[1] ?? '').test(text);
  } catch {
    return { code: 'regular expression', pattern };
  }
}

export function stringHolds(match: StringMatch, value: string): boolean | Doubt {
  if (match.kind === 'other') return { code: 'not modelled', what: 'string_match', name: match.field };
  if (match.kind === 'safe_regex') return wholeMatch(match.value, value);
  const [wanted, found] = match.ignoreCase
    ? [match.value.toLowerCase(), value.toLowerCase()]
    : [match.value, value];
  switch (match.kind) {
    case 'exact':
      return found === wanted;
    case 'prefix':
      return found.startsWith(wanted);
    case 'suffix':
      return found.endsWith(wanted);
    case 'contains':
      return found.includes(wanted);
  }
}

/** source/common/http/header_utility.h; since 1.39 each of several values by itself. */
function headerHolds(
  { is, invert, treatMissingAsEmpty }: HeaderMatch,
  values: readonly string[] | undefined,
  release: EnvoyRelease,
): boolean | Doubt {
  const isThere = values !== undefined || treatMissingAsEmpty;
  if (is.kind === 'present') return (isThere === is.present) !== invert;
  if (!isThere) return false;
  const asked = values === undefined ? [''] : release === '1.38' ? [values.join(',')] : values;
  let held = false;
  for (const value of asked) {
    const one = is.kind === 'range' ? inRange(is.start, is.end, value) : stringHolds(is, value);
    if (typeof one !== 'boolean') return one;
    held ||= one;
  }
  return held !== invert;
}

function inRange(start: number, end: number, value: string): boolean {
  return /^[-+]?\d+$/.test(value) && Number(value) >= start && Number(value) < end;
}

/** The first value of each name. */
function queryOf(path: string): ReadonlyMap<string, string> {
  const text = /\?([^#]*)/.exec(path)?.[1] ?? '';
  const query = new Map<string, string>();
  for (const part of text.split('&').filter((one) => one !== '')) {
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    if (!query.has(name)) query.set(name, at < 0 ? '' : part.slice(at + 1));
  }
  return query;
}

function queryHolds({ is }: QueryMatch, value: string | undefined): boolean | Doubt {
  if (is.kind === 'present') return (value !== undefined) === is.present;
  return value === undefined ? false : stringHolds(is, value);
}
