/** What is said between the harness and an agent: one JSON value a line. */

export interface End {
  readonly address: string;
  readonly port: number;
}

/** A first packet, whose fate nobody waits for. */
export interface Shot {
  readonly protocol: 'tcp' | 'udp';
  readonly from: End;
  readonly to: End;
  /** Of a datagram. */
  readonly payload: string;
}

export type Ask = { readonly id: number } & (
  | {
      readonly op: 'listen';
      readonly protocol: 'tcp' | 'udp';
      readonly address: string;
      readonly port: number;
      readonly fd?: number;
    }
  | {
      readonly op: 'dial';
      readonly protocol: 'tcp' | 'udp';
      readonly from?: { readonly address?: string; readonly port?: number };
      readonly to: End;
      /** In milliseconds. */
      readonly timeout: number;
      /** Sent when connected; the dial then ends with the first byte of the answer. */
      readonly payload?: string;
      /** Leave the connection open, until `close`. */
      readonly keep?: boolean;
    }
  | { readonly op: 'fire'; readonly shots: readonly Shot[] }
  | { readonly op: 'release' }
  | { readonly op: 'close'; readonly handles: readonly number[] }
  | {
      readonly op: 'run';
      readonly command: string;
      readonly args: readonly string[];
      readonly input?: string;
    }
  | { readonly op: 'read'; readonly path: string }
  | { readonly op: 'write'; readonly path: string; readonly text: string }
);

export interface DialResult {
  /** `connected` and nothing came back; `answered`; `sent` and nothing came back (UDP). */
  readonly result:
    | 'connected'
    | 'answered'
    | 'sent'
    | 'refused'
    | 'reset'
    | 'timed out'
    | 'unreachable'
    | 'prohibited';
  readonly local: End;
  readonly remote: End;
  readonly handle?: number;
}

/** A listener took a connection, or a datagram. */
export interface Accepted {
  readonly event: 'accepted';
  readonly local: End;
  readonly remote: End;
}

export type Answer =
  | { readonly id: number; readonly answer: object }
  | { readonly id: number; readonly error: string }
  | { readonly event: 'ready' }
  | Accepted;
