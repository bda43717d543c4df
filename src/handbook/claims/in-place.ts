/** The problems of a page in the page itself, each at its place: what a writer sees while writing. */
import { readPage } from './page.ts';
import type { Piece } from './page-text.ts';
import type { ClaimProblem } from './problem.ts';
import { isClaimTag, standsAround } from './tags.ts';

/** The component that shows a problem. */
export const problemTag = 'ClaimProblem';

/**
 * The source of a page with a `<ClaimProblem message={…} />` wherever there is a problem. A tag that claims what is
 * not so gives way to it, because it has nothing to show.
 */
export function withProblems(source: string, problems: readonly ClaimProblem[]): string {
  const { pieces } = readPage(source);
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const edits = problems.map(({ line, column, message }) => {
    const at = Math.min((starts[line - 1] ?? source.length) + column - 1, source.length);
    return edit(source, pieces, at, `<${problemTag} message={${quoted(message)}} />`);
  });
  const ordered = edits.map((one, order) => ({ ...one, order }));
  ordered.sort((one, other) => other.from - one.from || other.to - one.to || other.order - one.order);
  return ordered.reduce(
    (text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to),
    source,
  );
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

function edit(source: string, pieces: readonly Piece[], at: number, tag: string): Edit {
  const piece = pieces.find(({ from, to }) => from <= at && at < to);
  const before = (offset: number, insert: string): Edit => ({ from: offset, to: offset, insert });
  switch (piece?.kind) {
    case undefined:
      return before(at, tag);
    case 'head': {
      const end = Math.max(...pieces.filter(({ kind }) => kind === 'head').map(({ to }) => to));
      return before(end, `\n${tag}\n\n`);
    }
    case 'fence': {
      const indent = /^\s*/.exec(source.slice(piece.from))?.[0] ?? '';
      return before(piece.from, `\n${indent}${tag}\n\n`);
    }
    case 'inline':
      return before(piece.from, tag);
    case 'tag':
      return isWholeClaim(source.slice(piece.from, piece.to))
        ? { from: piece.from, to: piece.to, insert: tag }
        : before(piece.from, tag);
  }
}

/** Whether a tag is a claim that shows something by itself. */
function isWholeClaim(tag: string): boolean {
  const name = /^<(\w+)\b[\s\S]*\/>$/.exec(tag)?.[1] ?? '';
  return isClaimTag(name) && !standsAround(name);
}

/** A text as an expression in which nothing is markup, wherever it stands. */
function quoted(text: string): string {
  const escaped = JSON.stringify(text).replace(
    /[^\w\s.,:;"\\]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return escaped;
}
