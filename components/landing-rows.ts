/** The six rows of the landing page. */
import type { StopLine } from '../src/render/stop.ts';

export interface LandingRow {
  /** `1` to `6`. */
  readonly type: string;
  /** Who calls whom. */
  readonly title: string;
  /** The page's question. */
  readonly question: string;
  /** From the root of the handbook: `/traffic/…/`. */
  readonly href: string;
  readonly lines: readonly StopLine[];
  /** Where the well-known article errs, in a few words; null where it holds. */
  readonly differs: string | null;
}

export function landingRows(): readonly LandingRow[] {
  // The real rows come from `scenarios` in src/handbook.
  return [];
}
