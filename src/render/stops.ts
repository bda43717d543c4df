/**
 * A journey as lines of stops, one line a leg.
 */
import type { Journey, Leg, Party, Passage } from '../journey/index.ts';
import type { Event, RewriteEvent } from '../netfilter/index.ts';
import { builtInChains } from '../netfilter/index.ts';
import { clientName, destinationOf, ruleName, ruleText, serverName, sourceOf } from '../words/index.ts';
import type { Stop, StopKind, StopLine } from './stop.ts';

export interface Showing {
  /** Whether the first packet back is shown too. */
  readonly replies?: boolean;
}

/** One line a leg; with replies, one more line for each packet back. */
export function stopLines(journey: Journey, { replies = false }: Showing = {}): readonly StopLine[] {
  return journey.legs.flatMap((leg, at) =>
    leg.passages.flatMap((passage, number) =>
      passage.direction === 'request' || replies ? [stopsOf(journey, leg, passage, at, number)] : [],
    ),
  );
}

function stopsOf(journey: Journey, leg: Leg, passage: Passage, at: number, number: number): StopLine {
  const stops: Stop[] = [];
  const place = (event: number) => ({ leg: at, passage: number, event });
  const { events } = passage.traversal;
  const [first, last] = passage.direction === 'request' ? [leg.client, leg.server] : [leg.server, leg.client];
  if (first !== null) stops.push({ ...partyStop(first, passage.direction === 'reply'), ...place(0) });
  for (const [index, event] of events.entries()) {
    const stop = stopOf(journey, event);
    if (stop !== null) stops.push({ ...stop, ...place(index) });
    if (event.kind === 'rule' && event.matched) wakeHook(stops);
    if (event.kind === 'rewrite') rewriteLast(stops, event);
    if (event.kind === 'outcome') stops.push({ ...endOf(event, last, passage), ...place(index) });
  }
  return stops;
}

type Bare = Omit<Stop, 'leg' | 'passage' | 'event'>;

function partyStop(party: Party, isServer: boolean): Bare {
  return { kind: kindOf(party), text: isServer ? serverName(party) : clientName(party), quiet: false };
}

function kindOf(party: Party): StopKind {
  if (party.kind === 'network') return 'network';
  return party.name === 'Envoy' ? 'envoy' : 'process';
}

/** A jump out of a built-in chain is no stop of its own: the hook before it and the chain behind it say it. */
function stopOf({ rulesets }: Journey, event: Event): Bare | null {
  if (event.kind === 'hook') return { kind: 'hook', text: event.hook, quiet: true, hook: event.hook };
  if (event.kind !== 'rule' || event.matched === false) return null;
  const isBuiltIn = (builtInChains[event.table] as readonly string[]).includes(event.chain);
  const jumps = event.verdict?.kind === 'jump' || event.verdict?.kind === 'goto';
  if (isBuiltIn && jumps) return null;
  const { hook, table, chain, position } = event;
  return {
    kind: 'chain',
    text: ruleName(event),
    quiet: false,
    hook,
    table,
    chain,
    position,
    rule: ruleText(rulesets, event),
  };
}

function wakeHook(stops: Stop[]): void {
  const at = stops.findLastIndex(({ kind }) => kind === 'hook');
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

function endOf(
  { outcome }: Event & { readonly kind: 'outcome' },
  party: Party | null,
  { direction }: Passage,
): Bare {
  if (outcome.kind === 'delivered' || outcome.kind === 'sent') {
    if (party !== null) return partyStop(party, direction === 'request');
    return { kind: 'process', text: 'a local socket', quiet: false };
  }
  return { kind: 'drop', text: outcome.kind, quiet: false };
}
