/** A place in a line that cannot be read: what its readers throw, and how they say it. */
import type { Problem } from '../model/ruleset.ts';

/** A problem before it is known in which line it is. */
export type Found = Omit<Problem, 'line' | 'text'>;

/** Thrown by the readers of a line, and caught by the reader of the text. */
export class Unreadable extends Error {
  readonly found: Found;
  constructor(found: Found) {
    super(found.found);
    this.found = found;
  }
}

export function quote(text: string): string {
  return `"${text.length > 120 ? `${text.slice(0, 119)}…` : text}"`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
