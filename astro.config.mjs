import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import preact from '@astrojs/preact';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import handbook from './handbook.config.ts';
import { codeThemes } from './src/site/frame/code-themes.ts';
import { baseLinks } from './src/site/frame/base-links.ts';
import { sections } from './src/site/frame/sections.ts';

const base = process.env.HANDBOOK_BASE ?? handbook.base;

const own = (names) => Object.fromEntries(names.map((name) => [name, `./components/frame/${name}.astro`]));
const without = (names) => Object.fromEntries(names.map((name) => [name, './components/frame/Nothing.astro']));

export default defineConfig({
  ...(handbook.site === undefined ? {} : { site: handbook.site }),
  base,
  trailingSlash: 'always',
  prefetch: false,
  devToolbar: { enabled: false },
  build: { inlineStylesheets: 'never' },
  // Nothing is inlined, so that the site works under `script-src 'self'; img-src 'self'`.
  vite: { build: { assetsInlineLimit: 0 } },
  markdown: {
    processor: satteri({
      // `--dport` in a sentence must not become a dash.
      features: { smartPunctuation: false },
      mdastPlugins: [baseLinks(base)],
    }),
  },
  integrations: [
    starlight({
      title: handbook.title,
      description: handbook.description,
      titleDelimiter: '·',
      ...(handbook.editBase === undefined ? {} : { editLink: { baseUrl: handbook.editBase } }),
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 2 },
      customCss: ['./src/styles/index.css'],
      markdown: { processedDirs: ['./content'] },
      expressiveCode: {
        themes: codeThemes,
        themeCssSelector: (theme) => `[data-scheme='${theme.type}']`,
        useDarkModeMediaQuery: true,
        minSyntaxHighlightingColorContrast: 4.5,
        styleOverrides: { borderRadius: '5px', borderColor: 'var(--line)', frames: { shadowColor: 'transparent' } },
      },
      components: {
        ...own(['Head', 'ThemeProvider', 'ThemeSelect', 'SkipLink', 'PageFrame', 'Header', 'Search']),
        ...own(['TwoColumnContent', 'ContentPanel', 'MarkdownContent', 'PageTitle', 'Footer']),
        ...without(['SiteTitle', 'SocialIcons', 'LanguageSelect', 'MobileMenuToggle', 'MobileMenuFooter', 'Sidebar']),
        ...without(['PageSidebar', 'TableOfContents', 'MobileTableOfContents', 'Banner', 'Hero', 'LastUpdated']),
        ...without(['FallbackContentNotice', 'DraftContentNotice', 'Pagination', 'EditLink']),
      },
      sidebar: sections,
    }),
    mdx(),
    preact(),
  ],
});
