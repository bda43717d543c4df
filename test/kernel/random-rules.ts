/** Random rulesets, made of the entries of `random-matches.ts` and `random-targets.ts` that the engine knows. */
import { parseRuleset } from '../../src/netfilter/index.ts';
import {
  builtInChains,
  type Family,
  type Hook,
  type TableName,
  tableNames,
} from '../../src/netfilter/model/ruleset.ts';
import { Draw } from './draw.ts';
import { matches } from './random-matches.ts';
import { type Entry, not, type Place, type Protocol, weighted } from './random-place.ts';
import { targets } from './random-targets.ts';

export interface RandomChain {
  readonly name: string;
  readonly policy: 'ACCEPT' | 'DROP' | null;
  /** The built-in chains that lead here: what may stand in the chain hangs on them. */
  readonly callers: readonly Hook[];
  readonly rules: readonly string[];
}

export interface RandomTable {
  readonly name: TableName;
  readonly chains: readonly RandomChain[];
}

export interface RandomRuleset {
  readonly family: Family;
  readonly tables: readonly RandomTable[];
}

/**
 * Once it was used, the legacy table of NAT stays registered in its namespace: it is there with every batch, be it
 * without rules, so that it always stands where the engine has it.
 */
export function withNat(ruleset: RandomRuleset): RandomRuleset {
  if (ruleset.tables.some(({ name }) => name === 'nat')) return ruleset;
  const callers = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'] as const;
  const chains = callers.map((hook) => ({
    name: hook,
    policy: 'ACCEPT' as const,
    callers: [hook],
    rules: [],
  }));
  return { ...ruleset, tables: [...ruleset.tables, { name: 'nat', chains }] };
}

/** How often each table is there. */
const walked = { raw: 0.6, mangle: 0.6, nat: 0.9, filter: 0.6, security: 0.3 } as const;

/** Which kinds of rules are drawn: those that the engine knows, unless told otherwise. */
export type Knows = (entry: Entry) => boolean;

/** Without what hangs on sockets, where real ones are at work. */
export function exceptCrafted(knows: Knows): Knows {
  return (entry) => entry.isCrafted !== true && knows(entry);
}

/** What the engine can read, without the entries of these names. */
export function knownBut(names: readonly string[]): Knows {
  const read = new Map<Entry, boolean>();
  return (entry) => {
    if (names.includes(entry.name ?? entry.extension)) return false;
    const known = read.get(entry) ?? engineReads(entry);
    read.set(entry, known);
    return known;
  };
}

/** Whether the engine reads a dozen rules of this kind. */
function engineReads(entry: Entry): boolean {
  const table = entry.tables?.[0] ?? 'mangle';
  const hook = entry.hooks?.find((one) => builtInChains[table].includes(one)) ?? 'OUTPUT';
  const family = entry.families?.[0] ?? 'v4';
  const place: Place = { family, table, callers: [hook], below: ['C1'] };
  const draw = new Draw(0);
  const rules = Array.from({ length: 12 }, () => {
    const protocol = entry.protocol === undefined ? '' : `-p ${entry.protocol[0]} `;
    const module = matches.includes(entry) && entry.extension !== 'ip' ? `-m ${entry.extension} ` : '';
    return `-A ${hook} ${protocol}${module}${entry.make(draw, place)}`.trimEnd();
  });
  const text = [`*${table}`, `:${hook} ACCEPT [0:0]`, ':C1 - [0:0]', ...rules, 'COMMIT\n'].join('\n');
  return parseRuleset(text, family).problems.length === 0;
}

function mayStand(entry: Entry, place: Place): boolean {
  const { hooks, tables, families, applies } = entry;
  return (
    (hooks === undefined || place.callers.every((hook) => hooks.includes(hook))) &&
    (tables === undefined || tables.includes(place.table)) &&
    (families === undefined || families.includes(place.family)) &&
    (applies === undefined || applies(place))
  );
}

function drawRule(draw: Draw, place: Place, knows: Knows): string {
  const isPossible = (entry: Entry) => knows(entry) && mayStand(entry, place);
  const target = weighted(draw, targets.filter(isPossible));
  let protocols: readonly Protocol[] | undefined = target.protocol;
  const used = new Map<Entry, string>();
  const slots = new Set<string>();
  const wanted = draw.pick([0, 1, 1, 1, 2, 2, 3]);
  for (let count = 0; count < wanted; count++) {
    const possible = matches.filter(
      (entry) =>
        isPossible(entry) &&
        !slots.has(entry.slot ?? entry.extension) &&
        (entry.protocol === undefined ||
          protocols === undefined ||
          entry.protocol.some((one) => protocols?.includes(one))),
    );
    if (possible.length === 0) break;
    const entry = weighted(draw, possible);
    slots.add(entry.slot ?? entry.extension);
    protocols = entry.protocol?.filter((one) => protocols?.includes(one) ?? true) ?? protocols;
    used.set(entry, entry.make(draw, place));
  }
  const protocol =
    protocols !== undefined
      ? `-p ${draw.pick(protocols)}`
      : draw.chance(0.25)
        ? `${not(draw)}-p ${draw.pick(['tcp', 'udp', 'tcp', 'udp', place.family === 'v4' ? 'icmp' : 'ipv6-icmp'])}`
        : '';
  // the options of one extension stand behind one -m
  const byExtension = new Map<string, string[]>([['ip', [protocol]]]);
  for (const [{ extension }, text] of used)
    byExtension.set(extension, [...(byExtension.get(extension) ?? [`-m ${extension}`]), text]);
  return [...[...byExtension.values()].flat(), target.make(draw, place)]
    .filter((part) => part !== '')
    .join(' ');
}

function drawTable(draw: Draw, family: Family, name: TableName, knows: Knows): RandomTable {
  const hooks = builtInChains[name];
  const count = draw.pick([0, 1, 2, 3, 4]);
  const user = Array.from({ length: count }, (_, index) => {
    const callers = draw.chance(0.6) ? [draw.pick(hooks)] : hooks.filter(() => draw.chance(0.5));
    return { name: `C${index + 1}`, callers: callers.length === 0 ? [draw.pick(hooks)] : callers };
  });
  // a chain calls only chains behind it, which all its callers may lead to: no loops
  const below = (callers: readonly Hook[], from: number) =>
    user.slice(from).filter((chain) => callers.every((hook) => chain.callers.includes(hook)));
  const rules = (callers: readonly Hook[], from: number, most: number) => {
    const place: Place = { family, table: name, callers, below: below(callers, from).map((one) => one.name) };
    return Array.from({ length: draw.between(0, most) }, () => drawRule(draw, place, knows));
  };
  const builtIn = hooks.map((hook): RandomChain => {
    const drops = name !== 'nat' && draw.chance(0.04);
    return { name: hook, policy: drops ? 'DROP' : 'ACCEPT', callers: [hook], rules: rules([hook], 0, 4) };
  });
  const called = user.map(
    (chain, index): RandomChain => ({ ...chain, policy: null, rules: rules(chain.callers, index + 1, 5) }),
  );
  return { name, chains: [...builtIn, ...called] };
}

/** A ruleset that both back ends accept. */
export function drawRuleset(draw: Draw, family: Family, knows: Knows): RandomRuleset {
  const present = tableNames.filter((name) => draw.chance(walked[name]));
  return { family, tables: present.map((name) => drawTable(draw, family, name, knows)) };
}

/** In `iptables-restore`'s form. */
export function textOf({ tables }: RandomRuleset): string {
  return tables
    .map(({ name, chains }) =>
      [
        `*${name}`,
        ...chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} [0:0]`),
        ...chains.flatMap((chain) => chain.rules.map((rule) => `-A ${chain.name} ${rule}`.trimEnd())),
        'COMMIT\n',
      ].join('\n'),
    )
    .join('');
}
