/**
 * What mail, terminals, tickets, web pages and logs put around lines is taken off, and it is told what was. What stands
 * in a rule stays as the kernel printed it: only what the kernel never prints is repaired there, and nothing in quotes.
 */
import { readToolLine } from '../../netfilter/index.ts';
import { commandOf, ruleStart, ruleWithin } from './line-start.ts';
import { blankQuotes, outsideQuotes } from './quotes.ts';

export interface TidyLine {
  readonly text: string;
  /** Of the line in the pasted text, from 1; several lines may come out of one. */
  readonly number: number;
  /** As it was written. */
  readonly raw: string;
  /** The pod that the prefix of the line names. */
  readonly pod: string | null;
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
  | 'line goes on'
  | 'remark'
  | 'shell'
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

export interface TidyText {
  readonly lines: readonly TidyLine[];
  readonly repairs: readonly Repair[];
}

/** Never throws. Takes a time that grows with the length of the text. */
export function tidy(text: string): TidyText {
  const repairs = new Map<RepairCode, { line: number; count: number; what: string }>();
  const repaired = (code: RepairCode, line: number, what: string) => {
    const known = repairs.get(code);
    if (known === undefined) repairs.set(code, { line, count: 1, what: what.slice(0, 80) });
    else known.count++;
  };
  const whole = joined(unquoted(expanded(text, repaired), repaired), repaired);
  const lines = withoutPrefixes(whole, repaired);
  return {
    lines,
    repairs: [...repairs].map(([code, one]) => ({ code, ...one })),
  };
}

const quoteMark = /^ {0,3}(?:> ?)+/;

/**
 * A mail's marks before two lines or more, and the blanks that stand before all lines: whatever is quoted keeps its own
 * blanks, which YAML lives by.
 */
function unquoted(lines: readonly TidyLine[], repaired: Repaired): readonly TidyLine[] {
  const isQuoted = (at: number) => quoteMark.test(lines[at]?.text ?? '');
  const plainLines = lines.map((line, at) => {
    if (!line.text.includes('>') || !isQuoted(at) || !(isQuoted(at - 1) || isQuoted(at + 1))) return line;
    repaired('quote mark', line.number, quoteMark.exec(line.text)?.[0].trim() ?? '');
    const text = line.text.replace(quoteMark, '');
    return { ...line, text, raw: text };
  });
  const written = plainLines.filter(({ text }) => text.trim() !== '');
  let indent = written.length < 2 ? 0 : Number.POSITIVE_INFINITY;
  for (const { text } of written) indent = Math.min(indent, text.length - text.trimStart().length);
  const [first] = written;
  if (first === undefined || indent === 0) return plainLines;
  repaired('blanks', first.number, '');
  return plainLines.map((line) => {
    const text = line.text.slice(indent);
    return { ...line, text, raw: text };
  });
}

type Repaired = (code: RepairCode, line: number, what: string) => void;

/** What nearly all lines of a dump are: nothing of them has to be looked at twice. */
const sound = /^(?:-[AN] |:|\[\d+:\d+\] -|COMMIT$|\*[a-z]+$|# [GC])[\x20-\x7e]*$/;

export function isSound(line: string): boolean {
  return sound.test(line) && !/\s$|\\| #| \/\/| <-|&/.test(line);
}

const longest = 20_000;

/** The lines of the text; the message of a log line in JSON or logfmt is taken out of it, with its own lines. */
function expanded(text: string, repaired: Repaired): TidyLine[] {
  const lines: TidyLine[] = [];
  for (const [index, written] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const number = index + 1;
    const raw = written.replace(/\r$/, '');
    const message = isSound(raw) || raw.length > 1_000_000 ? null : messageIn(raw);
    if (message === null) {
      lines.push({ text: raw, number, raw, pod: null });
      continue;
    }
    repaired(message.code, number, raw);
    for (const one of message.text.split('\n')) lines.push({ text: one, number, raw: one, pod: null });
  }
  return lines;
}

const messageNames = ['msg', 'message', 'log', 'MESSAGE', 'textPayload', 'body'] as const;

/** The message of a line of a log in JSON or logfmt, and any line in which the ends of lines are written as `\n`. */
function messageIn(line: string): { readonly text: string; readonly code: RepairCode } | null {
  const trimmed = line.trim();
  if (trimmed.startsWith('{') && trimmed.endsWith('}')) {
    const message = messageOfJson(trimmed);
    if (message !== null) return { text: message, code: 'message of a log' };
  }
  const logfmt = /(?:^|\s)(?:msg|message)=("(?:[^"\\]|\\.)*")/.exec(trimmed)?.[1];
  if (logfmt !== undefined) return { text: unescaped(logfmt.slice(1, -1)), code: 'message of a log' };
  const written = /\\n\s?(?:\*\s?[a-z]+\\|-[AIN] |:[A-Z]|COMMIT)/.test(trimmed);
  if (!written) return null;
  const within = /"((?:[^"\\]|\\.)*)"/.exec(trimmed)?.[1];
  return { text: unescaped(within?.includes('\\n') ? within : trimmed), code: 'escapes' };
}

function messageOfJson(line: string): string | null {
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== 'object' || read === null) return null;
    const fields = new Map(Object.entries(read));
    if (fields.has('apiVersion') || fields.has('kind')) return null;
    for (const name of messageNames) {
      const message = fields.get(name);
      if (typeof message === 'string') return message;
    }
  } catch {
    // no JSON, but a line that looks like it
  }
  return null;
}

function unescaped(text: string): string {
  return text.replace(/\\(n|t|r|"|\\|\/)/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter === 't' ? '\t' : letter === 'r' ? '' : letter,
  );
}

/** A line that ends in `\` goes on in the next, as in a shell. */
function joined(lines: readonly TidyLine[], repaired: Repaired): TidyLine[] {
  const whole: TidyLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    let line = lines[at] as TidyLine;
    while (/(?:^|[^\\])\\\s*$/.test(line.text) && /^\W{0,40}?(?:-[AIN] |.*\bip6?tables\b)/.test(line.text)) {
      const next = lines[at + 1];
      if (next === undefined || line.text.length > longest) break;
      repaired('line goes on', line.number, line.text.trim());
      line = { ...line, text: `${line.text.replace(/\\\s*$/, '')} ${next.text.trim()}` };
      at++;
    }
    whole.push(line);
  }
  return whole;
}

/** A prefix that is known by its form, whatever follows it. */
const knownPrefixes: readonly {
  readonly code: RepairCode;
  readonly form: RegExp;
  /** Taken off only where a rule or a command stands behind it. */
  readonly isBeforeRules?: true;
}[] = [
  // kubectl logs --prefix
  { code: 'prefix', form: /^\[pod\/([a-z0-9][a-z0-9.-]*)\/[a-z0-9-]+\] ?/ },
  // the log files of a container runtime (CRI)
  { code: 'prefix', form: /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] / },
  // journalctl and syslog
  { code: 'prefix', form: /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [\w.@/-]+(?:\[\d+\])?: / },
  // Istio's own log
  {
    code: 'prefix',
    form: /^\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\s+(?:info|warn|warning|error|debug|fatal)\s+(?:[\w.-]+\t)?/i,
  },
  // klog, which the kubelet and many controllers write
  { code: 'prefix', form: /^[IWEF]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] / },
  // a timestamp alone, as kubectl logs --timestamps writes it
  { code: 'prefix', form: /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) / },
  // the item of a list, as chats show it
  { code: 'prefix', form: /^\s*[•‣◦▪]\s+(?=\S)/u },
  // the number of a line
  { code: 'prefix', form: /^\s*\d+[:|]?\s+(?=\S)/, isBeforeRules: true },
  // sh -x
  { code: 'prompt', form: /^\++ (?=\S)/, isBeforeRules: true },
  {
    code: 'prompt',
    form: /^\s*(?:\([\w.-]+\) )?(?:\[?[\w.-]+@[\w.-]+(?:[: ]\S*?)?\]?)?[$#%>❯➜]\s+(?=\S)/u,
    isBeforeRules: true,
  },
  { code: 'quote mark', form: /^\s*(?:[>|] ?)+(?=\S)/, isBeforeRules: true },
  { code: 'box', form: /^\s*[│┃║▏▕]\s?/ },
  { code: 'blanks', form: /^\s+(?=\S)/, isBeforeRules: true },
];

/** A prefix that is shared by lines and known by nothing else is one from this many lines on. */
const fewestShared = 2;

function withoutPrefixes(lines: readonly TidyLine[], repaired: Repaired): TidyLine[] {
  const hasYaml = lines.some(({ text }) => /^\s*(?:apiVersion|kind|spec):/.test(text));
  let inMarkup = false;
  const stripped = lines.map((line) => {
    if (isSound(line.text)) return line;
    const markup = withoutMarkup(line.text, inMarkup);
    inMarkup = markup.inMarkup;
    if (markup.what !== null) repaired(markup.code, line.number, markup.what);
    const raw = markup.code === 'fence' ? '' : line.raw;
    return prefixTaken({ ...line, raw, text: markup.text }, repaired);
  });
  const shapes = sharedShapes(stripped, hasYaml);
  if (shapes.size === 0) return stripped.flatMap((line) => repairedRules(line, repaired));
  const forms = [...shapes].map(formOf);
  return stripped.flatMap((line) => {
    if (isSound(line.text)) return line;
    const form = forms.find((one) => one.test(line.text));
    if (form === undefined) return repairedRules(line, repaired);
    const prefix = form.exec(line.text)?.[0] ?? '';
    repaired('prefix', line.number, prefix);
    return repairedRules(prefixTaken({ ...line, text: line.text.slice(prefix.length) }, repaired), repaired);
  });
}

function prefixTaken(line: TidyLine, repaired: Repaired): TidyLine {
  let { text, raw, pod } = line;
  for (let round = 0; round < 8 && !ruleStart.test(text); round++) {
    const before = text;
    for (const { code, form, isBeforeRules } of knownPrefixes) {
      const found = form.exec(text);
      if (found === null || found[0] === '') continue;
      const rest = text.slice(found[0].length);
      if (isBeforeRules === true && !startsRules(rest)) continue;
      if (code !== 'blanks') repaired(code, line.number, found[0]);
      text = code === 'box' ? rest.replace(/\s*[│┃║▏▕]\s*$/, '') : rest;
      // What is always put there by a tool is no part of the line, of YAML either.
      if (isBeforeRules !== true) raw = text;
      pod ??= found[1] ?? null;
      break;
    }
    if (text === before) break;
  }
  return text === line.text && pod === line.pod ? line : { ...line, text, raw, pod };
}

function startsRules(text: string): boolean {
  if (ruleStart.test(text)) return true;
  const command = commandOf(text);
  return (
    /^(?:[\w./-]*\/)?(?:ip6?tables|ip|nft|kubectl|oc|conntrack|ipset|ss|sysctl)\b/.test(command) ||
    knownPrefixes.some(({ form, isBeforeRules }) => {
      if (isBeforeRules !== true) return false;
      const found = form.exec(text);
      return found !== null && found[0] !== '' && ruleStart.test(text.slice(found[0].length));
    })
  );
}

/** The shapes of what stands before rules in at least two lines: numbers may differ from line to line. */
function sharedShapes(lines: readonly TidyLine[], hasYaml: boolean): ReadonlySet<string> {
  const counted = new Map<string, number>();
  for (const { text } of lines) {
    if (text.length > longest || ruleStart.test(text)) continue;
    const at = blankQuotes(text).search(ruleWithin);
    if (at <= 0 || at > 200) continue;
    const shape = shapeOf(text.slice(0, at));
    counted.set(shape, (counted.get(shape) ?? 0) + 1);
  }
  // In YAML an item of a list may be a command.
  const isList = (shape: string) => hasYaml && /^\s*-\s*["']?$/.test(shape);
  const shared = [...counted].filter(([shape, count]) => count >= fewestShared && !isList(shape));
  return new Set(
    shared
      .sort((a, b) => b[1] - a[1])
      .slice(0, 20)
      .map(([shape]) => shape),
  );
}

function shapeOf(prefix: string): string {
  return prefix.replace(/\d+/g, '0');
}

function formOf(shape: string): RegExp {
  const escaped = shape.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/0/g, '\\d+');
  return new RegExp(`^${escaped.replace(/\s+$/, '')}(?:\\s${/\s$/.test(shape) ? '' : '?'}|$)`);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&gt;', '>'],
  ['&lt;', '<'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&#34;', '"'],
  ['&apos;', "'"],
  ['&nbsp;', ' '],
  ['&ndash;', '-'],
  ['&mdash;', '--'],
  ['&amp;', '&'],
]);
const entity = /&(?:gt|lt|quot|#39|#34|apos|nbsp|ndash|mdash|amp);/g;

function decoded(text: string): string {
  return text.replace(entity, (one) => entities.get(one) ?? one);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal colours with
const colours = /\u001b\[[0-9;]*[A-Za-z]/g;

/** Tags, entities, fences and colours; within `<pre>` and in a line in tags every entity is HTML's. */
function withoutMarkup(
  text: string,
  inMarkup: boolean,
): {
  readonly text: string;
  readonly inMarkup: boolean;
  readonly code: RepairCode;
  readonly what: string | null;
} {
  const unchanged = { text, inMarkup, code: 'markup', what: null } as const;
  if (text.length > longest) return unchanged;
  const fence = /^\s*(?:>\s?)*(?:```|~~~)/.exec(text);
  if (fence !== null) return { text: '', inMarkup, code: 'fence', what: text.trim() };
  let line = text.includes('\u001b') ? outsideQuotes(text, (part) => part.replace(colours, '')) : text;
  const isColoured = line !== text;
  const opens = /^\s*<(pre|code|p|div|td|li|span)\b[^<>]*>/i.exec(line);
  const closes = /<\/(pre|code|p|div|td|li|span)>\s*$|<br\s*\/?>\s*$/i.exec(line);
  const isTagged = opens !== null || closes !== null;
  const isWithin = (inMarkup && !/^\s*<\/pre>/i.test(line)) || isTagged;
  if (isTagged) {
    line = withoutTagsBehind(
      line.replace(/^(?:\s*<\/?(?:pre|code|p|div|td|tr|li|ul|span|br)\b[^<>]*>)+/i, ''),
    );
  }
  if (line.includes('&')) line = isWithin ? decoded(line) : outsideQuotes(line, decoded);
  const next =
    opens?.[1]?.toLowerCase() === 'pre' ? !/<\/pre>/i.test(text) : inMarkup && !/<\/pre>/i.test(text);
  const changed = line !== text;
  return {
    text: line,
    inMarkup: next,
    code: isColoured ? 'colours' : 'markup',
    what: changed ? text.trim() : null,
  };
}

/** Tag by tag, from the end. */
function withoutTagsBehind(line: string): string {
  for (let end = line.length; ; ) {
    const start = line.lastIndexOf('<', end - 1);
    const tag = start < 0 ? '' : line.slice(start, end);
    if (!/^<\/?(?:pre|code|p|div|td|tr|li|ul|span|br)\b[^<>]*>\s*$/i.test(tag)) return line.slice(0, end);
    end = start;
  }
}

/** A command of iptables with an option, and no sentence that begins with its name. */
function runsIptables(line: string): boolean {
  const tool = readToolLine(commandOf(line));
  return tool?.job === 'command' && /^ +-/.test(tool.rest);
}

/** What ends a command in a shell: another command, a pipe, where the output goes. */
const shellEnd = /;|\s(?:&&?|\|\|?)(?=\s|$)|\s(?:\d|&)?>{1,2}/;

/** The commands of a line of a shell, one by one: `iptables … || true; ip6tables …`. */
function repairedRules(line: TidyLine, repaired: Repaired): readonly TidyLine[] {
  const { text } = line;
  if (isSound(text) || text.length > longest || !/[;&|>]/.test(text) || !runsIptables(text))
    return [repairedRule(line, repaired)];
  const commands: TidyLine[] = [];
  let behind: string | null = null;
  for (let rest = text; rest !== ''; ) {
    const end = blankQuotes(rest).search(shellEnd);
    const command = end < 0 ? rest : rest.slice(0, end);
    const isCommand = runsIptables(command);
    if (isCommand) commands.push(repairedRule({ ...line, text: command }, repaired));
    if (!isCommand || end >= 0) behind ??= isCommand ? rest.slice(end) : command;
    rest = end < 0 ? '' : rest.slice(end).replace(/^[\s;&|]+|^\s?\S?>{1,2}&?\s?\S*\s*/, '');
  }
  if (behind !== null) repaired('shell', line.number, behind.trim());
  return commands;
}

/** What the kernel never prints outside of quotes in a rule: another blank, another dash, a remark behind it. */
function repairedRule(line: TidyLine, repaired: Repaired): TidyLine {
  const trimmed = trimEnd(line.text);
  const text = trimmed.replace(/^[\u200b\u2060\ufeff]+/, '');
  if (isSound(text) || !(ruleStart.test(commandOf(text)) || /^[\u2013\u2014\u2212][AINPD] /.test(text)))
    return text === line.text ? line : { ...line, text };
  let rule = text;
  if (/[\u00a0\u2007\u202f\t]/.test(rule)) {
    const made = outsideQuotes(rule, (part) => part.replace(/[\u00a0\u2007\u202f\t]/g, ' '));
    if (made.replaceAll('\t', ' ') !== rule.replaceAll('\t', ' ')) repaired('blanks', line.number, rule);
    rule = made;
  }
  if (/[\u2013\u2014\u2212]/.test(rule)) {
    // what an editor makes of -A and --dport
    const made = outsideQuotes(rule, (part) =>
      part.replace(
        /(^|\s)[\u2013\u2014\u2212](?=[A-Za-z])([A-Za-z][\w-]*)/g,
        (_, space: string, name: string) => `${space}${name.length > 1 ? '--' : '-'}${name}`,
      ),
    );
    if (made !== rule) repaired('dashes', line.number, rule);
    rule = made;
  }
  const end = remarkStart(rule);
  if (end >= 0) {
    repaired('remark', line.number, rule.slice(end).trim());
    rule = rule.slice(0, end).trimEnd();
  }
  return { ...line, text: rule };
}

/** Where a remark begins behind a rule, or -1; a `#` in quotes is the rule's own, and one at its start a dump's. */
function remarkStart(rule: string): number {
  if (rule.startsWith('#')) return -1;
  const found = blankQuotes(rule).search(/\s(?:#|\/\/|<--|<-|\u2190)(?:\s|$)/);
  return found > 0 ? found : -1;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s\u200b\u2060\ufeff]/.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
