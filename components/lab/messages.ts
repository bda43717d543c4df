/** What the lab's page and its worker say to each other. */
import type { Inspection } from '../../src/handbook/index.ts';
import type { Chain, Family, Rule, TableName } from '../../src/netfilter/index.ts';

export interface ToWorker {
  readonly text: string;
  /** Which of the text's pods. */
  readonly pod: number;
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly done: number; readonly doing: string }
  | { readonly kind: 'inspection'; readonly inspection: Inspection }
  /** A chain begins; the rules that follow are its own. */
  | {
      readonly kind: 'chain';
      readonly family: Family;
      readonly table: TableName;
      readonly chain: Omit<Chain, 'rules'>;
    }
  | { readonly kind: 'rules'; readonly rules: readonly Rule[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly because: string };
