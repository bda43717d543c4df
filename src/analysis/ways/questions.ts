/** Questions about all that can happen in a host: who meets a rule, which rules nobody meets, what differs. */
import type { Family, Host, Packet, TableRef } from '../../netfilter/index.ts';
import { type PacketSet, packetSets } from './conditions.ts';
import { groundOf } from './ground.ts';
import type { Open } from './narrowing.ts';
import { meet } from './packet-set.ts';
import type { Entrance } from './space.ts';
import { type AskedRules, entrancesOf, type PacketWay, type WaysLimits, waysFrom } from './ways.ts';

/** Every way of every first packet through a host. */
export interface Survey {
  readonly host: Host;
  /** Whose packets were gone through: those of which the host has rules. */
  readonly families: readonly Family[];
  readonly ways: readonly SurveyedWay[];
  /** False where there were more ways than the limit: what was found is so, and there may be more. */
  readonly isWhole: boolean;
  /** What some ways hang on that is not told apart. */
  readonly open: readonly Open[];
}

export interface SurveyedWay extends PacketWay {
  readonly family: Family;
}

export function survey(given: Host, limits: WaysLimits = {}): Survey {
  // What opens a connection is none of one that is there.
  const { connections: _, ...host } = given;
  const families = (['v4', 'v6'] as const).filter((family) => hasRules(host, family));
  return surveyOf(host, families, limits);
}

function surveyOf(host: Host, families: readonly Family[], limits: WaysLimits): Survey {
  const parts = families.flatMap((family) => {
    const ground = groundOf(host, family);
    return entrancesOf(host).map((entrance) => ({ family, ...waysFrom(ground, entrance, limits) }));
  });
  const ways = parts.flatMap((part) => part.ways.map((way) => ({ ...way, family: part.family })));
  return {
    host,
    families,
    ways,
    isWhole: parts.every(({ unfinished }) => unfinished.length === 0),
    open: [...new Set(ways.flatMap(({ open }) => open))],
  };
}

/** With the ways of these families too, of which the host may have no rules. */
export function surveyedIn(found: Survey, families: readonly Family[], limits: WaysLimits = {}): Survey {
  const more = families.filter((family) => !found.families.includes(family));
  if (more.length === 0) return found;
  const added = surveyOf(found.host, more, limits);
  return {
    host: found.host,
    families: [...found.families, ...more],
    ways: [...found.ways, ...added.ways],
    isWhole: found.isWhole && added.isWhole,
    open: [...new Set([...found.open, ...added.open])],
  };
}

function hasRules({ rulesets }: Host, family: Family): boolean {
  const own = family === 'v4' ? 'ip' : 'ip6';
  return (
    rulesets[family] !== undefined ||
    rulesets.nft?.tables.some((table) => table.family === 'inet' || table.family === own) === true
  );
}

export interface RuleOfFamily {
  readonly family: Family;
  readonly table: TableRef;
  readonly chain: string;
  readonly position: number;
}

/** Packets of one entrance, and one of them. */
export interface Packets {
  readonly entrance: Entrance;
  readonly sets: readonly PacketSet[];
  readonly example: Packet;
}

export interface Met {
  /** Those that are asked by the rule. */
  readonly asked: readonly Packets[];
  /** Those that match it. */
  readonly matched: readonly Packets[];
}

/** Which first packets come to a rule, and which match it, through the whole way: routing, all tables, NAT, marks, lo. */
export function reach(found: Survey, rule: RuleOfFamily): Met {
  const { asked, matched } = waysOfRule(found, rule);
  return { asked: packetsOnce(found, asked), matched: packetsOnce(found, matched) };
}

/** By which ways they are: of rules that follow each other many are asked by the same, and match what they are asked by. */
const told = new WeakMap<Survey, Map<string, readonly Packets[]>>();

function packetsOnce(found: Survey, ways: readonly number[]): readonly Packets[] {
  const ofSurvey = told.get(found) ?? new Map<string, readonly Packets[]>();
  told.set(found, ofSurvey);
  const key = ways.join();
  const before = ofSurvey.get(key);
  if (before !== undefined) return before;
  const packets = packetsOf(
    found.host,
    ways.map((at) => found.ways[at] as SurveyedWay),
  );
  ofSurvey.set(key, packets);
  return packets;
}

/** By their places among the survey's. */
interface WaysOfRule {
  readonly asked: readonly number[];
  readonly matched: readonly number[];
}

/** What ways had to do with one chain. */
interface WaysOfChain {
  readonly asked: { readonly way: number; readonly rules: AskedRules }[];
  readonly matched: { readonly way: number; readonly position: number }[];
}

/** Gone through once: pages ask rule by rule. */
const known = new WeakMap<Survey, ReadonlyMap<string, WaysOfChain>>();

function byChain(found: Survey): ReadonlyMap<string, WaysOfChain> {
  const before = known.get(found);
  if (before !== undefined) return before;
  const chains = new Map<string, WaysOfChain>();
  const chainOf = (place: Omit<RuleOfFamily, 'position'>) => {
    const name = nameOfChain(place);
    const ofChain = chains.get(name) ?? { asked: [], matched: [] };
    chains.set(name, ofChain);
    return ofChain;
  };
  for (const [way, { family, asked, events }] of found.ways.entries()) {
    for (const rules of asked) {
      const { table, chain } = rules;
      chainOf({ family, table, chain }).asked.push({ way, rules });
    }
    for (const event of events) {
      if (event.kind !== 'rule' || event.matched !== true) continue;
      const { table, chain, position } = event;
      chainOf({ family, table, chain }).matched.push({ way, position });
    }
  }
  known.set(found, chains);
  return chains;
}

function waysOfRule(found: Survey, rule: RuleOfFamily): WaysOfRule {
  const ofChain = byChain(found).get(nameOfChain(rule));
  const { position } = rule;
  const asked = new Set<number>();
  const matched = new Set<number>();
  for (const { way, rules } of ofChain?.asked ?? [])
    if (rules.first <= position && position <= rules.last) asked.add(way);
  for (const one of ofChain?.matched ?? []) if (one.position === position) matched.add(one.way);
  return { asked: [...asked], matched: [...matched] };
}

function nameOfChain({ family, table, chain }: Omit<RuleOfFamily, 'position'>): string {
  return `${family} ${table} ${chain}`;
}

/** The packets of some ways of one family, entrance by entrance. */
export function packetsOf(host: Host, ways: readonly SurveyedWay[]): readonly Packets[] {
  const byEntrance = new Map<string, SurveyedWay[]>();
  for (const way of ways) {
    const key = entranceKey(way.entrance);
    const same = byEntrance.get(key);
    if (same === undefined) byEntrance.set(key, [way]);
    else same.push(way);
  }
  return [...byEntrance.values()].map((same) => {
    const [first] = same as [SurveyedWay];
    return {
      entrance: first.entrance,
      sets: packetSets(
        host,
        first.family,
        first.entrance,
        same.map(({ packets }) => packets),
      ),
      example: usual(same).example,
    };
  });
}

/** The one whose example people know best: TCP before others, a process that is not the proxy's before one that is. */
export function usual(ways: readonly SurveyedWay[]): SurveyedWay {
  const rank = ({ example }: PacketWay) =>
    (example.protocol === 'tcp' ? 0 : example.protocol === 'udp' ? 1 : 2) +
    ((example.mark ?? 0) === 0 ? 0 : 4);
  return ways.reduce((best, one) => (rank(one) < rank(best) ? one : best));
}

/** Whether a packet ends in another way on two hosts with the same addresses. */
export function someEndsOtherwise(a: Survey, b: Survey): boolean {
  return a.ways.some((one) => b.ways.some((other) => share(one, other) && endOf(one) !== endOf(other)));
}

/** Whether some packet goes both ways: on two hosts, or on one where a rule that nobody can judge leads to either. */
export function share(one: SurveyedWay, other: SurveyedWay): boolean {
  return (
    one.family === other.family &&
    entranceKey(one.entrance) === entranceKey(other.entrance) &&
    meet(one.packets, other.packets) !== null
  );
}

function entranceKey(entrance: Entrance): string {
  return entrance.kind === 'process' ? '' : entrance.name;
}

/** How it ends, and with which addresses of those that were written. */
export function endOf({ outcome, events, example }: PacketWay): string {
  const last = events.at(-1)?.packet ?? example;
  const wrote = (['source', 'destination', 'sourcePort', 'destinationPort'] as const).map((field) =>
    last[field] === example[field] ? null : last[field],
  );
  switch (outcome.kind) {
    case 'delivered':
      return JSON.stringify([outcome.kind, outcome.socket?.port, outcome.socket?.process, wrote]);
    case 'sent':
      return JSON.stringify([outcome.kind, outcome.interface, outcome.via, wrote]);
    case 'rejected':
      return JSON.stringify([outcome.kind, outcome.with]);
    default:
      return outcome.kind;
  }
}
