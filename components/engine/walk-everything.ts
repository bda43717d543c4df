/** What a page asks its walker seldom: other scenarios, what a link says, diagrams, texts for a ticket. */
import { walkerOn } from '../../src/handbook/walk/index.ts';

export const wholeWalker = walkerOn();
