/**
 * What of a page's source reaches the Markdown compiler: the passages that hold as the handbook is set and, in the
 * dev server, each problem at its place. A build has checked all pages before.
 */
import { relative } from 'node:path';
import type { Plugin } from 'vite';
import { checkPage, pageHere, problemTag, sourceHere, withProblems } from '../../handbook/index.ts';

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
  const conditions = heldConditions(file, source);
  const parts = [
    told,
    ...(conditions.length === 0 ? [] : [`<HoldsFor conditions={${JSON.stringify(conditions)}} />`]),
    ...(conditions.length === 0 ? [] : [`import HoldsFor from '@components/prose/HoldsFor.astro'`]),
    ...(problems.length === 0 ? [] : [`import ${problemTag} from '@components/prose/${problemTag}.astro'`]),
  ];
  return parts.join('\n\n');
}

/** The conditions of the passages that hold, each once. */
function heldConditions(file: string, source: string) {
  const held = pageHere(file, source)
    .passages.filter(({ holds }) => holds)
    .flatMap(({ conditions }) => conditions);
  return [...new Map(held.map((one) => [`${one.kind} ${one.value}`, one])).values()];
}
