/**
 * Lines that a terminal has broken, in the middle of words, where its window ends. All of them have the same length, and no
 * line has more.
 */

import { beginsSaved, lineEnd } from './rule-lines.ts';

/** No window is narrower, or wider. */
const [narrowest, widest] = [40, 500];

/** Lines that may have been broken, from where to where, and whole. */
export interface Broken {
  readonly from: number;
  readonly to: number;
  readonly whole: string;
}

export function brokenLines(text: string): readonly Broken[] {
  let width = 0;
  let full: number[] = [];
  for (let from = 0; from < text.length && width <= widest; ) {
    const end = lineEnd(text, from);
    if (end - from >= width) {
      const own = end - from - (text.charCodeAt(end - 1) === 13 ? 1 : 0);
      if (own > width) full = [];
      if (own >= width) full.push(from);
      width = Math.max(width, own);
    }
    from = end + 1;
  }
  if (width < narrowest || width > widest) return [];
  const lines: Broken[] = [];
  for (let at = 0; at < full.length; ) {
    const from = full[at] ?? 0;
    const next = lineEnd(text, from) + 1;
    if (beginsSaved(text, next)) {
      at++;
      continue;
    }
    let to = lineEnd(text, from);
    for (at++; full[at] === to + 1; at++) to = lineEnd(text, to + 1);
    // What is left of it is the row behind them.
    to = lineEnd(text, to + 1);
    lines.push({ from, to, whole: text.slice(from, to).replace(/\r?\n/g, '') });
  }
  return lines;
}
