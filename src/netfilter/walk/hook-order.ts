/**
 * What is asked at each hook, and in which order, as data.
 *
 * The kernel keeps a list of functions for each hook, sorted by a priority (include/uapi/linux/netfilter_ipv4.h,
 * NF_IP_PRI_*; IPv6 has the same numbers); those of one priority stand in the order in which they were registered.
 */
import type { Host } from '../model/host.ts';
import { type Family, type Hook, hooks, type TableName } from '../model/ruleset.ts';
import type { BaseChain } from '../nftables/hooked/index.ts';
import { type HookEntry, priorities } from './hook-entry.ts';
import { nftOrder } from './nft/index.ts';

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
  const own = orders[host.backend ?? 'legacy'][hook];
  return nftOrder === null ? own : nftOrder.entries(own, host, hook, family);
}

/**
 * The chains of type nat at a hook, in the order in which NAT asks them; null in it stands for iptables' table. Null
 * where the family has none at any hook: NAT is hooked in with the first.
 */
export function natOrder(host: Host, hook: Hook, family: Family): readonly (BaseChain | null)[] | null {
  const hasTable = host.rulesets[family]?.tables.some(({ name }) => name === 'nat') === true;
  if (nftOrder !== null) return nftOrder.natChains(host, hook, family, hasTable);
  return hasTable ? [null] : null;
}
