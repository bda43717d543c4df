/** All sentences that are listed: `npm run docs:read` keeps the files. */
import { ambientRead } from './ambient.ts';
import type { PageRead } from './kinds.ts';
import { learnRead } from './learn.ts';
import { optionsRead } from './options.ts';
import { referenceRead } from './reference.ts';
import { runbooksRead } from './runbooks.ts';
import { startRead } from './start.ts';
import { trafficRead } from './traffic.ts';

export { type ReadKind, readKinds } from './kinds.ts';

/** By page. */
export const readSentences: ReadonlyMap<string, PageRead> = new Map(
  Object.entries({
    ...startRead,
    ...ambientRead,
    ...learnRead,
    ...optionsRead,
    ...referenceRead,
    ...runbooksRead,
    ...trafficRead,
  }),
);
