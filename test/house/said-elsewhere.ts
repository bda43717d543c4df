/**
 * Sentences that stand outside of `src/words`: a text in the code with a sentence's look. What is computed is data, and a
 * reader's words are made of it in one place, where they can be seen side by side, and in another language.
 */
import ts from 'typescript';
import { type SourceFile, scriptsOf } from './tree.ts';

/** Who may say something by himself, and why. */
export const sayThemselves: readonly { readonly files: RegExp; readonly because: string }[] = [
  { files: /^src\/words\//, because: 'here they are made' },
  { files: /^src\/analysis\/errors\//, because: 'what other programs print, to be known again' },
  {
    files: /^src\/istio\/(steps\/native\/commands|ambient\/native)\.ts$/,
    because: 'commands of nft, in whose language to, with and of stand, with a comment that is Istio’s',
  },
  { files: /^src\/istio\/yaml\/objects\.ts$/, because: 'the name of an object that has none' },
  {
    files: /^src\/istio\/facts\//,
    because: 'lines of sources and titles of cases, by which a fact is known',
  },
  {
    files: /^src\/istio\/history\/changes\.ts$/,
    because: 'a release to come is one entry, with what it did, as its changelog has it',
  },
  { files: /^src\/render\/trace-schema\.ts$/, because: 'title and description are fields of a JSON schema' },
  {
    files: /^src\/handbook\/claims\//,
    because: 'who writes a page is told what is wrong with it where it is looked for; no reader is',
  },
  { files: /^src\/handbook\/scenarios\/did-you-mean\.ts$/, because: 'the same' },
  {
    files:
      /^src\/handbook\/scenarios\/(traffic|runbooks|pod-kinds|runbooks-envoy|runbooks-init|ambient|ambient-examples|examples)\.ts$/,
    because: 'titles, questions and experiments of scenarios: what a page tells, as its MDX does',
  },
  {
    files: /^src\/handbook\/envoy\/calls\.ts$/,
    because: 'titles of what a real Envoy was asked, by which a call is held to it',
  },
  {
    files: /^src\/handbook\/tables\/(decisions|hook-visits|options)\.ts$/,
    because: 'heads and rows of a page’s table',
  },
];

/** Without one of these a text is a list of names, or a rule. */
const joints =
  /(?<![\w-])(a|an|the|is|are|was|it|its|no|not|to|of|by|for|with|on|that|this|has|have|be|and|from|than|where|which)(?![\w-])/i;

/** One line for each: its file, and how it begins. */
export function saidElsewhere(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !sayThemselves.some((one) => one.files.test(path)))
    .flatMap(({ path, text }) =>
      scriptsOf(path, text).flatMap((code) =>
        textsIn(path, code)
          .filter(looksLikeASentence)
          .map((said) => `${path} says: ${said.replace(/\s+/g, ' ').slice(0, 80)}`),
      ),
    );
}

function looksLikeASentence(said: string): boolean {
  const words = said.match(/(?<=^|[\s“"'(])[a-z’']{2,}(?=[\s.,:;?!”"')]|$)/g) ?? [];
  if (words.length < 2 || !joints.test(said)) return false;
  const begins = /^\s*["“'(]?[A-Z…]/.test(said);
  const ends = /[\w”")…][.?!]$/.test(said.trim());
  // A code is short, and has neither a capital nor a stop: `a word that does not belong there`.
  return (ends && words.length >= 2) || (begins && words.length >= 3) || words.length >= 8;
}

/** Strings and templates of code, with `…` where something is put in; not what a programmer is told, types and imports. */
function textsIn(path: string, code: string): readonly string[] {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''));
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** Exceptions that no sentence needs any more. */
export function needlessExceptions(files: readonly SourceFile[]): readonly string[] {
  return sayThemselves
    .filter(({ files: may }) => {
      const theirs = files.filter(({ path }) => may.test(path));
      return !theirs.some(({ path, text }) =>
        scriptsOf(path, text).some((code) => textsIn(path, code).some(looksLikeASentence)),
      );
    })
    .map(({ files: may }) => String(may));
}
