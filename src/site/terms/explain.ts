/** A page on which the first mention of a term leads to the glossary, and says on hover and on focus what it means. */
import type { ExplainedTerm } from './glossary.ts';

/** A comment, a tag, or text. A quotation mark keeps what looks like the end of a tag. */
const token = /<!--.*?-->|<\/?[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>|[^<]+|</gis;
/** Sentences stand in these… */
const sentences = new Set(['p', 'li', 'dd', 'td']);
/** …and none in these: a link within a link, a name that a script looks for, a picture. */
const closed = new Set(
  'a h1 h2 h3 h4 h5 h6 code pre kbd button label legend summary figure svg form script style template noscript astro-island nav'.split(
    ' ',
  ),
);
const empty = new Set('area br col embed hr img input link meta source track wbr'.split(' '));

interface Open {
  readonly name: string;
  /** Whether a term is looked for here. */
  readonly isSentence: boolean;
  readonly isClosed: boolean;
}

/** `address` is that of the glossary. The page's prose is looked through, once for each term. */
export function explainTerms(html: string, terms: readonly ExplainedTerm[], address: string): string {
  const begin = html.indexOf('<div class="prose">');
  if (begin < 0 || terms.length === 0) return html;
  const left = new Map(terms.map((term) => [term.name.toLowerCase(), term]));
  const stack: Open[] = [];
  const parts: string[] = [html.slice(0, begin)];
  for (const [part] of html.slice(begin).matchAll(token)) {
    const top = stack.at(-1);
    if (!part.startsWith('<'))
      parts.push(top?.isSentence && !top.isClosed ? marked(part, left, address) : part);
    else {
      parts.push(part);
      step(stack, part);
    }
  }
  return parts.join('');
}

/** Opens or closes an element. */
function step(stack: Open[], tag: string): void {
  const name = /^<\/?([a-z][\w-]*)/i.exec(tag)?.[1]?.toLowerCase();
  if (name === undefined || empty.has(name) || tag.endsWith('/>')) return;
  if (tag.startsWith('</')) {
    const at = stack.findLastIndex((open) => open.name === name);
    if (at >= 0) stack.length = at;
    return;
  }
  const top = stack.at(-1);
  stack.push({
    name,
    isSentence: sentences.has(name) || top?.isSentence === true,
    isClosed: closed.has(name) || /\bnot-content\b/.test(tag) || top?.isClosed === true,
  });
}

function marked(text: string, left: Map<string, ExplainedTerm>, address: string): string {
  if (left.size === 0) return text;
  // The longest first: "original destination" before "destination".
  const names = [...left.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[^\w\s]/g, '\\$&'));
  const found = new RegExp(`(?<![\\w.:/-])(?:${names.join('|')})(?=s?(?![\\w-]|\\.\\w))`, 'gi');
  return text.replace(found, (written) => {
    const term = left.get(written.toLowerCase());
    if (term === undefined || !isSameWord(written, term.name)) return written;
    left.delete(written.toLowerCase());
    return `<a class="term-link explained" href="${address}#${term.id}" aria-description="${escaped(term.means)}">${written}</a>`;
  });
}

/** A name keeps its capitals; a word may begin a sentence. */
function isSameWord(written: string, name: string): boolean {
  return written === name || written === `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
