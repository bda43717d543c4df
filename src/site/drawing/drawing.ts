/** What a drawing is asked for with, and what comes back. Plain data: it travels to the worker and into the cache. */
import type { StopKind } from '../../render/index.ts';

export interface DiagramNames {
  /** Unique on its page, a letter first: every id in the drawing begins with it. */
  readonly id: string;
  /** A few words; the drawing's name for assistive technology. */
  readonly title: string;
  /** A sentence or two: what the diagram shows. */
  readonly description: string;
  /** The kind of stop of each note, in order: its colour hangs on it. */
  readonly noteKinds?: readonly StopKind[];
}

export interface Drawing {
  /** One `<svg>` element: well-formed XML that may also stand in HTML. */
  readonly svg: string;
  /** CSS pixels, at the size in which the text was measured. */
  readonly width: number;
  readonly height: number;
}

/** `auto` follows the reader's system, as an `<img>` can do no more. */
export type Theme = 'auto' | 'light' | 'dark';

export interface DrawingRequest extends DiagramNames {
  readonly source: string;
  /** Set for a drawing that brings its own colours and letters, to stand in an `<img>`. */
  readonly standalone?: Theme;
}

/** Throws when an id could not be used in `url(#…)` and `aria-labelledby` as it stands. */
export function checkId(id: string): void {
  if (/^[A-Za-z][\w-]*$/.test(id)) return;
  throw new Error(
    `A diagram's id must begin with a letter and hold only letters, digits, "-" and "_"; found ${JSON.stringify(id)}.`,
  );
}
