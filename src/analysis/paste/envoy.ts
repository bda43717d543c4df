/** What Envoy was told, within a pasted text: a config_dump, or a list that istioctl proxy-config prints. */
import { withoutKeys } from '../../netfilter/index.ts';
import { clusterTexts, listenerTexts, unescaped, withoutHead, withoutPrefixes } from './envoy-forms.ts';

export interface EnvoyText {
  readonly text: string;
  /** Its first line in the whole text, from 1. */
  readonly line: number;
}

export interface CutText {
  readonly envoy: readonly EnvoyText[];
  /** The text without them, each line at its place. */
  readonly rest: string;
}

/** Names that stand in what Envoy is told, in both spellings; and at the top of a dump of ztunnel. */
const names =
  '(?:static_?[rR]esources|filter_?[cC]hains|default_?[fF]ilter_?[cC]hain|virtual_?[hH]osts|(?:host|cluster|listener)_?[sS]tatuses|eds_?[cC]luster_?[cC]onfig|load_?[aA]ssignment|lb_?[eE]ndpoints|(?:static|dynamic)_\\w+|dynamic[A-Z]\\w+|ecds_?[fF]ilters|route_?[cC]onfig|bootstrap';
const typed = 'type\\.googleapis\\.com/envoy\\.';
const jsonSign = new RegExp(`"${names}|configs|workloads)"\\s*:|${typed}`);
const yamlSign = new RegExp(`^[ \\t\u00a0\ufeff]*(?:- )?${names}):|${typed}`, 'm');
/** What each YAML has: cheaper to look for in a text of many rules, which has none. */
const yamlKey = /[a-zA-Z_]["']?:(?:\s|$)/;

function showsYaml(text: string): boolean {
  return yamlKey.test(text) && yamlSign.test(text);
}

/** Objects of Kubernetes, and nft's own JSON: these are read by others. */
const otherJson = /^\s*\{\s*"(?:apiVersion|kind|nftables|level|time|msg)"\s*:/;
const looked = 200_000;

/** A value that begins a line, or what belongs to one of which the beginning was not pasted. */
const start = /^[ \t\u00a0\ufeff]*(?:([{[])|"[\w@.]+"[ \t\u00a0\ufeff]*:|[}\]])/gm;
/** Where the line before says that a text in a text follows. */
const within = /[:|>]-?\s*$/;

/** Takes a time that grows with the length of the text. What is left has no keys: others quote it line by line. */
export function cutEnvoy(given: string): CutText {
  const { envoy, rest } = cutText(given);
  return { envoy, rest: withoutKeys(rest) };
}

function cutText(given: string): CutText {
  const plain = unescaped(given);
  if (plain !== null && jsonSign.test(plain.slice(0, looked)))
    return { envoy: [{ text: plain, line: 1 }], rest: lineEnds(given) };
  const bare = jsonSign.test(given) || showsYaml(given) ? withoutHead(withoutPrefixes(given)) : given;
  const cut = cutAdmin(bare);
  const { envoy, rest } = cutConfig(cut.rest);
  // Where nothing of an Envoy is in it, it stays as it was written.
  if (envoy.length + cut.envoy.length === 0) return { envoy: [], rest: given };
  return { envoy: [...envoy, ...cut.envoy].sort((a, b) => a.line - b.line), rest };
}

/** What the admin port answers in plain text. */
function cutAdmin(text: string): CutText {
  const clusters = clusterTexts(text);
  // Names with addresses alone may be anything: beside clusters, or asked for by name, they are listeners.
  const asked = clusters.length > 0 || /\/listeners\b|^virtualOutbound::/m.test(text);
  const all = asked ? [...clusters, ...listenerTexts(text)] : clusters;
  if (all.length === 0) return { envoy: [], rest: text };
  const lines = text.split('\n');
  for (const { from, to } of all) lines.fill('', from - 1, to);
  return { envoy: all.map(({ json, from }) => ({ text: json, line: from })), rest: lines.join('\n') };
}

function cutConfig(text: string): CutText {
  const envoy: EnvoyText[] = [];
  // What diff prints has no text whole.
  if (/^@@ -\d+/m.test(text)) return { envoy, rest: text };
  let rest = '';
  let from = 0;
  let isCut = false;
  let counted = { at: 0, line: 1 };
  start.lastIndex = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const isHeadless = found[1] === undefined;
    // What is never closed, or begins too late, is searched to the end of the text, and that once.
    if (isHeadless && isCut) continue;
    const at = isHeadless ? found.index : start.lastIndex - 1;
    const closed: number | null = isCut || isHeadless ? null : closedAt(text, at);
    isCut ||= closed === null;
    // What is closed behind it was open before it.
    const after = closed === null ? null : /^[\s,]*[\]}][\s,\]}]*/.exec(text.slice(closed, closed + 500));
    const end = closed === null ? cutAt(text, at) : closed + (after?.[0].length ?? 0);
    const part = text.slice(at, end);
    const isOther =
      otherJson.test(part.slice(0, 200)) ||
      within.test(text.slice(Math.max(0, found.index - 200), found.index));
    if (!isOther && jsonSign.test(part.slice(0, looked))) {
      // What was whole before its beginning was lost belongs to it.
      const first = isHeadless && isFragment(text.slice(from, at)) ? from : at;
      counted = lineAt(text, first, counted);
      envoy.push({ text: withoutCutLine(text.slice(first, end)), line: counted.line });
      rest += text.slice(from, first) + lineEnds(text.slice(first, end));
      from = end;
    }
    if (from === end || !isHeadless) start.lastIndex = Math.max(end, start.lastIndex);
  }
  rest += text.slice(from);
  const yaml = yamlIn(rest);
  return { envoy: [...envoy, ...yaml.envoy], rest: yaml.rest };
}

/** Whether all lines but the first, which is cut off, are of JSON. */
function isFragment(text: string): boolean {
  return (
    /^[^\n]*(?:\n[ \t]*(?:["{}[\]\d-][^\n]*|true,?|false,?|null,?)?)*$/.test(text) && /["}\]]/.test(text)
  );
}

/** A first line that is the end of one says nothing. */
function withoutCutLine(part: string): string {
  return part.replace(/^(?!\s*(?:[{[}\]]|"[\w@.]+"\s*:))[^\n]*/, '');
}

const yamlStart = /^[ \t\u00a0\ufeff]*(?:- ["'@\w]|["']?[@\w]+["']?:(?:\s|$))/gm;
/** No line of YAML: prose, a prompt, or the end of a document. */
const yamlStop = /^(?:---|\[\w+@|(?![\s\-#{}[\]]|["']?[@\w.]+["']?:(?:\s|$)|$).).*$/gm;

/** Documents of YAML that an Envoy was told, each to the first line that is none of it. */
function yamlIn(text: string): CutText {
  const envoy: EnvoyText[] = [];
  if (!showsYaml(text)) return { envoy, rest: text };
  let rest = '';
  let from = 0;
  let counted = { at: 0, line: 1 };
  yamlStart.lastIndex = 0;
  for (let found = yamlStart.exec(text); found !== null; found = yamlStart.exec(text)) {
    yamlStop.lastIndex = found.index;
    const end = yamlStop.exec(text)?.index ?? text.length;
    const part = text.slice(found.index, end);
    if (yamlSign.test(part) && !/^[ \t\u00a0\ufeff]*(?:- )?apiVersion:/m.test(part)) {
      counted = lineAt(text, found.index, counted);
      envoy.push({ text: part, line: counted.line });
      rest += text.slice(from, found.index) + lineEnds(part);
      from = end;
    }
    yamlStart.lastIndex = Math.max(end, yamlStart.lastIndex);
  }
  return { envoy, rest: rest + text.slice(from) };
}

/** Lines that no JSON has at their beginning: one that was cut off ends there. */
const afterCut =
  /^(?:\*(?:nat|mangle|raw|filter|security)$|-[AN] |:[A-Z]|# (?:Generated|ip)|[\w@-]+[:~][^"\n\r]*[$#] )/gm;

/** Where something else begins behind a value that is never closed. */
function cutAt(text: string, from: number): number {
  afterCut.lastIndex = from;
  return afterCut.exec(text)?.index ?? text.length;
}

/** Behind the value that begins at `from`; null where it is never closed. */
function closedAt(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === 0x22) {
      at = endOfText(text, at);
      if (at < 0) return null;
    } else if (letter === 0x7b || letter === 0x5b) depth++;
    else if ((letter === 0x7d || letter === 0x5d) && --depth === 0) return at + 1;
  }
  return null;
}

/** The quote that ends what begins at `from`, -1 where none does. */
function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

interface Counted {
  readonly at: number;
  readonly line: number;
}

/** The line of a place, counted on from one before it. */
function lineAt(text: string, at: number, from: Counted): Counted {
  let { line } = from;
  for (let end = text.indexOf('\n', from.at); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line++;
  return { at, line };
}

function lineEnds(part: string): string {
  return part.replace(/[^\n]+/g, '');
}
