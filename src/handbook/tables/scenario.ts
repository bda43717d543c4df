/** What the components of a scenario show: rows and items made from its journey. */

import { isAmbientRole } from '../../istio/index.ts';
import type { Journey, Leg } from '../../journey/index.ts';
import { type Event, familyOf, type RuleEvent, type TableRef } from '../../netfilter/index.ts';
import { missesOf, type Stop, type StopKind, type StopPlace, stopLines } from '../../render/index.ts';
import {
  because,
  beforeOneWords,
  beforeWords,
  chainName,
  dialPhrase,
  dialWords,
  ending,
  failedCondition,
  publishedMarkWords,
  purposeOf,
  type Sentence,
  sentence,
  stopText,
  unmetWords,
  writtenChain,
} from '../../words/index.ts';
import { comparePublished, type StepVerdict } from '../scenarios/published.ts';
import type { Published, Scenario } from '../scenarios/scenario.ts';
import { type Shown, type ShownScenario, shownScenarioNamed, shownScenarios } from '../scenarios/shown.ts';
import { allScenarios, scenarioNamed } from '../scenarios/traffic.ts';

/** A rule, and what became of it in a journey. */
export interface RuleRow {
  readonly table?: TableRef | undefined;
  readonly chain: string;
  /** From 1, as `iptables -L --line-numbers` counts. */
  readonly position: number;
  readonly rule: string;
  /** The rule's stable name: `output.proxy-self-call`. */
  readonly role?: string | undefined;
  /** What the rule is for, in a sentence. */
  readonly purpose?: string | undefined;
  readonly met: 'matched' | 'did not match' | 'not reached';
  /** Why it matched or did not. */
  readonly because?: string | undefined;
  /** The condition that failed, as it is written in the rule. */
  readonly failed?: string | undefined;
  /** Where the role is explained. */
  readonly href?: string | undefined;
  /** The row's own address. */
  readonly id?: string | undefined;
}

/** One step in words. */
export interface EventItem {
  /** The step's address: `step-0-0-12`. */
  readonly id: string;
  readonly kind: StopKind;
  readonly text: string;
  readonly detail?: string | undefined;
  /** Something that changed nothing: shown smaller. */
  readonly quiet?: boolean | undefined;
  readonly rewritten?: { readonly before: string; readonly after: string } | undefined;
  /** What the kernel did between the stop before and this one, where that is one step. */
  readonly before?: string;
  /** Steps that are folded away under this one, such as rules that did not match. */
  readonly folded?: { readonly summary: string; readonly items: readonly string[] } | undefined;
}

/** The steps of one packet of a leg. */
export interface LegItems {
  readonly leg: number;
  readonly direction: 'request' | 'reply';
  readonly because: string;
  readonly items: readonly EventItem[];
}

/** What has been published about a path beside what the engine computes, step by step. */
export interface PublishedRow {
  readonly published?: string | undefined;
  readonly computed?: string | undefined;
  readonly verdict: StepVerdict;
  readonly reason: string;
}

/** Throws with the names there are. */
export function scenarioOf(name: string): Scenario {
  const scenario = scenarioNamed(name);
  if (scenario !== undefined) return scenario;
  const names = allScenarios.map((one) => one.name).join(', ');
  throw new Error(`found scenario "${name}" where one of these was expected: ${names}`);
}

/** The same for a scenario of ambient mode, too. */
export function shownScenarioOf(name: string): ShownScenario {
  const scenario = shownScenarioNamed(name);
  if (scenario !== undefined) return scenario;
  const names = shownScenarios.map((one) => one.name).join(', ');
  throw new Error(`found scenario "${name}" where one of these was expected: ${names}`);
}

/** Every rule of each user chain that the journey's first packets were in: what became of it there. */
export function ruleRows({ journey, roleAt }: Shown): readonly RuleRow[] {
  const tested = journey.legs.flatMap((leg, at) => testedRules(leg, at));
  const begun = journey.legs.flatMap(({ passages }) => passages[0]?.traversal.events ?? []);
  const asked = new Set(begun.flatMap((one) => (one.kind === 'table' ? [`${one.table} ${one.chain}`] : [])));
  const chains = new Map(
    tested
      .filter(({ event }) => !asked.has(`${event.table} ${event.chain}`))
      .map((one) => [`${one.event.table} ${one.event.chain} ${familyOf(one.event.packet.destination)}`, one]),
  );
  return [...chains.values()].flatMap(({ leg, event: { table, chain, packet } }): readonly RuleRow[] => {
    const family = familyOf(packet.destination);
    const node = journey.legs[leg]?.node;
    const written = writtenChain(node ?? journey.rulesets, family, table, chain);
    return Array.from({ length: written?.count ?? 0 }, (_, index): RuleRow => {
      const position = index + 1;
      const placed = roleAt({ family, table, chain, position }, node !== undefined);
      const here = tested.filter(
        ({ event }) => event.table === table && event.chain === chain && event.position === position,
      );
      const matched = here.filter(({ event }) => event.matched === true);
      const shown = matched[0] ?? here[0];
      const condition = matched.length === 0 && shown !== undefined ? failedCondition(shown.event) : null;
      return {
        table,
        chain,
        position,
        rule: written?.text(position) ?? '',
        ...(placed === null
          ? {}
          : {
              role: placed.role,
              purpose: purposeOf(placed.role),
              href: roleAddress(placed.role),
            }),
        met: matched.length > 0 ? 'matched' : here.length > 0 ? 'did not match' : 'not reached',
        ...(shown === undefined ? {} : { because: reasonsOf(matched.length > 0 ? matched : here, journey) }),
        ...(condition === null ? {} : { failed: condition }),
        id: `rule-${table}-${chain}-${position}`,
      };
    });
  });
}

/** Where a role is explained. */
export function roleAddress(role: string): string {
  return `${isAmbientRole(role) ? '/ambient/rules' : '/reference/rules'}/#${role}`;
}

interface Tested {
  readonly leg: number;
  readonly event: RuleEvent;
}

function testedRules(leg: Leg, at: number): readonly Tested[] {
  const events = leg.passages[0]?.traversal.events ?? [];
  return events.flatMap((event) => (event.kind === 'rule' ? [{ leg: at, event }] : []));
}

/** One reason, or one for each leg where there are several legs. */
function reasonsOf(tested: readonly Tested[], { legs }: Journey): string {
  if (legs.length === 1) return tested[0] === undefined ? '' : because(tested[0].event);
  return tested.map(({ leg, event }) => `${because(event)} (leg ${leg + 1})`).join('; ');
}

/** The stops of each leg in words, with what happened between them folded under them. */
export function legItems(journey: Journey, replies = false): readonly LegItems[] {
  return stopLines(journey, { replies }).map((line) => {
    const first = line[0] as Stop;
    const leg = journey.legs[first.leg] as Leg;
    const passage = leg.passages[first.passage];
    const events = passage?.traversal.events ?? [];
    const items = line.map((stop, at): EventItem => {
      const isSender = at === 0;
      const before = isSender ? 0 : (line[at - 1] as Stop).event + (at === 1 ? 0 : 1);
      const between = isSender ? [] : events.slice(before, stop.event).filter(isWorthTelling);
      // It stands behind the event that closes the circle, and has none of its own.
      const isCircle = 'outcome' in stop && stop.outcome === 'in a circle';
      const said: Sentence = isSender
        ? senderSentence(leg, stop, passage?.direction)
        : isCircle
          ? { text: ending(journey), reason: '' }
          : tell(journey, leg, events[stop.event]);
      const suffix = isCircle ? '-circle' : at === 1 && stop.event === 0 ? '-hook' : '';
      return {
        id: `${stepId(stop)}${suffix}`,
        kind: stop.kind,
        text: said.text,
        ...(said.reason === '' ? {} : { detail: `${said.reason}.` }),
        quiet: stop.quiet,
        ...(stop.rewritten === undefined ? {} : { rewritten: stop.rewritten }),
        ...fold(journey, leg, between),
      };
    });
    return {
      leg: first.leg,
      direction: passage?.direction ?? 'request',
      because: dialWords(leg.reason),
      items,
    };
  });
}

function senderSentence(leg: Leg, stop: Stop, direction: 'request' | 'reply' | undefined): Sentence {
  if (direction === 'reply') return { text: `${stopText(stop)} answers.`, reason: '' };
  const { destination, destinationPort } = leg.dialled;
  return {
    text: `${stopText(stop)} calls ${destination}:${destinationPort}.`,
    reason: dialPhrase(leg.reason),
  };
}

function tell(journey: Journey, leg: Leg, event: Event | undefined): Sentence {
  return event === undefined ? { text: '', reason: '' } : sentence(journey.rulesets, leg, event);
}

/** A rewriting stands with its stop already. */
function isWorthTelling(event: Event): boolean {
  return event.kind !== 'rewrite' && event.kind !== 'table' && event.kind !== 'hook';
}

function fold(journey: Journey, leg: Leg, events: readonly Event[]): Pick<EventItem, 'before' | 'folded'> {
  const misses = missesOf(events);
  const missed = misses === null ? null : { chain: chainName(misses.rule), misses };
  const items = events.map((event) => {
    const { text, reason } = sentence(journey.rulesets, leg, event);
    return reason === '' ? text : `${text} ${reason}.`;
  });
  const [only, ...others] = items;
  if (only === undefined) return {};
  if (others.length === 0) return { before: beforeOneWords(only) };
  return { folded: { summary: beforeWords(missed, events.length - (misses?.count ?? 0)), items } };
}

/** Published beside computed, in words. */
export function publishedRows(published: Published, journey: Journey): readonly PublishedRow[] {
  return comparePublished(published, journey).map(({ published: said, computed, verdict, reason }) => ({
    ...(said === undefined ? {} : { published: said }),
    ...(computed === undefined ? {} : { computed: stopText(computed) }),
    verdict,
    reason: unmetWords(reason),
  }));
}

/** Why the published path errs at a computed stop, for its mark. */
export function differsAt(
  published: Published | undefined,
  journey: Journey,
): (stop: Stop) => string | undefined {
  if (published === undefined) return () => undefined;
  const steps = comparePublished(published, journey);
  const marks = new Map<string, string>();
  for (const [at, { published: said, computed, verdict, reason }] of steps.entries()) {
    if (verdict === 'differs' && computed !== undefined)
      marks.set(stepId(computed), publishedMarkWords(said ?? '', reason, false));
    if (verdict !== 'never happens') continue;
    const next = steps.slice(at).find((step) => step.computed !== undefined)?.computed;
    if (next !== undefined && !marks.has(stepId(next)))
      marks.set(stepId(next), publishedMarkWords(said ?? '', reason, true));
  }
  return (stop) => marks.get(stepId(stop));
}

/** The address of a stop's step on the page: `step-0-1-12`. */
export function stepId({ leg, passage, event }: StopPlace): string {
  return `step-${leg}-${passage}-${event}`;
}
