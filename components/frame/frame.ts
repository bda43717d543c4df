/** What the frame of every page can do once scripts run: choose colours, open the search. */
import { keep } from '../../src/site/browser-storage.ts';

const root = document.documentElement;
const schemes = ['auto', 'light', 'dark'] as const;
const spoken = { auto: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark' };
type Scheme = (typeof schemes)[number];

const chosen = (): Scheme => (root.dataset.scheme as Scheme | undefined) ?? 'auto';

const themeButton = document.querySelector<HTMLButtonElement>('[data-theme-button]');
themeButton?.setAttribute('aria-label', spoken[chosen()]);
themeButton?.addEventListener('click', () => {
  const next = schemes[(schemes.indexOf(chosen()) + 1) % schemes.length] ?? 'auto';
  if (next === 'auto') delete root.dataset.scheme;
  else root.dataset.scheme = next;
  themeButton.setAttribute('aria-label', spoken[next]);
  keep('scheme', next);
});

// A link to one call of a simulator shows it at once: the simulator wakes when it is in sight.
if (location.hash.startsWith('#v=')) document.querySelector('.simulator-frame')?.scrollIntoView();

// A browser that comes back to a page has chosen again what was chosen there.
for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-drawing]')) {
  const choice = link.closest('figure')?.querySelector<HTMLInputElement>('.diagram-choice + .diagram-choice');
  const take = async (): Promise<void> => {
    const { takeDrawing } = await import('../path/every-rule.ts');
    // The link that stays leads to the drawing.
    if (link.isConnected) await takeDrawing(link).catch(() => undefined);
  };
  if (choice?.checked) void take();
  choice?.addEventListener('change', take);
}

// Only where the publisher has turned it on. A failure costs nothing but reading offline.
const worker = document.querySelector<HTMLMetaElement>('meta[name="offline"]')?.content;
if (worker !== undefined) navigator.serviceWorker?.register(worker).catch(() => undefined);

async function search(typed?: string): Promise<void> {
  const { openSearch } = await import('./search.ts');
  await openSearch(typed);
}

const searchButton = document.querySelector('[data-search-button]');
searchButton?.addEventListener('click', () => search());
for (const form of document.querySelectorAll<HTMLFormElement>('[data-search-here]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void search(form.querySelector('input')?.value);
  });
}
addEventListener('keydown', (event) => {
  const typing =
    event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
  const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const controlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
  if (!searchButton || !(slash || controlK)) return;
  event.preventDefault();
  void search();
});

// The menu opens at its page, and tells which part of it is in sight.
const menu = document.getElementById('site-menu');
const own = menu?.querySelector<HTMLElement>('a[aria-current]');
if (menu && own) menu.scrollTop = own.offsetTop - menu.clientHeight / 3;
const listed = [...document.querySelectorAll<HTMLAnchorElement>('.on-this-page a')];
// Which of their headings stand above the upper part of the window, however far.
const above = listed.map(() => false);
const inSight = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen)
      above[listed.findIndex(({ hash }) => hash === `#${target.id}`)] = isIntersecting;
    const current = above.lastIndexOf(true);
    for (const [at, link] of listed.entries()) link.toggleAttribute('data-in-sight', at === current);
  },
  { rootMargin: '1000000px 0px -70%' },
);
for (const { hash } of listed) {
  const heading = document.getElementById(hash.slice(1));
  if (heading) inSight.observe(heading);
}

// On a narrow screen a heading chosen in the menu is on this very page, so the menu has to go by itself.
menu?.addEventListener('click', (event) => {
  if (event.target instanceof Element && event.target.closest('a') && menu.matches(':popover-open'))
    menu.hidePopover();
});

for (const block of document.querySelectorAll<HTMLElement>('pre.code-block')) {
  // A handbook that was built without `site` learns its host here.
  const host = block.dataset.host;
  if (host?.endsWith('//HOST')) block.textContent = block.textContent.replace(host, location.origin);
  const frame = document.createElement('div');
  frame.className = 'code-frame';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy-button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Select and copy';
    }
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1600);
  });
  block.replaceWith(frame);
  frame.append(block, button);
}
