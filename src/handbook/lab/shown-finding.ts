/** A finding as it is shown. */
import type { EnvoyFinding } from '../../analysis/envoy/index.ts';
import type { Finding } from '../../analysis/index.ts';
import type { FindingWords } from '../../words/index.ts';

export interface ShownFinding extends Pick<Finding, 'weight'>, FindingWords {
  readonly id: Finding['id'] | EnvoyFinding['id'];
  /** The page that tells more, below the base path, and what a link to it says. */
  readonly page: { readonly path: string; readonly says: string };
}
