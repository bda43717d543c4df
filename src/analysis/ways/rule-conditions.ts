/** The packets that meet all conditions of one rule, by itself: each condition that is no interval is a field of its own. */
import type { Match, Option, Rule } from '../../netfilter/index.ts';
import { type Box, complement, everything, type Intervals, meet, ordered } from './packet-set.ts';
import { forms } from './plain-conditions.ts';

/** The names of interfaces as numbers, so that patterns are sets of them. */
export interface Interfaces {
  readonly numbers: ReadonlyMap<string, bigint>;
}

/** Every interface that a rule names; `eth+` stands for one more that begins with eth. */
export function interfacesOf(rules: Iterable<Rule>): Interfaces {
  const numbers = new Map<string, bigint>([['lo', 1n]]);
  for (const { matches } of rules) {
    for (const { options } of matches) {
      for (const { name, value } of options) {
        if ((name === '-i' || name === '-o') && !numbers.has(value as string))
          numbers.set(value as string, BigInt(numbers.size + 1));
      }
    }
  }
  return { numbers };
}

function interfaceIntervals({ numbers }: Interfaces, pattern: string): Intervals {
  if (!pattern.endsWith('+')) return [[numbers.get(pattern) ?? 0n, numbers.get(pattern) ?? 0n]];
  const start = pattern.slice(0, -1);
  return ordered(
    [...numbers].flatMap(([name, number]): Intervals => (name.startsWith(start) ? [[number, number]] : [])),
  );
}

/** In these a `!` is the exact contrary, also for a packet that has no such value. */
const exact = new Set(['ip', 'tcp', 'udp', 'owner', 'multiport']);

/** The packets that meet all conditions of a rule, or null where none can; undefined for a rule that was not read. */
export function acceptedBy(rule: Rule, interfaces: Interfaces): Box | null | undefined {
  if (rule.unread !== undefined) return undefined;
  let box: Box | null = everything;
  for (const match of rule.matches) {
    for (const option of match.options) {
      const condition = conditionOf(match, option, interfaces);
      if (condition !== null && box !== null) box = meet(box, condition);
    }
  }
  return box;
}

function conditionOf({ extension }: Match, option: Option, interfaces: Interfaces): Box | null {
  const { name, negated, value } = option;
  if (extension === 'comment') return null;
  if (extension === 'ip' && (name === '-i' || name === '-o')) {
    const inside = interfaceIntervals(interfaces, value as string);
    return new Map([[name, negated ? complement(inside) : inside]]);
  }
  const accepts = forms.get(extension)?.get(name)?.accepts;
  if (accepts !== undefined && (!negated || exact.has(extension))) {
    const inside = ordered(accepts.intervals(value));
    return new Map([[accepts.dimension.field, negated ? complement(inside) : inside]]);
  }
  const words = `${negated ? 'not ' : ''}${extension} ${name} ${written(value)}`;
  return new Map([[words, [[1n, 1n]] as Intervals]]);
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
}
