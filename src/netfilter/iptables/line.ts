/**
 * The line that is being read. A place in it is the number of a word; its column is looked for only when a problem
 * has to name it.
 */
import type { ProblemDetails } from '../model/problem.ts';
import { readWords, splitWords, type Word } from '../text/shell-words/index.ts';
import { Unreadable } from './unreadable.ts';

/**
 * What became of a line. `command`: carried out without making a rule (`-P`, `-F`, `-D`), or a tool's own line;
 * `unread`: it is in the problems.
 */
export type LineReading = 'blank' | 'comment' | 'table' | 'chain' | 'rule' | 'commit' | 'command' | 'unread';

export class Line {
  /** Counted from 1. */
  number = 0;
  text = '';
  words: readonly string[] = [];
  private placed: readonly Word[] | null = null;

  /** Goes on to the next line; null for one that is not to be read. */
  next(text: string | null): void {
    this.number++;
    this.text = text ?? '';
    this.placed = null;
    this.words = text === null || text === '' ? [] : splitWords(text);
  }

  /** The column of a word, and one behind the line for words that it does not have. */
  readonly column = (word: number): number => {
    this.placed ??= readWords(this.text);
    return this.placed[word]?.column ?? this.text.length + 1;
  };

  /** A problem at a word, or at `shift` letters behind its first. */
  unreadable(word: number, details: ProblemDetails, shift = 0): Unreadable {
    return new Unreadable({ column: this.column(word) + shift, ...details });
  }
}
