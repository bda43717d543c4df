/**
 * What a reader sees of a walk, as plain data: made in the build, in a worker or in a test, and shown by a page that
 * has no engine. Everything hangs on the number of a step. What holds for many steps is said once, from its first
 * step on, and what a walk of very many steps has too much of is left out until it is asked for.
 */
import type { OptionProblem, Options, Role } from '../../istio/index.ts';
import type { Request } from '../../journey/index.ts';
import type { Hook, Question, TableName } from '../../netfilter/index.ts';
import type { StopLine } from '../../render/index.ts';
import type { OptionProblemWords } from '../../words/index.ts';
import type { ExampleCall, ExamplePeer, ExampleSender } from '../scenarios/examples.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { State } from './permalink.ts';

/** A walk as it is shown, with what is wrong with its options. */
export interface Walked extends View {
  /** With an error among them the pod has no rules. */
  readonly problems: readonly (OptionProblem & OptionProblemWords)[];
}

export interface View {
  /** What was walked; its step is the one to begin with. */
  readonly state: State;
  readonly scenario: WalkedScenario;
  readonly menu: Menu;
  /** Istio's release that is in force. */
  readonly release: string;
  /** Istio's options as they are in force. */
  readonly options: Options;
  readonly lines: readonly StopLine[];
  readonly arrived: boolean;
  /** How it ended, in a sentence. */
  readonly ending: string;
  /** What is to be answered before it can be walked on. */
  readonly question?: OpenQuestion;
  /** Who called whom: the names of both ends, null where nobody took the connection. */
  readonly legs: readonly { readonly client: string; readonly server: string | null }[];
  /** How many steps there are. A step is an event of the journey. */
  readonly length: number;
  readonly passages: readonly WalkedPassage[];
  /** The packet, from this step on. */
  readonly packets: Runs<ShownPacket>;
  /** The hook that the events speak of, from this step on. */
  readonly hooks: Runs<Hook>;
  /** The steps at which the packet comes to a hook. */
  readonly visits: readonly number[];
  /** The steps of rules that matched. */
  readonly matches: readonly number[];
  /** The steps at which something happened: no rule that did not match, and no bookkeeping. */
  readonly stops: readonly number[];
  readonly chains: readonly WalkedChain[];
  /** Which of the chains the packet is in, from this step on, or comes to next; null where none is asked. */
  readonly inChain: Runs<number | null>;
  /** Rules of one chain that were tested one after the other. */
  readonly tested: readonly TestedRules[];
  readonly words: { readonly [step: number]: StepWords };
}

/** A rule of which nobody can judge beforehand whether it matches. */
export interface OpenQuestion extends Question {
  /** Why that is so, as a phrase. */
  readonly because: string;
  /** The step that asks. */
  readonly step: number;
  /** The way ahead if it matches, and if it does not: from where the two part, and how it ends. */
  readonly yes: string;
  readonly no: string;
}

/** Values by the step from which on they hold. */
export type Runs<T> = readonly (readonly [from: number, value: T])[];

/** A scenario as far as it is walked: its request and experiments have the addresses of the pod that it is walked on. */
export interface WalkedScenario extends Pick<Scenario, 'name' | 'title' | 'request' | 'setting' | 'pod'> {
  readonly experiments: readonly OfferedExperiment[];
}

export interface OfferedExperiment {
  readonly title: string;
  readonly says: string;
  readonly state: State;
  readonly meets: Role;
}

/** What a reader can choose from. */
export interface Menu {
  /** The release that the handbook speaks of. */
  readonly release: string;
  readonly releases: readonly string[];
  readonly senders: readonly ExampleSender[];
  readonly calls: readonly ExampleCall[];
  /** The last one stands for any other. */
  readonly peers: readonly ExamplePeer[];
  readonly modes: readonly string[];
  /** The DNS server of the examples. */
  readonly dnsServer: string;
}

/** One packet of a leg, the first or its answer, from its first step on. */
export interface WalkedPassage {
  readonly leg: number;
  readonly passage: number;
  readonly first: number;
}

export interface ShownPacket {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly sentBy?: { readonly uid: number; readonly gid: number };
  readonly mark?: number;
}

export interface WalkedChain {
  readonly table: TableName;
  readonly chain: string;
  readonly policy: string | null;
  /** How many rules it has. */
  readonly count: number;
  readonly rules: WalkedRules;
}

export interface WalkedRules {
  readonly [position: number]: {
    readonly text: string;
    /** What Istio has it for, by name. */
    readonly role?: Role;
  };
}

export interface TestedRules {
  readonly step: number;
  readonly chain: number;
  readonly position: number;
  readonly count: number;
}

/** A step in words. */
export interface StepWords {
  readonly text: string;
  /** '' where there is nothing to give a reason for. */
  readonly reason: string;
  /** The reason as a phrase, where that is written in another way. */
  readonly because?: string;
  /** The condition of the rule that failed, as it is written. */
  readonly failed?: string;
}

/** A message or note of a sequence diagram of the walk, and the step that it tells of. */
export interface MessagePlace {
  readonly step: number;
  readonly isNote?: true;
}

/** What a long walk leaves out, for the steps around one. */
export interface Around {
  readonly words: Walked['words'];
  /** By the number of the chain. */
  readonly rules: { readonly [chain: number]: WalkedRules };
}

/** A request whose peer, where it comes from one, has an address of the destination's family. */
export function inFamilyOf(request: Request, { peers }: Menu): Request {
  const { from, address } = request;
  const isV6 = address.includes(':');
  if (!('address' in from) || from.address.includes(':') === isV6) return request;
  const peer = peers.find(({ name }) => name === from.name) ?? peers.at(-1);
  return peer === undefined ? request : { ...request, from: { ...from, address: isV6 ? peer.v6 : peer.v4 } };
}

/** So many rules of a chain are shown at once. */
export const shownRules = 120;
/** So many steps before and after one are told with it. */
export const toldSteps = 60;

/** The walk with more of its words and rules. */
export function withMore(walked: Walked, { words, rules }: Around): Walked {
  return {
    ...walked,
    words: { ...walked.words, ...words },
    chains: walked.chains.map((chain, at) => {
      const more = rules[at];
      return more === undefined ? chain : { ...chain, rules: { ...chain.rules, ...more } };
    }),
  };
}

/** What holds at a step. */
function valueAt<T>(runs: Runs<T>, step: number): T | undefined {
  return runs.findLast(([from]) => from <= step)?.[1];
}

export function passageAt({ passages }: Walked, step: number): WalkedPassage {
  return passages.findLast(({ first }) => first <= step) ?? { leg: 0, passage: 0, first: 0 };
}

/** The step that shows an event, or null where its packet is not shown. */
export function stepAt(
  { passages }: Walked,
  { leg, passage, event }: { readonly leg: number; readonly passage: number; readonly event: number },
): number | null {
  const found = passages.find((one) => one.leg === leg && one.passage === passage);
  return found === undefined ? null : found.first + event;
}

/** The packet at a step, and as it was one step before where it was another. */
export function packetAt(
  walked: Walked,
  step: number,
): { readonly now: ShownPacket; readonly before: ShownPacket | null } | null {
  const now = valueAt(walked.packets, step);
  if (now === undefined) return null;
  const before = step > passageAt(walked, step).first ? valueAt(walked.packets, step - 1) : now;
  return { now, before: before === undefined || before === now ? null : before };
}

/** The next of the steps, which are in order, forwards or backwards; null where there is none. */
export function nextOf(steps: readonly number[], from: number, direction: 1 | -1): number | null {
  const found = direction === 1 ? steps.find((step) => step > from) : steps.findLast((step) => step < from);
  return found ?? null;
}

/** The first step of each leg, for marks on a scrubber. */
export function legStarts({ passages }: Walked): readonly WalkedPassage[] {
  return passages.filter(({ passage }) => passage === 0);
}

/** A hook of netfilter in the passage of a step: where the packet comes to it, or null where it does not. */
export interface HookPlace {
  readonly hook: Hook;
  readonly step: number | null;
  readonly isCurrent: boolean;
}

/** The hooks, with the way to each from a step: the visit that is nearest. */
export function hookPlaces(walked: Walked, at: number, hooks: readonly Hook[]): readonly HookPlace[] {
  const { first } = passageAt(walked, at);
  const end = walked.passages.find((one) => one.first > first)?.first ?? walked.length;
  const here = walked.visits.filter((step) => step >= first && step < end);
  const now = here.some((step) => step <= at) ? valueAt(walked.hooks, at) : undefined;
  return hooks.map((hook): HookPlace => {
    const [nearest = null] = here
      .filter((step) => valueAt(walked.hooks, step) === hook)
      .sort((a, b) => Math.abs(a - at) - Math.abs(b - at));
    return { hook, step: nearest, isCurrent: now === hook };
  });
}

export type RuleStatus = 'matched' | 'did not match' | 'not reached' | 'cannot tell';

export interface ChainRule {
  readonly position: number;
  readonly text: string;
  readonly status: RuleStatus;
  readonly because: string;
  readonly failed?: string;
  readonly role?: Role;
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

/** The chain that the packet is in at a step, or was in last, or comes to next; null where none is asked. */
export function chainAt(walked: Walked, at: number): ChainView | null {
  const window = shownChain(walked, at);
  if (window === null) return null;
  const { chain, first, last, testedAt } = window;
  const { rules, ...rest } = walked.chains[chain] as WalkedChain;
  const shown: ChainRule[] = [];
  for (let position = first; position <= last; position++) {
    const step = testedAt.get(position) ?? null;
    const words = step === null ? undefined : walked.words[step];
    shown.push({
      position,
      text: '…',
      ...rules[position],
      status: step === null ? 'not reached' : statusOf(walked, step),
      because: words?.because ?? words?.reason ?? '',
      ...(words?.failed === undefined ? {} : { failed: words.failed }),
      isCurrent: step === at,
      step,
    });
  }
  return { ...rest, rules: shown };
}

/** Which rules of which chain are shown at a step, and at which step each was tested up to there. */
export function shownChain(
  { chains, inChain, tested, ...walked }: Pick<Walked, 'chains' | 'inChain' | 'tested' | 'passages'>,
  at: number,
): {
  readonly chain: number;
  readonly first: number;
  readonly last: number;
  readonly testedAt: ReadonlyMap<number, number>;
} | null {
  const chain = valueAt(inChain, at) ?? null;
  if (chain === null) return null;
  const { first } = passageAt(walked as Walked, at);
  const runs = tested.filter((run) => run.chain === chain && run.step >= first && run.step <= at);
  const count = (chains[chain] as WalkedChain).count;
  const reached = Math.max(0, ...runs.map((run) => run.position + Math.min(run.count - 1, at - run.step)));
  const from = Math.max(0, Math.min(reached - shownRules / 2, count - shownRules));
  const to = Math.min(count, from + shownRules);
  const testedAt = new Map<number, number>();
  for (const { step, position, count: length } of runs) {
    const most = Math.min(length, at - step + 1, to - position + 1);
    for (let index = Math.max(0, from + 1 - position); index < most; index++)
      testedAt.set(position + index, step + index);
  }
  return { chain, first: from + 1, last: to, testedAt };
}

function statusOf({ matches, stops }: Walked, step: number): RuleStatus {
  if (matches.includes(step)) return 'matched';
  return stops.includes(step) ? 'cannot tell' : 'did not match';
}

/** Whether something that is shown at a step was left out and is to be asked for. */
export function isLeftOut(walked: Walked, at: number): boolean {
  const last = Math.min(walked.length - 1, at + 4);
  for (let step = Math.max(0, at - 2); step <= last; step++)
    if (walked.words[step] === undefined) return true;
  const shown = shownChain(walked, at);
  if (shown === null) return false;
  const { rules } = walked.chains[shown.chain] as WalkedChain;
  for (let position = shown.first; position <= shown.last; position++)
    if (rules[position] === undefined) return true;
  return [...shown.testedAt.values()].some((step) => walked.words[step] === undefined);
}
