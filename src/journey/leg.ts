/**
 * One connection of a request, from one socket to another.
 */
import type { BehaviourReason, DialReason } from '../istio/index.ts';
import type { Owner, Traversal, Tuple } from '../netfilter/index.ts';

/** Who is at an end of a leg. */
export type Party =
  | ({ readonly kind: 'process'; readonly name: string; readonly port?: number } & Owner)
  | { readonly kind: 'network'; readonly name: string; readonly address: string; readonly port?: number };

/** One packet of a leg. */
export interface Passage {
  readonly direction: 'request' | 'reply';
  readonly traversal: Traversal;
}

/** One connection, from one socket to another. */
export interface Leg {
  readonly client: Party;
  /** Null when nobody took the connection. */
  readonly server: Party | null;
  /** What the client dialled, before any rewriting. */
  readonly dialled: Tuple;
  /** The first packet, and the first one back where there is one. */
  readonly passages: readonly Passage[];
  /** Why this connection is made; null for the one that was asked for. */
  readonly reason: DialReason | null;
  /** True when a process's behaviour, which no kernel can judge, decided that this leg exists. */
  readonly modelled: boolean;
  /** What the process that took it does next. */
  readonly behaviour?: BehaviourReason;
  /** True where that process closes the connection instead. */
  readonly closes?: boolean;
}
