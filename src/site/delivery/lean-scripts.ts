/**
 * What a reader's browser is spared: parts of the engine that a page does not use, and code for loading what is
 * never loaded ahead.
 */
import type { Plugin } from 'vite';
import type { Shipped } from './licences.ts';

/** Modules that do nothing by being imported: what a page does not use of them is not in its scripts. */
const engine = /\/src\/(netfilter|envoy|istio|journey|render|words|analysis|handbook)\//;
export const treeshake = { moduleSideEffects: (id: string) => !engine.test(id) };

/** Each island needs Preact with its hooks: one request, where the bundler would make two. */
const codeSplitting = { groups: [{ name: 'preact', test: /\/node_modules\/preact\// }] };

/** `shipped` takes note of what is in the scripts and in the workers. */
export function leanScripts(shipped: Shipped): Plugin {
  return {
    name: 'lean-scripts',
    enforce: 'pre',
    config: () => ({
      build: { rolldownOptions: { treeshake } },
      environments: { client: { build: { rolldownOptions: { output: { codeSplitting } } } } },
      worker: {
        format: 'es',
        plugins: () => [commonExtensions(), withoutAnnotations(), shipped.plugin()],
        rolldownOptions: { treeshake, optimization: { inlineConst: { mode: 'all', pass: 3 } } },
      },
    }),
  };
}

/** What the bundler says to itself of a call, and leaves in what is sent. */
const annotation = /([\w$]?)\/\* ?[@#]__PURE__ ?\*\/ ?/g;

/** Two words that it stood between stay two. */
export function unannotated(code: string): string {
  return code.replace(annotation, (_, before: string) => (before === '' ? '' : `${before} `));
}

function withoutAnnotations(): Plugin {
  return {
    name: 'without-annotations',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') chunk.code = unannotated(chunk.code);
    },
  };
}

/** The worker of a page walks Istio's own rules and reads none: a third of the engine is for rules that are pasted. */
const walksOwnRules = /\/engine\/walk-worker\.ts/;
/** That of the stop “Envoy” knows Istio's ports and no rule. */
const walksEnvoy = /\/engine\/envoy-worker\.ts/;
const everyExtension =
  /\/src\/(netfilter\/(iptables\/(matches|targets|joined-option)|nftables\/hooked|walk\/(nft|budget)|kernel\/addressing|model\/(loops|packet-address)|text\/(shell-words|spelling))|istio\/steps\/native|journey\/hosts|handbook\/scenarios\/real-pod|words\/(nft-notation|\w+\/(conditions|targets|ztunnel|nft-reasons)))\/index\.ts$/;

/** Of the changes of Istio's rules what a walk asks for: when each came. */
export function releasesAlone(code: string): string {
  return code.replace(/^ {4}(commit|date|subject|effect):\s+(['"]).*\2,\n/gm, '');
}

/** Of the ports their names and numbers. */
export function portsAlone(code: string): string {
  return code.replace(/^ {4}(?:listener|protocols|address|pod|open|option|since|until): .*,\n/gm, '');
}

/**
 * Of the ports those that a pod may meet: nobody in one listens at istiod's own, or dials them. Only the reference tells
 * in which pod a port is; one of which nothing else is said is always open.
 */
export function portsMet(code: string): string {
  return code.replace(
    /^ {2}\{\n {4}port: \d+,\n {4}name: 'istiod-(?!xds')[^}]*\},\n|^ {4}(?:pod|open: 'always').*,\n/gm,
    '',
  );
}

/**
 * Modules that this worker is without, by who imports them. What reads a Sidecar comes where one is chosen: the door to all
 * that istiod tells names it too, of which the worker uses another part. No listener of istiod's has a match tree, no
 * endpoint of the handbook's is sick, the bytes that are no TLS do not begin as TLS does,
 * and the newest Envoy is walked.
 */
const spared: readonly (readonly [importer: RegExp, source: string])[] = [
  [/\/istio\/sidecar\/sidecar-config\.ts$/, './scoped/index.ts'],
  [/\/envoy\/read\/listener\.ts$/, './matcher.ts'],
  [/\/envoy\/walk\/connect\.ts$/, './matcher.ts'],
  [/\/envoy\/walk\/dial\.ts$/, './load-balancing.ts'],
  [/\/envoy\/walk\/inspectors\.ts$/, './tls-record.ts'],
  [/\/envoy\/walk\/inspectors\.ts$/, './http-parser.ts'],
];
const unused = '\0unused-here';
const stub =
  'export const scopeOf = null, ingressOf = null, readMatcher = null, chooseByMatcher = null, usable = null, isUnfinished = null, httpParserLine = null;';

/** Of the publisher's settings what a walk asks for: no page is made in a worker. */
export function withoutTexts(code: string): string {
  return code.replace(/^ {2}(?:title|description):\s+(['"]).*\1,\n/gm, '');
}

/** Gives that worker the common extensions in the place of every one, and the releases in the place of their history. */
export function commonExtensions(): Plugin {
  let isMeant = false;
  let isOfEnvoy = false;
  return {
    name: 'common-extensions',
    enforce: 'pre',
    buildStart({ input }) {
      const of = JSON.stringify(input);
      isMeant = walksOwnRules.test(of);
      isOfEnvoy = walksEnvoy.test(of);
    },
    async resolveId(source, importer) {
      if (importer === undefined) return null;
      if (isOfEnvoy && spared.some(([by, name]) => by.test(importer) && name === source)) return unused;
      if (!isMeant) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      if (resolved === null || !everyExtension.test(resolved.id)) return null;
      return resolved.id.replace(/index\.ts$/, 'common.ts');
    },
    load(id) {
      return id === unused ? stub : null;
    },
    transform(code, id) {
      if (!isMeant && !isOfEnvoy) return null;
      if (id.endsWith('/handbook.config.ts')) return withoutTexts(code);
      if (id.endsWith('/src/istio/pod/ports.ts')) return isOfEnvoy ? portsAlone(code) : portsMet(code);
      return id.endsWith('/src/istio/history/changes.ts') ? releasesAlone(code) : null;
    },
  };
}

/** What Mermaid loads for another kind of diagram, for its layouts, its icons and its mathematics. */
const otherDrawing = /^katex$|\/(?!sequenceDiagram-)[\w.-]+-[0-9A-Z]{8}\.mjs$/;

/**
 * The pages redraw sequence diagrams alone, and no text of theirs is mathematics (`mermaid-text.ts`): two megabytes of
 * Mermaid, elkjs, Cytoscape and KaTeX among them, would be published and never loaded.
 */
export function sequenceDiagramsAlone(): Plugin {
  const nothing = '\0no-such-diagram';
  return {
    name: 'sequence-diagrams-alone',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
    resolveDynamicImport(source, importer) {
      if (typeof source !== 'string' || !importer?.includes('/node_modules/mermaid/')) return null;
      return otherDrawing.test(source) ? nothing : null;
    },
    load(id) {
      if (id !== nothing) return null;
      return "throw new Error('This handbook draws sequence diagrams and no others.');";
    },
  };
}
