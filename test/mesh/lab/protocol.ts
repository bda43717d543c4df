/** What is said between the tests and a station, a process inside a namespace: one JSON value a line. */

export interface End {
  readonly address: string;
  readonly port: number;
}

/**
 * How a server behaves: it answers HTTP, or any bytes, or it speaks first, or says its own port, or who called it, and ends. By UDP it sends
 * back what it gets, or knows no name that it is asked for.
 */
export type Speaks = 'http' | 'tcp' | 'first' | 'itself' | 'caller' | 'udp' | 'dns';

export type Order = { readonly id: number } & (
  | { readonly op: 'serve'; readonly at: End; readonly speaks: Speaks }
  | { readonly op: 'call'; readonly call: Call }
  /** A datagram, base64, and how long to wait for an answer, in milliseconds. */
  | { readonly op: 'send'; readonly to: End; readonly datagram: string; readonly patience: number }
  | {
      readonly op: 'start';
      readonly command: string;
      readonly args: readonly string[];
      /** Where its output goes. */
      readonly output: string;
    }
);

export interface Call {
  readonly to: End;
  /** A free port of the client's own where it is 0. */
  readonly from: Partial<End>;
  /** Sent as soon as the connection stands; base64. Empty: nothing. */
  readonly send: string;
  /** Speak TLS first. */
  readonly tls?: { readonly name?: string; readonly alpn?: readonly string[]; readonly certificate?: string };
  /** How long to wait for the first byte, or the end, in milliseconds. */
  readonly patience: number;
}

export interface CallResult {
  readonly local: End;
  readonly connected: boolean;
  /** What came back; base64. */
  readonly received: string;
  /** `open`: the client lost patience, or had what it wanted, and ended it. */
  readonly end: 'closed' | 'reset' | 'open' | 'refused' | 'unreachable' | 'timed out' | 'no TLS';
}

export interface SendResult {
  readonly local: End;
  /** What came back, base64; null where nothing did. */
  readonly received: string | null;
}

/** A server took a connection, or got a datagram. */
export interface Taken {
  readonly event: 'taken';
  readonly local: End;
  readonly remote: End;
  /** The head of an HTTP request, when it has come. */
  readonly head?: string;
}

export type Line =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly event: 'ready' }
  | Taken;
