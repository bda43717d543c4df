/**
 * What the simulator and the lab show: a journey cut into steps, and at each step the packet, the chain and its
 * rules. Pure, so that the page's first view is made in the build and every later one in the browser.
 */
import { type OptionProblem, type Role, roleAt, roles, rulesFor, type SidecarRules } from '../istio/index.ts';
import type { Journey, Rulesets } from '../journey/index.ts';
import {
  type Event,
  familyOf,
  findChain,
  type Hook,
  hooks,
  type Packet,
  printRule,
  type RuleEvent,
  type TableName,
} from '../netfilter/index.ts';
import { type Sentence, sentence } from '../render/index.ts';
import { type Bound, bind } from './bind.ts';
import type { State } from './permalink.ts';
import type { Change, Scenario } from './scenario.ts';
import { scenarioNamed, scenarios } from './scenarios.ts';

/** One event. Its words are made when they are asked for: a chain can have tens of thousands of rules. */
export interface Step {
  readonly leg: number;
  readonly passage: number;
  readonly event: number;
  readonly kind: Event['kind'];
  readonly hook: Hook;
  readonly packet: Packet;
  /** The packet one event before, where it was another. */
  readonly before: Packet | null;
  /** False for rules that did not match: whoever steps in large strides passes over them. */
  readonly isStop: boolean;
  /** A rule that matched. */
  readonly isMatch: boolean;
}

export interface Simulation {
  readonly scenario: Scenario;
  readonly bound: Bound;
  readonly steps: readonly Step[];
  /** The rules that Istio would program, for the purpose of each; null where they are a real pod's. */
  readonly placed: SidecarRules | null;
  /** What is wrong with the options; with an error among them the pod has no rules. */
  readonly problems: readonly OptionProblem[];
}

/** Walks a state's journey. Throws a TypeError, in words for the reader, where an address is none. */
export function simulate(state: State, rulesets?: Rulesets): Simulation {
  const scenario = scenarioNamed(state.scenario ?? '') ?? (scenarios[0] as Scenario);
  const bound = bind(scenario, changeOf(state), rulesets && { rulesets });
  const placed = rulesets === undefined ? rulesFor(bound.setting.release, bound.setting.options) : null;
  const steps = stepsOf(bound.journey, state.replies === true);
  return { scenario, bound, placed, problems: placed?.problems ?? [], steps };
}

/** What a state changes of its scenario. */
export function changeOf({ release, options, request }: State): Change {
  return {
    setting: {
      ...(release === undefined ? {} : { release }),
      ...(options === undefined ? {} : { options }),
    },
    ...(request === undefined ? {} : { request }),
  };
}

function stepsOf(journey: Journey, replies: boolean): readonly Step[] {
  return journey.legs.flatMap((leg, at) =>
    leg.passages.flatMap(({ direction, traversal }, passage) =>
      direction === 'request' || replies
        ? traversal.events.map((event, number): Step => {
            const previous = traversal.events[number - 1]?.packet;
            const isChanged = previous !== undefined && differs(previous, event.packet);
            return {
              leg: at,
              passage,
              event: number,
              kind: event.kind,
              hook: event.hook,
              packet: event.packet,
              before: isChanged ? previous : null,
              isStop: isStop(event),
              isMatch: event.kind === 'rule' && event.matched === true,
            };
          })
        : [],
    ),
  );
}

/** A step in words. */
export function stepWords({ bound: { journey }, steps }: Simulation, at: number): Sentence {
  const step = steps[at];
  const leg = step && journey.legs[step.leg];
  const event = step && leg?.passages[step.passage]?.traversal.events[step.event];
  if (leg === undefined || event === undefined) return { text: '', reason: '' };
  return sentence(journey.rulesets, leg, event);
}

function isStop(event: Event): boolean {
  return event.kind === 'rule'
    ? event.matched !== false
    : ['hook', 'rewrite', 'skip', 'outcome'].includes(event.kind);
}

function differs(a: Packet, b: Packet): boolean {
  return (
    a.source !== b.source ||
    a.destination !== b.destination ||
    a.sourcePort !== b.sourcePort ||
    a.destinationPort !== b.destinationPort ||
    a.mark !== b.mark
  );
}

export type RuleStatus = 'matched' | 'did not match' | 'not reached' | 'cannot tell';

export interface ChainRule {
  readonly position: number;
  readonly text: string;
  readonly status: RuleStatus;
  readonly because: string;
  readonly failed?: string;
  readonly purpose?: string;
  /** The rule of this step. */
  readonly isCurrent: boolean;
  /** The step at which it was tested, or null. */
  readonly step: number | null;
}

/** A chain as it stands at a step: what has been tested up to there. */
export interface ChainView {
  readonly table: TableName;
  readonly chain: string;
  readonly policy: string | null;
  /** The rules that are shown: all, or those around the step in a chain of very many. */
  readonly rules: readonly ChainRule[];
  /** How many rules the chain has in all. */
  readonly count: number;
}

/** So many rules of a chain are shown at once. */
const shownRules = 120;

/** The chain that the packet is in at a step, or was in last, or comes to next; null where none is asked. */
export function chainAt({ bound, steps, placed }: Simulation, at: number): ChainView | null {
  const { journey } = bound;
  const step = steps[at];
  if (step === undefined) return null;
  const events = journey.legs[step.leg]?.passages[step.passage]?.traversal.events ?? [];
  const now = chainOf(events, step.event) ?? firstChain(events);
  if (now === null) return null;
  const family = familyOf(step.packet.destination);
  const ruleset = journey.rulesets[family];
  const chain = ruleset && findChain(ruleset, now.table, now.chain);
  if (chain === undefined) return null;
  const first = at - step.event;
  const tested = new Map<number, { readonly event: RuleEvent; readonly step: number }>();
  for (const [index, event] of events.slice(0, step.event + 1).entries()) {
    if (event.kind === 'rule' && event.table === now.table && event.chain === now.chain) {
      tested.set(event.position, { event, step: first + index });
    }
  }
  const current = events[step.event];
  const last = Math.max(0, ...tested.keys());
  const from = Math.max(0, Math.min(last - shownRules / 2, chain.rules.length - shownRules));
  const rules = chain.rules.slice(from, from + shownRules).map((rule, index): ChainRule => {
    const position = from + index + 1;
    const found = tested.get(position);
    const role = placed && roleAt(placed, { family, table: now.table, chain: now.chain, position });
    return {
      position,
      text: printRule(family, rule),
      status: statusOf(found?.event),
      because: found?.event.because ?? '',
      ...(found?.event.failed === undefined ? {} : { failed: found.event.failed.condition }),
      ...(role === null ? {} : { purpose: roles[role.role] }),
      isCurrent: current?.kind === 'rule' && found?.event === current,
      step: found?.step ?? null,
    };
  });
  return { ...now, policy: chain.policy, rules, count: chain.rules.length };
}

function statusOf(event: RuleEvent | undefined): RuleStatus {
  if (event === undefined) return 'not reached';
  if (event.matched === null) return 'cannot tell';
  return event.matched ? 'matched' : 'did not match';
}

function chainOf(
  events: readonly Event[],
  at: number,
): { readonly table: TableName; readonly chain: string } | null {
  for (let index = at; index >= 0; index--) {
    const event = events[index];
    if (event?.kind === 'return') return { table: event.table, chain: event.to };
    if (event?.kind === 'rule' || event?.kind === 'table' || event?.kind === 'policy') {
      return { table: event.table, chain: event.chain };
    }
  }
  return null;
}

function firstChain(events: readonly Event[]): { readonly table: TableName; readonly chain: string } | null {
  const first = events.find((event) => event.kind === 'table');
  return first?.kind === 'table' ? { table: first.table, chain: first.chain } : null;
}

/** The next rule that matched, forwards or backwards; null where there is none. */
export function nextMatch(steps: readonly Step[], from: number, direction: 1 | -1): number | null {
  for (let at = from + direction; at >= 0 && at < steps.length; at += direction) {
    if (steps[at]?.isMatch === true) return at;
  }
  return null;
}

/** A hook of netfilter in the leg of a step: where the packet comes to it, or null where it does not. */
export interface HookPlace {
  readonly hook: Hook;
  readonly step: number | null;
  readonly isCurrent: boolean;
}

/** All five hooks, with the way to each from a step: the visit that is nearest. */
export function hookPlaces(steps: readonly Step[], at: number): readonly HookPlace[] {
  const now = steps[at];
  return hooks.map((hook): HookPlace => {
    const visits = steps.flatMap((step, index) =>
      step.kind === 'hook' && step.hook === hook && step.leg === now?.leg && step.passage === now.passage
        ? [index]
        : [],
    );
    const nearest = visits.toSorted((a, b) => Math.abs(a - at) - Math.abs(b - at))[0] ?? null;
    return { hook, step: nearest, isCurrent: now?.hook === hook && isInHook(steps, at) };
  });
}

/** Before its first hook a packet is at none, though its events say which comes. */
function isInHook(steps: readonly Step[], at: number): boolean {
  const first = at - (steps[at]?.event ?? 0);
  return steps.slice(first, at + 1).some(({ kind }) => kind === 'hook');
}

/** The first step at which a rule with this role matched, else the first rule that matched, else the start. */
export function decidingStep({ bound, steps, placed }: Simulation, role: Role): number {
  const found = steps.findIndex((step) => {
    if (!step.isMatch || placed === null) return false;
    const event = bound.journey.legs[step.leg]?.passages[step.passage]?.traversal.events[step.event];
    if (event?.kind !== 'rule') return false;
    const { table, chain, position } = event;
    const family = familyOf(event.packet.destination);
    return roleAt(placed, { family, table, chain, position })?.role === role;
  });
  return Math.max(0, found);
}

/** The index of the step that shows an event, or null. */
export function stepAt(
  steps: readonly Step[],
  place: Pick<Step, 'leg' | 'passage' | 'event'>,
): number | null {
  const at = steps.findIndex(
    ({ leg, passage, event }) => leg === place.leg && passage === place.passage && event === place.event,
  );
  return at < 0 ? null : at;
}

/** The first step of each leg, for marks on a scrubber. */
export function legStarts(
  steps: readonly Step[],
): readonly { readonly leg: number; readonly step: number }[] {
  return steps.flatMap(({ leg, passage, event }, step) =>
    event === 0 && passage === 0 ? [{ leg, step }] : [],
  );
}
