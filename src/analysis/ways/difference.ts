/** The packets that two hosts with the same addresses treat otherwise, in few cases, each with one packet. */
import {
  type Family,
  type Host,
  printNftRule,
  printRule,
  type RuleEvent,
  type Traversal,
  traverse,
} from '../../netfilter/index.ts';
import { packetSets } from './conditions.ts';
import { joined } from './joined.ts';
import type { Open } from './narrowing.ts';
import { type Box, type Intervals, meet } from './packet-set.ts';
import {
  endOf,
  type Packets,
  type RuleOfFamily,
  type Survey,
  type SurveyedWay,
  surveyedIn,
  usual,
} from './questions.ts';
import { type Liked, marksOfBoth, packetOf, withMarks } from './space.ts';

/** How much differs: in the end, or only in the rules that decide. */
export type PacketDifference = 'ends otherwise' | 'goes otherwise' | 'cannot tell';

/** Packets that part at the same rules, to the same two ends. */
export interface DifferentPackets {
  readonly family: Family;
  readonly kind: PacketDifference;
  readonly packets: Packets;
  /** The same as boxes, none of which share a packet. */
  readonly boxes: readonly Box[];
  /** One mark of each kind that either side tells apart: the marks of the boxes are among them. */
  readonly marks: Intervals;
  /** What becomes of the example on each side. */
  readonly traversals: readonly [a: Traversal, b: Traversal];
  /** The rule of each side that matches it and has no like on the other, where there is one. */
  readonly parting: readonly [a: RuleOfFamily | null, b: RuleOfFamily | null];
  /** Where not empty, some of these packets may fare alike, because of these. */
  readonly open: readonly Open[];
}

export interface PacketsThatDiffer {
  /** Those that end otherwise first. */
  readonly cases: readonly DifferentPackets[];
  /** Whether every packet that is in no case fares alike. */
  readonly isWhole: boolean;
  /** What is not told apart on either side. */
  readonly open: readonly Open[];
}

export interface DifferenceLimits extends Liked {
  /** Rules of two languages have nothing in common but the ends. */
  readonly by?: 'rules' | 'ends';
  /** What it means that a host has no ruleset of a family: that there are no rules, or that nobody said. */
  readonly missing?: 'no rules' | 'not told';
}

/** Null where the hosts have other addresses: a packet that enters the one is none of the other. */
export function packetsThatDiffer(
  one: Survey,
  other: Survey,
  { by = 'rules', missing = 'no rules', ...liked }: DifferenceLimits = {},
): PacketsThatDiffer | null {
  if (addressesOf(one.host) !== addressesOf(other.host)) return null;
  // A side without rules of a family lets its packets go: that is a difference, too.
  const [a, b] =
    missing === 'not told'
      ? [one, other]
      : [surveyedIn(one, other.families, liked), surveyedIn(other, one.families, liked)];
  const marks = { v4: marksOfBoth(a.host, b.host, 'v4'), v6: marksOfBoth(a.host, b.host, 'v6') };
  const right = grouped(pathsOf(b, marks), ({ place }) => place);
  const cases = new Map<string, Found>();
  for (const one of pathsOf(a, marks)) {
    for (const other of right.get(one.place) ?? []) {
      const kind = differenceOf(one, other, by);
      if (kind === null) continue;
      const packets = one.boxes.flatMap((box) => other.boxes.flatMap((and) => meet(box, and) ?? []));
      if (packets.length === 0) continue;
      const parting = by === 'ends' ? ([null, null] as const) : partingOf(one, other);
      const drops = by === 'ends' ? [one.isDroppedByRule, other.isDroppedByRule] : [];
      const key = JSON.stringify([
        one.place,
        kind,
        one.end,
        other.end,
        drops,
        parting.map((rule) => rule?.text),
      ]);
      const found = cases.get(key) ?? { kind, parting, parts: [] };
      for (const box of packets) found.parts.push({ one, other, packets: box });
      cases.set(key, found);
    }
  }
  const open = [...new Set([...a.open, ...b.open])];
  return {
    cases: [...cases.values()]
      .map((found) => caseOf([a.host, b.host], found, marks, liked))
      .toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind)),
    isWhole: a.isWhole && b.isWhole && open.length === 0,
    open,
  };
}

const order: readonly PacketDifference[] = ['ends otherwise', 'cannot tell', 'goes otherwise'];

interface Found {
  readonly kind: PacketDifference;
  readonly parting: readonly [Matched | null, Matched | null];
  readonly parts: { readonly one: Path; readonly other: Path; readonly packets: Box }[];
}

function caseOf(
  [a, b]: readonly [Host, Host],
  { kind, parting, parts }: Found,
  marks: MarksOfFamily,
  liked: Liked,
): DifferentPackets {
  const boxes = parts.map(({ packets }) => packets);
  const examples = parts.map(({ one, packets }) => ({
    ...one.way,
    example: packetOf(a, one.way.family, one.way.entrance, packets, liked),
  }));
  const best = usual(examples);
  const { family, entrance, example } = best;
  const { one, other } = parts[examples.indexOf(best)] as Found['parts'][number];
  return {
    family,
    kind,
    packets: { entrance, sets: packetSets(a, family, entrance, boxes, marks[family]), example },
    boxes,
    marks: marks[family],
    traversals: [traverse(a, example, one.way.answers), traverse(b, example, other.way.answers)],
    parting: [parting[0]?.rule ?? null, parting[1]?.rule ?? null],
    open: [...new Set(parts.flatMap((part) => [...part.one.way.open, ...part.other.way.open]))],
  };
}

function differenceOf(one: Path, other: Path, by: 'rules' | 'ends'): PacketDifference | null {
  // What a reader may answer is answered alike on both sides.
  if (one.answers.some(([rule, said]) => other.answers.some((and) => and[0] === rule && and[1] !== said)))
    return null;
  if (one.end !== other.end)
    return [one, other].some(({ way }) => way.outcome.kind === 'cannot tell')
      ? 'cannot tell'
      : 'ends otherwise';
  return by === 'ends' || one.rules === other.rules ? null : 'goes otherwise';
}

interface Matched {
  readonly rule: RuleOfFamily;
  readonly text: string;
}

/** Ways that no comparison tells apart, and one of them. */
interface Path {
  readonly way: SurveyedWay;
  /** The packets of all of them. */
  readonly boxes: readonly Box[];
  readonly place: string;
  readonly end: string;
  /** Who drops makes no other end, and is told all the same where nothing tells of rules. */
  readonly isDroppedByRule: boolean;
  readonly matched: readonly Matched[];
  readonly rules: string;
  readonly answers: readonly (readonly [rule: string, matches: boolean])[];
}

type MarksOfFamily = Readonly<Record<Family, Intervals>>;

function pathsOf({ host, ways }: Survey, marks: MarksOfFamily): readonly Path[] {
  const texts = ruleTexts(host);
  const wider = { v4: withMarks(host, 'v4', marks.v4), v6: withMarks(host, 'v6', marks.v6) };
  const alike = grouped(
    ways.map((way) => pathOf({ ...way, packets: wider[way.family](way.entrance, way.packets) }, texts)),
    ({ way, boxes, matched, ...compared }) => JSON.stringify([compared, way.open]),
  );
  return [...alike.values()].map((same) => ({
    ...(same[0] as Path),
    boxes: joined(same.flatMap(({ boxes }) => boxes)),
  }));
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [one]);
    else same.push(one);
  }
  return groups;
}

function pathOf(way: SurveyedWay, texts: RuleTexts): Path {
  const { family, entrance, events, outcome, answers } = way;
  const matched = events.flatMap((event): readonly Matched[] =>
    event.kind === 'rule' && event.matched === true
      ? [{ rule: ruleOf(family, event), text: texts(family, event) }]
      : [],
  );
  return {
    way,
    boxes: [way.packets],
    place: `${family} ${entrance.kind === 'process' ? '' : entrance.name}`,
    end: endOf(way),
    isDroppedByRule: outcome.kind === 'dropped' && 'chain' in outcome.reason,
    matched,
    rules: matched.map(({ text }) => text).join('\n'),
    answers: answers.map((answer) => [texts(family, answer), answer.matches]),
  };
}

function ruleOf(family: Family, { table, chain, position }: RuleEvent): RuleOfFamily {
  return { family, table, chain, position };
}

/** The first rule of each that the other does not have at this point of its way. */
function partingOf(one: Path, other: Path): readonly [Matched | null, Matched | null] {
  let at = 0;
  while (at < one.matched.length && one.matched[at]?.text === other.matched[at]?.text) at++;
  return [one.matched[at] ?? null, other.matched[at] ?? null];
}

function addressesOf({ interfaces }: Host): string {
  return JSON.stringify(
    interfaces.map(({ name, addresses }) => `${name} ${[...addresses].sort().join(' ')}`).sort(),
  );
}

/** A rule by its chain and its text: where it stands among the others is no difference. */
type RuleTexts = (family: Family, rule: Pick<RuleEvent, 'table' | 'chain' | 'position'>) => string;

function ruleTexts({ rulesets }: Host): RuleTexts {
  const texts = new Map<string, string>();
  for (const family of ['v4', 'v6'] as const)
    for (const { name, chains } of rulesets[family]?.tables ?? [])
      for (const { name: chain, rules } of chains)
        for (const [at, rule] of rules.entries())
          texts.set(`${family} ${name} ${chain} ${at + 1}`, printRule(family, rule));
  for (const { family, name, chains } of rulesets.nft?.tables ?? [])
    for (const { name: chain, rules } of chains)
      for (const [at, rule] of rules.entries())
        texts.set(`${family} ${name} ${chain} ${at + 1}`, withoutCounters(rule));
  return (family, { table, chain, position }) => {
    const place = `${table} ${chain} ${position}`;
    return `${table} ${chain} ${texts.get(`${family} ${place}`) ?? texts.get(place) ?? position}`;
  };
}

function withoutCounters(rule: Parameters<typeof printNftRule>[0]): string {
  return printNftRule({ ...rule, statements: rule.statements.filter(({ kind }) => kind !== 'counter') });
}
