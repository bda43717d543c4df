/** Text that reads otherwise than it is may be there to deceive. */
import type { Evidence, FindingOf } from './finding.ts';

/** The first line with characters that turn the direction of text, and which: `U+202E`. */
export type TextFinding = FindingOf<
  'text.turning',
  { readonly line: number; readonly characters: readonly string[] }
>;

export function turning({ turning: found }: Evidence): readonly TextFinding[] {
  return found === null ? [] : [{ id: 'text.turning', weight: 'doubtful', ...found }];
}
