/** What a statement did to a packet. */
import type { Action } from '../../iptables/extension.ts';
import type { AddressChoice } from '../../kernel/nat.ts';
import type { Verdict } from '../../model/event.ts';
import type { OpenTarget, TargetReason } from '../../model/rule-reason.ts';
import type { NftTable } from '../model.ts';
import type { NftConditionReason } from '../reason.ts';

export type Done =
  | {
      readonly kind: 'goes on';
      readonly does?: Pick<
        Action,
        'packet' | 'connectionMark' | 'zones' | 'tracksAgain' | 'untracked' | 'socket'
      >;
      readonly table?: NftTable;
      readonly effect?: TargetReason;
    }
  /** The rule ends here; what stands before has been done (NFT_BREAK). */
  | { readonly kind: 'breaks'; readonly reason?: NftConditionReason; readonly effect?: TargetReason }
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      readonly nat?: AddressChoice;
      readonly reason?: TargetReason;
      readonly looked?: NftConditionReason;
    }
  /** A condition that holds, or that only the reader can tell. */
  | { readonly kind: 'holds' | 'asks'; readonly reason: NftConditionReason }
  /** The engine does not know what it does. */
  | { readonly kind: 'unknown'; readonly open?: OpenTarget };
