/**
 * NAT at a hook (nf_nat_inet_fn): the chains are asked for a new connection and each side of it once; the rewriting
 * is for every packet.
 */
import type { Side, SkipReason } from '../model/reason.ts';
import type { BaseChain } from '../nftables/hooked/index.ts';
import { natOrder } from './hook-order.ts';
import { walkBaseChain } from './nft/index.ts';
import type { Passed } from './passed.ts';
import type { HookState, Skb, StepEnd } from './skb.ts';
import type { Rewritten } from './tracking.ts';

export function askNat(skb: Skb, side: Side, at: HookState): StepEnd {
  const { tracking, family } = skb;
  const { hook } = at;
  const table = skb.table('nat');
  const chains = natOrder(skb.host, hook, family);
  if (chains === null) return 'on';
  const skip = (reason: SkipReason) => {
    for (const base of chains) {
      if (base !== null) skb.push({ kind: 'skip', hook, table: base.name, reason });
      else if (table?.chains.has(hook) === true) skb.push({ kind: 'skip', hook, table: 'nat', reason });
    }
  };
  if (tracking.isErrorOfConnection(skb.packet)) {
    skip({ code: 'error about a connection' });
    rewrite(skb, at, tracking.rewriteError(side, skb.packet));
    return 'on';
  }
  const skipped = tracking.whyNatIsSkipped(side, skb.packet);
  if (skipped !== null) skip(skipped);
  else {
    const { step, choice } = askChains(skb, chains, at);
    if (step !== 'on') return step;
    const decided = tracking.decide(side, choice);
    if (decided !== 'on') return decided;
  }
  rewrite(skb, at, tracking.rewrite(side, skb.packet));
  return 'on';
}

/** One after the other, until one has chosen. */
function askChains(skb: Skb, chains: readonly (BaseChain | null)[], at: HookState): Passed {
  for (const base of chains) {
    const passed = base === null ? skb.pass('nat', at) : walkBaseChain?.(skb, base, at);
    if (passed !== undefined && (passed.step !== 'on' || passed.choice !== null)) return passed;
  }
  return { step: 'on', choice: null };
}

function rewrite(skb: Skb, { hook }: HookState, rewritten: Rewritten | null): void {
  if (rewritten === null) return;
  const before = skb.packet;
  skb.packet = rewritten.after;
  skb.push({ kind: 'rewrite', hook, table: 'nat', before, reason: rewritten.reason });
}
