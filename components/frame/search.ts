/** The search dialog, over Pagefind's index. Fetched when somebody first searches. */
import { withBase } from '../../src/site/addresses/base.ts';

interface Found {
  readonly url: string;
  readonly meta: { readonly title?: string };
  readonly excerpt: string;
  readonly sub_results: readonly { readonly url: string; readonly title: string; readonly excerpt: string }[];
}
interface Pagefind {
  options(options: { baseUrl: string; excerptLength: number }): Promise<void>;
  debouncedSearch(
    term: string,
    options: object,
    milliseconds: number,
  ): Promise<{ results: readonly { data(): Promise<Found> }[] } | null>;
}

const mostResults = 8;
let dialog: HTMLDialogElement | undefined;
let pagefind: Promise<Pagefind> | undefined;

export function openSearch(): void {
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('input')?.select();
  pagefind ??= load();
}

async function load(): Promise<Pagefind> {
  const address = withBase('/pagefind/pagefind.js');
  const loaded: Pagefind = await import(/* @vite-ignore */ address);
  await loaded.options({ baseUrl: withBase('/'), excerptLength: 24 });
  return loaded;
}

function build(): HTMLDialogElement {
  const made = document.createElement('dialog');
  made.className = 'search';
  made.setAttribute('aria-label', 'Search');
  made.innerHTML = `
    <form class="search-field" method="dialog">
      <input type="search" aria-label="Search the handbook" placeholder="A rule, a port, an option" autocomplete="off" spellcheck="false">
      <button class="site-button" type="submit" value="close">Close</button>
    </form>
    <p class="search-state" role="status"></p>
    <ul class="search-results" role="list"></ul>`;
  document.body.append(made);
  const input = made.querySelector('input') as HTMLInputElement;
  const state = made.querySelector('.search-state') as HTMLElement;
  const list = made.querySelector('.search-results') as HTMLElement;
  input.addEventListener('input', () => find(input.value.trim(), state, list));
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    list.querySelector('a')?.click();
  });
  made.addEventListener('keydown', (event) => step(event, input, list));
  made.addEventListener('click', (event) => {
    const onBackdrop = event.target === made;
    const onLink = event.target instanceof Element && event.target.closest('a');
    if (onBackdrop || onLink) made.close();
  });
  return made;
}

/** The arrow keys walk through the results. */
function step(event: KeyboardEvent, input: HTMLElement, list: HTMLElement): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const places = [input, ...list.querySelectorAll('a')];
  const at = places.indexOf(document.activeElement as HTMLElement);
  const next = places[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

async function find(term: string, state: HTMLElement, list: HTMLElement): Promise<void> {
  if (term === '') {
    state.textContent = '';
    list.replaceChildren();
    return;
  }
  try {
    const search = await (await pagefind)?.debouncedSearch(term, {}, 150);
    if (!search) return; // A later key has overtaken this one.
    const found = await Promise.all(search.results.slice(0, mostResults).map((result) => result.data()));
    state.textContent = found.length === 0 ? `Nothing on “${term}”` : '';
    list.replaceChildren(...found.map(page));
  } catch {
    state.textContent = 'The search index is not there. It is made when the site is built.';
  }
}

function page(found: Found): HTMLElement {
  const item = document.createElement('li');
  const title = found.meta.title ?? found.url;
  item.append(link(found.url, title, found.excerpt));
  const parts = found.sub_results.filter((part) => part.title !== title).slice(0, 3);
  if (parts.length > 0) {
    const inner = document.createElement('ul');
    for (const part of parts) {
      const row = document.createElement('li');
      row.append(link(part.url, part.title, part.excerpt));
      inner.append(row);
    }
    item.append(inner);
  }
  return item;
}

function link(url: string, title: string, excerpt: string): HTMLElement {
  const made = document.createElement('a');
  made.href = url;
  const heading = document.createElement('strong');
  heading.textContent = title;
  const text = document.createElement('span');
  text.innerHTML = excerpt; // Pagefind escapes the page's text and adds <mark> only.
  made.append(heading, text);
  return made;
}
