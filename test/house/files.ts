/** What is wrong with files by themselves: what they are called, how long they are, what they speak of and reach for. */
import { posix } from 'node:path';
import ts from 'typescript';
import { type SourceFile, scriptsOf } from './tree.ts';

/** Of a file: one has to be able to read it. */
const mostLines = 500;

/** Files that are no code, but what code is asked about. They are as long as there is to tell. */
const data: readonly { readonly is: RegExp; readonly why: string }[] = [
  { is: /^test\/kernel\/recorded\/.*\.json$/, why: 'what the kernel said, recorded' },
  { is: /^test\/netfilter\/cases\/.*\.case$/, why: 'rulesets, packets and their way' },
  { is: /^test\/istio\/cases\/.*\.(rules|txt)$/, why: 'what the releases of Istio print' },
  {
    is: /^test\/netfilter\/iptables\/(dumps|forms)\/.*\.txt$/,
    why: 'dumps, and rules as iptables prints them',
  },
  { is: /^test\/analysis\/dumps\//, why: 'dumps of real nodes' },
  { is: /^src\/handbook\/claims\/read\//, why: 'sentences of pages that have been read' },
  { is: /^test\/docs\/sources-found\.txt$/, why: 'lines of sources, recorded as they were found' },
  { is: /^test\/site\/addresses\.txt$/, why: 'every address that was ever promised' },
];

export function longFiles(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !data.some(({ is }) => is.test(path)))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }))
    .filter(({ lines }) => lines > mostLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, and more than ${mostLines} nobody reads`);
}

/** What a floor has never heard of. */
const unheardOf: readonly { readonly floor: string; readonly words: RegExp }[] = [
  {
    floor: 'src/netfilter/',
    words: /istio|envoy|sidecar|pilot-agent|ztunnel|ambient|\b150(0[0-9]|1[0-9]|2[0-9]|53|90)\b/gi,
  },
  {
    floor: 'src/envoy/',
    words: /istio|sidecar|pilot-agent|ztunnel|ambient|\b150(0[0-9]|1[0-9]|2[0-9]|53|90)\b/gi,
  },
];

export function unheardWords(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    unheardOf
      .filter(({ floor }) => path.startsWith(floor))
      .flatMap(({ words }) => [...text.matchAll(words)].map(([word]) => `${path} speaks of ${word}`)),
  );
}

/** Names that say nothing of what is in the thing. */
const empty = /^(utils?|helpers?|managers?)$/i;

/** Names of ours that are somebody else's. */
const given: readonly string[] = [
  // a match of iptables: connections that a conntrack helper expects
  'helper',
];

function wordsOf(name: string): readonly string[] {
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/);
}

/** Folders, files, and what is declared in them. */
export function emptyNames(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const parts = path.split('/').filter((part) => wordsOf(part).some((word) => empty.test(word)));
    const declared = scriptsOf(path, text)
      .flatMap((code) => [
        ...code.matchAll(/\b(?:const|let|function|class|interface|type|enum|namespace)\s+(\w+)/g),
      ])
      .map(([, name]) => name as string)
      .filter((name) => !given.includes(name) && wordsOf(name).some((word) => empty.test(word)));
    return [...parts, ...declared].map((name) => `${path}: "${name}" says nothing of what it is`);
  });
}

/** Paths in a file's strings that lead above the root of the project, or to somebody's own folders. */
export function outsidePaths(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    scriptsOf(path, text).flatMap((code) => {
      const found: string[] = [];
      const leavesFrom = (folder: string, written: string): boolean =>
        posix.normalize(posix.join(folder, written)).startsWith('..');
      const look = (node: ts.Node): void => {
        const written = textIn(node);
        if (written !== undefined) {
          const isFromRoot = ts.isCallExpression(node.parent) && node.parent.arguments.some(isRoot);
          const folder = isFromRoot ? '' : posix.dirname(path);
          if (/^\.\.(\/|$)/.test(written) && leavesFrom(folder, written)) found.push(written);
          if (/^(file:\/\/)?\/(home|root|work|Users|mnt)\b/.test(written)) found.push(written);
        }
        ts.forEachChild(node, look);
      };
      look(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
      return found.map((written) => `${path} reaches for ${written}`);
    }),
  );
}

function textIn(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) return node.text;
  return undefined;
}

/** `root`, `projectRoot`, `process.cwd()`. */
function isRoot(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return /root$/i.test(node.text);
  return ts.isCallExpression(node) && node.expression.getText() === 'process.cwd';
}
