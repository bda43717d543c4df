/**
 * A journey as lines of stops, one line a leg.
 */
import {
  inVainUntil,
  type Journey,
  knowsNodes,
  type Leg,
  type Party,
  type Passage,
  passagesOf,
} from '../journey/index.ts';
import type { Event, RewriteEvent, RuleEvent } from '../netfilter/index.ts';
import { destinationOf, ruleText, type SaidStop, sourceOf } from '../words/index.ts';
import { asReceiver, asSender, type ShownStop, type Stop, type StopLine } from './stop.ts';

export interface Showing {
  /** Whether the first packet back is shown too. */
  readonly replies?: boolean;
}

/** One line a leg; with replies, one more line for each packet back. */
export function stopLines(journey: Journey, { replies = false }: Showing = {}): readonly StopLine[] {
  return passagesOf(journey.legs, replies).map(({ leg, passage, at, number }) =>
    stopsOf(journey, leg, passage, at, number),
  );
}

function stopsOf(journey: Journey, leg: Leg, passage: Passage, at: number, number: number): StopLine {
  const stops: Stop[] = [];
  const place = (event: number) => ({ leg: at, passage: number, event });
  const { events } = passage.traversal;
  const isRequest = passage.direction === 'request';
  const [first, last] = isRequest ? [leg.client, leg.server] : [leg.server, leg.client];
  if (first !== null)
    stops.push({ ...(isRequest ? asSender(first) : asReceiver(first)), quiet: false, ...place(0) });
  let hook = -1;
  let base: string | null = null;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'table') base = event.chain;
    const stop = stopOf((knowsNodes ? leg.node : undefined) ?? journey.rulesets, event, base);
    if (stop?.kind === 'hook') hook = stops.length;
    if (stop !== null)
      stops.push({
        ...stop,
        ...(inVainUntil(events, index) !== null ? { inVain: true } : {}),
        ...place(index),
      });
    if (event.kind === 'rule' && event.matched) wake(stops, hook);
    if (event.kind === 'rewrite') rewriteLast(stops, event);
    if (event.kind === 'outcome')
      stops.push({ ...endOf(event, last, isRequest), quiet: false, ...place(index) });
  }
  if (isRequest && endsInCircle(journey, at))
    stops.push({ kind: 'drop', outcome: 'in a circle', quiet: false, ...place(events.length - 1) });
  return stops;
}

/** Whether the journey is ended behind this leg, because it would go on for ever. */
export function endsInCircle({ outcome }: Journey, leg: number): boolean {
  return outcome.kind === 'in a circle' && outcome.leg === leg;
}

/**
 * A jump out of `base`, the chain that the hook itself asks, is no stop of its own: the hook before it and the chain behind
 * it say it.
 */
export function isRuleStop({ chain, verdict, matched }: RuleEvent, base: string | null): boolean {
  if (matched === false) return false;
  return !(chain === base && (verdict?.kind === 'jump' || verdict?.kind === 'goto'));
}

function stopOf(rulesets: Journey['rulesets'], event: Event, base: string | null): ShownStop | null {
  if (event.kind === 'hook') return { kind: 'hook', hook: event.hook, quiet: true };
  if (event.kind !== 'rule' || !isRuleStop(event, base)) return null;
  const { hook, table, chain, position } = event;
  return { kind: 'chain', hook, table, chain, position, rule: ruleText(rulesets, event), quiet: false };
}

function wake(stops: Stop[], at: number): void {
  const hook = stops[at];
  if (hook !== undefined) stops[at] = { ...hook, quiet: false };
}

function rewriteLast(stops: Stop[], { before, packet }: RewriteEvent): void {
  const last = stops.at(-1);
  if (last === undefined) return;
  const isDestination = destinationOf(before) !== destinationOf(packet);
  const rewritten = isDestination
    ? { before: destinationOf(before), after: destinationOf(packet) }
    : { before: sourceOf(before), after: sourceOf(packet) };
  stops[stops.length - 1] = { ...last, quiet: false, rewritten };
}

/** Who has the packet, or what became of it. */
function endOf(
  { outcome }: Event & { readonly kind: 'outcome' },
  party: Party | null,
  isRequest: boolean,
): Exclude<SaidStop, { readonly kind: 'chain' }> {
  if (outcome.kind !== 'delivered' && outcome.kind !== 'sent') return { kind: 'drop', outcome: outcome.kind };
  if (party === null) return { kind: 'process', name: null };
  return isRequest ? asReceiver(party) : asSender(party);
}
