/** What a text has of the rules of ambient mode. */
import type { NftRuleset, Ruleset } from '../../netfilter/index.ts';

/** Where the rules stand: in an enrolled pod, or in the network of its node. */
export type AmbientSide = 'pod' | 'node';

/** The rules of one network namespace, as far as a text has them. */
export interface AmbientSeen {
  readonly side: AmbientSide;
  readonly v4?: Ruleset;
  readonly v6?: Ruleset;
  readonly nft?: NftRuleset;
}
