/** What a reader sees of a walk at one of its steps: the packet, its chain, its hooks, and the way to other steps. */
import type { AmbientRole, Role } from '../../istio/index.ts';
import type { Hook, TableRef } from '../../netfilter/index.ts';
import type { Stop, StopLine } from '../../render/index.ts';
import type { MessagePlace, Runs, ShownPacket, Walked, WalkedChain, WalkedPassage } from './view.ts';

/** So many rules of a chain are shown at once. */
const shownRules = 120;
/** So many steps before and after one are told with it. */
export const toldSteps = 60;

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
  readonly role?: Role | AmbientRole;
  /** The rule of this step. */
  readonly isCurrent: boolean;
  /** The step at which it was tested, or null. */
  readonly step: number | null;
}

/** A chain as it stands at a step: what has been tested up to there. */
export interface ChainView {
  readonly table: TableRef;
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

/** The last stop of a line that lies at or before the step, in the passage that the step is in; undefined elsewhere. */
export function stopAt(walked: Walked, line: StopLine, step: number): Stop | undefined {
  const { leg, passage, first } = passageAt(walked, step);
  const last = line.findLast(({ event }) => first + event <= step);
  return last?.leg === leg && last.passage === passage ? last : undefined;
}

/** The number of the message that tells of a step: the last at or before it, or the first where it stands before all. */
export function messageAt(messages: readonly MessagePlace[], step: number): number {
  return Math.max(
    0,
    messages.findLastIndex((one) => one.step <= step),
  );
}
