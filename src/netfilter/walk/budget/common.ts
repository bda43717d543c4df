/** In the worker of a page, which walks through Istio's own rules alone: they have no chains that multiply. */
import type { WhyTooLong } from './index.ts';

export const whyTooLong: WhyTooLong | null = null;
