/** In the worker of a page that speaks of iptables, where no host has rules of nft. */
import type { FindHooked } from './index.ts';

export const findHooked: FindHooked | null = null;
