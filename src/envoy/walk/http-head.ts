/**
 * What the connection manager makes of the bytes of a client before it looks for a route: the HTTP/1 codec
 * (source/common/http/http1/codec_impl.cc, Balsa in both releases), then its own checks.
 */
import { balsaLine, isKnownMethod, isToken } from './first-line.ts';

export interface RequestHead {
  readonly method: string;
  /** As in the first line: path with query, or a whole URL's. */
  readonly path: string;
  readonly host: string;
  /** By their names in lower case; several values where there are several. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

export type HeadReading =
  | { readonly kind: 'request'; readonly request: RequestHead }
  | { readonly kind: 'more' }
  | { readonly kind: 'HTTP/2' | 'not HTTP/2' }
  | { readonly kind: 'refused'; readonly status: number; readonly flags: string; readonly details: string };

export interface HeadSetting {
  readonly acceptHttp10: boolean;
  readonly codec: 'AUTO' | 'HTTP1' | 'HTTP2' | 'HTTP3';
}

/** conn_manager_utility.cc determineNextProtocol. */
const http2Start = 'PRI * HTTP/2';

const badRequest = {
  kind: 'refused',
  status: 400,
  flags: 'DPE',
  details: 'http1.codec_error',
} as const satisfies HeadReading;

export function readHead(bytes: string, { acceptHttp10, codec }: HeadSetting): HeadReading {
  if (codec !== 'HTTP1' && bytes.startsWith(http2Start)) return { kind: 'HTTP/2' };
  // It answers at the first bytes of the preface.
  if (codec === 'HTTP2' && bytes !== '')
    return { kind: http2Start.startsWith(bytes) ? 'HTTP/2' : 'not HTTP/2' };
  const text = bytes.replace(/^[\r\n]+/, '');
  if (text === '') return { kind: 'more' };
  // Balsa refuses a first byte that can begin no line.
  if (text.charCodeAt(0) <= 0x20) return badRequest;
  const end = text.indexOf('\n');
  if (end < 0) return { kind: 'more' };
  const line = balsaLine(text.slice(0, end), isKnownMethod);
  if (line === null) return badRequest;
  const lines = line.version === '' ? [] : headerLines(text.slice(end + 1));
  if (lines === null) return { kind: 'more' };
  const headers = readHeaders(lines);
  if (headers === null) return badRequest;
  const request = requestOf(line.method, line.target, headers);
  if (request === null) return { ...badRequest, details: 'http1.invalid_url' };
  // What is no HTTP/1.1 counts as HTTP/1.0.
  if (line.version !== 'HTTP/1.1' && !acceptHttp10)
    return { kind: 'refused', status: 426, flags: 'DPE', details: 'low_version' };
  return { kind: 'request', request };
}

/** The lines up to the empty one; null where that has not come. */
function headerLines(text: string): readonly string[] | null {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const end = lines.indexOf('');
  // The last part is behind the last end of a line.
  return end < 0 || end === lines.length - 1 ? null : lines.slice(0, end);
}

function readHeaders(lines: readonly string[]): ReadonlyMap<string, readonly string[]> | null {
  const headers = new Map<string, readonly string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon < 0 || !isToken(name)) return null;
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

/** codec_impl.cc handlePath: a path, a whole URL of HTTP, or the host and port of a tunnel; null where it is none of them. */
function requestOf(
  method: string,
  target: string,
  headers: ReadonlyMap<string, readonly string[]>,
): RequestHead | null {
  if (method === 'CONNECT') return /.:\d+$/.test(target) ? { method, path: '', host: target, headers } : null;
  if (target.startsWith('/') || (method === 'OPTIONS' && target.startsWith('*')))
    return { method, path: target, host: headers.get('host')?.[0] ?? '', headers };
  const [, host, path] = /^https?:\/\/(?:[^/?]*@)?([^/?]+)(.*)$/i.exec(target) ?? [];
  return host === undefined ? null : { method, path: path || '/', host, headers };
}

/** conn_manager_impl.cc decodeHeaders: what is refused before a route is looked for. */
export function refusal(
  { method, path, host, headers }: RequestHead,
  upgrades: readonly string[],
  rejectsFragments: boolean,
): Extract<HeadReading, { kind: 'refused' }> | null {
  const refused = (status: number, details: string, flags = '') =>
    ({ kind: 'refused', status, flags, details }) as const;
  if (!headers.has('host') && host === '') return refused(400, 'missing_host_header');
  if (/[^A-Za-z0-9!$%&'()*+,\-.:;=@[\]_~]/.test(host)) return refused(400, 'http1.codec_error', 'DPE');
  if (method === 'CONNECT') {
    if (host === '') return refused(400, 'missing_host_header');
  } else if (path.includes('#') && rejectsFragments) return refused(400, 'path_normalization_failed');
  const upgrade = headers.get('upgrade')?.join(',').toLowerCase();
  const isUpgrade =
    upgrade !== undefined && /(^|,)\s*upgrade\s*(,|$)/i.test(headers.get('connection')?.join(',') ?? '');
  if (isUpgrade && !upgrades.includes(upgrade as string) && upgrade !== 'h2c')
    return refused(403, 'upgrade_failed');
  return null;
}
