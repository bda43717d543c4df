/** In the worker of a page that speaks of iptables, where no host has rules of nft. */
import type { WalkBaseChain } from './index.ts';

export const walkBaseChain: WalkBaseChain | null = null;
