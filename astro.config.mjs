import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import handbook from './handbook.config.ts';

const base = process.env.HANDBOOK_BASE ?? handbook.base;

export default defineConfig({
  ...(handbook.site === undefined ? {} : { site: handbook.site }),
  base,
  trailingSlash: 'always',
  prefetch: false,
  devToolbar: { enabled: false },
  markdown: {
    // `--dport` in a sentence must not become a dash.
    processor: satteri({ features: { smartPunctuation: false } }),
  },
  integrations: [
    starlight({
      title: handbook.title,
      description: handbook.description,
      ...(handbook.editBase === undefined ? {} : { editLink: { baseUrl: handbook.editBase } }),
      markdown: { processedDirs: ['./content'] },
      sidebar: [
        { label: 'Traffic types', items: [{ autogenerate: { directory: 'content/traffic' } }] },
        { label: 'Learn', items: [{ autogenerate: { directory: 'content/learn' } }] },
        { label: 'Reference', items: [{ autogenerate: { directory: 'content/reference' } }] },
      ],
    }),
    mdx(),
    preact(),
  ],
});
