/**
 * The state of a walk, and how it is written into the fragment of an address. A link is a promise: the form has a
 * version, and what a version could say is read for ever. `read-link.ts` reads it.
 *
 *     #v=1&scenario=local-to-remote&release=1.17&from=uid:1337:1337&to=10.96.0.7:80&step=12
 */
import type { Options } from '../../istio/index.ts';
import type { Request } from '../../journey/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';

export interface State {
  readonly scenario?: string;
  readonly release?: string;
  readonly options?: Partial<Options>;
  readonly request?: Partial<Request>;
  /** An index over all events that are shown. */
  readonly step?: number;
  readonly replies?: boolean;
}

/** The fragment that leads to a walk, without its `#` and without a step. */
export function linkOf(
  state: State,
  { name, request }: { readonly name: string; readonly request: Request },
): string {
  const { step, ...walked } = state;
  return writeLink({ scenario: name, ...walked }, request);
}

/** The fragment without its `#`. `usual` is the scenario's own request, which a state may leave open in part. */
export function writeLink(
  { scenario, release, options, request, step, replies }: State,
  usual: Request | undefined,
): string {
  const parts: [string, string][] = [['v', '1']];
  if (scenario !== undefined) parts.push(['scenario', scenario]);
  if (release !== undefined) parts.push(['release', release]);
  for (const [name, value] of Object.entries(options ?? {})) parts.push([`option.${name}`, String(value)]);
  if (request?.from !== undefined) parts.push(['from', encodeFrom(request.from)]);
  if (request?.address !== undefined || request?.port !== undefined) {
    const address = request.address ?? usual?.address ?? '0.0.0.0';
    parts.push(['to', printEndpoint(address, request.port ?? usual?.port ?? 0)]);
  }
  if (request?.protocol !== undefined && request.protocol !== 'tcp')
    parts.push(['protocol', request.protocol]);
  if (request?.source !== undefined) parts.push(['source', request.source]);
  if (request?.boundTo !== undefined) parts.push(['bound', request.boundTo]);
  if (request?.path !== undefined) parts.push(['path', request.path]);
  for (const { table, chain, position, matches } of request?.answers ?? [])
    parts.push(['answer', `${table}/${chain}/${position}:${matches ? 'yes' : 'no'}`]);
  if (replies === true) parts.push(['replies', '1']);
  if (step !== undefined) parts.push(['step', String(step)]);
  return parts
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(value).replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%5B/g, '[').replace(/%5D/g, ']').replace(/%2F/g, '/').replace(/%20/g, '+')}`,
    )
    .join('&');
}

function encodeFrom(from: Request['from']): string {
  if ('process' in from) return from.process;
  if ('address' in from) return `peer:${from.name}:${from.address}`;
  return `uid:${from.uid}:${from.gid}${from.name === undefined ? '' : `:${from.name}`}`;
}
