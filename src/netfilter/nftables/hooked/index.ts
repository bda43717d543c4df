/** Which base chains the kernel has hooked in for a family, and what switches connection tracking on. */
import type { Family, Hook } from '../../model/ruleset.ts';
import type {
  NftBase,
  NftChain,
  NftFamily,
  NftHook,
  NftRule,
  NftRuleset,
  NftTable,
  NftTableName,
} from '../model.ts';
import { type NftOperand, operandsOf } from '../operands.ts';

/** A base chain in its place. */
export interface BaseChain {
  readonly table: NftTable;
  readonly name: NftTableName;
  readonly chain: NftChain & { readonly base: NftBase };
  readonly hook: Hook;
  /** Counts from 1, in the order in which the kernel hooked them in: that of the text. */
  readonly number: number;
}

export interface TrackingPlace {
  readonly table: NftTableName;
  readonly chain: string;
  readonly position: number;
  /** How many base chains had been hooked in when it was loaded. */
  readonly after: number;
}

export interface Hooked {
  /** In the order in which they were hooked in. */
  readonly chains: readonly BaseChain[];
  readonly tracking: TrackingPlace | null;
}

function tableName({ family, name }: NftTable): NftTableName {
  return `${family} ${name}`;
}

const hooksOf: Readonly<Partial<Record<NftHook, Hook>>> = {
  prerouting: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
};

const familiesOf: Readonly<Partial<Record<NftFamily, readonly Family[]>>> = {
  ip: ['v4'],
  ip6: ['v6'],
  inet: ['v4', 'v6'],
};

const known = new WeakMap<NftRuleset, Readonly<Record<Family, Hooked>>>();

/** Found once for each ruleset. */
export function hookedIn(ruleset: NftRuleset, family: Family): Hooked {
  const made = known.get(ruleset) ?? { v4: find(ruleset, 'v4'), v6: find(ruleset, 'v6') };
  known.set(ruleset, made);
  return made[family];
}

function find({ tables }: NftRuleset, family: Family): Hooked {
  const chains: BaseChain[] = [];
  let tracking: TrackingPlace | null = null;
  let number = 0;
  for (const table of tables) {
    const isOwn = familiesOf[table.family]?.includes(family) === true;
    for (const chain of table.chains) {
      const { base } = chain;
      const hook = base === undefined ? undefined : hooksOf[base.hook];
      if (base === undefined || hook === undefined) continue;
      number++;
      const isDormant = table.flags?.includes('dormant') === true;
      if (isOwn && !isDormant)
        chains.push({ table, name: tableName(table), chain: { ...chain, base }, hook, number });
    }
    if (isOwn) tracking ??= trackingIn(table, number, family);
  }
  return { chains, tracking };
}

function trackingIn(table: NftTable, after: number, family: Family): TrackingPlace | null {
  for (const { name, rules } of table.chains) {
    const at = rules.findIndex((rule) => needsConntrack(rule, family));
    if (at >= 0) return { table: tableName(table), chain: name, position: at + 1, after };
  }
  return null;
}

/** What calls nf_ct_netns_get when it is loaded: ct, NAT, ct count, synproxy. */
function needsConntrack({ statements }: NftRule, family: Family): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case 'nat':
        return statement.family === undefined || (statement.family === 'ip') === (family === 'v4');
      case 'ct count':
      case 'synproxy':
      case 'flow':
        return true;
      default:
        return operandsOf(statement).some(asksConntrack);
    }
  });
}

function asksConntrack(expression: NftOperand): boolean {
  switch (expression.kind) {
    case 'ct':
      return true;
    case 'binary':
      return asksConntrack(expression.left) || asksConntrack(expression.right);
    case 'concat':
      return expression.parts.some(asksConntrack);
    case 'map':
      return asksConntrack(expression.key);
    case 'hash':
      return expression.of !== undefined && asksConntrack(expression.of);
    case 'inner':
      return asksConntrack(expression.of);
    case 'meta':
    case 'payload':
    case 'raw':
    case 'extension header':
    case 'ipsec':
    case 'osf':
    case 'fib':
    case 'rt':
    case 'socket':
    case 'numgen':
    // Values, which ask nothing.
    case 'literal':
    case 'prefix':
    case 'range':
    case 'list':
    case 'set':
    case 'named set':
    case 'any':
      return false;
  }
}

export type FindHooked = typeof hookedIn;
export const findHooked: FindHooked | null = hookedIn;
