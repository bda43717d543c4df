/**
 * Moves what stands inline in the built pages into files, so that the site works under
 * `default-src 'self'; script-src 'self'`, as `policy.ts` says it.
 *
 * Astro's own `security.csp` was looked at, as of Astro 7.3, and does not do this. It leaves scripts inline and lists
 * their hashes in each page, with those of every script of the site: over a hundred, most of them Mermaid's. A server
 * that sends `policy.ts` as a header would then forbid what the page allows, since a browser keeps to both. And it
 * does not reach the pages that Astro does not render, as those of moved addresses.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { withBase } from '../addresses/base.ts';

/** Islands come with this one; `base.css` says the same. */
const islandStyle = /<style>astro-island,[^<]*\{display:contents\}<\/style>/g;

export function strictPages(base: string): AstroIntegration {
  return {
    name: 'strict-pages',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const written = new Map<string, string>();
        const file = (text: string, ending: 'js' | 'css'): string => {
          const name = `_astro/inline.${createHash('sha256').update(text).digest('hex').slice(0, 8)}.${ending}`;
          written.set(name, text);
          return withBase(`/${name}`, base);
        };
        for (const path of await readdir(folder, { recursive: true })) {
          if (!path.endsWith('.html')) continue;
          const page = await readFile(join(folder, path), 'utf8');
          const moved = laterScripts(moveOut(page, file));
          if (moved !== page) await writeFile(join(folder, path), moved);
        }
        await mkdir(join(folder, '_astro'), { recursive: true });
        for (const [name, text] of written) await writeFile(join(folder, name), text);
      },
    },
  };
}

/**
 * Hands a page's scripts to the one that runs first (`public/first.js`), which loads them once the page is drawn. A page
 * without that one keeps them where they are.
 */
export function laterScripts(page: string): string {
  const first = /<script (?=src="[^"]*\/first\.js")/;
  const own = /<script (?:defer|type="module") src="([^"]*)"><\/script>/g;
  const scripts = [...page.matchAll(own)].map(([, address]) => address);
  if (scripts.length === 0 || !first.test(page)) return page;
  return page.replace(own, '').replace(first, `<script data-later="${scripts.join(' ')}" `);
}

/** Scripts that follow each other become one file. Deferring them is safe: islands wait for theirs. */
export function moveOut(page: string, file: (text: string, ending: 'js' | 'css') => string): string {
  return page
    .replace(islandStyle, '')
    .replace(/(?:<script>[\s\S]*?<\/script>\s*)+/g, (scripts) => {
      const texts = [...scripts.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) =>
        text.trim(),
      );
      return `<script defer src="${file(`${texts.join(';\n')}\n`, 'js')}"></script>`;
    })
    .replace(
      /<script type="module">([\s\S]*?)<\/script>/g,
      (_, text: string) => `<script type="module" src="${file(text, 'js')}"></script>`,
    )
    .replace(
      /<style>([\s\S]*?)<\/style>/g,
      (_, text: string) => `<link rel="stylesheet" href="${file(text, 'css')}">`,
    );
}
