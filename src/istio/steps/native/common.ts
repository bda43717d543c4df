/** In the worker of a page, which walks iptables' rules and is asked for no others: nothing of native nftables. */
import type { NativeBuilder } from './index.ts';

export const nativeRules: NativeBuilder | null = null;
