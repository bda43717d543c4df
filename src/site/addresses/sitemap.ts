/**
 * `sitemap.xml`, where the handbook knows its own host. @astrojs/sitemap writes two files, neither of them called
 * `sitemap.xml`, and warns where there is no host.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { withBase } from './base.ts';

export function sitemap(base: string, site: string | undefined): AstroIntegration {
  return {
    name: 'sitemap',
    hooks: {
      'astro:build:done': async ({ dir, pages }) => {
        if (site === undefined) return;
        const addresses = pages
          .map(({ pathname }) => `/${pathname}`)
          .filter(isForSearchEngines)
          .sort();
        const whole = addresses.map((address) => new URL(withBase(address, base), site).href);
        await writeFile(fileURLToPath(new URL('sitemap.xml', dir)), sitemapText(whole));
      },
    },
  };
}

/** An embedded view says what its page says, and a page that is not there says nothing. */
function isForSearchEngines(address: string): boolean {
  return !address.startsWith('/embed/') && !address.startsWith('/404');
}

export function sitemapText(addresses: readonly string[]): string {
  const lines = addresses.map((address) => `  <url><loc>${address.replaceAll('&', '&amp;')}</loc></url>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...lines,
    '</urlset>',
    '',
  ].join('\n');
}
