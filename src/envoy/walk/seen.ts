/** What the client sees in the end, and what an access log says, when the server that is dialled does this or that. */
import type { EnvoyOutcome } from '../model/event.ts';

/** A server that is dialled. */
export type Server =
  /** It answers what it gets, an HTTP server a request alone. */
  | 'answers'
  | 'speaks first'
  | 'refuses'
  /** It takes the connection and closes it. */
  | 'closes'
  | 'says nothing';

export interface SeenByClient {
  readonly client: 'answer' | 'closed' | 'reset' | 'waits';
  /** Of an HTTP answer that the Envoy gives itself. */
  readonly status?: number;
  readonly flags?: string;
}

/** Null where nobody can tell. `isSilent`: the client has sent nothing. */
export function seenBy(outcome: EnvoyOutcome, server: Server, isSilent: boolean): SeenByClient | null {
  switch (outcome.kind) {
    case 'cannot tell':
      return null;
    case 'waits':
      return { client: 'waits' };
    case 'closed':
      return { client: outcome.unread ? 'reset' : 'closed', ...flagsOf(outcome) };
    case 'responds':
      return {
        client: 'answer',
        ...(outcome.status === undefined ? {} : { status: outcome.status }),
        ...flagsOf(outcome),
      };
    case 'dials':
      return outcome.protocol === 'http'
        ? seenOverHttp(outcome, server)
        : seenOverTcp(outcome, server, isSilent);
  }
}

function flagsOf({ flags }: { readonly flags?: string }): { readonly flags?: string } {
  return flags === undefined ? {} : { flags };
}

type Dialling = Extract<EnvoyOutcome, { kind: 'dials' }>;

function seenOverHttp({ retries }: Dialling, server: Server): SeenByClient {
  switch (server) {
    case 'refuses':
      return { client: 'answer', status: 503, flags: retries ? 'URX,UF' : 'UF' };
    case 'closes':
      return { client: 'answer', status: 503, flags: 'UC' };
    // What is no HTTP is no answer.
    case 'speaks first':
      return { client: 'answer', status: 502, flags: 'UPE' };
    case 'says nothing':
      return { client: 'waits' };
    case 'answers':
      return { client: 'answer' };
  }
}

function seenOverTcp({ downstreamTls, unread }: Dialling, server: Server, isSilent: boolean): SeenByClient {
  // The handshake goes on while it dials.
  if (downstreamTls && !isSilent)
    return { client: 'answer', ...(server === 'refuses' ? { flags: 'UF,URX' } : {}) };
  switch (server) {
    case 'refuses':
      return { client: unread ? 'reset' : 'closed', flags: 'UF,URX' };
    case 'closes':
      return { client: 'closed' };
    case 'speaks first':
      return { client: 'answer' };
    case 'says nothing':
      return { client: 'waits' };
    case 'answers':
      return { client: isSilent ? 'waits' : 'answer' };
  }
}
