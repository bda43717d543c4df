/** What tls_inspector and http_inspector make of what the client sends first. */
import type { Awaited } from '../model/event.ts';
import { balsaLine, isToken } from './first-line.ts';
import { httpParserLine } from './http-parser.ts';
import { http2Preface, isSilent, type Stream } from './stream.ts';
import { isUnfinished } from './tls-record.ts';

/** The releases whose doings are known. */
export const envoyReleases = ['1.38', '1.39'] as const;
export type EnvoyRelease = (typeof envoyReleases)[number];

export type Sniffed<Found> =
  | { readonly found: Found }
  | { readonly found: null }
  | { readonly waits: Awaited };

export interface FoundTls {
  readonly serverName: string;
  readonly alpn: readonly string[];
}

/** source/extensions/filters/listener/tls_inspector; that it takes 5 bytes to refuse is BoringSSL's. */
export function inspectTls(stream: Stream): Sniffed<FoundTls> {
  if (stream.kind === 'tls') {
    const { serverName, alpn } = stream.hello;
    return { found: { serverName: (serverName ?? '').toLowerCase(), alpn: alpn ?? [] } };
  }
  const { bytes } = stream;
  if (bytes.length < 5) return { waits: '5 bytes' };
  return bytes[1] === '\x03' && isUnfinished(bytes) ? { waits: 'the whole ClientHello' } : { found: null };
}

/** source/extensions/filters/listener/http_inspector/http_inspector.cc parseHttpHeader */
export function inspectHttp(stream: Stream, release: EnvoyRelease): Sniffed<string> {
  if (isSilent(stream)) return { waits: 'a byte' };
  if (stream.kind === 'tls') return { found: null };
  const { bytes } = stream;
  if (bytes.startsWith(http2Preface)) return { found: 'h2c' };
  if (http2Preface.startsWith(bytes)) return { waits: 'the whole preface of HTTP/2' };
  if (/^[\r\n]/.test(bytes)) return { found: null };
  return release === '1.38' ? withHttpParser(bytes) : withBalsa(bytes);
}

function withHttpParser(bytes: string): Sniffed<string> {
  const read = httpParserLine(bytes);
  if (read === 'more') return { waits: 'the end of the first line' };
  return { found: read === 'not HTTP' ? null : protocolOf(read.version) };
}

/** So many bytes are looked at before the line has ended (http_inspector_fast_fail_invalid_method_bytes). */
const fastFailBytes = 32;

function withBalsa(bytes: string): Sniffed<string> {
  const end = bytes.indexOf('\n');
  if (end < 0) {
    const other = [...bytes.slice(0, fastFailBytes)].find((letter) => !isToken(letter));
    const decides = other !== undefined && (!/[ \t\r]/.test(other) || !isToken(bytes[0] as string));
    return decides ? { found: null } : { waits: 'the end of the first line' };
  }
  const line = balsaLine(bytes.slice(0, end), isToken);
  return { found: line === null ? null : protocolOf(line.version) };
}

function protocolOf(version: string): string {
  return version === 'HTTP/1.1' ? 'http/1.1' : 'http/1.0';
}
