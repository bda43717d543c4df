/**
 * The stops of a path: the one language for a packet's way. Shapes and colours hang on `kind` alone.
 */
import type { Hook, TableName } from '../netfilter/index.ts';

export const stopKinds = ['process', 'hook', 'chain', 'envoy', 'network', 'drop'] as const;
export type StopKind = (typeof stopKinds)[number];

export interface Stop {
  readonly kind: StopKind;
  /** As in the path line: `ISTIO_OUTPUT 9`, `Envoy :15001`. */
  readonly text: string;
  /** A hook at which no rule matched: shown smaller. */
  readonly quiet: boolean;
  readonly hook?: Hook;
  readonly table?: TableName;
  readonly chain?: string;
  readonly position?: number;
  /** The rule's text, for a chain. */
  readonly rule?: string;
  /** An address that was rewritten here. */
  readonly rewritten?: { readonly before: string; readonly after: string };
  /** Where it stands: journey.legs[leg].passages[passage].traversal.events[event]. */
  readonly leg: number;
  readonly passage: number;
  readonly event: number;
}

/** The stops of one leg. */
export type StopLine = readonly Stop[];
