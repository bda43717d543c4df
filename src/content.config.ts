/** Pages live in the top-level `content/`, one file a page. Those that hold for other settings only are not there. */

import { defineCollection } from 'astro:content';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { pageHolds } from './handbook/claims/index.ts';

const folder = './content';
const absent = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.mdx?$/.test(name) && !pageHolds(readFileSync(join(folder, name), 'utf8')),
);

export const collections = {
  docs: defineCollection({
    loader: glob({ base: folder, pattern: ['**/[^_]*.{md,mdx}', ...absent.map((name) => `!${name}`)] }),
    schema: docsSchema(),
  }),
};
