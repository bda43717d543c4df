/**
 * NAT at a hook (nf_nat_inet_fn): the chains are asked for a new connection and each side of it once; the rewriting
 * is for every packet.
 */
import type { Side, SkipReason } from '../model/reason.ts';
import type { HookState, Skb, StepEnd } from './skb.ts';
import { walkTable } from './table-walk.ts';
import type { Rewritten } from './tracking.ts';

export function askNat(skb: Skb, side: Side, at: HookState): StepEnd {
  const table = skb.table('nat');
  if (table === undefined) return 'on';
  const { tracking } = skb;
  const { hook } = at;
  const skip = (reason: SkipReason) => {
    if (table.chains.has(hook)) skb.push({ kind: 'skip', hook, table: 'nat', reason });
  };
  if (tracking.isErrorOfConnection(skb.packet)) {
    skip({ code: 'error about a connection' });
    rewrite(skb, at, tracking.rewriteError(side, skb.packet));
    return 'on';
  }
  const skipped = tracking.whyNatIsSkipped(side, skb.packet);
  if (skipped !== null) skip(skipped);
  else {
    const { step, choice } = walkTable(skb, 'nat', at);
    if (step !== 'on') return step;
    const decided = tracking.decide(side, choice);
    if (decided !== 'on') return decided;
  }
  rewrite(skb, at, tracking.rewrite(side, skb.packet));
  return 'on';
}

function rewrite(skb: Skb, { hook }: HookState, rewritten: Rewritten | null): void {
  if (rewritten === null) return;
  const before = skb.packet;
  skb.packet = rewritten.after;
  skb.push({ kind: 'rewrite', hook, table: 'nat', before, reason: rewritten.reason });
}
