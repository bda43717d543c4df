/** A place in a line that cannot be read: what its readers throw. */
import type { ProblemDetails } from '../model/problem.ts';

/** A problem before it is known in which line it is. */
export type Found = ProblemDetails & { readonly column: number };

/** Thrown by the readers of a line, and caught by the reader of the text. */
export class Unreadable extends Error {
  readonly found: Found;
  constructor(found: Found) {
    super(found.code);
    this.found = found;
  }
}
