/** In the worker of a page that speaks of iptables: no rule of nft is walked there. */
import type { NftPhrase } from './index.ts';

export const nftPhrase: NftPhrase = ({ code }) => code;
