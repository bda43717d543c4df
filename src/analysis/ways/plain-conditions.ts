/** The conditions of a rule that one field decides, each with the values that meet it: found once for a long chain. */
import {
  addressValue,
  hasPorts,
  type MatchOptionForm,
  matchExtensions,
  type Option,
  type Packet,
  type Prefix,
  protocolNumber,
  type Rule,
} from '../../netfilter/index.ts';
import { withBits } from './bits.ts';
import { complement, type Intervals, none, ordered } from './packet-set.ts';

/** The values that meet a condition before any `!`, and the others. */
interface Accepted {
  readonly inside: Intervals;
  readonly outside: Intervals;
}

/** In the order of liking: rules have few protocols and ports, and many addresses. */
const plainFields = ['protocol', 'sourcePort', 'destinationPort', 'source', 'destination'] as const;
export type PlainField = (typeof plainFields)[number];

/** What a packet must have for the rule not to match, whatever else is asked. */
export type Miss =
  | {
      readonly kind: 'field';
      readonly field: PlainField;
      /** Its place among the fields, the first of which is liked most. */
      readonly rank: number;
      readonly misses: Intervals;
    }
  /** Of an interface: it is that of the way, and the same for all. */
  | { readonly kind: 'interface'; readonly isMissed: (devices: Devices) => boolean };

interface Devices {
  readonly in?: string;
  readonly out?: string;
}

export const forms = new Map(
  matchExtensions.map(({ name, options }) => [name, new Map(options.map((form) => [form.name, form]))]),
);

/** Those of which each condition stands for itself: whatever fails, the rule does not match. */
const plain: ReadonlySet<string> = new Set(['ip', 'tcp', 'udp']);

export class PlainConditions {
  private readonly accepted = new Map<Option, Accepted>();
  /** Rules ask for the same values again and again: they are one object. */
  private readonly once = new Map<string, Intervals>();

  acceptedBy(option: Option, { intervals }: NonNullable<MatchOptionForm['accepts']>): Accepted {
    const before = this.accepted.get(option);
    if (before !== undefined) return before;
    const plainly = ordered(intervals(option.value));
    const inside = plainly.length > 0 ? plainly : (withGaps(option.value) ?? []);
    const found = { inside: this.same(inside), outside: this.same(complement(inside)) };
    this.accepted.set(option, found);
    return found;
  }

  private same(intervals: Intervals): Intervals {
    const text = intervals.join(' ');
    const before = this.once.get(text) ?? intervals;
    this.once.set(text, before);
    return before;
  }

  /** Each that alone would keep packets from matching. */
  missesOf(rule: Rule): readonly Miss[] {
    return rule.matches.flatMap(({ extension, options }) =>
      plain.has(extension) ? options.flatMap((option) => this.missOf(extension, option)) : [],
    );
  }

  private missOf(extension: string, option: Option): readonly Miss[] {
    const form = forms.get(extension)?.get(option.name);
    const { negated, value } = option;
    if (form === undefined) return [];
    if (form.field === 'inInterface' || form.field === 'outInterface') {
      const test = form.test(value, 'v4');
      const isMissed = (devices: Devices) => test(devices as Parameters<typeof test>[0]).holds === negated;
      return [{ kind: 'interface', isMissed }];
    }
    const rank = (plainFields as readonly string[]).indexOf(form.field);
    const field = plainFields[rank];
    if (field === undefined || form.accepts === undefined) return [];
    const { inside, outside } = this.acceptedBy(option, form.accepts);
    return inside.length === 0 ? [] : [{ kind: 'field', field, rank, misses: negated ? inside : outside }];
  }
}

/** The addresses of a mask that is no prefix; null for any other value, and where they are too many stretches. */
export function withGaps(value: unknown): Intervals | null {
  if (value === null || typeof value !== 'object' || !('mask' in value && 'family' in value)) return null;
  const { family, address, mask } = value as Prefix;
  return withBits(mask, address, family === 'v4' ? 32 : 128);
}

/** A packet's value of a field, as sets have it. */
export function plainValue(packet: Packet, field: PlainField): bigint {
  switch (field) {
    case 'protocol':
      return BigInt(protocolNumber(packet.protocol) ?? none);
    case 'source':
    case 'destination':
      return addressValue(packet[field]);
    default:
      return hasPorts(packet.protocol) ? BigInt(packet[field] ?? none) : none;
  }
}
