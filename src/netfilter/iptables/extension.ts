/**
 * What a match extension or a target is made of: its options, each with its text both ways, its test on a
 * packet and the packets that it accepts. One extension is one file in `matches/` or `targets/`.
 */
import type { AddressChoice } from '../kernel/nat.ts';
import type { Interval } from '../model/address.ts';
import type { Verdict } from '../model/event.ts';
import type { Host, Socket } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import type { ValueName } from '../model/problem.ts';
import type {
  ConditionReason,
  FieldName,
  Fields,
  OpenTarget,
  QuestionField,
  TargetQuestion,
  TargetReason,
} from '../model/rule-reason.ts';
import type { Family, Hook, Option, TableName } from '../model/ruleset.ts';
import {
  type Dimension,
  type IntervalField,
  notTold,
  type Situation,
  type Tested,
  within,
} from './situation.ts';

/** How one kind of value is written: a port range, a prefix, a mark with its mask. */
export interface ValueKind<V> {
  /** What a problem calls it where another thing stands in its place. */
  readonly name: ValueName;
  /** How many words it takes; 1 for nearly all. */
  readonly words: number;
  /** Null where the words are no such value. */
  readonly read: (words: readonly string[], family: Family) => V | null;
  readonly print: (value: V, family: Family) => string;
}

export interface OptionForm<V = unknown> {
  /** As iptables-save prints it, dashes and all. */
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly negatable: boolean;
  readonly value: ValueKind<V>;
}

export interface MatchOptionForm<V = unknown> extends OptionForm<V> {
  /** What it looks at. */
  readonly field: FieldName;
  /** Its test on a packet, made once for each rule. */
  readonly test: (value: V, family: Family) => (situation: Situation) => Tested;
  /** The value as a reason tells it; absent: as it is kept. */
  readonly wanted?: (value: V, family: Family) => unknown;
  /** The packets that it accepts before any `!`, where they are intervals of one number. */
  readonly accepts?: { readonly dimension: Dimension; readonly intervals: (value: V) => readonly Interval[] };
}

/** A form whose test and whose wanted value are those of its field. */
type OfField<V, F extends FieldName> = Omit<MatchOptionForm<V>, 'field' | 'test' | 'wanted'> & {
  readonly field: F;
  readonly test: (value: V, family: Family) => (situation: Situation) => Tested<Fields[F]['found']>;
} & Wanted<V, F>;

type Wanted<V, F extends FieldName> = [V] extends [Fields[F]['wanted']]
  ? { readonly wanted?: (value: V, family: Family) => Fields[F]['wanted'] }
  : { readonly wanted: (value: V, family: Family) => Fields[F]['wanted'] };

/** The options as the kernel keeps them, from the options as they were written. */
export type Settle = (options: readonly Option[], family: Family) => readonly Option[];

export interface MatchExtension {
  readonly name: string;
  /** `-p tcp --dport` loads `tcp` unasked. */
  readonly impliedBy?: readonly string[];
  /** Absent: both families. */
  readonly family?: Family;
  readonly options: readonly MatchOptionForm[];
  /** Conntrack is switched on for the family while a rule uses this. */
  readonly needsConntrack?: boolean;
  /** The hooks at which the kernel takes it; absent: all. */
  readonly hooks?: readonly Hook[];
  /** Its options as the kernel keeps them, which is how `iptables-save` prints them. */
  readonly settle?: Settle;
  /** Where the whole is not simply each of its options: the kernel's own order of questions. */
  readonly testFirst?: (options: readonly Option[], situation: Situation) => ConditionReason | null;
  /** Set where it is always a question to the reader: what the engine is not told. */
  readonly asks?: QuestionField;
}

/** What a target does to a packet that its rule matched. */
export interface Action {
  readonly verdict: Verdict;
  /** The packet with other fields: a mark, a TTL. */
  readonly packet?: Packet;
  readonly nat?: AddressChoice;
  /** The socket that TPROXY hands the packet to; null for one that is taken to be there. */
  readonly socket?: Socket | null;
  /** Why the target did what it did, where the packet decides that. */
  readonly reason?: TargetReason;
  /** The packet's connection with another mark. */
  readonly connectionMark?: number;
  /** The conntrack zones that the packet is looked up in; one that is absent is 0. */
  readonly zones?: { readonly original?: number; readonly reply?: number };
  readonly untracked?: true;
  /** A zone that nft sets takes back what notrack said before (nft_ct_set_zone_eval). */
  readonly tracksAgain?: true;
  /** The host's ipsets with other members. */
  readonly sets?: NonNullable<Host['sets']>;
  /** Set where the engine was not told enough to say what the target does. */
  readonly unknown?: TargetQuestion;
}

export interface TargetExtension {
  readonly name: string;
  readonly family?: Family;
  readonly options: readonly OptionForm[];
  readonly needsConntrack?: (options: readonly Option[]) => boolean;
  /** The tables and hooks in which the kernel takes it; absent: all. */
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
  readonly settle?: Settle;
  readonly act: (options: readonly Option[], situation: Situation) => Action;
  /** Set where what comes of it is decided elsewhere: by what. */
  readonly leavesOpen?: OpenTarget;
}

/** Keeps the types of the option's value and of its field between its reading, its printing and its test. */
export function matchOption<V>(form: { [F in FieldName]: OfField<V, F> }[FieldName]): MatchOptionForm {
  return form as unknown as MatchOptionForm;
}

export function targetOption<V>(form: OptionForm<V>): OptionForm {
  return form as unknown as OptionForm;
}

/** An option that holds for intervals of a number: its test follows from the packets it accepts. */
export function intervalOption<V, F extends IntervalField>(
  form: Omit<MatchOptionForm<V>, 'test' | 'accepts' | 'field' | 'wanted'> & {
    readonly dimension: Dimension<F>;
    readonly intervals: (value: V) => readonly Interval[];
  } & Wanted<V, F>,
): MatchOptionForm {
  const { dimension, intervals, ...rest } = form;
  const { field, of, found = of, isTold } = dimension;
  return {
    ...rest,
    field,
    accepts: { dimension, intervals },
    test: (value: V) => {
      const accepted = intervals(value);
      return (situation: Situation) => {
        if (isTold?.(situation) === false) return notTold;
        const number = of(situation);
        return { holds: number !== null && within(accepted, number), found: found(situation) };
      };
    },
  } as unknown as MatchOptionForm;
}

/** The options with this one where it was left out. */
export function withDefault(options: readonly Option[], name: string, value: unknown): readonly Option[] {
  return options.some((option) => option.name === name)
    ? options
    : [...options, { name, negated: false, value }];
}

export function optionValue<V>(options: readonly Option[], name: string): V | undefined {
  return options.find((option) => option.name === name)?.value as V | undefined;
}

export type { ConditionReason, Interval, Option, Situation, Tested };

/** Each option of an extension by each of its names, and its place among those that iptables-save prints. */
export interface Forms {
  readonly byName: ReadonlyMap<string, OptionForm>;
  readonly order: ReadonlyMap<string, number>;
}

export function formsOf(options: readonly OptionForm[]): Forms {
  return {
    byName: new Map(
      options.flatMap((form) => [form.name, ...(form.aliases ?? [])].map((name) => [name, form] as const)),
    ),
    order: new Map(options.map(({ name }, at) => [name, at] as const)),
  };
}
