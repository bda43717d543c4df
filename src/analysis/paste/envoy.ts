/** What Envoy was told, within a pasted text: a config_dump, or a list that istioctl proxy-config prints. */

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
const jsonSign =
  /"(?:configs|static_?[rR]esources|filter_?[cC]hains|default_?[fF]ilter_?[cC]hain|virtual_?[hH]osts|host_?[sS]tatuses|cluster_?[sS]tatuses|eds_?[cC]luster_?[cC]onfig|load_?[aA]ssignment|lb_?[eE]ndpoints|workloads)"\s*:|type\.googleapis\.com\/envoy\./;
const yamlSign =
  /^\s*(?:- )?(?:static_?[rR]esources|filter_?[cC]hains|default_?[fF]ilter_?[cC]hain|virtual_?[hH]osts|host_?[sS]tatuses|eds_?[cC]luster_?[cC]onfig|load_?[aA]ssignment|lb_?[eE]ndpoints):|type\.googleapis\.com\/envoy\./m;
/** Objects of Kubernetes, and nft's own JSON: these are read by others. */
const otherJson = /^\s*\{\s*"(?:apiVersion|kind|nftables|level|time|msg)"\s*:/;
const looked = 200_000;

/** Takes a time that grows with the length of the text. */
export function cutEnvoy(text: string): CutText {
  const envoy: EnvoyText[] = [];
  let rest = '';
  let from = 0;
  const start = /^[{[]/gm;
  let isCut = false;
  let counted = { at: 0, line: 1 };
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    // What is never closed is searched to the end of the text, and that once.
    const closed: number | null = isCut ? null : closedAt(text, found.index);
    isCut ||= closed === null;
    const end = closed ?? cutAt(text, found.index);
    const part = text.slice(found.index, end);
    if (!otherJson.test(part.slice(0, 200)) && jsonSign.test(part.slice(0, looked))) {
      counted = lineAt(text, found.index, counted);
      envoy.push({ text: part, line: counted.line });
      rest += text.slice(from, found.index) + lineEnds(part);
      from = end;
    }
    start.lastIndex = Math.max(end, start.lastIndex);
  }
  rest += text.slice(from);
  return envoy.length > 0 ? { envoy, rest } : yamlIn(text);
}

/** A text that is one such YAML from its first line on, to the first line that is none of it. */
function yamlIn(text: string): CutText {
  const whole: CutText = { envoy: [], rest: text };
  const first =
    /^(?:---\n)?(?:- \S|(?:configs|bootstrap|static_resources|staticResources|admin|node):\s*$)/.exec(text);
  if (first === null || !yamlSign.test(text.slice(0, looked)) || /^\s{0,2}(?:- )?apiVersion:/m.test(text))
    return whole;
  const stop = /^(?![\s\-#{}[\]]|[\w"']+:(?:\s|$)|$).*$/m.exec(text);
  const end = stop === null ? text.length : stop.index;
  const part = text.slice(0, end);
  return { envoy: [{ text: part, line: 1 }], rest: lineEnds(part) + text.slice(end) };
}

/** Lines that no JSON has at their beginning: one that was cut off ends there. */
const afterCut =
  /^(?:\*(?:nat|mangle|raw|filter|security)$|-[AN] |:[A-Z]|# (?:Generated|ip)|[\w@-]+[:~][^"]*[$#] )/gm;

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
