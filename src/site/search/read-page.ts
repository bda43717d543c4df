/** A built page as the search knows it. What only scripts fill, drawings and what stands on every page is left out. */
import type { SearchPage, SearchPart } from './pages.ts';

// `.legs` are the kernel’s steps one by one, which are much the same on every page.
const left =
  'script, style, noscript, template, nav, footer, svg, button, input, label, astro-island, [data-not-searched], .heading-link, .sr-only, .fact-mark, .needs-script, .legs';
/** An entry of a table with an address of its own. */
const entry = '.reference-row[id], .term[id]';
const entryName = '.reference-place, .reference-role, .reference-number, .term-name';
const entryText = 'p, code, strong, .term-meaning';
const inline = /^(?:A|B|STRONG|EM|I|CODE|KBD|SPAN|SUP|SUB|Q|WBR|MARK|ABBR)$/;

interface Part {
  readonly id: string;
  readonly title: string;
  readonly names: string[];
  text: string;
}

/** What was read of a page so far. What follows an entry of a table belongs to the heading above it. */
interface Reading {
  readonly parts: Part[];
  heading: Part;
}

/** `typed`: see SearchPage. */
export function readSearchPage(
  document: Document,
  address: string,
  typed: readonly string[],
): SearchPage | undefined {
  const main = document.querySelector('main[data-searched]');
  if (main === null) return undefined;
  const title = spaced(main.querySelector('h1')?.textContent ?? document.title);
  const description = document.querySelector('meta[name="description"]')?.getAttribute('content') ?? '';
  const start: Part = { id: '', title, names: [], text: '' };
  const reading: Reading = { parts: [start], heading: start };
  collect(main, reading);
  const parts: readonly SearchPart[] = reading.parts.map((part) => ({ ...part, text: spaced(part.text) }));
  return { address, title, description, typed, parts };
}

function collect(element: Element, reading: Reading): void {
  for (const node of element.childNodes) {
    if (node.nodeType === 3) reading.heading.text += node.textContent;
    if (node.nodeType !== 1) continue;
    const child = node as Element;
    if (child.matches(left) || child.tagName === 'H1') continue;
    if (/^H[2-4]$/.test(child.tagName) && child.id !== '') {
      reading.heading = { id: child.id, title: spaced(child.textContent ?? ''), names: [], text: '' };
      reading.parts.push(reading.heading);
    } else if (child.matches(entry)) {
      reading.parts.push(entryPart(child));
    } else {
      if (child.matches('.option-facts')) reading.heading.names.push(child.id, ...codesOf(child));
      collect(child, reading);
      if (!inline.test(child.tagName)) reading.heading.text += ' ';
    }
  }
}

function entryPart(element: Element): Part {
  const [title = element.id, ...names] = new Set(
    [...element.querySelectorAll(entryName)].map((name) => spaced(name.textContent ?? '')),
  );
  const text = [...element.querySelectorAll(entryText)]
    .filter((part) => part.parentElement?.closest(entryText) === null)
    .map((part) => part.textContent)
    .join(' ');
  return { id: element.id, title, names, text };
}

function codesOf(element: Element): string[] {
  return [...element.querySelectorAll('dd code')].map((code) => spaced(code.textContent ?? ''));
}

function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
