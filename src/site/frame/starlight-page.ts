/**
 * Two things that Starlight puts into every page and that the handbook has no use for, each a request: a script that
 * keeps the state of Starlight's own sidebar, and its print style sheet (the handbook has `print.css`).
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const unused = [
  '<script src="../components-internals/SidebarPersistState"></script>',
  '<link rel="stylesheet" href={printHref} media="print" />',
  "import printHref from '../style/print.css?url&no-inline';",
];

export function leanStarlightPage(): Plugin {
  return {
    name: 'lean-starlight-page',
    enforce: 'pre',
    // Not `transform`: Astro has compiled the file by then.
    load(id) {
      if (!id.endsWith('/@astrojs/starlight/dist/components/Page.astro')) return undefined;
      return unused.reduce(
        (page, part) => {
          if (page.includes(part)) return page.replace(part, '');
          throw new Error(
            `Starlight's Page.astro no longer holds ${part}. Look what became of it and mend src/site/frame/starlight-page.ts.`,
          );
        },
        readFileSync(id, 'utf8'),
      );
    },
  };
}
