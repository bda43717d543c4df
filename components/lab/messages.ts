/** What the lab's page and its worker say to each other, beside questions and answers. */
import type { Comparison, Inspection, Walker } from '../../src/handbook/index.ts';
import type { Answer, Question } from '../simulator/remote-walker.ts';

export interface ToInspect {
  readonly kind: 'text';
  readonly text: string;
  /** Which of the text's pods. */
  readonly pod: number;
}

export type ToWorker = ToInspect | Question;

export type FromWorker =
  | { readonly kind: 'progress'; readonly done: number; readonly doing: string }
  | { readonly kind: 'inspection'; readonly inspection: Inspection }
  | { readonly kind: 'failed'; readonly because: string }
  | Answer;

/** The other rules of a comparison: Istio's own for a release, or a text. */
export type Against = { readonly release: string } | { readonly text: string };

/** What the worker answers once it has the rules: it keeps them, because handing them over would hold the page up. */
export interface LabWalker extends Walker {
  /** Null where there are too many rules. */
  compare(against: Against): Comparison | null;
}
