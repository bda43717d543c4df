/** In the worker of a page, which walks through rules that no reader has written: no chains multiply in them. */
import type { WhyTooLong } from './index.ts';

export const whyTooLong: WhyTooLong | null = null;
