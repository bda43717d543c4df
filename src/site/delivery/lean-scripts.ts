/**
 * What a reader's browser is spared: parts of the engine that a page does not use, and code for loading what is
 * never loaded ahead.
 */
import type { Plugin } from 'vite';

/** Modules that do nothing by being imported: what a page does not use of them is not in its scripts. */
const engine = /\/src\/(netfilter|istio|journey|render|words|analysis|handbook)\//;
export const treeshake = { moduleSideEffects: (id: string) => !engine.test(id) };

/** Each island needs Preact with its hooks: one request, where the bundler would make two. */
const codeSplitting = { groups: [{ name: 'preact', test: /\/node_modules\/preact\// }] };

export function leanScripts(): Plugin {
  return {
    name: 'lean-scripts',
    enforce: 'pre',
    config: () => ({
      build: { rolldownOptions: { treeshake } },
      environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } },
      worker: {
        format: 'es',
        plugins: () => [commonExtensions()],
        rolldownOptions: { treeshake, optimization: { inlineConst: { mode: 'all', pass: 3 } } },
      },
    }),
  };
}

/** The worker of a page walks Istio's own rules and reads none: a third of the engine is for rules that are pasted. */
const walksOwnRules = /\/engine\/walk-worker\.ts/;
const everyExtension =
  /\/src\/(netfilter\/(iptables\/(matches|targets)|nftables\/hooked|walk\/(nft|budget)|model\/loops|text\/(shell-words|spelling))|istio\/steps\/native|handbook\/scenarios\/real-pod|words\/(nft-notation|\w+\/(conditions|targets|ztunnel|nft-reasons)))\/index\.ts$/;

/** Of the changes of Istio's rules what a walk asks for: when each came. */
export function releasesAlone(code: string): string {
  return code.replace(/^ {4}(commit|date|subject|effect):\s+(['"]).*\2,\n/gm, '');
}

/** Gives that worker the common extensions in the place of every one, and the releases in the place of their history. */
export function commonExtensions(): Plugin {
  let isMeant = false;
  return {
    name: 'common-extensions',
    enforce: 'pre',
    buildStart({ input }) {
      isMeant = walksOwnRules.test(JSON.stringify(input));
    },
    async resolveId(source, importer) {
      if (!isMeant || importer === undefined) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      if (resolved === null || !everyExtension.test(resolved.id)) return null;
      return resolved.id.replace(/index\.ts$/, 'common.ts');
    },
    transform(code, id) {
      return isMeant && id.endsWith('/src/istio/history/changes.ts') ? releasesAlone(code) : null;
    },
  };
}
