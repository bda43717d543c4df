/** The search dialog. It and what it searches are fetched when somebody first searches. */
import { withBase } from '../../src/site/addresses/base.ts';
import { excerpt } from '../../src/site/search/excerpt.ts';
import { type SearchPage, searchFile } from '../../src/site/search/pages.ts';
import {
  type FoundPage,
  type SearchAnswer,
  type SiteSearch,
  siteSearch,
} from '../../src/site/search/search.ts';
import sheet from '../../src/styles/search.css?url';

const mostResults = 8;
const mostNearest = 4;
const mostParts = 3;
let looks: Promise<void> | undefined;
let dialog: HTMLDialogElement | undefined;
let search: Promise<SiteSearch> | undefined;

/** `typed`: what is searched at once. */
export async function openSearch(typed?: string): Promise<void> {
  looks ??= dress();
  await looks;
  dialog ??= build();
  if (!dialog.open) dialog.showModal();
  search ??= load();
  const input = dialog.querySelector('input');
  if (!input) return;
  if (typed !== undefined && typed !== input.value) {
    input.value = typed;
    input.dispatchEvent(new Event('input'));
  }
  input.select();
}

async function load(): Promise<SiteSearch> {
  const response = await fetch(withBase(`/${searchFile}`));
  if (!response.ok) throw new Error(`${response.status}`);
  return siteSearch((await response.json()) as readonly SearchPage[]);
}

/** The sheet of the dialog. Without it the dialog is plain, and works. */
function dress(): Promise<void> {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: sheet });
  return new Promise((done) => {
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
}

function build(): HTMLDialogElement {
  const made = document.createElement('dialog');
  made.className = 'search';
  made.setAttribute('aria-label', 'Search');
  made.innerHTML = `
    <form class="search-field" method="dialog">
      <input type="search" aria-label="Search the handbook" placeholder="A symptom, an error, a rule, a port, an option" autocomplete="off" spellcheck="false">
      <button class="site-button" type="submit" value="close">Close</button>
    </form>
    <p class="search-state" role="status"></p>
    <ul class="search-results" role="list"></ul>`;
  document.body.append(made);
  const input = made.querySelector('input') as HTMLInputElement;
  const state = made.querySelector('.search-state') as HTMLElement;
  const list = made.querySelector('.search-results') as HTMLElement;
  input.addEventListener('input', () => find(input, state, list));
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

async function find(input: HTMLInputElement, state: HTMLElement, list: HTMLElement): Promise<void> {
  const typed = input.value.trim();
  try {
    const answer = (await search)?.ask(typed);
    // A later key has overtaken this one.
    if (!answer || input.value.trim() !== typed) return;
    show(typed, answer, state, list);
    // What the list answers, for whoever waits for it.
    (dialog as HTMLElement).dataset.asked = typed;
  } catch {
    search = undefined;
    state.textContent =
      'What the search knows of the pages could not be loaded. It is made when the site is built.';
  }
}

function show(typed: string, answer: SearchAnswer, state: HTMLElement, list: HTMLElement): void {
  const { found, isGood, terms } = answer;
  if (isGood) {
    state.textContent = '';
    list.replaceChildren(...found.slice(0, mostResults).map((one) => page(one, terms)));
    return;
  }
  const nearest = found.slice(0, mostNearest).map((one) => page(one, terms));
  state.textContent =
    nearest.length > 0 ? `Nothing on all of “${typed}”. The nearest:` : `Nothing on “${typed}”.`;
  list.replaceChildren(
    ...nearest,
    item(link('/runbooks/', 'What do you see?', ['Every symptom, with the page that fixes it.'])),
    item(
      link('/lab/', 'The lab', [
        'Paste what you have: rules, an error, a log, a pod’s YAML. It says what it is.',
      ]),
    ),
  );
}

function page(found: FoundPage, terms: ReadonlySet<string>): HTMLElement {
  const { address, title, description, parts: all } = found.page;
  const start = all[0]?.text ?? '';
  const marked = (text: string) =>
    excerpt(text, terms).map(({ text: piece, isMarked }) => {
      if (!isMarked) return piece;
      const mark = document.createElement('mark');
      mark.textContent = piece;
      return mark;
    });
  const made = item(link(address, title, marked(description || start)));
  const parts = found.parts.slice(0, mostParts);
  if (parts.length === 0) return made;
  const inner = document.createElement('ul');
  for (const part of parts) inner.append(item(link(`${address}#${part.id}`, part.title, marked(part.text))));
  made.append(inner);
  return made;
}

function item(child: HTMLElement): HTMLElement {
  const made = document.createElement('li');
  made.append(child);
  return made;
}

function link(address: string, title: string, text: readonly (string | Node)[]): HTMLElement {
  const made = document.createElement('a');
  made.href = withBase(address);
  const heading = document.createElement('strong');
  heading.textContent = title;
  const words = document.createElement('span');
  words.append(...text);
  made.append(heading, words);
  return made;
}
