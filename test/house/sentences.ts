/**
 * Where code reads a sentence that the project made: by a regular expression, a search, a comparison. What is computed
 * is data; words are made from it at the end, and nobody takes them apart again.
 *
 * A sentence is known by where it comes from: a function of `src/words`, or a field that holds words for a reader.
 */
import ts from 'typescript';
import { type SourceFile, scriptsOf } from './tree.ts';

/** Fields, and names for their values, that hold a sentence or a part of one. */
const fields = ['because', 'says', 'sentence', 'ending', 'fix', 'effect', 'purpose'];
/** Fields that hold a sentence, but whose names are common for other things too: only behind a dot. */
const behindADot = ['message', 'found', 'expected', 'advice', 'why', 'note'];

/** Made in `src/words`, and no sentences: how tools and people write an address, a rule, a chain. */
const notation = ['destinationOf', 'sourceOf', 'ruleText', 'targetText', 'chainName', 'ruleName'];

/** Files that read what a person wrote, or only lay out what they were given. */
const readers: readonly { readonly path: string; readonly reads: string; readonly why: string }[] = [
  { path: 'components/prose/Verdict.astro', reads: 'is !== says', why: "the author's own verdict" },
  { path: 'src/handbook/claims/tags.ts', reads: 'is === says', why: "the author's own verdict" },
  {
    path: 'components/prose/ClaimProblem.astro',
    reads: "Astro.props.message.split('\\n')",
    why: 'a problem of several lines, shown line by line',
  },
];

const searches = [
  'includes',
  'startsWith',
  'endsWith',
  'indexOf',
  'lastIndexOf',
  'match',
  'matchAll',
  'search',
  'split',
  'slice',
  'substring',
  'replace',
  'replaceAll',
  'charAt',
  'localeCompare',
];
/** `pattern.test(it)`, `list.includes(it)`, `set.has(it)`. */
const searchers = ['test', 'exec', 'includes', 'indexOf', 'has', 'get'];

/** One line for each place where a sentence is read. `src/words` makes them, and may take a full stop off its own. */
export function readSentences(files: readonly SourceFile[]): readonly string[] {
  const others = files.filter(({ path }) => !path.startsWith('src/words/'));
  return others.flatMap(({ path, text }) =>
    scriptsOf(path, text)
      .flatMap((code) => readIn(path, code))
      .filter((reads) => !readers.some((one) => one.path === path && one.reads === reads))
      .map((reads) => `${path} reads a sentence: ${reads}`),
  );
}

function readIn(path: string, code: string): readonly string[] {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const makers = wordsImported(source);
  const named = new Set<string>();
  const found: string[] = [];

  const isSentence = (node: ts.Expression): boolean => {
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
      return isSentence(node.expression);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
      return isSentence(node.left);
    if (ts.isPropertyAccessExpression(node))
      return [...fields, ...behindADot].includes(node.name.text) && !isError(node.expression);
    if (ts.isIdentifier(node)) return fields.includes(node.text) || named.has(node.text);
    return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && makers.has(node.expression.text);
  };

  const look = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && ts.isIdentifier(node.name))
      if (ts.isCallExpression(node.initializer) && isSentence(node.initializer)) named.add(node.name.text);
    if (reads(node, isSentence)) found.push(node.getText().replace(/\s+/g, ' ').slice(0, 100));
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function reads(node: ts.Node, isSentence: (node: ts.Expression) => boolean): boolean {
  if (ts.isSwitchStatement(node)) return isSentence(node.expression);
  if (ts.isElementAccessExpression(node)) return isSentence(node.argumentExpression);
  if (ts.isBinaryExpression(node)) {
    const isComparison = [
      ts.SyntaxKind.EqualsEqualsEqualsToken,
      ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ].includes(node.operatorToken.kind);
    const isRead = (one: ts.Expression, other: ts.Expression): boolean =>
      isSentence(one) && !isNothing(other) && (!isOften(one) || ts.isStringLiteralLike(other));
    return isComparison && (isRead(node.left, node.right) || isRead(node.right, node.left));
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  if (searches.includes(name.text) && isSentence(expression)) return true;
  const [first] = node.arguments;
  return searchers.includes(name.text) && first !== undefined && isSentence(first);
}

/** Whether there are words at all is no question of what they are. */
function isNothing(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'undefined';
  const { NullKeyword, TrueKeyword, FalseKeyword } = ts.SyntaxKind;
  if ([NullKeyword, TrueKeyword, FalseKeyword].includes(node.kind)) return true;
  return ts.isStringLiteral(node) && node.text === '';
}

/** `finding.found === relation` compares data; `problem.found === 'a word'` reads. */
function isOften(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && behindADot.includes(node.name.text);
}

/** The message of an exception is whoever's threw it. */
function isError(node: ts.Expression): boolean {
  return /\berror\b/i.test(node.getText());
}

/** The functions that a file imports from `src/words`, by the names that it gives them. */
function wordsImported(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (!/(^|\/)words\//.test(statement.moduleSpecifier.text)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const { isTypeOnly, name } of bindings.elements)
      if (!isTypeOnly && !notation.includes(name.text)) names.add(name.text);
  }
  return names;
}
