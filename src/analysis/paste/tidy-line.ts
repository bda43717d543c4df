/** A line of a text, and what was taken off around it. */

export interface TidyLine {
  readonly text: string;
  /** Of the line in the pasted text, from 1; several lines may come out of one. */
  readonly number: number;
  /** As it was written. */
  readonly raw: string;
  /** The pod that the prefix of the line names. */
  readonly pod: string | null;
  /** As the kernel's tools print it: nothing of it has to be taken off, made good, or looked at for other kinds. */
  readonly isSound: boolean;
}

/** What was taken off or made good. */
export type RepairCode =
  | 'prefix'
  | 'prompt'
  | 'quote mark'
  | 'box'
  | 'fence'
  | 'markup'
  | 'colours'
  | 'message of a log'
  | 'escapes'
  | 'quotes'
  | 'ends of lines'
  | 'line goes on'
  | 'remark'
  | 'shell'
  | 'variable'
  | 'blanks'
  | 'dashes'
  | 'table line';

export interface Repair {
  readonly code: RepairCode;
  /** The first line of them, from 1. */
  readonly line: number;
  readonly count: number;
  /** What was taken off there. */
  readonly what: string;
}

/** Told of each repair. */
export type Repaired = (code: RepairCode, line: number, what: string) => void;

/** YAML of Kubernetes stands among the lines. */
export function hasObjects(lines: readonly TidyLine[]): boolean {
  return lines.some(({ text }) => /^\s*(?:apiVersion|kind|spec):/.test(text));
}
