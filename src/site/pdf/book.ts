/** The whole handbook as one document, to be printed: a title, the contents, and every page in the order of the menu. */
import type { Section } from '../addresses/sections.ts';

export interface BookText {
  readonly title: string;
  readonly description: string;
  readonly release: string;
}

/** What {@link bindBook} is given: plain data, since it runs in the browser. */
export interface BookOrder extends BookText {
  /** Where the served handbook begins. */
  readonly root: string;
  /** Where links go that lead to no page of the book, a drawing or a trace; null: such a link is no link on paper. */
  readonly site: string | null;
  readonly parts: readonly { readonly label: string; readonly pages: readonly BookPage[] }[];
}

export interface BookPage {
  /** Below the root, as `learn/lo/`. */
  readonly path: string;
  readonly title: string;
}

/** The parts of the book: the sections, without what is of no use on paper. */
export function bookParts(sections: readonly Section[]): BookOrder['parts'] {
  return sections
    .filter(({ isPage }) => !isPage)
    .map(({ label, pages }) => ({
      label,
      pages: pages.map(({ address, title }) => ({ path: address.slice(1), title })),
    }));
}

/**
 * Makes the open page the book, and answers with the links in it that lead nowhere. It runs in the browser and is sent
 * there as it stands: nothing outside of it is there.
 */
export async function bindBook(order: BookOrder): Promise<readonly string[]> {
  const root = new URL(order.root);
  const pages = order.parts.flatMap((part) => part.pages);
  const names = new Map(pages.map(({ path }, at) => [new URL(path, root).pathname, `page-${at + 1}`]));
  const element = (tag: string, className: string, text = ''): HTMLElement => {
    const made = document.createElement(tag);
    if (className !== '') made.className = className;
    made.textContent = text;
    return made;
  };

  const bind = async ({ path }: BookPage): Promise<HTMLElement> => {
    const url = new URL(path, root);
    const name = names.get(url.pathname) as string;
    const html = await (await fetch(url)).text();
    const own = new DOMParser().parseFromString(html, 'text/html');
    for (const sheet of own.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
      const href = sheet.getAttribute('href') as string;
      // In the head: what stands in the body of the opened page goes with it.
      if (document.head.querySelector(`link[href="${href}"]`) !== null) continue;
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.media = sheet.media;
      link.href = href;
      await new Promise((done) => {
        link.onload = done;
        link.onerror = done;
        // What is said of paper stays behind all else, as on each page.
        document.head.insertBefore(link, document.head.querySelector('link[media="print"]'));
      });
    }
    const main = own.querySelector('main') as HTMLElement;
    for (const part of main.querySelectorAll(
      'script, template, noscript, astro-island, .site-footer, .elsewhere, .page-contents, .heading-link, .exercise-bar, .simulator-frame',
    ))
      part.remove();

    // Each id stands once in the book, and what names one names it there.
    for (const part of main.querySelectorAll('*'))
      for (const { name: key, value } of [...part.attributes]) {
        if (key === 'id' || key === 'for' || key === 'name') part.setAttribute(key, `${name}-${value}`);
        else if (/^aria-(?:labelledby|describedby|details|controls|owns)$/.test(key))
          part.setAttribute(
            key,
            value
              .split(/\s+/)
              .map((id) => `${name}-${id}`)
              .join(' '),
          );
        else if (value.includes('url(#')) part.setAttribute(key, value.replaceAll('url(#', `url(#${name}-`));
      }
    for (const link of main.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      const to = new URL(link.getAttribute('href') as string, url);
      const page = to.origin === root.origin ? names.get(to.pathname) : undefined;
      const isCall = to.hash.startsWith('#v=');
      if (page !== undefined)
        link.setAttribute('href', `#${page}${to.hash === '' || isCall ? '' : `-${to.hash.slice(1)}`}`);
      else if (to.origin !== root.origin) continue;
      else if (order.site !== null) link.href = `${order.site}${to.pathname}${to.hash}`;
      else link.removeAttribute('href');
    }
    // A page is a part of a part.
    for (const level of [5, 4, 3, 2, 1])
      for (const heading of main.querySelectorAll(`h${level}`)) {
        const lower = document.createElement(`h${level + 1}`);
        for (const { name: key, value } of [...heading.attributes]) lower.setAttribute(key, value);
        lower.append(...heading.childNodes);
        heading.replaceWith(lower);
      }
    const article = element('article', 'book-page');
    article.id = name;
    article.append(...main.childNodes);
    return article;
  };

  const cover = element('header', 'book-cover');
  cover.append(
    element('p', 'book-title', order.title),
    element('p', '', order.description),
    element('p', 'book-release', `Istio ${order.release}`),
  );
  const contents = element('nav', 'book-contents');
  contents.append(element('h1', '', 'Contents'));
  const parts: HTMLElement[] = [];
  for (const [at, part] of order.parts.entries()) {
    const list = document.createElement('ol');
    for (const { path, title } of part.pages) {
      const link = document.createElement('a');
      link.href = `#${names.get(new URL(path, root).pathname)}`;
      link.textContent = title;
      const item = document.createElement('li');
      item.append(link, element('span', 'book-number'));
      list.append(item);
    }
    contents.append(element('h2', '', part.label), list);
    const heading = element('h1', 'book-part', part.label);
    heading.id = `part-${at + 1}`;
    parts.push(heading);
    for (const page of part.pages) parts.push(await bind(page));
  }
  const book = element('div', 'book prose-frame');
  book.append(cover, contents, ...parts);
  document.body.replaceChildren(book);
  document.title = order.title;
  await document.fonts.ready;
  return [...document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')]
    .map((link) => link.getAttribute('href') as string)
    .filter((href) => document.getElementById(decodeURIComponent(href.slice(1))) === null);
}

/** Writes into the contents on which page each of them stands; it runs in the browser, too. */
export function writePageNumbers(numbers: readonly (readonly [string, number])[]): void {
  const known = new Map(numbers);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.book-contents a')) {
    const page = known.get(link.hash.slice(1));
    const place = link.parentElement?.querySelector('.book-number');
    if (page !== undefined && place) place.textContent = String(page);
  }
}

/** How the book looks beside what `print.css` says of a page. */
export const bookStyle = `
  .book-cover { display: flex; flex-direction: column; justify-content: center; height: 240mm; }
  .book-title { font-size: 34pt; font-weight: 680; letter-spacing: -0.02em; line-height: 1.1; }
  .book-cover > p + p { margin-top: 6mm; max-width: 120mm; font-size: 13pt; }
  .book-contents { break-before: page; }
  .book-contents > h1, .book-part { font-size: 24pt; }
  .book-contents h2 { margin: 6mm 0 1mm; font-size: 12pt; }
  .book-contents ol { margin: 0; padding: 0; list-style: none; columns: 1; }
  .book-contents li { margin: 0; padding: 0.6mm 0; break-inside: avoid; display: flex; justify-content: space-between; }
  .book-number { font-variant-numeric: tabular-nums; }
  .book-contents a, .book .prose a[href^="#"] { color: #000; text-decoration-color: #999; }
  .book-part { break-before: page; padding-top: 90mm; }
  .book-page { break-before: page; }
  .book-page .page-head h2 { font-size: 20pt; }
`;
