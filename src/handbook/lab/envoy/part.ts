/** What is told of a pasted Envoy. */
import type { EnvoyFinding, EnvoyOrigin } from '../../../analysis/envoy/index.ts';
import type { ShownFinding } from '../shown-finding.ts';
import type { AskedOfEnvoy } from './asked.ts';

/** What is told of it, plain, so that a worker can hand it over. */
export interface EnvoyPart {
  readonly origin: EnvoyOrigin;
  /** Whether findings are told of it: it is a sidecar's, and nothing of it is lacking. */
  readonly isJudged: boolean;
  readonly counts: Readonly<Record<'listeners' | 'clusters' | 'routes' | 'endpoints', number | null>>;
  readonly findings: readonly EnvoyFinding[];
  readonly words: {
    readonly summary: string;
    readonly problems: readonly string[];
    readonly findings: readonly ShownFinding[];
  };
  readonly walks: readonly ShownEnvoyWalk[];
  /** What a connection of the reader's own begins with; null where none can be walked. */
  readonly begins: AskedOfEnvoy | null;
}

export interface ShownEnvoyWalk {
  readonly asked: AskedOfEnvoy;
  readonly title: string;
  /** Steps that are folded are those that were not taken. */
  readonly steps: readonly { readonly says: string; readonly isMiss: boolean }[];
  readonly before: string | null;
  readonly after: string | null;
  readonly ending: string;
  /** What an access log has of it, or may have, in sentences. */
  readonly flags: readonly string[];
  /** Whether the rules bring it past Envoy. */
  readonly isPast: boolean;
  /** Whether somebody takes it, or answers no error; null where nobody can tell. */
  readonly arrives: boolean | null;
}
