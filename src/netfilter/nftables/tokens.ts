/**
 * The words of an nft text, each with its place. Names hold letters, digits and `_ . - / \`, as in src/scanner.l of nftables.
 */

export interface NftToken {
  /** `owner`: the name of the program that a table belongs to, behind its opening brace. */
  readonly kind: 'word' | 'string' | 'sign' | 'end of line' | 'handle' | 'owner';
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Where it starts and ends in the text. */
  readonly start: number;
  readonly end: number;
  /** True where nothing stands between it and the token before. */
  readonly joined: boolean;
}

const lineGoesOn = /\\\r?\n/y;
const handle = /# handle (\d+)/y;
const owner = /(?:# )?progname (\S+)(?=\n)/y;
const comment = /#[^\n]*/y;
const quoted = /"([^"\n]*)"/y;
/** Two colons at least: an IPv6 or a link-layer address, with a prefix length or as a range. */
const colons =
  /(?:[0-9a-fA-F]{0,4}:){2,8}[0-9a-fA-F.]*(?:\/\d{1,3})?(?:-(?:[0-9a-fA-F]{0,4}:){2,8}[0-9a-fA-F.]*)?/y;
const word = /(?:[A-Za-z0-9_.\-/*+%\\~?'`\u0080-\uffff])+/y;
/** Signs that begin no longer one. */
const alone: ReadonlySet<string> = new Set('{}()[];,');
const signs = /==|!=|<=|>=|<<|>>|[{}()[\];,:@=!<>&|^$]/y;

/** Takes a text apart. A letter that belongs to nothing is a sign by itself; nothing is left out. */
export function readTokens(text: string): readonly NftToken[] {
  const tokens: NftToken[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  let lastEnd = -1;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const push = (kind: NftToken['kind'], value: string, length: number) => {
    const end = at + length;
    tokens.push({
      kind,
      text: value,
      line,
      column: at - lineStart + 1,
      start: at,
      end,
      joined: at === lastEnd,
    });
    at = end;
    lastEnd = end;
  };
  while (at < text.length) {
    const letter = text[at] as string;
    if (letter === '\n') {
      push('end of line', '\n', 1);
      line++;
      lineStart = at;
      continue;
    }
    const goesOn = letter === '\\' ? match(lineGoesOn) : null;
    if (goesOn !== null) {
      at += goesOn[0].length;
      line++;
      lineStart = at;
      continue;
    }
    if (letter === ' ' || letter === '\t' || letter === '\r') {
      at++;
      continue;
    }
    if (alone.has(letter)) {
      push('sign', letter, 1);
      continue;
    }
    const last = tokens.at(-1);
    const isOwned = (letter === '#' && last?.text === '{') || (letter === 'p' && last?.kind === 'handle');
    const owned = isOwned ? match(owner) : null;
    if (owned !== null) {
      push('owner', owned[1] as string, owned[0].length);
      continue;
    }
    if (letter === '#') {
      const found = match(handle);
      if (found !== null) push('handle', found[1] as string, found[0].length);
      else at += (match(comment) as RegExpExecArray)[0].length;
      continue;
    }
    const string = letter === '"' ? match(quoted) : null;
    if (string !== null) {
      push('string', string[1] as string, string[0].length);
      continue;
    }
    word.lastIndex = at;
    const end = word.test(text) ? word.lastIndex : at;
    // Two colons stand behind at most four digits.
    const address = text[end] === ':' && end - at <= 4 ? match(colons) : null;
    if (address !== null || end > at) {
      const name = address?.[0] ?? text.slice(at, end);
      push('word', name, name.length);
      continue;
    }
    const [sign = letter] = match(signs) ?? [];
    push('sign', sign, sign.length);
  }
  return tokens;
}
