/**
 * Walks what a reader asks for and answers in plain data, which a worker can hand over and the build can write into
 * a page.
 */
import { interceptionModes, type Role, releases, roleAt, roles, type SidecarRules } from '../istio/index.ts';
import type { Journey, Request, Rulesets } from '../journey/index.ts';
import { type Event, familyOf, findChain, type Packet, printRule } from '../netfilter/index.ts';
import {
  clientName,
  destinationOf,
  json,
  type Level,
  markdown,
  mermaid,
  messages,
  sentence,
  serverName,
  sourceOf,
  stopLines,
  text,
} from '../render/index.ts';
import { type Bound, bind } from './bind.ts';
import { exampleDnsServer, exampleSenders, inFamilyOf } from './examples.ts';
import { decodePermalink, encodePermalink, type State } from './permalink.ts';
import { callsOn, type RealPod, requestOn } from './real-pod.ts';
import { rulesUnder } from './rules-under.ts';
import type { Change, Scenario } from './scenario.ts';
import { scenarioNamed, scenarios } from './scenarios.ts';
import { handbookSetting } from './setting.ts';
import {
  type Around,
  type MessagePlace,
  type OfferedExperiment,
  type Passage,
  type ShownPacket,
  shownChain,
  type TestedRules,
  toldSteps,
  type Walked,
  type WalkedChain,
  type WalkedRules,
  type Words,
} from './walked.ts';

export type TextForm = 'Markdown' | 'text' | 'JSON' | 'overview diagram' | 'detail diagram';

/** Answers are plain data. */
export interface Walker {
  /** Walks a state; with a role, it begins at the rule that has it. Throws a TypeError where an address is none. */
  walk(state: State, meets?: Role): Walked;
  /** Walks what a fragment says; what it leaves open is the scenario's own. */
  open(fragment: string, scenario: string): { readonly walked: Walked; readonly problems: readonly string[] };
  /** What a long walk left out, around a step. */
  around(state: State, step: number): Around;
  /** What an experiment will change: the first stop at which the two paths part. */
  outlook(scenario: string, experiment: string): string;
  text(state: State, form: TextForm): string;
}

/** Walks of up to so many steps, in chains of up to so many rules, are told whole. */
const wholeUpTo = 400;
/** Of a longer walk so many steps at which something happens are told. */
const toldStops = 500;

/** A walker on the rules that Istio would program, or on what is known of a real pod. */
export function walkerOn(real?: RealPod): Walker {
  // What is asked for after a walk is nearly always of that walk.
  let last: { readonly link: string; readonly walk: Walk } | null = null;
  const walkOf = (state: State): Walk => {
    const link = linkOf(state);
    if (last?.link !== link) last = { link, walk: take(state, real) };
    return last.walk;
  };
  return {
    walk(asked, meets) {
      const { request } = asked;
      const state = isWhole(request) ? { ...asked, request: inFamilyOf(request) } : asked;
      return view(walkOf(state), state, meets);
    },
    open(fragment, scenario) {
      const { state, problems } = decodePermalink(fragment);
      const opened = { scenario, ...state };
      return { walked: view(walkOf(opened), opened), problems };
    },
    around: (state, step) => tellAround(walkOf(state), step),
    outlook(name, title) {
      const scenario = scenarioNamed(name);
      const experiment = scenario?.experiments.find((one) => one.title === title);
      return scenario === undefined || experiment === undefined
        ? ''
        : outlook(scenario, experiment.change, real);
    },
    text(state, form) {
      const { journey } = walkOf(state).bound;
      const showing = { replies: state.replies === true };
      switch (form) {
        case 'Markdown':
          return markdown(journey, showing);
        case 'text':
          return text(journey, showing);
        case 'JSON':
          return json(journey);
        case 'overview diagram':
          return mermaid(journey, 'overview', showing);
        case 'detail diagram':
          return mermaid(journey, 'detail', showing);
      }
    },
  };
}

function isWhole(request: Partial<Request> | undefined): request is Request {
  return request?.from !== undefined && request.address !== undefined && request.port !== undefined;
}

function scenarioOf({ scenario }: State): Scenario {
  return scenarioNamed(scenario ?? '') ?? (scenarios[0] as Scenario);
}

function linkOf({ step, ...state }: State): string {
  return encodePermalink(state);
}

/** What a state changes of its scenario. */
function changeOf({ release, options, request }: State): Change {
  return {
    setting: {
      ...(release === undefined ? {} : { release }),
      ...(options === undefined ? {} : { options }),
    },
    ...(request === undefined ? {} : { request }),
  };
}

/** A journey cut into steps, and what was met on it. */
interface Walk extends Pick<Walked, 'passages' | 'inChain' | 'tested'> {
  readonly scenario: Scenario;
  readonly bound: Bound;
  /** The rules that Istio would program, for the purpose of each; null where they are a real pod's. */
  readonly placed: SidecarRules | null;
  readonly steps: readonly { readonly leg: number; readonly event: Event }[];
  /** Without their rules. */
  readonly chains: readonly (Omit<WalkedChain, 'rules'> & { readonly family: 'v4' | 'v6' })[];
}

function take(state: State, real: RealPod | undefined): Walk {
  const scenario = scenarioOf(state);
  const bound = bind(scenario, changeOf(state), real);
  const placed = real?.rulesets === undefined ? rulesUnder({ setting: bound.setting }) : null;
  const { journey } = bound;
  const steps: { leg: number; event: Event }[] = [];
  const passages: Passage[] = [];
  const chains = new ChainsMet(journey);
  const inChain: [number, number | null][] = [];
  const tested: TestedRules[] = [];
  for (const [leg, { passages: own }] of journey.legs.entries()) {
    for (const [passage, { direction, traversal }] of own.entries()) {
      if (direction === 'reply' && state.replies !== true) continue;
      passages.push({ leg, passage, first: steps.length });
      const begins = traversal.events.find(({ kind }) => kind === 'table');
      let chain = begins === undefined ? null : chains.of(begins);
      inChain.push([steps.length, chain]);
      for (const event of traversal.events) {
        const met = chains.of(event);
        if (met !== null && met !== chain) {
          chain = met;
          inChain.push([steps.length, chain]);
        }
        if (event.kind === 'rule' && chain !== null) test(tested, steps.length, chain, event.position);
        steps.push({ leg, event });
      }
    }
  }
  return { scenario, bound, placed, steps, passages, chains: chains.all, inChain, tested };
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
  of(event: Event): number | null {
    if (event.kind !== 'rule' && event.kind !== 'table' && event.kind !== 'policy' && event.kind !== 'return')
      return null;
    const { table } = event;
    const chain = event.kind === 'return' ? event.to : event.chain;
    const family = familyOf(event.packet.destination);
    const key = `${family} ${table} ${chain}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const ruleset = this.rulesets[family];
    const found = ruleset && findChain(ruleset, table, chain);
    const number = found === undefined ? null : this.all.length;
    if (found !== undefined)
      this.all.push({ family, table, chain, policy: found.policy, count: found.rules.length });
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

function view(walk: Walk, asked: State, meets?: Role): Walked {
  const { scenario, bound, steps, passages, inChain, tested } = walk;
  const { journey } = bound;
  const showing = { replies: asked.replies === true };
  const stops = steps.flatMap(({ event }, step) => (isStop(event) ? [step] : []));
  const state = meets === undefined ? asked : { ...asked, step: decidingStep(walk, meets) };
  const link = linkOf(state);
  const places = (level: Level): readonly MessagePlace[] =>
    messages(journey, level, showing).map(({ kind, leg, passage, event }) => ({
      step: firstOf(passages, leg, passage) + event,
      ...(kind === 'note' ? { isNote: true } : {}),
    }));
  const isShort =
    steps.length <= wholeUpTo && walk.chains.reduce((sum, { count }) => sum + count, 0) <= wholeUpTo;
  const told: Around = isShort ? tellAll(walk) : tellAround(walk, state.step ?? 0);
  const toldWith: { [step: number]: Words } = { ...told.words };
  if (!isShort) for (const step of stops.slice(0, toldStops)) toldWith[step] = wordsOf(walk, step);
  return {
    state,
    link,
    isChanged: link !== linkOf({ scenario: scenario.name }),
    scenario: {
      name: scenario.name,
      title: scenario.title,
      request: requestOn(bound.pod, scenario.request),
      experiments: scenario.experiments
        .filter(({ change }) => walk.placed !== null || change.setting === undefined)
        .map((experiment) => offered(walk, experiment)),
    },
    menu: {
      release: handbookSetting.release,
      releases: releases.map(({ name }) => name),
      senders: exampleSenders,
      calls: callsOn(bound.pod),
      modes: interceptionModes,
      dnsServer: exampleDnsServer,
    },
    options: bound.pod.options,
    problems: walk.placed?.problems ?? [],
    lines: stopLines(journey, showing),
    arrived: journey.arrived,
    ending: journey.ending,
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
    stops,
    chains: walk.chains.map(({ family, ...chain }, at) => ({ ...chain, rules: told.rules[at] ?? {} })),
    inChain,
    tested,
    words: toldWith,
    messages: { overview: places('overview'), detail: places('detail') },
  };
}

function firstOf(passages: readonly Passage[], leg: number, passage: number): number {
  return passages.find((one) => one.leg === leg && one.passage === passage)?.first ?? 0;
}

function isMatch(event: Event): boolean {
  return event.kind === 'rule' && event.matched === true;
}

function isStop(event: Event): boolean {
  return event.kind === 'rule'
    ? event.matched !== false
    : ['hook', 'rewrite', 'skip', 'outcome'].includes(event.kind);
}

function offered(
  { scenario, bound }: Walk,
  { title, says, meets, change }: Scenario['experiments'][number],
): OfferedExperiment {
  const { setting, request } = changeOn(bound, scenario, change);
  const state: State = { scenario: scenario.name, ...setting, ...(request === undefined ? {} : { request }) };
  return { title, says, meets, state };
}

/** A change of a scenario with the addresses of the pod that it is walked on. */
function changeOn({ pod }: Bound, { request }: Scenario, change: Change): Change {
  if (change.request === undefined) return change;
  return { ...change, request: requestOn(pod, { ...request, ...change.request }) };
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

function packetsOf(walk: Walk): Walked['packets'] {
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

function wordsOf({ steps, bound: { journey } }: Walk, step: number): Words {
  const at = steps[step];
  const leg = at && journey.legs[at.leg];
  if (at === undefined || leg === undefined) return { text: '', reason: '' };
  const { event } = at;
  const { text, reason } = sentence(journey.rulesets, leg, event);
  if (event.kind !== 'rule') return { text, reason };
  return {
    text,
    reason,
    ...(event.because === reason ? {} : { because: event.because }),
    ...(event.failed === undefined ? {} : { failed: event.failed.condition }),
  };
}

function tellAll(walk: Walk): Around {
  return {
    words: Object.fromEntries(walk.steps.map((_, step) => [step, wordsOf(walk, step)])),
    rules: Object.fromEntries(walk.chains.map(({ count }, at) => [at, rulesOf(walk, at, 1, count)])),
  };
}

function tellAround(walk: Walk, step: number): Around {
  const words: { [step: number]: Words } = {};
  const last = Math.min(walk.steps.length - 1, step + toldSteps);
  for (let at = Math.max(0, step - toldSteps); at <= last; at++) words[at] = wordsOf(walk, at);
  const rules: { [chain: number]: { [position: number]: WalkedRules[number] } } = {};
  // The chains of the steps that are told, so that stepping on finds them.
  for (const at of [step, step + toldSteps / 2, step - toldSteps / 2]) {
    if (at < 0 || at >= walk.steps.length) continue;
    const shown = shownChain({ ...walk, chains: walk.chains as unknown as Walked['chains'] }, at);
    if (shown === null) continue;
    rules[shown.chain] = { ...rules[shown.chain], ...rulesOf(walk, shown.chain, shown.first, shown.last) };
    for (const tested of shown.testedAt.values()) words[tested] ??= wordsOf(walk, tested);
  }
  return { words, rules };
}

function rulesOf({ chains, placed, bound }: Walk, number: number, first: number, last: number): WalkedRules {
  const { family, table, chain } = chains[number] as Walk['chains'][number];
  const ruleset = bound.journey.rulesets[family];
  const { rules = [] } = (ruleset && findChain(ruleset, table, chain)) ?? {};
  const told: { [position: number]: WalkedRules[number] } = {};
  for (const [index, rule] of rules.slice(first - 1, last).entries()) {
    const position = first + index;
    const role = placed && roleAt(placed, { family, table, chain, position });
    told[position] = {
      text: printRule(family, rule),
      ...(role === null ? {} : { purpose: roles[role.role] }),
    };
  }
  return told;
}

/** The first step at which a rule with this role matched, else the start. */
function decidingStep({ steps, placed }: Walk, role: Role): number {
  const found = steps.findIndex(({ event }) => {
    if (event.kind !== 'rule' || event.matched !== true || placed === null) return false;
    const { table, chain, position } = event;
    const family = familyOf(event.packet.destination);
    return roleAt(placed, { family, table, chain, position })?.role === role;
  });
  return Math.max(0, found);
}

function outlook(scenario: Scenario, change: Change, real: RealPod | undefined): string {
  const usual = bind(scenario, {}, real);
  const now = decisive(usual);
  const then = decisive(bind(scenario, changeOn(usual, scenario, change), real));
  let at = 0;
  while (at < Math.min(now.length, then.length) && now[at] === then[at]) at++;
  const [left, right] = [now[at], then[at]];
  if (left === undefined && right === undefined) return 'meets the same rules';
  if (right === undefined) return `${left} is not met any more`;
  if (left === undefined) return `meets ${right}, too`;
  return `meets ${right} instead of ${left}`;
}

/** The chain stops of a path, and a bad end. */
function decisive({ journey }: Bound): readonly string[] {
  return stopLines(journey)
    .flatMap((line) => line.filter(({ kind }) => kind === 'chain' || kind === 'drop'))
    .map(({ text }) => text);
}
