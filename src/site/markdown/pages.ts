/** Every page as Markdown, at its own address with `index.md` added. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { JSDOM } from 'jsdom';
import { withBase } from '../addresses/base.ts';
import { markdownFromPage } from './from-page.ts';

export function markdownPages(base: string): AstroIntegration {
  return {
    name: 'markdown-pages',
    hooks: {
      'astro:build:done': async ({ dir, pages }) => {
        for (const { pathname } of pages) {
          if (pathname.startsWith('404') || pathname.startsWith('embed/')) continue;
          const folder = join(fileURLToPath(dir), pathname);
          const html = await readFile(join(folder, 'index.html'), 'utf8');
          await writeFile(join(folder, 'index.md'), markdownOfPage(html, withBase(`/${pathname}`, base)));
        }
      },
    },
  };
}

/** The page's text, with its name, what it answers and its address in front. */
export function markdownOfPage(html: string, address: string): string {
  const { document } = new JSDOM(html).window;
  const main = document.querySelector('main');
  if (main === null)
    throw new Error(`The page ${address} has no <main>: there is nothing to take its text from.`);
  const meta = (name: string): string =>
    document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';
  const canonical = document.querySelector('link[rel="canonical"]')?.getAttribute('href') ?? address;
  const [title = '', ...rest] = markdownFromPage(main).split('\n');
  return [
    title,
    '',
    ...(meta('description') === '' ? [] : [`> ${meta('description')}`, '']),
    `Source: ${canonical}`,
    ...rest,
  ].join('\n');
}
