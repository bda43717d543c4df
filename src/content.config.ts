/** Pages live in the top-level `content/`, one file a page. Those that hold for other settings only are not there. */

import { defineCollection } from 'astro:content';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { pageHolds } from './handbook/claims/index.ts';

const folder = './content';
const absent = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.mdx?$/.test(name) && !pageHolds(readFileSync(join(folder, name), 'utf8')),
);

/** What may stand in a page's front matter, beside the conditions of `where:`, which the handbook reads itself. */
const frontMatter = z.object({
  title: z.string(),
  /** One sentence for search engines, previews and `llms.txt`. */
  description: z.string().optional(),
  /** The page in the menu: its name there, and where it stands in its section. */
  sidebar: z
    .object({
      label: z.string().optional(),
      order: z.number().optional(),
      hidden: z.boolean().default(false),
    })
    .prefault({}),
  /** `splash`: the whole width, no menu beside it, no neighbours below it. */
  template: z.enum(['doc', 'splash']).default('doc'),
  /** False: the page brings its own `<h1>`. */
  heading: z.boolean().default(true),
  /** False: its headings are listed nowhere. */
  tableOfContents: z.boolean().default(true),
  /** False: no link to edit it. An address: that one instead of the one below `editBase`. */
  editUrl: z.union([z.url(), z.boolean()]).default(true),
  /** What people type who need the page, error texts among it. It stands nowhere on the page. False: the search does not find it. */
  search: z.union([z.literal(false), z.array(z.coerce.string())]).default([]),
  draft: z.boolean().default(false),
});

export const collections = {
  docs: defineCollection({
    loader: glob({ base: folder, pattern: ['**/[^_]*.{md,mdx}', ...absent.map((name) => `!${name}`)] }),
    schema: frontMatter,
  }),
};
