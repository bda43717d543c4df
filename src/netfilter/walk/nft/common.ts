/** In the worker of a page that speaks of iptables, where no host has rules of nft. */
import type { NftOrder, WalkBaseChain } from './index.ts';

export const walkBaseChain: WalkBaseChain | null = null;
export const nftOrder: NftOrder | null = null;
