/**
 * Keys, certificates and passwords in a text that somebody pasted: what may be shown of it, and sent on. All lines stay
 * at their places, and JSON stays JSON, so that it is read as before.
 */

import { besidesRules } from './rule-lines.ts';
import {
  knownForm,
  longRun,
  spacedFlag,
  urlPassword,
  withoutAssigned,
  withoutRows,
  withoutRuns,
  withoutStanding,
} from './secret-values.ts';
import { hidden, noSecret, notShown, secretWords } from './secret-words.ts';
import { type Broken, brokenLines } from './wrapped.ts';

/** Fields that hold keys, certificates and other secrets, wherever they stand. */
const names = `[\\w.-]{0,60}(?:${secretWords})|certificate_?chain|pkcs12|trusted_?ca|crl|session_?ticket_?keys|ocsp_?staple|local_?jwks`;
/** A text or bytes that stand in a configuration itself: nobody knows what they hold. */
const inline = 'inline_?(?:bytes|string|code)';
const secretName = new RegExp(`^(?:${names}|inline_?bytes)$`, 'i');

/** Whether the field of a message holds a secret. */
export function isSecretField(name: string): boolean {
  return secretName.test(name);
}

/** Whether a text may have a secret: most have none, and are long, so that this looks at few of its letters. */
function mayHaveKeys(text: string): boolean {
  return (
    /-----(?:BEGIN|END)/.test(text) ||
    rareSigns.some((sign) => text.includes(sign)) ||
    /(?:AK|AS)IA[A-Z\d]{16}/.test(text) ||
    hasNamed(text, ':', colonNamed) ||
    hasNamed(text, '=', equalsNamed) ||
    (text.includes('://') && text.search(urlPassword) >= 0) ||
    (/(?:token|passw|secret|phrase|ential)/.test(text) && text.search(spacedFlag) >= 0) ||
    hasLongRun(text)
  );
}

/** Of keys in which no run of letters need be long: of GitLab, of Slack, of Google. */
const rareSigns = ['glpat-', 'xox', 'zaSy'];

/** Whether what stands before a mark is the name of a secret, or of what may be one. */
function hasNamed(text: string, mark: ':' | '=', name: RegExp): boolean {
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
    if (
      (mark === '=' || valueFollows.includes(text.charAt(at + 1))) &&
      name.test(text.slice(Math.max(0, at - 80), at))
    )
      return true;
  return false;
}

/** And the end of the text. */
const valueFollows = ' "\n\'\\\t\r';
const colonNamed = new RegExp(
  `(?:bytes|string|code|${secretWords}|key|pkcs12|ca|crl|chain|keys|staple|jwks|value|authorization|cookie)\\\\{0,7}["']?$`,
  'i',
);
const equalsNamed = new RegExp(secretWords, 'i');

/**
 * A run of letters that may be a key. One of each so many letters is looked at, from there backwards to the first that
 * belongs to no run.
 */
function hasLongRun(text: string): boolean {
  for (let from = 0, at = shortestRun - 1; at < text.length; at += shortestRun) {
    let back = at;
    while (back >= from && inRun[text.charCodeAt(back)] === 1) back--;
    if (back < from) {
      if (startsKey(text, from)) return true;
      while (inRun[text.charCodeAt(at)] === 1) at++;
      back = at;
    }
    from = back + 1;
    at = back;
  }
  return false;
}

const shortestRun = 32;
const inRun = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w+/]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const keyHere = new RegExp(
  `${knownForm.source}|${longRun.source}|(?<=^[ \\t]*)[A-Za-z0-9+/]{20,}\\r?\\n[ \\t]*[A-Za-z0-9+/]`,
  'my',
);

function startsKey(text: string, from: number): boolean {
  keyHere.lastIndex = from;
  return (
    keyHere.test(text) || /eyJ|hv[bs]\.|dckr_/.test(text.slice(Math.max(0, from - 40), from + shortestRun))
  );
}

/** Takes a time that grows with the length of the text. */
export function withoutKeys(text: string): string {
  const broken = brokenLines(text);
  if (!mayHaveKeys(besidesRules(text)) && !broken.some(({ whole }) => mayHaveKeys(whole))) return text;
  const open = withoutKeysIn(text);
  return broken.length === 0 ? open : withoutBroken(text, open, broken);
}

function withoutKeysIn(text: string): string {
  const named = withoutAssigned(withoutValues(withoutEnds(withoutBlocks(text))));
  return withoutRuns(withoutRows(withoutStanding(named)))
    .replace(credentials, `$1${notShown}`)
    .replace(namedValue, `$1${notShown}`)
    .replace(headlessValue, `$1${notShown}`);
}

/** A line in which a key is only seen when it is whole is put into its first row, and the others stay empty. */
function withoutBroken(text: string, open: string, broken: readonly Broken[]): string {
  let joined = '';
  let from = 0;
  for (const line of broken) {
    joined += text.slice(from, line.from) + line.whole;
    from = line.to;
  }
  const found = withoutKeysIn(joined + text.slice(from)).split('\n');
  const rows = open.split('\n');
  const made: string[] = [];
  // Each broken line is one there, and several rows here.
  let more = 0;
  let counted = 0;
  for (const { from: begin, to, whole } of broken) {
    for (let before = lineEndsIn(text, counted, begin); before > 0; before--)
      made.push(rows[made.length] ?? '');
    const many = lineEndsIn(text, begin, to) + 1;
    const own = found[made.length - more] ?? '';
    if (own === whole) made.push(...rows.slice(made.length, made.length + many));
    else made.push(own, ...Array(many - 1).fill(''));
    more += many - 1;
    counted = to + 1;
  }
  return [...made, ...rows.slice(made.length)].join('\n');
}

function lineEndsIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let end = text.indexOf('\n', from); end >= 0 && end < to; end = text.indexOf('\n', end + 1)) count++;
  return count;
}

/** What stands in a header behind its kind. */
const credentials = /(value\\{0,7}["']?:[ \t]*\\{0,7}["']?(?:Bearer|Basic) )(?!secret-\d)[\w.~+/=-]+/g;
/** A header, or a variable, of which the name says what it holds. */
const namedValue =
  /((?:key|name)\\{0,7}["']?:\s*\\{0,7}["']?[\w-]{0,60}(?:authorization|cookie|token|secret|api[_-]?key|password)[\w-]{0,60}\\{0,7}["']?\s{0,200},?\s{0,200}\\{0,7}["']?value\\{0,7}["']?:[ \t]*\\{0,7}["']?)(?!secret-\d|\[not|[{["'\s\\])[^"'\n\\]+/gi;

/** At the beginning of a text, where the name of what it is may be cut off. */
const headlessValue =
  /^((?:[^\n{}]{0,300}[\n,])?\s{0,200}\\{0,7}"(?:value|inline_?\w*|\w{0,7}string)\\{0,7}"\s{0,9}:\s{0,9}\\{0,7}"|[^\n:{}]{0,80}\n?[ \t]*value: )(?!secret-\d|\[not)[^"\n\\]+/;

/** PEM, whole or cut off; `secret-1` stands where somebody has replaced it already. */
function withoutBlocks(text: string): string {
  const begin = /-----BEGIN[A-Z0-9\s]{1,60}-----(?!secret-\d)/g;
  const letters =
    /(?:(?:\\{1,7}[nr]|\s)*[A-Za-z0-9+/=]{16,})*(?:\\{1,7}[nr][A-Za-z0-9+/=]{1,15}|\s+[A-Za-z0-9+/=]{1,15}\s*$)?/y;
  let made = '';
  let from = 0;
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    const next = text.indexOf('-----', begin.lastIndex);
    const end = /-----END[A-Z0-9\s]{1,60}-----/y;
    end.lastIndex = next;
    const isWhole = next >= 0 && next - begin.lastIndex < longestBlock && end.test(text);
    letters.lastIndex = begin.lastIndex;
    letters.test(text);
    const to = isWhole ? end.lastIndex : Math.max(begin.lastIndex, letters.lastIndex);
    made += text.slice(from, found.index) + hidden(text.slice(found.index, to));
    from = to;
    begin.lastIndex = to;
  }
  return made + text.slice(from);
}

/** In characters: a chain of certificates is shorter. */
const longestBlock = 200_000;

/** The end of a PEM of which the beginning is not there. */
function withoutEnds(text: string): string {
  const end = /-----END[A-Z0-9\s]{1,60}-----/g;
  let made = '';
  let from = 0;
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    let at = found.index;
    while (at > from && /[A-Za-z0-9+/=\s\\]/.test(text.charAt(at - 1))) at--;
    const before = text.slice(at, found.index);
    // Words may stand before it, of which no line is as long.
    const run = before.search(/[A-Za-z0-9+/=]{16}/);
    const start = run < 0 ? found.index : at + run;
    if (/secret-\d+$/.test(text.slice(from, found.index))) continue;
    made += text.slice(from, start) + hidden(text.slice(start, end.lastIndex));
    from = end.lastIndex;
  }
  return made + text.slice(from);
}

/** What stands before the name of a field, the name with its quotes and colon. */
const member = new RegExp(
  `(^[ \\t-]*|[{,]\\s{0,200}|\\s|)(\\\\{0,7}["']?)(?<![\\w.-])(?:${inline}|${names})(\\\\{0,7}["']?):(?=[\\s"'\\\\])(?:\\s{0,200}(?=\\\\{0,7}")|[ \\t]*)`,
  'gim',
);

/** The values of fields that hold secrets, in JSON, YAML and the text form of protobuf. */
function withoutValues(text: string): string {
  let made = '';
  let from = 0;
  member.lastIndex = 0;
  for (let found = member.exec(text); found !== null; found = member.exec(text)) {
    const [, before = '', quote, closed] = found;
    const at = member.lastIndex;
    // A rule's comment may have such words.
    if (quote !== closed) continue;
    const isQuoted = /\\{0,7}["']/y;
    isQuoted.lastIndex = at;
    const begins = before !== ' ' && before !== '';
    const isLine = begins || found.index === 0 || text[found.index - 1] === '\n';
    if (!isQuoted.test(text) && quote === '' && !isLine) continue;
    const to = endOfValue(text, at);
    const value = text.slice(at, to);
    if (noSecret.test(value.slice(0, 30))) continue;
    const [open = ''] = /^\\{0,7}["']?/.exec(value) ?? [];
    made += text.slice(from, at) + open + hidden(value) + open;
    from = to;
    member.lastIndex = to;
  }
  return made + text.slice(from);
}

/** Behind a value that is a text; at its place where it is a message or a list, the fields of which are looked at. */
function endOfValue(text: string, at: number): number {
  const quoted = /"(?:[^"\\\n]|\\.)*"|(\\{1,7}")(?:(?!\\{0,7}")[^\n])*\1|'(?:[^'\n]|'')*'/y;
  quoted.lastIndex = at;
  if (quoted.test(text)) return quoted.lastIndex;
  const first = text.charAt(at);
  if (first === '{' || first === '[' || first === '') return at;
  const lineEnd = text.indexOf('\n', at);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const own = text.slice(at, end).trimEnd();
  if (/[,}\]]$/.test(own)) return at + (/^[^,}\]]*/.exec(own)?.[0].length ?? 0);
  // In YAML it goes on in the lines that stand further in.
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const depth = /^[ \t-]*/.exec(text.slice(lineStart, at))?.[0].length ?? 0;
  let to = end;
  const deeper = new RegExp(`\\n(?:[ \\t]{${depth + 1},}(.*)|[ \\t]*(?=\\n))`, 'y');
  deeper.lastIndex = to;
  for (let line = deeper.exec(text); line !== null; line = deeper.exec(text)) {
    // A message of YAML: its own fields are looked at.
    if (own === '' && /^(?:- )?["']?[\w@.]+["']?:(?:\s|$)/.test(line[1] ?? '')) return at;
    to = deeper.lastIndex;
  }
  return own === '' && to === end ? at : to;
}
