/**
 * Walks a state of one scenario or another and answers in plain data. What is not needed for that stands in
 * `walker.ts`: a page walks with this alone, and has its own scenario with it.
 */
import {
  type AmbientRole,
  type OptionProblem,
  type Role,
  roleAt,
  type SidecarRules,
} from '../../istio/index.ts';
import { type Journey, knowsNodes, type Leg, passagesOf, type Rulesets } from '../../journey/index.ts';
import { type Event, familyOf, type Packet } from '../../netfilter/index.ts';
import { stopLines } from '../../render/index.ts';
import {
  clientName,
  destinationOf,
  ending,
  failedCondition,
  headline,
  headlineWords,
  phraseOf,
  sentence,
  serverName,
  sourceOf,
  writtenChain,
} from '../../words/index.ts';
import { type Bound, bind } from '../scenarios/bind.ts';
import type { RealPod } from '../scenarios/real-pod/index.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import type { ScenarioChange } from '../scenarios/scenario.ts';
import type { State } from './permalink.ts';
import type {
  Around,
  Menu,
  ShownPacket,
  StepWords,
  TestedRules,
  View,
  WalkedChain,
  WalkedPassage,
  WalkedRules,
  WalkedScenario,
} from './view.ts';

/** What a state changes of its scenario. */
export function changeOf({ release, options, request }: State): ScenarioChange {
  return {
    setting: {
      ...(release === undefined ? {} : { release }),
      ...(options === undefined ? {} : { options }),
    },
    ...(request === undefined ? {} : { request }),
  };
}

/** The place of a rule. */
type Place = Parameters<typeof roleAt>[1];

/** A journey cut into steps, and what was met on it. */
export interface Walk extends Pick<View, 'passages' | 'inChain' | 'tested'> {
  readonly scenario: WalkedScenario;
  readonly release: string;
  readonly journey: Journey;
  /** What Istio has the rule at a place for, on the node where it is one of the node's; null where Istio did not make it, and where the rules are a real pod's. */
  readonly roleAt: (place: Place, isOnNode: boolean) => { readonly role: Role | AmbientRole } | null;
  readonly steps: readonly { readonly leg: number; readonly event: Event }[];
  /** Without their rules. */
  readonly chains: readonly (Omit<WalkedChain, 'rules'> & {
    readonly family: 'v4' | 'v6';
    readonly written: NonNullable<ReturnType<typeof writtenChain>>;
    readonly isOnNode?: boolean;
  })[];
}

/** A walk through a pod with a sidecar. */
export interface SidecarWalk extends Walk {
  readonly bound: Bound;
  /** The rules that Istio would program; null where they are a real pod's. */
  readonly placed: SidecarRules | null;
}

/** Walks a state. Throws a TypeError, in words for the reader, where an address is none. */
export function take(scenario: WalkedScenario, state: State, real?: RealPod): SidecarWalk {
  const bound = bind(scenario, changeOf(state), real);
  const placed = real?.rulesets === undefined ? rulesUnder({ setting: bound.setting }) : null;
  return {
    bound,
    placed,
    scenario,
    release: bound.setting.release,
    journey: bound.journey,
    roleAt: (place) => placed && roleAt(placed, place),
    ...cut(bound.journey, state.replies === true),
  };
}

/** A journey as steps; the answers too, where they are shown. */
export function cut(
  journey: Journey,
  replies: boolean,
): Pick<Walk, 'steps' | 'passages' | 'chains' | 'inChain' | 'tested'> {
  const steps: { leg: number; event: Event }[] = [];
  const passages: WalkedPassage[] = [];
  const chains = new ChainsMet(journey);
  const inChain: [number, number | null][] = [];
  const tested: TestedRules[] = [];
  for (const { leg: of, at: leg, passage: own, number: passage } of passagesOf(journey.legs, replies)) {
    const { events } = own.traversal;
    passages.push({ leg, passage, first: steps.length });
    const begins = events.find(({ kind }) => kind === 'table');
    let chain = begins === undefined ? null : chains.of(begins, of);
    inChain.push([steps.length, chain]);
    for (const event of events) {
      const met = chains.of(event, of);
      if (met !== null && met !== chain) {
        chain = met;
        inChain.push([steps.length, chain]);
      }
      if (event.kind === 'rule' && chain !== null) test(tested, steps.length, chain, event.position);
      steps.push({ leg, event });
    }
  }
  return { steps, passages, chains: chains.all, inChain, tested };
}

/** The chains of a walk, each once. */
class ChainsMet {
  readonly all: Walk['chains'][number][] = [];
  private readonly numbers = new Map<string, number | null>();
  private readonly rulesets: Rulesets;

  constructor({ rulesets }: Journey) {
    this.rulesets = rulesets;
  }

  /** The number of the chain that an event is in; null where it is in none. */
  of(event: Event, leg: Leg): number | null {
    if (event.kind !== 'rule' && event.kind !== 'table' && event.kind !== 'policy' && event.kind !== 'return')
      return null;
    const { table } = event;
    const chain = event.kind === 'return' ? event.to : event.chain;
    const family = familyOf(event.packet.destination);
    const isOnNode = knowsNodes && leg.node !== undefined;
    const key = `${isOnNode ? 'node ' : ''}${family} ${table} ${chain}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const found = writtenChain(isOnNode ? leg.node : this.rulesets, family, table, chain);
    const number = found && this.all.length;
    if (found !== null) {
      const { policy, count } = found;
      this.all.push({
        family,
        table,
        chain,
        policy,
        count,
        written: found,
        ...(isOnNode ? { isOnNode } : {}),
      });
    }
    this.numbers.set(key, number);
    return number;
  }
}

function test(tested: TestedRules[], step: number, chain: number, position: number): void {
  const last = tested.at(-1);
  const goesOn =
    last !== undefined &&
    last.chain === chain &&
    last.step + last.count === step &&
    last.position + last.count === position;
  if (goesOn) tested[tested.length - 1] = { ...last, count: last.count + 1 };
  else tested.push({ step, chain, position, count: 1 });
}

/** A walk as it is shown, all but the options; with a role, it begins at the rule that has it. */
export function view(
  walk: Walk,
  asked: State,
  menu: Menu,
  meets?: Role | AmbientRole,
  tell: (walk: Walk, step: number) => Around = tellAll,
): Omit<View, 'options'> {
  const { scenario, release, journey, steps, passages, inChain, tested } = walk;
  const state = meets === undefined ? asked : { ...asked, step: decidingStep(walk, meets) };
  const { words, rules } = tell(walk, state.step ?? 0);
  return {
    state,
    scenario,
    menu,
    release,
    lines: stopLines(journey, { replies: asked.replies === true }),
    arrived: journey.arrived,
    ending: ending(journey),
    head: { outcome: { kind: journey.outcome.kind }, ...headlineWords(headline(journey)) },
    legs: journey.legs.map(({ client, server }) => ({
      client: clientName(client),
      server: server && serverName(server),
    })),
    length: steps.length,
    passages,
    packets: packetsOf(walk),
    hooks: runsOf(
      walk,
      ({ hook }) => hook,
      (a, b) => a === b,
    ),
    visits: steps.flatMap(({ event }, step) => (event.kind === 'hook' ? [step] : [])),
    matches: steps.flatMap(({ event }, step) => (isMatch(event) ? [step] : [])),
    stops: stopsOf(walk),
    chains: walk.chains.map(({ table, chain, policy, count }, at) => ({
      table,
      chain,
      policy,
      count,
      rules: rules[at] ?? {},
    })),
    inChain,
    tested,
    words,
  };
}

function isMatch(event: Event): boolean {
  return event.kind === 'rule' && event.matched === true;
}

/** The steps at which something happens. */
export function stopsOf({ steps }: Walk): readonly number[] {
  return steps.flatMap(({ event }, step) => (isStop(event) ? [step] : []));
}

function isStop(event: Event): boolean {
  return event.kind === 'rule'
    ? event.matched !== false
    : ['hook', 'rewrite', 'skip', 'outcome'].includes(event.kind);
}

/** A value of each event, where it is another than that of the event before. */
function runsOf<T>(
  { steps, passages }: Walk,
  of: (event: Event) => T,
  isSame: (a: T, b: T) => boolean,
): readonly (readonly [number, T])[] {
  const runs: [number, T][] = [];
  const starts = new Set(passages.map(({ first }) => first));
  for (const [step, { event }] of steps.entries()) {
    const value = of(event);
    const last = runs.at(-1);
    if (last === undefined || starts.has(step) || !isSame(last[1], value)) runs.push([step, value]);
  }
  return runs;
}

function packetsOf(walk: Walk): View['packets'] {
  return runsOf(walk, ({ packet }) => packet, looksSame).map(([step, packet]) => [step, shown(packet)]);
}

function looksSame(a: Packet, b: Packet): boolean {
  return (
    a === b ||
    (a.source === b.source &&
      a.destination === b.destination &&
      a.sourcePort === b.sourcePort &&
      a.destinationPort === b.destinationPort &&
      a.mark === b.mark)
  );
}

function shown(packet: Packet): ShownPacket {
  const { from, mark } = packet;
  return {
    from: sourceOf(packet),
    to: destinationOf(packet),
    protocol: packet.protocol,
    ...('uid' in from ? { sentBy: { uid: from.uid, gid: from.gid } } : {}),
    ...(mark === undefined || mark === 0 ? {} : { mark }),
  };
}

export function wordsOf({ steps, journey }: Walk, step: number): StepWords {
  const at = steps[step];
  const leg = at && journey.legs[at.leg];
  if (at === undefined || leg === undefined) return { text: '', reason: '' };
  const { event } = at;
  const { text, reason } = sentence(journey.rulesets, leg, event);
  if (event.kind !== 'rule') return { text, reason };
  const phrase = phraseOf(event);
  const condition = failedCondition(event);
  return {
    text,
    reason,
    ...(phrase === undefined ? {} : { because: phrase }),
    ...(condition === null ? {} : { failed: condition }),
  };
}

export function tellAll(walk: Walk): Around {
  return {
    words: Object.fromEntries(walk.steps.map((_, step) => [step, wordsOf(walk, step)])),
    rules: Object.fromEntries(walk.chains.map(({ count }, at) => [at, rulesOf(walk, at, 1, count)])),
  };
}

export function rulesOf({ chains, roleAt }: Walk, number: number, first: number, last: number): WalkedRules {
  const met = chains[number] as Walk['chains'][number];
  const { family, table, chain, written } = met;
  const isOnNode = knowsNodes && met.isOnNode === true;
  const told: { [position: number]: WalkedRules[number] } = {};
  for (let position = first; position <= Math.min(last, written.count); position++) {
    const role = roleAt({ family, table, chain, position }, isOnNode);
    told[position] = {
      text: written.text(position),
      ...(role === null ? {} : { role: role.role }),
    };
  }
  return told;
}

/** What is wrong with the options of a walk on Istio's own rules. */
export function problemsIn({ placed }: SidecarWalk): readonly OptionProblem[] {
  return placed?.problems ?? [];
}

/** The first step at which a rule with this role matched, else the start. */
function decidingStep({ steps, journey, roleAt }: Walk, role: Role | AmbientRole): number {
  const found = steps.findIndex(({ leg, event }) => {
    if (event.kind !== 'rule' || event.matched !== true) return false;
    const { table, chain, position } = event;
    const family = familyOf(event.packet.destination);
    const isOnNode = knowsNodes && journey.legs[leg]?.node !== undefined;
    return roleAt({ family, table, chain, position }, isOnNode)?.role === role;
  });
  return Math.max(0, found);
}
