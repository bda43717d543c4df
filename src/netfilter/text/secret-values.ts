/** Secrets that are no field of a message: what a shell, a program's arguments, a header or an address has, and what looks like a key. */
import { isInRule, lineEnd } from './rule-lines.ts';
import { hidden, noSecret, notShown, secretForms, secretWords } from './secret-words.ts';

/** Whether a value behind `=` is one, by its name. */
const named = new RegExp(
  `(?:${secretWords})(?!.*(?:names?|path|file|dir|ref|types?|mode|url|uri|ttl|period|ratio|audiences?|policy|provider|length|size|count|enabled|expiration|limit)$)`,
  'i',
);
const inName = /[\w.-]/;
const longestName = 80;
const longestText = 20_000;

/** `TOKEN=x`, `export API_KEY="x y"`, `-e PASSWORD=x`, `--token=x`, `?token=x&`. */
export function withoutAssigned(text: string): string {
  let made = '';
  let from = 0;
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    if (at < from) continue;
    const { start, end } = nameBefore(text, at);
    if (!named.test(text.slice(start, end)) || isInRule(text, at)) continue;
    const value = valueAt(text, at + 1, start, end < at);
    const own = text.slice(value.from, value.to);
    if (
      own === '' ||
      text.startsWith(notShown, value.from) ||
      noSecret.test(own.slice(0, 30)) ||
      /^(?:=|\$|<)/.test(own)
    )
      continue;
    made += text.slice(from, value.from) + hidden(own);
    from = value.to;
  }
  return made + text.slice(from);
}

function nameBefore(text: string, at: number): { readonly start: number; readonly end: number } {
  let end = at;
  while (end > at - 4 && /[ \t"']/.test(text.charAt(end - 1))) end--;
  let start = end;
  while (start > end - longestName && inName.test(text.charAt(start - 1))) start--;
  return { start, end };
}

function valueAt(text: string, at: number, name: number, isSpaced: boolean) {
  let from = at;
  while (isSpaced && from < at + 4 && /[ \t]/.test(text.charAt(from))) from++;
  const [open = ''] = /^\\{0,7}["'`]/.exec(text.slice(from, from + 8)) ?? [];
  if (open !== '') {
    const end = text.indexOf(open, from + open.length);
    const isClosed = end >= 0 && end - from < longestText;
    return { from: from + open.length, to: isClosed ? end : lineEnd(text, from) };
  }
  const quote = /["'`]/.exec(text.charAt(name - 1))?.[0];
  const line = lineEnd(text, from);
  const end = quote === undefined ? -1 : text.slice(from, line).search(new RegExp(`\\\\{0,7}${quote}`));
  if (end >= 0) return { from, to: from + end };
  // What `env` prints ends with its line.
  const isLine = text.slice(text.lastIndexOf('\n', name - 1) + 1, name).trim() === '' && !isSpaced;
  if (isLine) return { from, to: line };
  const word = /[\s"'`&;,)}\]\\]|$/.exec(text.slice(from, line));
  return { from, to: from + (word?.index ?? 0) };
}

export const spacedFlag = new RegExp(
  `(--[\\w-]{0,40}(?:${secretWords})[ \\t]{1,9}["']?)(?![-"'[]|secret-\\d)[^\\s"']+`,
  'gi',
);
export const urlPassword = /(:\/\/[^\s/:@"']{0,80}:)(?!secret-\d|\[not)[^\s/@"']{1,200}(?=@)/g;
const header =
  /((?:authorization|cookie)\\{0,7}["']?:[ \t]{0,9}\\{0,7}["']?)(?!(?:(?:Bearer|Basic) )?(?:secret-\d|\[not)|[{["'\s\\])[^"'\n\\]+/gi;
export const knownForm = new RegExp(`(?<![\\w/+-])(?:${secretForms})`, 'g');

export function withoutStanding(text: string): string {
  return text
    .replace(knownForm, (found, at: number) => (isInRule(text, at) ? found : notShown))
    .replace(urlPassword, `$1${notShown}`)
    .replace(header, `$1${notShown}`)
    .replace(spacedFlag, `$1${notShown}`);
}

/** Of lines that are nothing but letters of base64, all but the last as long: a key that was printed without a name. */
export function withoutRows(text: string): string {
  const row = /^[ \t]*([A-Za-z0-9+/]{20,})\r?\n/gm;
  let made = '';
  let from = 0;
  for (let found = row.exec(text); found !== null; found = row.exec(text)) {
    const [all, first = ''] = found;
    const start = found.index + all.indexOf(first);
    let letters = first;
    let to = row.lastIndex;
    const next = /[ \t]*([A-Za-z0-9+/]+={0,2})[ \t\r]*(?:\n|$)/y;
    next.lastIndex = to;
    for (let line = next.exec(text); line !== null; line = next.exec(text)) {
      const [, own = ''] = line;
      if (own.length > first.length || (own.length < first.length && !goesOn.test(own))) break;
      letters += own;
      to = next.lastIndex;
      if (own.length < first.length) break;
    }
    row.lastIndex = Math.max(to, row.lastIndex);
    if (letters === first || letters.length < 40 || !isMixed(letters)) continue;
    const end = text[to - 1] === '\n' ? to - 1 : to;
    made += text.slice(from, start) + hidden(text.slice(start, end));
    from = end;
  }
  return made + text.slice(from);
}

/** What no word is. */
const goesOn = /[\d=+/]|[a-z][A-Z]|[A-Z]{2}[a-z]/;

function isMixed(letters: string): boolean {
  return /[a-z]/.test(letters) && /[A-Z]/.test(letters) && /\d/.test(letters);
}

export const longRun = /(?<![\w+/=-])[A-Za-z0-9+/]{40,}={0,2}(?![\w+/-])/;

/** Long runs of base64, which stand for themselves where the beginning is not there. */
export function withoutRuns(text: string): string {
  return text.replace(new RegExp(longRun, 'g'), (found, at: number) => {
    if (isInRule(text, at)) return found;
    // A path has slashes.
    return /[A-Za-z0-9+]{24}/.test(found) && isMixed(found) ? notShown : found;
  });
}
