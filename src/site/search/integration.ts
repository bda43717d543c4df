/** Writes what the search knows of the pages beside them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { JSDOM } from 'jsdom';
import { parse } from 'yaml';
import { pageAddress } from '../addresses/sections.ts';
import { type SearchPage, searchFile } from './pages.ts';
import { readSearchPage } from './read-page.ts';

export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': ({ dir, pages, logger }) => {
        const site = fileURLToPath(dir);
        const known = pages.flatMap(({ pathname }): SearchPage[] => {
          const file = join(site, pathname, 'index.html');
          if (!existsSync(file)) return [];
          const { document } = new JSDOM(readFileSync(file, 'utf8')).window;
          const id = pathname.replace(/\/$/, '') || 'index';
          const page = readSearchPage(document, pageAddress(id), typedFor(id));
          return page === undefined ? [] : [page];
        });
        const file = join(site, searchFile);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(known));
        logger.info(`${known.length} pages can be searched`);
      },
    },
  };
}

/** The `search` of a page's front matter. */
function typedFor(id: string): readonly string[] {
  const names = [`${id}.mdx`, `${id}.md`, `${id}/index.mdx`, `${id}/index.md`];
  const file = names.map((name) => join('content', name)).find((name) => existsSync(name));
  const head = file === undefined ? null : /^---\n(.*?)\n---\n/s.exec(readFileSync(file, 'utf8'));
  const { search } = (head === null ? {} : parse(head[1] ?? '')) as { search?: unknown };
  return Array.isArray(search) ? search.map(String) : [];
}
