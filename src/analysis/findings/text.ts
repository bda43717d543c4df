/** Text that reads otherwise than it is may be there to deceive. */
import type { Examined, FindingOf } from './finding.ts';

export type TextFinding =
  /** The first line with characters that turn the direction of text, and which: `U+202E`. */
  | FindingOf<'text.turning', { readonly line: number; readonly characters: readonly string[] }>
  /** Lines of rules with letters that nobody sees or that look like others; the first, its letters, and how many. */
  | FindingOf<
      'text.look-alike',
      { readonly line: number; readonly characters: readonly string[]; readonly lines: number }
    >;

export function turning({ turning: found }: Examined): readonly TextFinding[] {
  return found === null ? [] : [{ id: 'text.turning', weight: 'doubtful', ...found }];
}

/** A chain whose name has such a letter is another chain for the kernel, whatever it looks like. */
export function lookAlike({ lookAlikes }: Examined): readonly TextFinding[] {
  const [first] = lookAlikes;
  return first === undefined
    ? []
    : [{ id: 'text.look-alike', weight: 'wrong', ...first, lines: lookAlikes.length }];
}
