/** In the worker of a page, which reads rules that no reader has written. */
import type { SplitJoined } from './index.ts';

export const splitJoined: SplitJoined | null = null;
