/** Where the base chains of nft stand among what iptables and the kernel itself have at a hook. */
import type { Host } from '../../model/host.ts';
import type { Family, Hook, Ruleset } from '../../model/ruleset.ts';
import { type BaseChain, findHooked, type Hooked } from '../../nftables/hooked/index.ts';
import { type Asked, type HookEntry, priorities, type Steering } from '../hook-entry.ts';
import { indexOf } from '../ruleset-index.ts';

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

/** The chains of type nat at a hook, in the order in which NAT asks them; null in it stands for iptables' table. */
function natChains(
  all: readonly BaseChain[],
  hook: Hook,
  hasTable: boolean,
): readonly (BaseChain | null)[] | null {
  const chains = all.filter(({ chain }) => chain.base.type === 'nat');
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

/** Null where no nft is walked: see `common.ts`. */
export const nftOrder: NftOrder | null = {
  entries: (own, host, hook, family) =>
    host.rulesets.nft === undefined || findHooked === null
      ? own
      : withNft(own, findHooked(host.rulesets.nft, family), hook, host.rulesets[family]),
  natChains: ({ rulesets: { nft } }, hook, family, hasTable) =>
    natChains(nft === undefined ? [] : (findHooked?.(nft, family).chains ?? []), hook, hasTable),
};

export interface NftOrder {
  /** Both languages in one list. */
  entries(own: readonly HookEntry[], host: Host, hook: Hook, family: Family): readonly HookEntry[];
  natChains(host: Host, hook: Hook, family: Family, hasTable: boolean): readonly (BaseChain | null)[] | null;
}
