/**
 * The rules that nothing matches. Somebody may delete what is called dead: a rule is none where any packet that is not
 * gone through might match it.
 */
import { type Family, type Host, type RuleEvent, trackingRule } from '../../netfilter/index.ts';
import { groundOf } from './ground.ts';
import { hangsOnKind } from './kinds.ts';
import { marksOfKinds, marksUsed } from './marks.ts';
import { isOfOutput, type NatRule, natRules } from './nat-rules.ts';
import { type Box, complement } from './packet-set.ts';
import type { RuleOfFamily, Survey, SurveyedWay } from './questions.ts';
import { type Entrance, ownAddresses } from './space.ts';
import { type PacketWay, takenBefore, type Ways, waysFrom, waysOf } from './ways.ts';

/** A rule that no first packet matches, of those that people think of. */
export interface DeadRule extends RuleOfFamily {
  /**
   * Rules of the same chain that take, before it, what it would match; none where nothing that it would match comes to
   * the chain at all.
   */
  readonly takenBy: readonly number[];
  /** Packets of these kinds match it after all. */
  readonly rare: readonly RareKind[];
}

/** Packets that people rarely think of. */
export type RareKind =
  /** Of a socket with addresses that are not the host's (IP_TRANSPARENT). */
  | 'transparent'
  /** Made by the host itself, without a process. */
  | 'kernel'
  /** Of a socket that is bound to an interface (SO_BINDTODEVICE). */
  | 'bound'
  /** With a mark that it came in with. */
  | 'marked'
  /** Sent on by the host, where nobody said whether it does. */
  | 'sent on';

/**
 * The rules of nat that nothing matches, as the host is: nat is asked about first packets only. A rule of another table
 * that first packets do not match may still meet a later one, and is not among them. Empty where not all ways are known.
 */
export function deadRules(found: Survey): readonly DeadRule[] {
  const dead = known.get(found) ?? deadIn(found);
  known.set(found, dead);
  return dead;
}

/** Found once: pages ask for them rule by rule. */
const known = new WeakMap<Survey, readonly DeadRule[]>();

function deadIn(found: Survey): readonly DeadRule[] {
  const { host } = found;
  if (!found.isWhole || found.ways.some(isUntold)) return [];
  const alive = matchedIn(found.ways);
  const isIn = ({ families, ...rule }: NatRule, keys: ReadonlySet<string>) =>
    families.some((family) => keys.has(keyOf(family, rule)));
  // Without connection tracking nat asks nothing; another program may switch it on.
  const dead = natRules(host).filter(
    (rule) =>
      !isIn(rule, alive) &&
      rule.families.every((family) => trackingRule(host, family) !== null) &&
      !hangsOnKind(host, rule),
  );
  const others = dead.length === 0 ? null : matchedByOthers(found, dead);
  if (others === null) return [];
  return dead.map((rule) => {
    const { families, table, chain, position } = rule;
    const place = { family: families[0] as Family, table, chain, position };
    const rare = [...others].flatMap(([kind, keys]) => (isIn(rule, keys) ? [kind] : []));
    return { ...place, takenBy: takers(found.ways, families, place), rare };
  });
}

/**
 * What each rare kind of packet matches beside what all do: those are gone through, and match none of these rules. Null
 * where that is not known of all.
 */
function matchedByOthers(
  { host, ways: usual }: Survey,
  dead: readonly NatRule[],
): ReadonlyMap<RareKind, ReadonlySet<string>> | null {
  const matched = new Map<RareKind, Set<string>>();
  for (const family of new Set(dead.flatMap(({ families }) => families))) {
    if (!marksOfKinds(marksUsed(host, family)).isWhole) return null;
    const ground = groundOf(host, family);
    const isOfProcesses = dead.every((rule) => !rule.families.includes(family) || isOfOutput(host, rule));
    const stopped: PacketWay[] = usual.filter((way) => way.family === family && isStopped(way));
    for (const [kind, entrance, within] of rareEntrances(host, family)) {
      // What comes in by an interface comes to none of them.
      if (isOfProcesses && entrance.kind === 'interface') continue;
      const { ways, unfinished } =
        kind === 'sent on'
          ? sentOn(host, family, entrance, stopped)
          : waysFrom(ground, entrance, within === undefined ? {} : { within: [within] });
      if (unfinished.length > 0 || ways.some(isUntold)) return null;
      if (kind === 'marked') stopped.push(...ways.filter(isStopped));
      const keys = matched.get(kind) ?? new Set();
      matched.set(kind, keys);
      const own = ways.map((way) => ({ ...way, family }));
      for (const key of matchedIn(own)) keys.add(key);
      // Whoever is not sent on fares alike where others are.
      if (kind !== 'marked') continue;
      const alike = matched.get('sent on') ?? new Set();
      matched.set('sent on', alike);
      for (const key of matchedIn(own.filter((way) => !isStopped(way)))) alike.add(key);
    }
  }
  return matched;
}

function isStopped({ outcome }: PacketWay): boolean {
  return outcome.kind === 'dropped' && outcome.reason.code === 'forwarding is off';
}

/** Of IPv4 those alone that were stopped before; a host that sends on IPv6 is in groups of routers, too. */
function sentOn(host: Host, family: Family, entrance: Entrance, stopped: readonly PacketWay[]): Ways {
  const sending = sendingOn(host, family);
  if (family === 'v6') return waysOf(sending, family, entrance);
  const within = stopped.flatMap((way) => (isSame(way.entrance, entrance) ? [way.packets] : []));
  return waysOf(sending, family, entrance, { within });
}

function isSame(one: Entrance, other: Entrance): boolean {
  return one.kind === 'interface' && other.kind === 'interface' && one.name === other.name;
}

/** What becomes of some of its packets is not known. */
function isUntold({ open, outcome }: PacketWay): boolean {
  return open.length > 0 || outcome.kind === 'cannot tell';
}

function sendingOn(host: Host, family: Family): Host {
  const forwarding = family === 'v4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
  return { ...host, sysctls: { [forwarding]: 1, ...host.sysctls } };
}

/** Of each kind where it enters, and which of the packets that enter there are of no other kind. */
function rareEntrances(host: Host, family: Family): readonly (readonly [RareKind, Entrance, within?: Box])[] {
  const transparent = { kind: 'process', isTransparent: true } as const;
  const foreign: Box = new Map([['source', complement(ownAddresses(host, family))]]);
  const isMarked: Box = new Map([['mark', complement([[0n, 0n]])]]);
  return [
    ['transparent', transparent, foreign],
    ['kernel', { ...transparent, isKernel: true }],
    ...host.interfaces.flatMap(({ name }): readonly (readonly [RareKind, Entrance, within?: Box])[] => {
      if (name === 'lo') return [];
      const marked = { kind: 'interface', name, isMarked: true } as const;
      return [
        ['bound', { ...transparent, boundTo: name }],
        ['marked', marked, isMarked],
        ['sent on', marked],
      ];
    }),
  ];
}

function keyOf(family: Family, { table, chain, position }: Pick<RuleEvent, 'table' | 'chain' | 'position'>) {
  return `${family} ${table} ${chain} ${position}`;
}

function matchedIn(ways: readonly SurveyedWay[]): ReadonlySet<string> {
  const matched = new Set<string>();
  for (const { family, events } of ways)
    for (const event of events)
      if (event.kind === 'rule' && event.matched !== false) matched.add(keyOf(family, event));
  return matched;
}

/** The rules before it in its chain behind which nothing came to it. */
function takers(
  ways: readonly (PacketWay & { readonly family: Family })[],
  families: readonly Family[],
  { table, chain, position }: RuleOfFamily,
): readonly number[] {
  const taking = new Set<number>();
  for (const way of ways) {
    const taken = families.includes(way.family) ? takenBefore(way, { table, chain, position }) : null;
    if (taken !== null) taking.add(taken);
  }
  return [...taking].sort((a, b) => a - b);
}
