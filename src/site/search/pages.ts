/** What the search knows of the pages: its file, which a page loads when somebody first searches. */

export interface SearchPage {
  /** From the root of the handbook: `/learn/lo/`. */
  readonly address: string;
  readonly title: string;
  readonly description: string;
  /** What people type who need this page, which stands nowhere on it. */
  readonly typed: readonly string[];
  readonly parts: readonly SearchPart[];
}

/** A heading with what stands below it, or an entry of a table. */
export interface SearchPart {
  /** Its fragment; '' for what stands before the first heading. */
  readonly id: string;
  readonly title: string;
  /** Other names of it: the places of a rule, the annotations of an option. */
  readonly names: readonly string[];
  readonly text: string;
}

/** Below the base path. */
export const searchFile = 'search/pages.json';
