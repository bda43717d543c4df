/** A statement of a page that the engine does not confirm, or that nothing can check. */
export interface ClaimProblem {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** With the place in front, and with what to do about it. */
  readonly message: string;
}

/** A problem at a place; the lines after the first say more and are indented. */
export function problemAt(
  file: string,
  { line, column }: { readonly line: number; readonly column: number },
  what: string,
  more: readonly string[] = [],
): ClaimProblem {
  const said = [`${file}:${line}:${column}: ${what}`, ...more.map((one) => `  ${one}`)];
  return { file, line, column, message: said.join('\n') };
}
