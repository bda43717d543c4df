/** What ztunnel does, and why, as data. */

/** Why ztunnel dials; the sentences are in `src/words`. */
export type ZtunnelDial =
  | { readonly code: 'app of a tunnel' | 'app in plain text'; readonly source: string | null }
  | { readonly code: 'tunnel to a peer' | 'tunnel to a waypoint'; readonly of: string }
  | { readonly code: 'plain text to a peer' | 'as it was dialled' | 'asks upstream' };

/** What ztunnel does with a connection. */
export type ZtunnelDoes =
  | {
      readonly code:
        | 'ends a tunnel'
        | 'takes plain text'
        | 'refuses plain text'
        | 'its own port'
        | 'no port is asked for'
        | 'knows nobody there'
        | 'knows the peer'
        | 'forwards a question'
        | 'answers a question';
    }
  | { readonly code: 'knows the address of' | 'no endpoint of'; readonly service: string };
