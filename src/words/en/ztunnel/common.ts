/** In the worker of a page, which walks a sidecar's pod: nothing of ztunnel. */
import type { ztunnelDialWords as Dials, ztunnelWords as Does, ztunnelMeans as Means } from './index.ts';

export const ztunnelWords: typeof Does = () => '';
export const ztunnelDialWords: typeof Dials = () => '';
export const ztunnelMeans: typeof Means = () => '';
