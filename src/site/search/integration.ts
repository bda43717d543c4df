/**
 * The index of the search. Pagefind can write it with a process of its own, but that may end before the last bytes
 * are on disk: then `pagefind.js` is cut off at a full block, and nobody can search. So Pagefind hands the bytes over,
 * and they are written here.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { close, createIndex } from 'pagefind';

/** Throws with Pagefind's own words when a page cannot be read. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'search-index',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const site = fileURLToPath(dir);
        const { index, errors } = await createIndex();
        if (index === undefined) throw new Error(errors.join('\n'));
        const { page_count } = await index.addDirectory({ path: site });
        const { files } = await index.getFiles();
        for (const { path, content } of files) {
          const file = join(site, 'pagefind', path);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, content);
        }
        await close();
        logger.info(`${page_count} pages can be searched`);
      },
    },
  };
}
