import './src/site/settings/first.ts';
import { satteri, satteriHeadingIdsPlugin } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import preact from '@astrojs/preact';
import { defineConfig } from 'astro/config';
import handbook from './handbook.config.ts';
import { movedPages } from './src/site/addresses/moved.ts';
import { sitemap } from './src/site/addresses/sitemap.ts';
import { socialCard } from './src/site/card/integration.ts';
import { leanScripts, sequenceDiagramsAlone } from './src/site/delivery/lean-scripts.ts';
import { licences, shippedPackages } from './src/site/delivery/licences.ts';
import { strictPages } from './src/site/delivery/strict-pages.ts';
import { codeColours } from './src/site/grammar/code-colours.ts';
import { markdownPages } from './src/site/markdown/pages.ts';
import { baseLinks } from './src/site/mdx/base-links.ts';
import { claims } from './src/site/mdx/check-pages.ts';
import { fencePods } from './src/site/mdx/fence-pods.ts';
import { headingLinks } from './src/site/mdx/heading-links.ts';
import { pageSource } from './src/site/mdx/page-source.ts';
import { pathFences } from './src/site/mdx/path-fences.ts';
import { offlineWorker } from './src/site/offline/integration.ts';
import { searchIndex } from './src/site/search/integration.ts';
import { termLinks } from './src/site/terms/integration.ts';

// Neither the site nor its build tells anybody anything.
process.env.ASTRO_TELEMETRY_DISABLED = '1';

const shipped = shippedPackages();
const base = process.env.HANDBOOK_BASE ?? handbook.base;

export default defineConfig({
  ...(handbook.site === undefined ? {} : { site: handbook.site }),
  base,
  trailingSlash: 'always',
  prefetch: false,
  devToolbar: { enabled: false },
  build: { inlineStylesheets: 'never' },
  // Nothing is inlined, so that the site works under `script-src 'self'; img-src 'self'`.
  vite: {
    build: { assetsInlineLimit: 0, modulePreload: false },
    plugins: [pageSource(), leanScripts(shipped), sequenceDiagramsAlone(), shipped.plugin()],
  },
  markdown: {
    shikiConfig: codeColours,
    processor: satteri({
      // `--dport` in a sentence must not become a dash.
      features: { smartPunctuation: false },
      mdastPlugins: [baseLinks(base), pathFences(), fencePods()],
      // Astro gives headings their ids after all other plugins, which is too late for a link to them.
      hastPlugins: [satteriHeadingIdsPlugin(), headingLinks()],
    }),
  },
  integrations: [
    claims(),
    termLinks(base),
    searchIndex(),
    mdx(),
    preact(),
    sitemap(base, handbook.site),
    markdownPages(base),
    movedPages(base),
    socialCard(),
    strictPages(base),
    licences(shipped),
    // Last, because it counts what the others have written.
    offlineWorker(base, handbook.offline === true),
  ],
});
