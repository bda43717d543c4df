/**
 * What the simulator and the lab show: a journey cut into steps, and at each step the packet, the chain and its
 * rules. Pure, so that the page's first view is made in the build and every later one in the browser.
 */
import { type OptionProblem, roleAt, roles, rulesFor } from '../istio/index.ts';
import type { Journey, Rulesets } from '../journey/index.ts';
import {
  type Event,
  familyOf,
  findChain,
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

/** One event, in words. */
export interface Step extends Sentence {
  readonly leg: number;
  readonly passage: number;
  readonly event: number;
  readonly kind: Event['kind'];
  readonly packet: Packet;
  /** The packet one event before, where it was another. */
  readonly before: Packet | null;
  /** False for rules that did not match: whoever steps in large strides passes over them. */
  readonly isStop: boolean;
}

export interface Simulation {
  readonly scenario: Scenario;
  readonly bound: Bound;
  readonly steps: readonly Step[];
  /** What is wrong with the options; with an error among them the pod has no rules. */
  readonly problems: readonly OptionProblem[];
}

/** Walks a state's journey. Throws a TypeError, in words for the reader, where an address is none. */
export function simulate(state: State, rulesets?: Rulesets): Simulation {
  const scenario = scenarioNamed(state.scenario ?? '') ?? (scenarios[0] as Scenario);
  const bound = bind(scenario, changeOf(state), rulesets);
  const problems =
    rulesets === undefined ? rulesFor(bound.setting.release, bound.setting.options).problems : [];
  return { scenario, bound, problems, steps: stepsOf(bound.journey, state.replies === true) };
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
              ...sentence(journey.rulesets, leg, event),
              leg: at,
              passage,
              event: number,
              kind: event.kind,
              packet: event.packet,
              before: isChanged ? previous : null,
              isStop: isStop(event),
            };
          })
        : [],
    ),
  );
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
  readonly rules: readonly ChainRule[];
}

/** The chain that the packet is in at a step, or was in last, or comes to next; null where none is asked. */
export function chainAt({ bound, steps }: Simulation, at: number): ChainView | null {
  const { journey, setting } = bound;
  const step = steps[at];
  if (step === undefined) return null;
  const events = journey.legs[step.leg]?.passages[step.passage]?.traversal.events ?? [];
  const now = chainOf(events, step.event) ?? firstChain(events);
  if (now === null) return null;
  const family = familyOf(step.packet.destination);
  const ruleset = journey.rulesets[family];
  const chain = ruleset && findChain(ruleset, now.table, now.chain);
  if (chain === undefined) return null;
  const placed = rulesFor(setting.release, setting.options);
  const first = at - step.event;
  const tested = new Map<number, { readonly event: RuleEvent; readonly step: number }>();
  for (const [index, event] of events.slice(0, step.event + 1).entries()) {
    if (event.kind === 'rule' && event.table === now.table && event.chain === now.chain) {
      tested.set(event.position, { event, step: first + index });
    }
  }
  const current = events[step.event];
  const rules = chain.rules.map((rule, index): ChainRule => {
    const position = index + 1;
    const found = tested.get(position);
    const role = roleAt(placed, { family, table: now.table, chain: now.chain, position });
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
  return { ...now, policy: chain.policy, rules };
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

/** The next stop from a step, forwards or backwards; the step itself where there is none. */
export function nextStop(steps: readonly Step[], from: number, direction: 1 | -1): number {
  for (let at = from + direction; at >= 0 && at < steps.length; at += direction) {
    if (steps[at]?.isStop === true) return at;
  }
  return direction === 1 ? steps.length - 1 : 0;
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
