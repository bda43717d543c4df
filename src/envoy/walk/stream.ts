/** What a client sends first, as the bytes that a listener filter or a codec sees: a character a byte. */
import type { ClientHello, HttpRequest, Sends } from '../model/connection.ts';

export type Stream =
  | { readonly kind: 'bytes'; readonly bytes: string }
  /** A whole ClientHello. */
  | { readonly kind: 'tls'; readonly hello: ClientHello };

/** RFC 9113, section 3.4. */
export const http2Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** An empty SETTINGS frame. */
const settings = '\0\0\0\x04\0\0\0\0\0';

export function streamOf(sends: Sends): Stream {
  if ('tls' in sends) return { kind: 'tls', hello: sends.tls };
  if ('bytes' in sends) return { kind: 'bytes', bytes: sends.bytes };
  if ('http' in sends) return { kind: 'bytes', bytes: requestText(sends.http) };
  return { kind: 'bytes', bytes: 'h2c' in sends ? http2Preface + settings : '' };
}

export function isSilent(stream: Stream): boolean {
  return stream.kind === 'bytes' && stream.bytes === '';
}

/** Without a body. */
function requestText({ method, path, host, headers = {} }: HttpRequest): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...Object.entries(headers).flatMap(([name, value]) =>
      (typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}`),
    ),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
