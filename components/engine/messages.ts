/** What the lab's page and its worker say to each other, beside questions and answers. */

import type { AskedOfEnvoy } from '../../src/handbook/lab/envoy/index.ts';
import type { ComparedSide, Comparison, Inspection, InspectionWords } from '../../src/handbook/lab/index.ts';
import type { State } from '../../src/handbook/walk/index.ts';
import type { Doing } from '../../src/words/index.ts';
import type { WalkerAnswer, WalkerQuestion } from './remote-walker.ts';

export interface ToInspect {
  readonly kind: 'text';
  readonly text: string;
  /** Which of the text's pods. */
  readonly pod: number;
}

/** Ends whatever comparison is being made. */
export interface ToCompare {
  readonly kind: 'compare';
  readonly number: number;
  /** Null: nothing is compared any more. */
  readonly sides: readonly [a: ComparedSide, b: ComparedSide] | null;
}

/** What goes into a ticket beside what was read. */
export interface TicketWish {
  /** Names and addresses are replaced. */
  readonly isAnonymous: boolean;
  /** The text itself goes into the link. */
  readonly hasText: boolean;
  /** The lab's own address. */
  readonly lab: string;
  /** The connection that is looked at. */
  readonly state: State | null;
  /** The connection that is looked at in a pasted Envoy. */
  readonly call: AskedOfEnvoy | null;
}

export interface ToWriteTicket {
  readonly kind: 'ticket';
  readonly number: number;
  readonly wish: TicketWish;
}

/** A connection of the reader's own through the pasted Envoy; answered with a `ShownEnvoyWalk`. */
export interface ToWalkEnvoy {
  readonly kind: 'envoy';
  readonly number: number;
  readonly asked: AskedOfEnvoy;
}

export type ToWorker = ToInspect | ToWalkEnvoy | ToCompare | ToWriteTicket | WalkerQuestion;

export type FromComparing =
  | { readonly kind: 'comparing'; readonly number: number; readonly done: number }
  | {
      readonly kind: 'compared';
      readonly number: number;
      readonly comparison: Comparison;
      /** For each of its connections the fragments that lead to it on A and on B; null where a side is no setting. */
      readonly links: readonly (readonly [a: string | null, b: string | null])[];
    }
  | { readonly kind: 'not compared'; readonly number: number; readonly because: string };

export type FromWorker =
  | { readonly kind: 'progress'; readonly done: number; readonly doing: Doing }
  | { readonly kind: 'inspection'; readonly inspection: Inspection; readonly words: InspectionWords }
  | { readonly kind: 'failed'; readonly because: string }
  | FromComparing
  | WalkerAnswer;
