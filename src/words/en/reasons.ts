/**
 * Why netfilter did what it did, as a phrase: one place for every reason that the engine gives.
 */
import type { Event, Outcome } from '../../netfilter/index.ts';

type Reasoned = Extract<Event | Outcome, { readonly because: string }>;

/** The reason of an event or of an outcome, as a phrase without a full stop: `uid 1000 is not 1337`. */
export function because(told: Reasoned): string {
  return told.because;
}
