import type { Outcome } from '../model/event.ts';

/** How one step of the way ends: the packet goes on, or this is its end. */
export type StepEnd = 'on' | Outcome;
