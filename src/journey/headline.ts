/**
 * What is told first of a journey, as data: through Envoy or past it, how it came to that, and a jump that looks like it.
 */

import { askedOf, knowsNodes } from './hosts/index.ts';
import { type JumpInVain, jumpInVain } from './in-vain.ts';
import type { Journey } from './journey.ts';
import { type JourneyOutcome, redirectedAt } from './outcome.ts';

export interface Headline {
  readonly outcome: JourneyOutcome;
  /** The proxy itself makes the connection that was asked for. */
  readonly isOwnCall: boolean;
  /** NAT sent that connection to another socket than the one that was dialled. */
  readonly isRedirected: boolean;
  /** It ends on a node, where no proxy takes connections. */
  readonly isOnNode?: boolean;
  /** A jump that looks as if it had captured the connection. */
  readonly inVain: JumpInVain | null;
}

/** What is told first of a journey. */
export function headlineOf(journey: Pick<Journey, 'legs' | 'outcome'>): Headline {
  const { outcome, legs } = journey;
  const leg = legs[knowsNodes ? askedOf(legs) : 0];
  return {
    outcome,
    isOwnCall: outcome.kind === `through ${leg?.client.name}`,
    isRedirected: redirectedAt(leg?.passages[0]?.traversal.events ?? []) >= 0,
    ...(knowsNodes && legs.at(-1)?.node !== undefined ? { isOnNode: true } : {}),
    inVain: jumpInVain(journey),
  };
}
