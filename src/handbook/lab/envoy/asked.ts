/** A connection that is asked of a pasted Envoy, and what its client says first. */
import type { Sends } from '../../../envoy/index.ts';
import { printEndpoint } from '../../../netfilter/index.ts';

export const firstWords = ['HTTP', 'nothing', 'bytes', 'HTTP/2', 'TLS', 'mutual TLS of Istio'] as const;
export type FirstWords = (typeof firstWords)[number];

export interface AskedOfEnvoy {
  /** Whether the app calls, or is called. */
  readonly direction: 'inbound' | 'outbound';
  /** Whom the client calls. */
  readonly address: string;
  readonly port: number;
  readonly first: FirstWords;
  /** The Host of its request, or the server name of its TLS; '' for none. */
  readonly host: string;
  /** The ALPN of its own TLS, with commas between; HTTP/1.1 where it is absent. */
  readonly alpn?: string;
  /** Of its request; `/` where it is absent. */
  readonly path?: string;
}

/** What goes over the wire first. */
export function sendsOf({ first, host, alpn = 'http/1.1', address, port, path = '/' }: AskedOfEnvoy): Sends {
  const http = { method: 'GET', path, host: host === '' ? null : host };
  // What goes over TLS has a Host, whether or not the TLS has a server name.
  const inside = { http: { ...http, host: http.host ?? printEndpoint(address, port) } };
  switch (first) {
    case 'HTTP':
      return { http };
    case 'nothing':
      return { nothing: true };
    case 'bytes':
      // Neither HTTP nor TLS, and long enough for every filter.
      return { bytes: '\0\0\0\x08\x04\xd2\x16\x2fmore than a line of bytes\r\n' };
    case 'HTTP/2':
      return { h2c: true };
    case 'TLS':
      return {
        tls: {
          serverName: host === '' ? null : host,
          alpn: alpn.split(',').filter((one) => one !== ''),
          inside,
        },
      };
    case 'mutual TLS of Istio':
      return {
        tls: { serverName: host === '' ? null : host, alpn: ['istio-http/1.1', 'istio'], inside },
      };
  }
}
