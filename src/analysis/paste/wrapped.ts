/**
 * Rules that a terminal, a mail or a chat broke into several lines, made whole: otherwise a healthy pod has half rules
 * that are none of Istio's, and lacks theirs.
 */
import { commandOf, ruleStart } from './line-start.ts';
import { blankQuotes } from './quotes.ts';
import type { Repaired, TidyLine } from './tidy-line.ts';

const rule = /^(?:\[\d+:\d+\] )?-[AI] \S/;
const mostPieces = 8;
/** Narrower than any terminal is nobody's width. */
const narrowest = 40;
const longest = 2000;

/** Lines of rules with what goes on below them. Takes a time that grows with the length of the text. */
export function unwrapped(lines: readonly TidyLine[], repaired: Repaired): readonly TidyLine[] {
  let width = 0;
  for (const { text } of lines)
    if (rule.test(text) && text.length < longest) width = Math.max(width, text.length);
  const runs = runsOf(lines, width);
  if (runs.length === 0) return lines;
  // A terminal breaks at its width, in the middle of a word; whoever breaks between words has lines of any length.
  const isAtWidth = runs.every(({ from, to }) =>
    lines.slice(from, to).every(({ text }) => text.length === width || text.length === width - 1),
  );
  // Put together at the end: so many lines as a text may have are too many for one call.
  const whole: (readonly TidyLine[])[] = [];
  let at = 0;
  for (const { from, to } of runs) {
    whole.push(lines.slice(at, from));
    const pieces = lines.slice(from, to + 1);
    const [first] = pieces as [TidyLine];
    repaired('line goes on', first.number, first.text);
    const text = pieces.reduce((joined, { text: piece }, index) => {
      const before = pieces[index - 1]?.text ?? '';
      const isCut =
        isAtWidth && before.length === width && (before.endsWith('-') || !optionStart.test(piece));
      return index === 0 ? piece : isCut ? joined + piece : `${joined.trimEnd()} ${piece.trim()}`;
    }, '');
    whole.push([{ ...first, text, raw: text }]);
    at = to + 1;
  }
  return [...whole, lines.slice(at)].flat();
}

interface Run {
  /** The line of the rule's start, and that of its end. */
  readonly from: number;
  readonly to: number;
}

function runsOf(lines: readonly TidyLine[], width: number): readonly Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < lines.length; from++) {
    let text = lines[from]?.text ?? '';
    if (!rule.test(text) || text.length > longest) continue;
    let to = from;
    while (to - from < mostPieces && goesOn(text, lines[to]?.text ?? '', lines[to + 1]?.text, width)) {
      to++;
      text += ` ${lines[to]?.text.trim()}`;
    }
    // What has no target after all was a rule without one, and prose behind it.
    if (to === from || !hasTarget(text)) continue;
    runs.push({ from, to });
    from = to;
  }
  return runs;
}

function hasTarget(text: string): boolean {
  return / -[jg] \S/.test(blankQuotes(text));
}

/** An option of iptables at the start of a line, which nothing else begins with. */
const optionStart = /^\s*(?:!\s+-|--[a-z]|-[a-z](?:\s|$))/;

function goesOn(text: string, piece: string, next: string | undefined, width: number): boolean {
  if (next === undefined || rule.test(next) || next.trim() === '' || next.length > longest) return false;
  if (ruleStart.test(commandOf(next.trim())) || /^\s*(?:[#*:{}<>`]|COMM?I?T?$)/.test(next)) return false;
  if (isInQuotes(text)) return next.includes('"');
  if (optionStart.test(next)) return true;
  const isAtWidth = piece.length >= width - 1 && width >= narrowest;
  const isOpen = !hasTarget(text) || /\s(?:!|-{1,2}[a-z][\w-]*)\s*$/.test(blankQuotes(text));
  return (isAtWidth || isOpen) && hasWordsOfRules(next);
}

function isInQuotes(text: string): boolean {
  return text.replace(/\\./g, '').split('"').length % 2 === 0;
}

/** Behind the rest of a word: options, numbers, names in capitals; other words stand behind an option alone. */
function hasWordsOfRules(line: string): boolean {
  const words = line
    .replace(/"[^"]*"/g, '"')
    .trim()
    .split(/\s+/, 200);
  return words.every(
    (word, at) => at === 0 || /^[-!\dA-Z"]|[/:,_=]/.test(word) || words[at - 1]?.startsWith('-'),
  );
}
