/** In the worker of a page that speaks of iptables: no rule of nft is walked there. */
import type { NftTexts } from './index.ts';

export const nftTexts: NftTexts | null = null;
