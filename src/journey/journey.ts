/**
 * A request's whole way: connections from one socket to the next, joined by what a process does.
 */
import type { Answer, Host, Owner } from '../netfilter/index.ts';
import type { Leg } from './leg.ts';
import type { JourneyOutcome } from './outcome.ts';

export interface Journey {
  /** The rules that it was walked on. */
  readonly rulesets: Host['rulesets'];
  readonly legs: readonly Leg[];
  /** What became of it. */
  readonly outcome: JourneyOutcome;
  /** Whether somebody has it: its outcome in one word. */
  readonly arrived: boolean;
}

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
  /** The Host that is asked for over HTTP, where Envoy decides by it; no link says it. */
  readonly host?: string;
  /** Which rules are taken to match, and which not, of those that nobody can judge beforehand: `-m limit`. */
  readonly answers?: readonly Answer[];
}
