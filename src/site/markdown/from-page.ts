/**
 * A built page as Markdown. What a component made of the engine's answers is taken from the page, so that the
 * Markdown says what the page says; a diagram is given as its Mermaid source. What only a script can do, and what
 * is there for the eye or the search alone, is left out.
 */
import { shownScenarioNamed, walkShown } from '../../handbook/scenarios/index.ts';
import { mermaid, separator } from '../../render/index.ts';

const left = [
  'script, style, noscript, template, nav, footer, svg, button, input, label, .fact-mark',
  'astro-island, .needs-script, .page-contents, .page-section, .heading-link, .sr-only',
  '[aria-hidden="true"], [data-not-searched], [hidden]',
].join(', ');

const blocks =
  'address article aside blockquote details div dl dd dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 hr li main ol p pre section summary table ul'.split(
    ' ',
  );

/** The text of a page's `<main>`. It ends with a line end. */
export function markdownFromPage(main: Element): string {
  return `${blockText(main)
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** One or more blocks, a blank line between two of them. */
function blockText(parent: Element): string {
  const parts: string[] = [];
  let line = '';
  const endLine = (): void => {
    if (line.trim() !== '') parts.push(line.trim());
    line = '';
  };
  for (const node of parent.childNodes) {
    if (!isElement(node) || !isBlock(node)) {
      line += inline(node);
      continue;
    }
    endLine();
    const text = block(node);
    if (text.trim() !== '') parts.push(text);
  }
  endLine();
  return parts.join('\n\n');
}

function block(element: Element): string {
  if (element.matches(left)) return '';
  if (element.matches('.path')) return pathText(element);
  if (element.matches('.stops')) return fence('text', stopsText(element));
  if (element.matches('figure.diagrams')) return diagramText(element);
  if (element.matches('[role="table"], table')) return tableText(element);
  const name = element.tagName.toLowerCase();
  const level = /^h([1-6])$/.exec(name)?.[1];
  if (level !== undefined) return `${'#'.repeat(Number(level))} ${inlineText(element)}`;
  if (name === 'p' || name === 'summary' || name === 'dt') return inlineText(element);
  if (name === 'pre') return fence(element.getAttribute('data-language') ?? '', element.textContent ?? '');
  if (name === 'ul' || name === 'ol') return listText(element);
  if (name === 'blockquote' || name === 'aside') return prefix(blockText(element), '> ', '> ');
  if (name === 'hr') return '---';
  return blockText(element);
}

function listText(list: Element): string {
  const first = Number(list.getAttribute('start') ?? '1');
  return [...list.children]
    .map((item, at) => {
      const mark = list.tagName === 'OL' ? `${first + at}. ` : '- ';
      return prefix(blockText(item), mark, ' '.repeat(mark.length));
    })
    .filter((text) => /\w/.test(text))
    .join('\n');
}

function pathText(path: Element): string {
  const label = path.querySelector('.path-label');
  const lines = [...path.querySelectorAll('.stops')].map(stopsText);
  return [label === null ? '' : inlineText(label), fence('text', lines.join('\n'))]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** `app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 9` */
function stopsText(stops: Element): string {
  return [...stops.querySelectorAll('.stop')]
    .map((stop) =>
      [...stop.querySelectorAll('.stop-name, .stop-note, .stop-number')]
        .map((part) => seenText(part).trim())
        .join(' '),
    )
    .join(separator);
}

function diagramText(figure: Element): string {
  const name = /^diagram-(.+)-overview$/.exec(figure.querySelector('input')?.id ?? '')?.[1];
  const scenario = name === undefined ? undefined : shownScenarioNamed(name);
  return scenario === undefined ? '' : fence('mermaid', mermaid(walkShown(scenario).journey));
}

function tableText(table: Element): string {
  const rows = [...table.querySelectorAll('[role="row"], tr')]
    .map((row) => ({
      isHead: row.querySelector('[role="columnheader"], th') !== null,
      cells: [
        ...row.querySelectorAll('[role="cell"], [role="columnheader"], [role="rowheader"], td, th'),
      ].map(cell),
    }))
    .filter(({ cells }) => cells.length > 0);
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const written = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, at) => cells[at] ?? '').join(' | ')} |`;
  const hasHead = rows[0]?.isHead === true;
  const head = hasHead ? (rows[0]?.cells ?? []) : [];
  const rule = `|${' --- |'.repeat(width)}`;
  return [written(head), rule, ...rows.slice(hasHead ? 1 : 0).map(({ cells }) => written(cells))].join('\n');
}

function cell(element: Element): string {
  return blockText(element)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}

function inlineText(element: Element): string {
  return parts(element).replace(/\s+/g, ' ').trim();
}

/** Two elements without a space between them stand on two lines of the page. */
function parts(element: Element): string {
  return [...element.childNodes].reduce((text, node) => {
    const next = inline(node);
    const previous = node.previousSibling;
    const isApart = previous !== null && isElement(previous) && isElement(node);
    return isApart && /\S$/.test(text) && /^\S/.test(next) ? `${text} ${next}` : text + next;
  }, '');
}

function inline(node: Node): string {
  if (!isElement(node))
    return node.nodeType === 3 ? escaped((node.textContent ?? '').replace(/\s+/g, ' ')) : '';
  if (node.matches(left)) return '';
  const name = node.tagName.toLowerCase();
  if (name === 'br') return ' ';
  if (name === 'code' || name === 'kbd' || name === 'samp') return code(node.textContent ?? '');
  if (name === 'del') return `~~${inlineText(node)}~~ `;
  if (name === 'strong' || name === 'b') return around('**', node);
  if (name === 'em' || name === 'i') return around('*', node);
  if (name === 'img') return `![${node.getAttribute('alt') ?? ''}](${node.getAttribute('src') ?? ''})`;
  const href = name === 'a' && !node.matches('.term-link') ? node.getAttribute('href') : null;
  const text = isBlock(node) ? blockText(node).replace(/\s+/g, ' ') : parts(node);
  return href === null ? text : `[${text.trim()}](${href})`;
}

function around(mark: string, element: Element): string {
  const text = inlineText(element);
  return text === '' ? '' : `${mark}${text}${mark}`;
}

function seenText(element: Element): string {
  return [...element.childNodes]
    .map((node) => (isElement(node) ? (node.matches(left) ? '' : seenText(node)) : (node.textContent ?? '')))
    .join('');
}

/** A text as Markdown that reads as it. An underscore is no markup inside of a word. */
export function escaped(text: string): string {
  return text.replace(/[\\`*[\]<]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&');
}

function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `${ticks}${line}${ticks}` : `${ticks} ${line} ${ticks}`;
}

function fence(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n+$/, '')}\n${ticks}`;
}

function prefix(text: string, first: string, others: string): string {
  return text
    .split('\n')
    .map((line, at) => (at === 0 ? first + line : line === '' ? others.trimEnd() : others + line))
    .join('\n');
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

function isBlock(element: Element): boolean {
  const name = element.tagName.toLowerCase();
  return blocks.includes(name) || [...element.children].some(isBlock);
}
