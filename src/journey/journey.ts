/**
 * A request's whole way: connections from one socket to the next, joined by what a process does.
 */
import type { BehaviourReason, DialReason } from '../istio/index.ts';
import type { Answer, Host, Owner, Traversal, Tuple } from '../netfilter/index.ts';

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

export interface Journey {
  /** The rules that it was walked on. */
  readonly rulesets: Host['rulesets'];
  readonly legs: readonly Leg[];
  /** True when every leg reached a socket or left the pod. */
  readonly arrived: boolean;
  readonly ended: Ended;
}

/** How a journey ended: with one of its legs, whose outcome tells, or because it turns in a circle. */
export type Ended =
  | { readonly kind: 'nothing sent' }
  | { readonly kind: 'leg'; readonly leg: number }
  /** The last leg is this one again. */
  | { readonly kind: 'repeats'; readonly leg: number }
  /** It was stopped after so many legs. */
  | { readonly kind: 'too long'; readonly legs: number };

/** What is asked of a pod: who calls whom. */
export interface Request {
  /** A process of the pod by its name, any uid and gid in it, or somebody outside. */
  readonly from:
    | { readonly process: string }
    | ({ readonly name?: string } & Owner)
    | { readonly name: string; readonly address: string };
  readonly address: string;
  readonly port: number;
  /** `tcp` when absent. */
  readonly protocol?: string;
  /** The client's own port. */
  readonly sourcePort?: number;
  /** An address that the client binds to first. */
  readonly source?: string;
  /** An interface that the client's socket is bound to. */
  readonly boundTo?: string;
  /** What is asked for over HTTP, where what the server does next depends on it: `/app-health/app/readyz`. */
  readonly path?: string;
  /** Which rules are taken to match, and which not, of those that nobody can judge beforehand: `-m limit`. */
  readonly answers?: readonly Answer[];
}
