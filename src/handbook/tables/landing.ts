/** The six rows of the landing page. */

import { type StopLine, stopLines } from '../../render/index.ts';
import { erringWords } from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import { comparePublished, publishedHolds, publishedJourney } from '../scenarios/published.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scenarios } from '../scenarios/traffic.ts';

export interface LandingRow {
  /** `1` to `6`. */
  readonly type: string;
  /** Who calls whom. */
  readonly title: string;
  /** From the root of the handbook: `/traffic/…/`. */
  readonly href: string;
  readonly lines: readonly StopLine[];
  /** Where the well-known article errs, in a few words; null where it holds. */
  readonly differs: string | null;
}

/** The page of each type: its name is the name of the type's main scenario. */
export function landingRows(): readonly LandingRow[] {
  return scenarios
    .filter(({ isMain }) => isMain)
    .map((scenario) => ({
      type: String(scenario.type),
      title: scenario.title,
      href: `/traffic/${scenario.name}/`,
      lines: stopLines(bind(scenario).journey),
      differs: differs(scenario),
    }));
}

/** The first published stop that is not met, and what is so instead. */
function differs(scenario: Scenario): string | null {
  const { published } = scenario;
  if (published === undefined) return null;
  const steps = comparePublished(published, publishedJourney(scenario));
  const wrong = steps.find(({ verdict }) => verdict === 'differs' || verdict === 'never happens');
  if (publishedHolds(steps) || wrong === undefined) return null;
  return erringWords(wrong.published ?? '', wrong.reason);
}
