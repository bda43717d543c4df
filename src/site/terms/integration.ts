/** Explains the glossary's terms on every built page. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { JSDOM } from 'jsdom';
import { withBase } from '../addresses/base.ts';
import { explainTerms } from './explain.ts';
import { explainedTerms, glossaryAddress } from './glossary.ts';

/** It has to stand before whatever reads the built pages. */
export function termLinks(base: string): AstroIntegration {
  return {
    name: 'term-links',
    hooks: {
      'astro:build:done': ({ dir, pages }) => {
        const site = fileURLToPath(dir);
        const fileOf = (pathname: string) => join(site, pathname, 'index.html');
        const glossary = fileOf(glossaryAddress);
        if (!existsSync(glossary)) return;
        const terms = explainedTerms(new JSDOM(readFileSync(glossary, 'utf8')).window.document);
        for (const { pathname } of pages) {
          const file = fileOf(pathname);
          if (pathname === '' || !existsSync(file) || file === glossary) continue;
          const html = readFileSync(file, 'utf8');
          const told = explainTerms(html, terms, withBase(glossaryAddress, base));
          if (told !== html) writeFileSync(file, told);
        }
      },
    },
  };
}
