/** Regular expressions that may take more than a time in proportion to what they are put to. */
import type { Report } from 'scslre';
import { analyse } from 'scslre';
import ts from 'typescript';
import type { SourceFile } from './tree.ts';

export interface Exempt {
  readonly because: string;
  readonly files: RegExp;
}

export interface Patterns {
  /** How many were looked at. */
  readonly count: number;
  /** Each one that can be slow, with its place and the characters that make it so. */
  readonly slow: readonly string[];
}

/**
 * The literals of the files: of those that are put together while the program runs, the parts have no place here.
 * What can repeat a character in two of its parts, or begins anew at each of many, is slow.
 */
export function patternsIn(files: readonly SourceFile[], exempt: readonly Exempt[]): Patterns {
  let count = 0;
  const slow: string[] = [];
  for (const { path, text } of files) {
    if (exempt.some((one) => one.files.test(path))) continue;
    for (const { line, source, flags } of literalsIn(path, text)) {
      count += 1;
      const [report] = analyse({ source, flags }).reports;
      if (report !== undefined) slow.push(`${path}:${line} /${source}/${flags} ${why(report)}`);
    }
  }
  return { count, slow };
}

function why(report: Report): string {
  return `by ${report.character.literal.source}, ${report.exponential ? 'without bound' : 'by the square'}`;
}

function* literalsIn(path: string, text: string) {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const waiting: ts.Node[] = [file];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      yield { line, source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
    }
    ts.forEachChild(node, (child) => {
      waiting.push(child);
    });
  }
}
