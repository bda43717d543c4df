import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import handbook from './handbook.config.ts';
import { movedPages } from './src/site/addresses/moved.ts';
import { sections } from './src/site/addresses/sections.ts';
import { sitemap } from './src/site/addresses/sitemap.ts';
import { socialCard } from './src/site/card/integration.ts';
import { leanScripts } from './src/site/delivery/lean-scripts.ts';
import { strictPages } from './src/site/delivery/strict-pages.ts';
import { leanStarlightPage } from './src/site/frame/starlight-page.ts';
import { codeColours } from './src/site/grammar/code-colours.ts';
import { markdownPages } from './src/site/markdown/pages.ts';
import { baseLinks } from './src/site/mdx/base-links.ts';
import { claims } from './src/site/mdx/check-pages.ts';
import { pageSource } from './src/site/mdx/page-source.ts';
import { pathFences } from './src/site/mdx/path-fences.ts';
import { offlineWorker } from './src/site/offline/integration.ts';
import { searchIndex } from './src/site/search/integration.ts';

// Neither the site nor its build tells anybody anything.
process.env.ASTRO_TELEMETRY_DISABLED = '1';

const base = process.env.HANDBOOK_BASE ?? handbook.base;

const own = (names) => Object.fromEntries(names.map((name) => [name, `./components/frame/${name}.astro`]));
const without = (names) =>
  Object.fromEntries(names.map((name) => [name, './components/frame/Nothing.astro']));

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
    plugins: [pageSource(), leanStarlightPage(), leanScripts()],
  },
  markdown: {
    shikiConfig: codeColours,
    processor: satteri({
      // `--dport` in a sentence must not become a dash.
      features: { smartPunctuation: false },
      mdastPlugins: [baseLinks(base), pathFences()],
    }),
  },
  integrations: [
    claims(),
    starlight({
      title: handbook.title,
      description: handbook.description,
      titleDelimiter: '·',
      ...(handbook.editBase === undefined ? {} : { editLink: { baseUrl: handbook.editBase } }),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      customCss: ['./src/styles/index.css'],
      markdown: { processedDirs: ['./content'] },
      // Code blocks come from Shiki alone: two requests and a framework less on every page.
      expressiveCode: false,
      components: {
        ...own(['Head', 'ThemeProvider', 'ThemeSelect', 'SkipLink', 'PageFrame', 'Header', 'Search']),
        ...own(['TwoColumnContent', 'ContentPanel', 'MarkdownContent', 'PageTitle', 'Footer']),
        ...without([
          'SiteTitle',
          'SocialIcons',
          'LanguageSelect',
          'MobileMenuToggle',
          'MobileMenuFooter',
          'Sidebar',
        ]),
        ...without([
          'PageSidebar',
          'TableOfContents',
          'MobileTableOfContents',
          'Banner',
          'Hero',
          'LastUpdated',
        ]),
        ...without(['FallbackContentNotice', 'DraftContentNotice', 'Pagination', 'EditLink']),
      },
      sidebar: sections,
      // Our own integration writes the index.
      pagefind: false,
    }),
    searchIndex(),
    mdx(),
    preact(),
    sitemap(base, handbook.site),
    markdownPages(base),
    movedPages(base),
    socialCard(),
    strictPages(base),
    // Last, because it counts what the others have written.
    offlineWorker(base, handbook.offline === true),
  ],
});
