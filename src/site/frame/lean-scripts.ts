/**
 * What a reader's browser is spared: parts of the engine that a page does not use, and code for loading what is
 * never loaded ahead.
 */
import type { Plugin } from 'vite';

/** Modules that do nothing by being imported: what a page does not use of them is not in its scripts. */
const engine = /\/src\/(netfilter|istio|journey|render|analysis|handbook)\//;

export function leanScripts(): Plugin {
  return {
    name: 'lean-scripts',
    enforce: 'pre',
    config: () => ({
      build: { rolldownOptions: { treeshake: { moduleSideEffects: (id: string) => !engine.test(id) } } },
    }),
  };
}
