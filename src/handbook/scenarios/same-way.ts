/** When two journeys go the same way. */
import type { ProcessName } from '../../istio/index.ts';
import { endAlike, type Journey } from '../../journey/index.ts';
import { isParty, type Stop, sameStop, stopLines } from '../../render/index.ts';

/** A stop at a rule. */
export type RuleStop = Extract<Stop, { readonly kind: 'chain' }>;

/** What makes a stop the same stop as another one. */
export interface Alike {
  /** Whose uid makes no difference. */
  readonly anyUid: 'of the app' | 'of every process';
  /** What a rule is known by; absent: its place. */
  readonly rule?: (stop: RuleStop) => string;
}

/** The way of a journey, stop by stop. Two journeys go the same way where these are equal. */
export function wayOf(journey: Journey, { anyUid, rule }: Alike): string {
  const app: ProcessName = 'app';
  return JSON.stringify(
    stopLines(journey).map((line) =>
      line.map((stop) => {
        if (stop.kind === 'chain') return rule?.(stop) ?? [stop.table, stop.chain, stop.position];
        if (!isParty(stop)) return stop.kind === 'hook' ? stop.hook : stop.outcome;
        const { name, uid, port } = stop;
        return anyUid === 'of every process' || name === app ? [name, port] : [name, port, uid];
      }),
    ),
  );
}

const byPlace: Alike = { anyUid: 'of the app' };

/** By the same rules, wherever they stand in their chains. */
const byText: Alike = { ...byPlace, rule: ({ chain, rule }) => `${chain} ${rule}` };

/** The way by the text of its rules. An app of another uid goes no other way. */
export function wayByRules(journey: Journey): string {
  return wayOf(journey, byText);
}

/**
 * How two journeys differ, the heavier the further down: not at all, by the positions of the same rules, by other rules
 * to the same end, or in how they end. What cannot be told on one of them cannot be compared.
 */
export type WayDifference = 'as it is' | 'moved' | 'by other rules' | 'cannot tell' | 'ends otherwise';

export function wayDifference(one: Journey, other: Journey): WayDifference {
  if (wayOf(one, byPlace) === wayOf(other, byPlace)) return 'as it is';
  if (wayByRules(one) === wayByRules(other)) return 'moved';
  if ([one, other].some(({ outcome }) => outcome.kind === 'cannot tell')) return 'cannot tell';
  return endAlike(one, other) ? 'by other rules' : 'ends otherwise';
}

/** Whether two journeys have the same path, uids and all. */
export function samePath(one: Journey, other: Journey): boolean {
  const [lines, others] = [stopLines(one), stopLines(other)];
  return (
    lines.length === others.length &&
    lines.every((line, at) => {
      const beside = others[at] ?? [];
      return (
        line.length === beside.length && line.every((stop, index) => sameStop(stop, beside[index] as Stop))
      );
    })
  );
}
