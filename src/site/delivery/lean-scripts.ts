/**
 * What a reader's browser is spared: parts of the engine that a page does not use, and code for loading what is
 * never loaded ahead.
 */
import type { Plugin } from 'vite';

/** Modules that do nothing by being imported: what a page does not use of them is not in its scripts. */
const engine = /\/src\/(netfilter|istio|journey|render|words|analysis|handbook)\//;
const treeshake = { moduleSideEffects: (id: string) => !engine.test(id) };

export function leanScripts(): Plugin {
  return {
    name: 'lean-scripts',
    enforce: 'pre',
    config: () => ({
      build: { rolldownOptions: { treeshake } },
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
  /\/src\/(netfilter\/iptables\/(matches|targets)|words\/\w+\/(conditions|targets))\/index\.ts$/;
const ofIptables = /\/src\/netfilter\/iptables\/([\w-]+\/)?[\w-]+\.ts$/;

const literal = /(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`]*`(?=\s*[,}]))/;
/** What an extension is for, and what is said of a rule that cannot be read: nobody sees that of Istio's own rules. */
const unseen = new RegExp(`\\b(purpose|expected|fix):\\s*${literal.source}`, 'g');
/** In the readers of a rule also what was found, and one of two texts. */
const ofReaders = /\/(open-ruleset|read-rule)\.ts$/;
const unseenOfReaders = new RegExp(
  `\\b(found|expected|fix):\\s*(?:[\\w.= ]+\\?\\s*${literal.source}\\s*:\\s*)?${literal.source}(?=\\s*[,}])`,
  'g',
);
/** A text with a blank in it that stands alone in its line is an argument of a problem there. */
const argumentOfReaders = /^(\s+)(?:'[^'\n]* [^'\n]*'|`[^`\n]* [^`\n]*`),$/gm;
/** The same of a kind of value: the first argument of what makes it. */
const unseenOfValues = new RegExp(`\\b((?:one)?[wW]ord(?:<[^()]*>)?\\(\\s*)${literal.source}`, 'g');

/** Gives that worker the common extensions in the place of every one. */
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
      if (!isMeant || !ofIptables.test(id)) return null;
      const lean = ofReaders.test(id)
        ? code.replace(unseenOfReaders, "$1: ''").replace(argumentOfReaders, "$1'',")
        : code;
      return { code: lean.replace(unseen, "$1: ''").replace(unseenOfValues, "$1''"), map: null };
    },
  };
}
