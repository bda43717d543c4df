/**
 * Random rulesets. A new match or target is one more entry in `matches` or `targets`; an entry is drawn only when
 * the engine knows its extension.
 */
import { matchExtensions, targetExtensions } from '../../src/netfilter/index.ts';
import { builtInChains, type Family, type Hook, type TableName } from '../../src/netfilter/ruleset.ts';
import type { Draw } from './draw.ts';
import { ports, values } from './random-values.ts';

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

const walked = ['raw', 'mangle', 'nat', 'filter'] as const;

interface Place {
  readonly family: Family;
  readonly table: TableName;
  readonly callers: readonly Hook[];
  /** Chains that may be jumped to from here. */
  readonly below: readonly string[];
}

/** One condition of a rule. */
interface MatchEntry {
  /** For `--without`; the extension's name when absent. */
  readonly name?: string;
  /** What stands behind `-m`; `ip` for the options that need none. */
  readonly extension: string;
  readonly weight: number;
  /** The hooks where it may stand; all when absent. */
  readonly hooks?: readonly Hook[];
  /** What `-p` must say beside it. */
  readonly protocol?: readonly ('tcp' | 'udp')[];
  readonly make: (draw: Draw, place: Place) => string;
}

interface TargetEntry {
  /** For `--without`; the extension's name when absent. */
  readonly name?: string;
  readonly extension: string;
  readonly weight: number;
  readonly hooks?: readonly Hook[];
  readonly tables?: readonly TableName[];
  readonly protocol?: readonly ('tcp' | 'udp')[];
  readonly applies?: (place: Place) => boolean;
  readonly make: (draw: Draw, place: Place) => string;
}

const not = (draw: Draw) => (draw.chance(0.3) ? '! ' : '');
const portOrRange = (draw: Draw) => {
  const port = draw.pick(ports);
  return draw.chance(0.25) ? `${port}:${port + draw.between(0, 8000)}` : String(port);
};
const device = (draw: Draw) => draw.pick(['lo', 'eth0', 'eth+', 'lo', 'eth0', 'eth1']);

const matches: readonly MatchEntry[] = [
  {
    extension: 'ip',
    weight: 3,
    make: (draw, { family }) => `${not(draw)}-s ${draw.pick(values[family].prefixes)}`,
  },
  {
    extension: 'ip',
    weight: 4,
    make: (draw, { family }) => `${not(draw)}-d ${draw.pick(values[family].prefixes)}`,
  },
  {
    extension: 'ip',
    weight: 2,
    hooks: ['PREROUTING', 'INPUT', 'FORWARD'],
    make: (draw) => `${not(draw)}-i ${device(draw)}`,
  },
  {
    extension: 'ip',
    weight: 3,
    hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}-o ${device(draw)}`,
  },
  {
    extension: 'tcp',
    weight: 3,
    protocol: ['tcp'],
    make: (draw) => `${not(draw)}--dport ${portOrRange(draw)}`,
  },
  {
    extension: 'udp',
    weight: 2,
    protocol: ['udp'],
    make: (draw) => `${not(draw)}--dport ${portOrRange(draw)}`,
  },
  {
    extension: 'tcp',
    weight: 1,
    protocol: ['tcp'],
    // no single port after a `!`: iptables-nft 1.8.9 makes of `! --sport 80 ! --dport 90` a rule that matches when
    // either differs, where legacy wants both to (one comparison of both ports as one number)
    make: (draw) =>
      draw.chance(0.3)
        ? '--sport 80'
        : `${not(draw)}--sport ${draw.pick(['1:65535', '20000:30000', '15001:40000'])}`,
  },
  {
    extension: 'owner',
    weight: 3,
    hooks: ['OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}--uid-owner ${draw.pick(['1337', '1000', '0', '0-1000'])}`,
  },
  {
    extension: 'owner',
    weight: 3,
    hooks: ['OUTPUT', 'POSTROUTING'],
    make: (draw) => `${not(draw)}--gid-owner ${draw.pick(['1337', '1000', '1000-2000'])}`,
  },
];

const targets: readonly TargetEntry[] = [
  { extension: 'standard', weight: 2, make: () => '-j ACCEPT' },
  { extension: 'standard', weight: 3, make: () => '-j RETURN' },
  {
    extension: 'standard',
    weight: 0.5,
    // iptables refuses to drop in nat
    tables: ['raw', 'mangle', 'filter'],
    make: () => '-j DROP',
  },
  {
    extension: 'standard',
    weight: 6,
    applies: ({ below }) => below.length > 0,
    make: (draw, { below }) => `-j ${draw.pick(below)}`,
  },
  {
    name: 'goto',
    extension: 'standard',
    weight: 1,
    applies: ({ below }) => below.length > 0,
    make: (draw, { below }) => `-g ${draw.pick(below)}`,
  },
  { extension: 'standard', weight: 1, make: () => '' },
  {
    extension: 'REDIRECT',
    weight: 3,
    tables: ['nat'],
    hooks: ['PREROUTING', 'OUTPUT'],
    protocol: ['tcp', 'udp'],
    make: (draw) => `-j REDIRECT --to-ports ${draw.pick([15001, 15006, 8080, 9999])}`,
  },
  {
    extension: 'REDIRECT',
    weight: 0.5,
    tables: ['nat'],
    hooks: ['PREROUTING', 'OUTPUT'],
    make: () => '-j REDIRECT',
  },
];

const known = new Set(['standard', ...[...matchExtensions, ...targetExtensions].map(({ name }) => name)]);

function weighted<Entry extends { readonly weight: number }>(draw: Draw, entries: readonly Entry[]): Entry {
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  let at = draw.below(Math.round(total * 1000)) / 1000;
  for (const entry of entries) {
    at -= entry.weight;
    if (at < 0) return entry;
  }
  return draw.pick(entries);
}

function mayStand(
  entry: { readonly name?: string; readonly extension: string; readonly hooks?: readonly Hook[] },
  callers: readonly Hook[],
): boolean {
  const { hooks } = entry;
  if (!known.has(entry.extension) || omitted.has(entry.name ?? entry.extension)) return false;
  return hooks === undefined || callers.every((hook) => hooks.includes(hook));
}

/** Entries that are not drawn, by name. */
const omitted = new Set<string>();

/** Leaves entries out of all rulesets that are drawn from now on. */
export function without(names: readonly string[]): void {
  for (const name of names) omitted.add(name);
}

function drawRule(draw: Draw, place: Place): string {
  const target = weighted(
    draw,
    targets.filter(
      (entry) =>
        mayStand(entry, place.callers) &&
        (entry.tables === undefined || entry.tables.includes(place.table)) &&
        (entry.applies === undefined || entry.applies(place)),
    ),
  );
  let protocols: readonly string[] | undefined = target.protocol;
  const used = new Map<MatchEntry, string>();
  const wanted = draw.pick([0, 1, 1, 1, 2, 2, 3]);
  for (let count = 0; count < wanted; count++) {
    const possible = matches.filter(
      (entry) =>
        !used.has(entry) &&
        mayStand(entry, place.callers) &&
        (entry.protocol === undefined ||
          protocols === undefined ||
          entry.protocol.some((one) => protocols?.includes(one))),
    );
    if (possible.length === 0) break;
    const entry = weighted(draw, possible);
    protocols = entry.protocol?.filter((one) => protocols?.includes(one) ?? true) ?? protocols;
    used.set(entry, entry.make(draw, place));
  }
  const protocol =
    protocols !== undefined
      ? `-p ${draw.pick(protocols)}`
      : draw.chance(0.25)
        ? `${not(draw)}-p ${draw.pick(['tcp', 'udp'])}`
        : '';
  // the options of one extension stand behind one -m
  const byExtension = new Map<string, string[]>([['ip', [protocol]]]);
  for (const [{ extension }, text] of used)
    byExtension.set(extension, [...(byExtension.get(extension) ?? [`-m ${extension}`]), text]);
  return [...[...byExtension.values()].flat(), target.make(draw, place)]
    .filter((part) => part !== '')
    .join(' ');
}

function drawTable(draw: Draw, family: Family, name: TableName): RandomTable {
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
    return Array.from({ length: draw.between(0, most) }, () => drawRule(draw, place));
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
export function drawRuleset(draw: Draw, family: Family): RandomRuleset {
  const present = walked.filter((name) => draw.chance(name === 'nat' ? 0.9 : 0.6));
  return { family, tables: present.map((name) => drawTable(draw, family, name)) };
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
