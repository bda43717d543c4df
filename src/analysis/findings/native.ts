/**
 * Where a sidecar's native rules differ from those that Istio would program. What is to be done is data in nft's own
 * terms: where to insert, by a handle where the text has it and else by an index, and which handle to delete. Done in the
 * order of the findings, it leads to Istio's rules; test/kernel/native-fixes.test.ts does it.
 */
import { defaultOptions, optionTable, type Role } from '../../istio/index.ts';
import type { NftBase, NftChain, NftHook, NftRule, NftRuleset, NftTable } from '../../netfilter/index.ts';
import { hasIstio } from '../identify.ts';
import {
  isIstioTable,
  listedText,
  type NativeIdentification,
  type NativeRuleDifference,
  nftChainNamed,
  nftTableNamed,
} from '../native/index.ts';
import type { Examined, FindingOf } from './finding.ts';

/** Where a rule of nft stands; positions count from 1. */
export interface NftPlace {
  /** `istio-proxy-nat`; Istio's are of the family inet. */
  readonly table: string;
  readonly chain: string;
  readonly position: number;
}

export interface NamedNftRule {
  readonly at: NftPlace;
  /** As nft lists it, without numbers of its counter: `meta skuid 1337 counter return`. */
  readonly rule: string;
}

/** Before which rule to insert: by its handle, or by its index from 0; behind the last one where neither is. */
export interface InsertBefore {
  readonly handle?: number;
  readonly index?: number;
}

/** The rule to delete; null where the text has no handles. */
interface ByHandle {
  readonly handle: number | null;
}

/** What a rule of others does with the connections that it matches; null where that is not seen. */
export type NativeEffect = 'passes by Envoy' | 'throws away' | 'sends elsewhere';

export type NativeFinding =
  | FindingOf<
      'nft.rule-missing',
      NamedNftRule & { readonly role: Role | null; readonly before: InsertBefore }
    >
  /** Too many to be named one by one. */
  | FindingOf<
      'nft.rules-missing',
      {
        readonly count: number;
        readonly release: string;
        readonly chains: readonly string[];
        readonly first: NamedNftRule;
      }
    >
  /** A rule of Istio's that stands elsewhere in its chain; `meant` is its place. */
  | FindingOf<
      'nft.rule-moved',
      NamedNftRule & ByHandle & { readonly meant: number; readonly before: InsertBefore }
    >
  | FindingOf<
      'nft.rule-foreign',
      NamedNftRule & ByHandle & { readonly release: string; readonly effect: NativeEffect | null }
    >
  /** The same rule of Istio's a second time; `same` is the position of the first. */
  | FindingOf<'nft.rule-twice', NamedNftRule & ByHandle & { readonly same: number }>
  | FindingOf<'nft.rules-twice', { readonly count: number; readonly first: NamedNftRule }>
  /** The text tells of a part of the rules alone. */
  | FindingOf<'nft.part', { readonly has: number; readonly missing: number; readonly release: string }>
  /** A chain that no hook asks as Istio means it: by another hook, at another priority, with a policy to drop. */
  | FindingOf<
      'nft.chain-otherwise',
      {
        readonly table: string;
        readonly chain: string;
        readonly has: NftBase | null;
        readonly meant: NftBase;
      }
    >
  /** A table that is turned off: no hook asks it. */
  | FindingOf<'nft.dormant', { readonly table: string }>
  /** A chain of others at a hook of the pod, which may take connections before Istio's. */
  | FindingOf<
      'nft.other-table',
      {
        readonly family: string;
        readonly table: string;
        readonly chain: string;
        readonly hook: NftHook;
        readonly priority: number;
        readonly effect: NativeEffect | null;
      }
    >
  /** The rules are made with an option that turns a direction off, or the last rule of it is missing. */
  | FindingOf<'nft.nothing-outbound' | 'nft.nothing-inbound', { readonly setBy: string }>
  /** Connections are sent to another port than Istio's own. */
  | FindingOf<
      'nft.other-listener',
      NamedNftRule & {
        readonly direction: 'outbound' | 'inbound';
        readonly port: string;
        readonly usual: string;
      }
    >
  /** Istio's rules stand in iptables, too, and the kernel asks both. */
  | FindingOf<'nft.istio-in-both'>;

/** More missing rules than these are counted, and so are those that stand there twice. */
const mostNamed = 3;
const mostTables = 8;

export function againstNative({ native, kind, backEnds }: Examined): readonly NativeFinding[] {
  if (native === null || kind !== 'native nftables') return [];
  const { ruleset, identification } = native;
  if (identification === null) return [];
  const mayBeLost = !native.isWhole && identification.missing.length > 0;
  if (mayBeLost || !hasItsHooks(ruleset)) return part(identification);
  const inBoth = backEnds.some(({ v4, v6 }) => hasIstio(v4) || hasIstio(v6));
  return [
    ...(inBoth ? [{ id: 'nft.istio-in-both', weight: 'wrong' } as const] : []),
    ...ruleset.tables.filter(isIstioTable).flatMap((table) => asleep(table)),
    ...bases(ruleset, identification),
    ...rules(ruleset, identification),
    ...settings(identification),
    ...othersAt(ruleset),
  ];
}

function asleep({ name, flags }: NftTable): readonly NativeFinding[] {
  return flags?.includes('dormant') ? [{ id: 'nft.dormant', weight: 'wrong', table: name }] : [];
}

/** Chains that are there, and are asked otherwise. That one is not there is told by its rules. */
function bases(ruleset: NftRuleset, { expected }: NativeIdentification): readonly NativeFinding[] {
  return expected.tables.flatMap(({ name: table, chains }) =>
    chains.flatMap(({ name: chain, base: meant }): readonly NativeFinding[] => {
      const here = nftChainNamed(ruleset, table, chain);
      if (here === undefined || meant === undefined) return [];
      const has = here.base ?? null;
      const isSame =
        has !== null &&
        has.type === meant.type &&
        has.hook === meant.hook &&
        has.priority === meant.priority &&
        has.policy === meant.policy;
      return isSame ? [] : [{ id: 'nft.chain-otherwise', weight: 'wrong', table, chain, has, meant }];
    }),
  );
}

function named({ table, chain, position, rule }: NativeRuleDifference): NamedNftRule {
  return { at: { table, chain, position }, rule };
}

function rules(ruleset: NftRuleset, identification: NativeIdentification): readonly NativeFinding[] {
  const { expected, roles, releases } = identification;
  const release = releases.at(-1) ?? '';
  const missing = identification.missing.map(named);
  const moved = new Map<NamedNftRule, NamedNftRule>();
  const strange = identification.foreign.map(named);
  for (const here of strange) {
    const meant = missing.find(
      (one) => !moved.has(one) && sameChain(one.at, here.at) && one.rule === here.rule,
    );
    if (meant !== undefined) moved.set(meant, here);
  }
  const absent = missing.filter((one) => !moved.has(one));
  const counted = absent.length > mostNamed;
  const inserting = new Inserting(ruleset, identification);
  const inserted = missing.flatMap((one): readonly NativeFinding[] => {
    const from = moved.get(one);
    if (from === undefined && counted) return [];
    const before = inserting.before(one.at);
    const handle = from === undefined ? null : handleAt(ruleset, from.at);
    if (from !== undefined)
      return [{ id: 'nft.rule-moved', weight: 'wrong', ...from, meant: one.at.position, before, handle }];
    const role = roles.find(
      ({ table, chain, position }) =>
        table === one.at.table && chain === one.at.chain && position === one.at.position,
    );
    return [{ id: 'nft.rule-missing', weight: 'wrong', ...one, role: role?.role ?? null, before }];
  });
  const [first] = absent;
  const many: readonly NativeFinding[] =
    counted && first !== undefined
      ? [
          {
            id: 'nft.rules-missing',
            weight: 'wrong',
            count: absent.length,
            release,
            chains: [...new Set(absent.map(({ at }) => at.chain))],
            first,
          },
        ]
      : [];
  const rest = strange.filter((one) => ![...moved.values()].includes(one));
  const twice = rest.flatMap((one) => repeated(one, ruleset, expected));
  const [firstTwice] = twice;
  return [
    ...inserted,
    ...many,
    ...rest.flatMap((one) => foreign(one, ruleset, expected, release)),
    ...(firstTwice !== undefined && twice.length > mostNamed
      ? [{ id: 'nft.rules-twice', weight: 'doubtful', count: twice.length, first: firstTwice } as const]
      : twice),
  ];
}

const offs = [
  { id: 'nft.nothing-outbound', option: 'outboundIPRangesInclude' },
  { id: 'nft.nothing-inbound', option: 'inboundPortsInclude' },
] as const;

const listeners = [
  { option: 'proxyPort', chain: 'istio-redirect', direction: 'outbound' },
  { option: 'inboundCapturePort', chain: 'istio-in-redirect', direction: 'inbound' },
] as const;

/** Settings that are allowed and take much out of the mesh. */
function settings({ options }: NativeIdentification): readonly NativeFinding[] {
  return [
    ...listeners.flatMap(({ option, chain, direction }): readonly NativeFinding[] => {
      const [port, usual] = [options[option], defaultOptions[option]];
      if (port === undefined || port === usual) return [];
      const at = { table: 'istio-proxy-nat', chain, position: 1 };
      const rule = `meta l4proto tcp redirect to :${port}`;
      return [{ id: 'nft.other-listener', weight: 'wrong', at, rule, direction, port, usual }];
    }),
    ...offs.flatMap(({ id, option }): readonly NativeFinding[] =>
      options[option] === '' ? [{ id, weight: 'doubtful', setBy: optionTable[option].setBy ?? option }] : [],
    ),
  ];
}

function sameChain(one: NftPlace, other: NftPlace): boolean {
  return one.table === other.table && one.chain === other.chain;
}

/** What a text does not tell is not missing. */
function part({ expected, missing, releases }: NativeIdentification): readonly NativeFinding[] {
  const all = expected.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules)).length;
  if (missing.length === 0) return [];
  const has = all - missing.length;
  return [{ id: 'nft.part', weight: 'note', has, missing: missing.length, release: releases.at(-1) ?? '' }];
}

/** nft list ruleset shows the chains that the hooks ask; nft list chain shows one. */
function hasItsHooks(ruleset: NftRuleset): boolean {
  const chains = nftTableNamed(ruleset, 'istio-proxy-nat')?.chains ?? [];
  return chains.some(({ base }) => base !== undefined) && chains.length > 1;
}

/** Where rules go that are inserted one after the other, from the top of each chain to its end. */
class Inserting {
  private readonly chains = new Map<string, (NftRule | null)[]>();
  private readonly ruleset: NftRuleset;
  private readonly identification: NativeIdentification;

  constructor(ruleset: NftRuleset, identification: NativeIdentification) {
    this.ruleset = ruleset;
    this.identification = identification;
  }

  /** Before the next rule that Istio has there, too, and that stays where it is; `meant` is a place of Istio's. */
  before({ table, chain, position }: NftPlace): InsertBefore {
    const key = `${table} ${chain}`;
    const here = nftChainNamed(this.ruleset, table, chain);
    const now = this.chains.get(key) ?? [...(here?.rules ?? [])];
    this.chains.set(key, now);
    const next = this.nextKept(here, table, chain, position);
    const at = next === undefined ? now.length : now.indexOf(next);
    const before = this.place(now, at, next);
    now.splice(at, 0, null);
    return before;
  }

  private place(now: readonly unknown[], at: number, next: NftRule | undefined): InsertBefore {
    if (next === undefined || at >= now.length) return {};
    return next.handle === undefined ? { index: at } : { handle: next.handle };
  }

  private nextKept(
    here: NftChain | undefined,
    table: string,
    chain: string,
    position: number,
  ): NftRule | undefined {
    const { chains } = this.identification;
    const rows = chains.find((one) => one.table === table && one.chain === chain)?.rows ?? [];
    for (const row of rows) {
      if (row.kind !== 'kept' || row.from + row.count <= position) continue;
      const offset = Math.max(0, position - row.from);
      return here?.rules[row.to + offset - 1];
    }
    return undefined;
  }
}

function handleAt(ruleset: NftRuleset, { table, chain, position }: NftPlace): number | null {
  return nftChainNamed(ruleset, table, chain)?.rules[position - 1]?.handle ?? null;
}

function isOwn(expected: NftRuleset, { at, rule }: NamedNftRule): boolean {
  const own = nftChainNamed(expected, at.table, at.chain)?.rules ?? [];
  return own.some((one) => listedText(one) === rule);
}

function repeated(
  here: NamedNftRule,
  ruleset: NftRuleset,
  expected: NftRuleset,
): readonly Extract<NativeFinding, { id: 'nft.rule-twice' }>[] {
  if (!isOwn(expected, here)) return [];
  const { table, chain } = here.at;
  const texts = (nftChainNamed(ruleset, table, chain)?.rules ?? []).map(listedText);
  const handle = handleAt(ruleset, here.at);
  const others = texts.flatMap((text, at) =>
    text === here.rule && at + 1 !== here.at.position ? [at + 1] : [],
  );
  return [{ id: 'nft.rule-twice', weight: 'doubtful', ...here, same: others[0] ?? 1, handle }];
}

function foreign(
  here: NamedNftRule,
  ruleset: NftRuleset,
  expected: NftRuleset,
  release: string,
): readonly NativeFinding[] {
  if (isOwn(expected, here)) return [];
  const rule = nftChainNamed(ruleset, here.at.table, here.at.chain)?.rules[here.at.position - 1];
  const handle = handleAt(ruleset, here.at);
  // Of what could not be read nobody knows whose it is.
  if (rule?.statements.every(({ kind }) => kind === 'kept') === true) return [];
  const effect = rule === undefined ? null : effectOf(rule);
  return [{ id: 'nft.rule-foreign', weight: 'wrong', ...here, release, effect, handle }];
}

function effectOf({ statements }: NftRule): NativeEffect | null {
  for (const statement of statements) {
    if (statement.kind === 'nat' || statement.kind === 'tproxy') return 'sends elsewhere';
    if (statement.kind === 'reject') return 'throws away';
    if (statement.kind !== 'verdict') continue;
    if (statement.verdict.kind === 'drop') return 'throws away';
    if (statement.verdict.kind === 'accept' || statement.verdict.kind === 'return') return 'passes by Envoy';
  }
  return null;
}

/** What iptables-nft programs, and what Istio's own tables have, is told elsewhere. */
function isIptables({ family, name }: NftTable): boolean {
  return /^ip6?$/.test(family) && /^(?:nat|mangle|raw|filter|security)$/.test(name);
}

/** The hooks at which Istio's rules take connections. */
const itsHooks: ReadonlySet<NftHook> = new Set(['prerouting', 'output']);

function othersAt({ tables }: NftRuleset): readonly NativeFinding[] {
  return tables
    .filter((table) => !isIstioTable(table) && !isIptables(table))
    .filter(({ family, flags }) => /^(?:ip|ip6|inet)$/.test(family) && !flags?.includes('dormant'))
    .flatMap((table) =>
      table.chains.flatMap((chain): readonly NativeFinding[] => {
        const { base } = chain;
        if (base === undefined || !itsHooks.has(base.hook) || chain.rules.length === 0) return [];
        const effect = effectOfChain(chain, table);
        if (effect === null && base.type !== 'nat') return [];
        return [
          {
            id: 'nft.other-table',
            weight: effect === null ? 'note' : 'doubtful',
            family: table.family,
            table: table.name,
            chain: chain.name,
            hook: base.hook,
            priority: base.priority,
            effect,
          },
        ];
      }),
    )
    .slice(0, mostTables);
}

/** What a chain, or one that it jumps to, does to a connection; that it lets one pass changes nothing for Istio's. */
function effectOfChain(
  chain: NftChain,
  table: NftTable,
  seen: ReadonlySet<string> = new Set(),
): NativeEffect | null {
  if (seen.has(chain.name)) return null;
  for (const rule of chain.rules) {
    const own = effectOf(rule);
    if (own === 'sends elsewhere' || own === 'throws away') return own;
    for (const statement of rule.statements) {
      if (statement.kind !== 'verdict' || !('chain' in statement.verdict)) continue;
      const { chain: called } = statement.verdict;
      const next = table.chains.find(({ name }) => name === called);
      const inner = next === undefined ? null : effectOfChain(next, table, new Set([...seen, chain.name]));
      if (inner !== null) return inner;
    }
  }
  return null;
}
