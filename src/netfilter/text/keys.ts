/**
 * Keys, certificates and passwords in a text that somebody pasted: what may be shown of it, and sent on. All lines stay
 * at their places, and JSON stays JSON, so that it is read as before.
 */

/** What stands in the place of a secret. */
export const notShown = '[not shown]';

/** Fields that hold keys, certificates and other secrets, wherever they stand. */
const names =
  '(?:[\\w.-]{0,60}[_.-])?(?:password|passwd|secret|token|api_?key|private_?key)|privateKey|certificate_?chain|pkcs12|trusted_?ca|crl|session_?ticket_?keys|ocsp_?staple|(?:generic|client|hmac|token)Secret|accessToken|local_?jwks';
/** A text or bytes that stand in a configuration itself: nobody knows what they hold. */
const inline = 'inline_?(?:bytes|string|code)';
const secretName = new RegExp(`^(?:${names}|inline_?bytes)$`, 'i');

/** Whether the field of a message holds a secret. */
export function isSecretField(name: string): boolean {
  return secretName.test(name);
}

/** Whether a text may have a secret: most have none, and are long, so that this looks at few of its letters. */
function mayHaveKeys(text: string): boolean {
  return /-----(?:BEGIN|END)/.test(text) || hasNamedValue(text) || hasLongRun(text);
}

function hasNamedValue(text: string): boolean {
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1))
    if (valueFollows.test(text.charAt(at + 1)) && named.test(text.slice(Math.max(0, at - 20), at)))
      return true;
  return false;
}

const valueFollows = /[\s"'\\]/;
const named =
  /(?:bytes|string|code|passwo?r?d|secret|token|key|pkcs12|ca|crl|chain|keys|staple|jwks|value)\\{0,7}["']?$/i;

/** One of each forty letters is looked at, from there backwards to the first that belongs to no run. */
function hasLongRun(text: string): boolean {
  for (let from = 0, at = shortestRun - 1; at < text.length; at += shortestRun) {
    let back = at;
    while (back >= from && inRun[text.charCodeAt(back)] === 1) back--;
    if (back < from) return true;
    from = back + 1;
    at = back;
  }
  return false;
}

const shortestRun = 40;
const inRun = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const run = /(?<![\w+/=-])[A-Za-z0-9+/]{40,}={0,2}(?![\w+/-])/;

/** Takes a time that grows with the length of the text. */
export function withoutKeys(text: string): string {
  if (!mayHaveKeys(text)) return text;
  return withoutRuns(withoutValues(withoutEnds(withoutBlocks(text))))
    .replace(credentials, `$1${notShown}`)
    .replace(namedValue, `$1${notShown}`)
    .replace(headlessValue, `$1${notShown}`);
}

/** What stands in a header behind its kind. */
const credentials = /(value\\{0,7}["']?:[ \t]*\\{0,7}["']?(?:Bearer|Basic) )(?!secret-\d)[\w.~+/=-]+/g;
/** A header, or a variable, of which the name says what it holds. */
const namedValue =
  /((?:key|name)\\{0,7}["']?:\s*\\{0,7}["']?[\w-]{0,60}(?:authorization|cookie|token|secret|api[_-]?key|password)[\w-]{0,60}\\{0,7}["']?\s{0,200},?\s{0,200}\\{0,7}["']?value\\{0,7}["']?:[ \t]*\\{0,7}["']?)(?!secret-\d|\[not|[{["'\s\\])[^"'\n\\]+/gi;

/** At the beginning of a text, where the name of what it is may be cut off. */
const headlessValue =
  /^((?:[^\n{}]{0,300}[\n,])?\s{0,200}\\{0,7}"(?:value|inline_?\w*|\w{0,7}string)\\{0,7}"\s{0,9}:\s{0,9}\\{0,7}"|[^\n:{}]{0,80}\n?[ \t]*value: )(?!secret-\d|\[not)[^"\n\\]+/;

const hidden = (part: string) => notShown + part.replace(/[^\n]+/g, '');

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
    if (plain.test(value.slice(0, 30))) continue;
    const [open = ''] = /^\\{0,7}["']?/.exec(value) ?? [];
    made += text.slice(from, at) + open + hidden(value) + open;
    from = to;
    member.lastIndex = to;
  }
  return made + text.slice(from);
}

/** What is no secret, or none any more. */
const plain = /^[\\"']{0,8}(?:secret-\d|\[not shown|(?:true|false|null|\d{0,9})[\\"']{0,8}$)/;

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

const rule = /^\s*(?:\[\d+:\d+\] )?(?:ip6?tables\S* |-[AIN] )/;

/** Long runs of base64, which stand for themselves where the beginning is not there. */
function withoutRuns(text: string): string {
  return text.replace(new RegExp(run, 'g'), (found, at: number) => {
    if (rule.test(text.slice(text.lastIndexOf('\n', at) + 1, at).slice(0, 40))) return found;
    const isMixed = /[a-z]/.test(found) && /[A-Z]/.test(found) && /\d/.test(found);
    // A path has slashes.
    return /[A-Za-z0-9+]{24}/.test(found) && isMixed ? notShown : found;
  });
}
