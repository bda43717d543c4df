/** Random rulesets of native nftables, made of the entries of `conditions.ts` and `statements.ts`. */
import type { Family, Hook } from '../../../src/netfilter/model/ruleset.ts';
import type { Draw } from '../draw.ts';
import { weighted } from '../random-place.ts';
import { conditions, questions } from './conditions.ts';
import type { Caller, NftEntry, NftPlace, NftProtocol, RandomFamily } from './place.ts';
import { effects, endings } from './statements.ts';
import { setsOf } from './values.ts';

export interface NftRandomChain {
  readonly name: string;
  /** What stands in front of its rules; empty where no hook asks it. */
  readonly head: string;
  readonly rules: readonly string[];
}

export interface NftRandomTable {
  /** `inet one`: no two tables have the same last word, which is all that the kernel's trace says. */
  readonly name: string;
  readonly family: RandomFamily;
  /** In front of its chains, beside the sets that each has. */
  readonly sets?: string;
  readonly chains: readonly NftRandomChain[];
}

export interface NftRandomRuleset {
  readonly tables: readonly NftRandomTable[];
}

export type NftKnows = (entry: NftEntry) => boolean;

const bases: readonly Caller[] = [
  ...(['PREROUTING', 'OUTPUT'] as const).flatMap((hook): Caller[] =>
    [-300, -300, -250, -200, -150, 0].map((priority) => ({ hook, type: 'filter', priority })),
  ),
  ...(['INPUT', 'FORWARD', 'POSTROUTING'] as const).flatMap((hook): Caller[] =>
    [-150, -5, 0, 0, 10].map((priority) => ({ hook, type: 'filter', priority })),
  ),
  { hook: 'PREROUTING', type: 'filter', priority: -150 },
  { hook: 'PREROUTING', type: 'filter', priority: -140 },
  { hook: 'PREROUTING', type: 'filter', priority: -100 },
  { hook: 'INPUT', type: 'filter', priority: 100 },
  { hook: 'POSTROUTING', type: 'filter', priority: 100 },
  { hook: 'OUTPUT', type: 'filter', priority: -100 },
  { hook: 'OUTPUT', type: 'route', priority: -150 },
  { hook: 'OUTPUT', type: 'route', priority: -150 },
  { hook: 'OUTPUT', type: 'route', priority: 0 },
  { hook: 'PREROUTING', type: 'nat', priority: -100 },
  { hook: 'PREROUTING', type: 'nat', priority: -100 },
  { hook: 'OUTPUT', type: 'nat', priority: -100 },
  { hook: 'PREROUTING', type: 'nat', priority: -95 },
  { hook: 'OUTPUT', type: 'nat', priority: -100 },
  { hook: 'OUTPUT', type: 'nat', priority: -100 },
  { hook: 'OUTPUT', type: 'nat', priority: -110 },
  { hook: 'INPUT', type: 'nat', priority: 100 },
  { hook: 'POSTROUTING', type: 'nat', priority: 100 },
  { hook: 'POSTROUTING', type: 'nat', priority: 100 },
  { hook: 'POSTROUTING', type: 'nat', priority: 90 },
];

function mayStand(entry: NftEntry, place: NftPlace): boolean {
  const { hooks, types, families, applies, asksReader } = entry;
  return (
    (hooks === undefined || place.callers.every(({ hook }) => hooks.includes(hook))) &&
    (types === undefined || place.callers.every(({ type }) => types.includes(type))) &&
    (families === undefined || families.includes(place.family)) &&
    (asksReader !== true || place.isBase) &&
    (applies === undefined || applies(place))
  );
}

/**
 * nft up to 1.0.6 makes one `!=` of two on fields that stand side by side, be they of a set of one: not both are equal
 * (payload_try_merge in src/rule.c).
 */
function isMerged(part: string, text: string): boolean {
  const [before, behind] = [headerOfUnequal(part), headerOfUnequal(text)];
  return before !== null && before === behind;
}

function headerOfUnequal(text: string): 'network' | 'transport' | null {
  const field = /^(@?\w+)[ ,][^!]* != (?:\{ [^,}-]+ \}|[^{@-]+)$/.exec(text)?.[1] ?? '';
  if (['ip', 'ip6', '@nh'].includes(field)) return 'network';
  return ['tcp', 'udp', 'sctp', 'th', '@th', 'icmp', 'icmpv6'].includes(field) ? 'transport' : null;
}

/** A rule under construction: what of it excludes what else. */
class Rule {
  readonly parts: string[] = [];
  private protocol: NftProtocol | null = null;
  private readonly slots = new Set<string>();
  private readonly draw: Draw;
  private readonly rule: NftPlace & { readonly version: Family };
  private readonly knows: NftKnows;

  constructor(draw: Draw, rule: NftPlace & { readonly version: Family }, knows: NftKnows) {
    this.draw = draw;
    this.rule = rule;
    this.knows = knows;
  }

  add(entries: readonly NftEntry[]): void {
    const { draw, rule } = this;
    const possible = entries.filter((entry) => this.fits(entry));
    if (possible.length === 0) return;
    const entry = weighted(draw, possible);
    const slot = entry.slot ?? entry.name;
    this.slots.add(slot);
    const protocol = this.protocolOf(entry);
    if (protocol !== null && entry.needsProtocol === true) this.name(protocol);
    const text = entry.make(draw, { ...rule, protocol, parts: this.parts });
    if (text !== '' && !this.parts.some((part) => isMerged(part, text))) this.parts.push(text);
  }

  private protocolOf(entry: NftEntry): NftProtocol | null {
    if (entry.protocol === undefined) return null;
    this.protocol ??= this.draw.pick(entry.protocol);
    this.slots.add('protocol');
    return this.protocol;
  }

  private fits(entry: NftEntry): boolean {
    const { rule, slots, protocol } = this;
    return (
      this.knows(entry) &&
      mayStand(entry, rule) &&
      !slots.has(entry.slot ?? entry.name) &&
      (entry.version === undefined || entry.version === rule.version) &&
      (entry.protocol === undefined ||
        (protocol === null ? !slots.has('protocol') : entry.protocol.includes(protocol)))
    );
  }

  /** nft wants it named before ports of any protocol. */
  private name(protocol: NftProtocol): void {
    const names = (part: string) => part.startsWith(`${protocol} `) && !part.startsWith('tcp option ');
    if (this.parts.some((part) => names(part) || part === `meta l4proto ${protocol}`)) return;
    this.parts.push(`meta l4proto ${protocol}`);
  }
}

function drawRule(draw: Draw, place: NftPlace, knows: NftKnows): string {
  const version: Family =
    place.family === 'inet' ? (draw.chance(0.5) ? 'v4' : 'v6') : place.family === 'ip' ? 'v4' : 'v6';
  const rule = new Rule(draw, { ...place, version }, knows);
  // what leaves over lo and is then sent on meets POSTROUTING twice, and a question has one answer
  const isMetOnce = place.callers.every(({ hook }) => hook !== 'POSTROUTING');
  if (place.isBase && isMetOnce && draw.chance(0.3)) {
    // whether it held has to be seen in the trace: nothing is done before it, and nothing can end the rule behind it
    rule.add(conditions.filter(({ asksReader }) => asksReader !== true));
    rule.add(questions);
    rule.add(
      endings.filter(({ name }) => ['accept', 'return', 'continue', 'jump', 'no verdict'].includes(name)),
    );
    return rule.parts.length === 0 ? 'counter' : rule.parts.join(' ');
  }
  for (let count = draw.pick([0, 1, 1, 1, 1, 2, 2, 3]); count > 0; count--) rule.add(conditions);
  for (let count = draw.pick([0, 0, 1, 1, 2]); count > 0; count--) rule.add(effects);
  rule.add(endings);
  const text = rule.parts.join(' ');
  return text === '' ? 'counter' : text;
}

const hookName = (hook: Hook) => hook.toLowerCase();

function drawTable(draw: Draw, name: string, family: RandomFamily, knows: NftKnows): NftRandomTable {
  const own = Array.from({ length: draw.between(2, 6) }, () => draw.pick(bases));
  const regular = Array.from({ length: draw.between(0, 4) }, (_, index) => {
    const callers = draw.chance(0.6) ? [draw.pick(own)] : own.filter(() => draw.chance(0.5));
    return { name: `c${index + 1}`, callers: callers.length === 0 ? [draw.pick(own)] : callers };
  });
  // a chain calls only chains behind it, which all its callers may lead to: no loops
  const below = (callers: readonly Caller[], from: number) =>
    regular.slice(from).filter((chain) => callers.every((one) => chain.callers.includes(one)));
  const rules = (callers: readonly Caller[], from: number, most: number, isBase: boolean) => {
    const place: NftPlace = {
      family,
      callers,
      below: below(callers, from).map((one) => one.name),
      isBase,
    };
    return Array.from({ length: draw.between(isBase ? 1 : 0, most) }, () => drawRule(draw, place, knows));
  };
  const base = own.map((caller, index): NftRandomChain => {
    const { hook, type, priority } = caller;
    const policy = type === 'filter' && draw.chance(0.03) ? 'drop' : 'accept';
    return {
      name: `${hookName(hook)}${index + 1}`,
      head: `type ${type} hook ${hookName(hook)} priority ${priority}; policy ${policy};`,
      rules: rules([caller], 0, 5, true),
    };
  });
  const called = regular.map(
    (chain, index): NftRandomChain => ({
      name: chain.name,
      head: '',
      rules: rules(chain.callers, index + 1, 5, false),
    }),
  );
  return { name: `${family} ${name}`, family, chains: [...called.reverse(), ...base] };
}

/** A ruleset that nft takes. */
export function drawNftRuleset(draw: Draw, knows: NftKnows): NftRandomRuleset {
  const names = ['one', 'two', 'three'].slice(0, draw.pick([1, 2, 2, 3]));
  const families = ['inet', 'inet', 'inet', 'ip', 'ip', 'ip6'] as const;
  return { tables: names.map((name) => drawTable(draw, name, draw.pick(families), knows)) };
}

/** As a script for nft. */
export function nftTextOf({ tables }: NftRandomRuleset): string {
  return tables
    .map(({ name, family, sets = '', chains }) => {
      const written = chains.map(({ name: chain, head, rules }) =>
        [
          `  chain ${chain} {`,
          ...(head === '' ? [] : [`    ${head}`]),
          ...rules.map((rule) => `    ${rule}`),
          '  }',
        ].join('\n'),
      );
      return `table ${name} {\n  ${setsOf(family)}${sets}${written.join('\n')}\n}\n`;
    })
    .join('');
}
