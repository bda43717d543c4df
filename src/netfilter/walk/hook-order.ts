/**
 * What is asked at each hook, and in which order, as data.
 *
 * The kernel keeps a list of functions for each hook, sorted by a priority (include/uapi/linux/netfilter_ipv4.h,
 * NF_IP_PRI_*; IPv6 has the same numbers); those of one priority stand in the order in which they were registered.
 */
import type { Host } from '../model/host.ts';
import { type Family, type Hook, hooks, type Ruleset, type TableName } from '../model/ruleset.ts';
import { type BaseChain, findHooked, type Hooked } from '../nftables/hooked/index.ts';
import { indexOf } from './ruleset-index.ts';

/** What one place in the list does with a packet. */
export type Asked =
  | { readonly kind: 'table'; readonly table: Exclude<TableName, 'nat'> }
  /** Conntrack looks the packet up. */
  | { readonly kind: 'conntrack' }
  /** NAT stands at a place of its own, whatever the priority of its chains: that only sorts them among each other. */
  | { readonly kind: 'nat'; readonly side: 'source' | 'destination' }
  /** Conntrack keeps a connection from here on. */
  | { readonly kind: 'confirm' }
  /** A base chain of nft that is not of type nat. */
  | { readonly kind: 'nft'; readonly base: BaseChain };

/** What of a packet the kernel compares to see whether its route still holds. */
export type Steering = 'source' | 'destination' | 'mark' | 'tos' | 'hop limit';

export interface HookEntry {
  readonly hook: Hook;
  readonly priority: number;
  readonly asks: Asked;
  /** The route is looked up again when one of these changed here. */
  readonly reroutesOn?: readonly Steering[];
}

const priorities = {
  raw: -300,
  conntrack: -200,
  mangle: -150,
  natDestination: -100,
  filter: 0,
  security: 50,
  natSource: 100,
  confirm: 2 ** 31 - 1,
};

/** iptables-nft writes another priority for its security table (nft_ipv4.c), which puts it behind nat at INPUT. */
const securityOfNft = 150;

/** nf_conntrack_proto.c: ipv4_conntrack_ops and its IPv6 twin. */
const conntrack: readonly HookEntry[] = [
  { hook: 'PREROUTING', priority: priorities.conntrack, asks: { kind: 'conntrack' } },
  { hook: 'OUTPUT', priority: priorities.conntrack, asks: { kind: 'conntrack' } },
  { hook: 'INPUT', priority: priorities.confirm, asks: { kind: 'confirm' } },
  { hook: 'POSTROUTING', priority: priorities.confirm, asks: { kind: 'confirm' } },
];

/** nf_nat_proto.c: nf_nat_ipv4_ops; nf_nat_ipv4_local_fn routes a packet again whose destination it rewrote. */
const nat: readonly HookEntry[] = [
  { hook: 'PREROUTING', priority: priorities.natDestination, asks: { kind: 'nat', side: 'destination' } },
  {
    hook: 'OUTPUT',
    priority: priorities.natDestination,
    asks: { kind: 'nat', side: 'destination' },
    reroutesOn: ['destination'],
  },
  { hook: 'INPUT', priority: priorities.natSource, asks: { kind: 'nat', side: 'source' } },
  { hook: 'POSTROUTING', priority: priorities.natSource, asks: { kind: 'nat', side: 'source' } },
];

/** The tables of iptables but nat. ipt_mangle_out and ip6t_mangle_out route again; IPv4 has no hop limit to compare. */
function tables(security: number): readonly HookEntry[] {
  const table = (hook: Hook, name: Exclude<TableName, 'nat'>, priority: number): HookEntry => ({
    hook,
    priority,
    asks: { kind: 'table', table: name },
  });
  return [
    table('PREROUTING', 'raw', priorities.raw),
    table('OUTPUT', 'raw', priorities.raw),
    table('PREROUTING', 'mangle', priorities.mangle),
    table('INPUT', 'mangle', priorities.mangle),
    table('FORWARD', 'mangle', priorities.mangle),
    {
      ...table('OUTPUT', 'mangle', priorities.mangle),
      reroutesOn: ['source', 'destination', 'mark', 'tos', 'hop limit'],
    },
    table('POSTROUTING', 'mangle', priorities.mangle),
    table('INPUT', 'filter', priorities.filter),
    table('FORWARD', 'filter', priorities.filter),
    table('OUTPUT', 'filter', priorities.filter),
    table('INPUT', 'security', security),
    table('FORWARD', 'security', security),
    table('OUTPUT', 'security', security),
  ];
}

type Order = Readonly<Record<Hook, readonly HookEntry[]>>;

/** Sorted by priority; sorting keeps the order of registration where that is the same. */
function sorted(entries: readonly HookEntry[]): Order {
  const at = (hook: Hook) =>
    entries.filter((entry) => entry.hook === hook).sort((a, b) => a.priority - b.priority);
  return Object.fromEntries(hooks.map((hook) => [hook, at(hook)])) as unknown as Order;
}

const orders: Readonly<Record<NonNullable<Host['backend']>, Order>> = {
  legacy: sorted([...conntrack, ...nat, ...tables(priorities.security)]),
  nft: sorted([...conntrack, ...nat, ...tables(securityOfNft)]),
};

/** What is asked at a hook of this host, in order. */
export function hookOrder(host: Host, hook: Hook, family: Family): readonly HookEntry[] {
  const { backend = 'legacy', rulesets } = host;
  const own = orders[backend][hook];
  if (rulesets.nft === undefined || findHooked === null) return own;
  return withNft(own, findHooked(rulesets.nft, family), hook, rulesets[family]);
}

const routeChain: readonly Steering[] = ['source', 'destination', 'mark', 'tos', 'hop limit'];

/**
 * Both languages in one list. The tables of iptables are taken to have been there before nft's; of one priority the
 * one that came last is asked first (nf_hook_entries_grow).
 */
function withNft(
  own: readonly HookEntry[],
  { chains, tracking }: Hooked,
  hook: Hook,
  iptables: Ruleset | undefined,
): readonly HookEntry[] {
  // nf_nat_register_fn hooks NAT in with the first chain of type nat; nf_ct_netns_get conntrack with the first rule
  const hasNat = iptables?.tables.some(({ name }) => name === 'nat') === true;
  const firstNat = hasNat ? 0 : (chains.find(({ chain }) => chain.base.type === 'nat')?.number ?? 0);
  const isTracked = iptables !== undefined && indexOf(iptables).trackingRule !== null;
  const firstTracked = isTracked ? 0 : (tracking?.after ?? 0) + 0.5;
  const numberOf = ({ kind }: Asked) =>
    kind === 'nat' ? firstNat + 0.25 : kind === 'conntrack' ? firstTracked : 0;
  const entries = own.map((entry) => ({ entry, number: numberOf(entry.asks) }));
  for (const base of chains) {
    const { type, priority } = base.chain.base;
    if (base.hook !== hook || type === 'nat') continue;
    const reroutes = type === 'route' ? { reroutesOn: routeChain } : {};
    const entry: HookEntry = { hook, priority, asks: { kind: 'nft', base }, ...reroutes };
    entries.push({ entry, number: base.number });
  }
  return entries
    .sort((a, b) => a.entry.priority - b.entry.priority || b.number - a.number)
    .map(({ entry }) => entry);
}

/**
 * The chains of type nat at a hook, in the order in which NAT asks them; null in it stands for iptables' table. Null
 * where the family has none at any hook: NAT is hooked in with the first.
 */
export function natOrder(host: Host, hook: Hook, family: Family): readonly (BaseChain | null)[] | null {
  const { nft } = host.rulesets;
  const all = nft === undefined ? [] : (findHooked?.(nft, family).chains ?? []);
  const chains = all.filter(({ chain }) => chain.base.type === 'nat');
  const hasTable = host.rulesets[family]?.tables.some(({ name }) => name === 'nat') === true;
  if (chains.length === 0) return hasTable ? [null] : null;
  const own = hook === 'PREROUTING' || hook === 'OUTPUT' ? priorities.natDestination : priorities.natSource;
  const entries = chains
    .filter((base) => base.hook === hook)
    .map((base) => ({
      base: base as BaseChain | null,
      priority: base.chain.base.priority,
      number: base.number,
    }));
  if (hasTable) entries.push({ base: null, priority: own, number: 0 });
  return entries.sort((a, b) => a.priority - b.priority || b.number - a.number).map(({ base }) => base);
}
