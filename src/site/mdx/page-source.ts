/**
 * What of a page's source reaches the Markdown compiler: the passages that hold as the handbook is set and, in the
 * dev server, each problem at its place. A build has checked all pages before.
 */
import { relative } from 'node:path';
import type { Plugin } from 'vite';
import { checkPage, pageHere, problemTag, sourceHere, withProblems } from '../../handbook/claims/index.ts';

/** The Vite plugin. It has to stand before the one that compiles MDX. */
export function pageSource(folder = 'content'): Plugin {
  let root = process.cwd();
  let isDev = false;
  return {
    name: 'page-source',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
      isDev = config.command === 'serve';
    },
    transform: {
      filter: { id: /\.mdx$/ },
      handler(source, id) {
        const file = relative(root, id);
        if (!file.startsWith(`${folder}/`)) return null;
        return { code: renderedSource(file, source, isDev), map: null };
      },
    },
  };
}

/** The page as it is shown; with `tells`, with what is wrong with it. */
export function renderedSource(file: string, source: string, tells: boolean): string {
  const problems = tells ? checkPage(file, source) : [];
  const told = sourceHere(withProblems(source, problems));
  const note = holdsFor(file, source);
  const parts = [
    told,
    ...(note === null ? [] : [note, `import HoldsFor from '@components/prose/HoldsFor.astro'`]),
    ...(problems.length === 0 ? [] : [`import ${problemTag} from '@components/prose/${problemTag}.astro'`]),
  ];
  return parts.join('\n\n');
}

/** For which settings the page holds, and what of it holds here for some only, each condition once. */
function holdsFor(file: string, source: string): string | null {
  const { conditions, passages } = pageHere(file, source);
  const held = passages.filter(({ holds }) => holds).flatMap((passage) => passage.conditions);
  const some = [...new Map(held.map((one) => [`${one.kind} ${one.value}`, one])).values()];
  if (conditions.length + some.length === 0) return null;
  return `<HoldsFor page={${JSON.stringify(conditions)}} some={${JSON.stringify(some)}} />`;
}
