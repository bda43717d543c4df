/**
 * What readers are told by code: every text of `src/words`, of `components` and of `src/handbook`, as the sentence that it is
 * shown in. What is put into it stands there as `…`.
 */
import ts from 'typescript';
import { codeEnds, filesIn, type SourceFile } from '../../house/tree.ts';

export interface SaidText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Files without words for a reader, and why. */
export const unheard: readonly { readonly files: RegExp; readonly because: string }[] = [
  { files: /^src\/words\/en\/facts\//, because: 'facts are held to their sources' },
  {
    files: /^src\/handbook\/claims\//,
    because: 'who writes a page is told, and sentences of pages are listed',
  },
];

export function filesThatSay(): readonly SourceFile[] {
  return filesIn(['src/words', 'src/handbook', 'components'], codeEnds).filter(
    ({ path }) => !unheard.some(({ files }) => files.test(path)),
  );
}

/** All texts of a file, in its order. */
export function textsOf({ path, text }: SourceFile): readonly SaidText[] {
  return codesOf(path, text).flatMap(({ code, line }) =>
    textsIn(path, code).map((one) => ({ file: path, line: line + one.line, text: one.text })),
  );
}

/** The code of a file; of an Astro component what stands before it, and what it is made of, which is read as JSX. */
function codesOf(path: string, text: string): readonly { readonly code: string; readonly line: number }[] {
  if (!path.endsWith('.astro')) return [{ code: text, line: 0 }];
  const front = /^---\n[\s\S]*?\n---\n/.exec(text)?.[0] ?? '';
  const body = text
    .slice(front.length)
    .replace(/<(script|style)\b[\s\S]*?<\/\1>|<!--[\s\S]*?-->/g, (part) => part.replace(/[^\n]/g, ' '));
  return [
    { code: front.replaceAll('---', '   '), line: 0 },
    { code: `const shown = <>${body}</>;`, line: front.split('\n').length - 1 },
  ];
}

/** Expressions that stand for a program's name. */
const standsForAProgram = /\b(?:process|program|subject|listener\.process)\b/;

function textsIn(path: string, code: string): readonly { readonly text: string; readonly line: number }[] {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: { text: string; line: number }[] = [];
  const look = (node: ts.Node): void => {
    if (isUnsaid(node)) return;
    const said = wholeOf(node);
    if (said === null) {
      ts.forEachChild(node, look);
      return;
    }
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ text: said.replace(/\s+/g, ' ').trim(), line: line + 1 });
    // What is put in says something itself, as in `${isSo ? 'it is so' : ''}`.
    for (const inner of putInto(node)) look(inner);
  };
  look(source);
  return found.filter(({ text }) => /[a-z]{2,} /i.test(text));
}

/** Imports, types, what a programmer is told, and codes that something is compared with. */
function isUnsaid(node: ts.Node): boolean {
  if (ts.isThrowStatement(node) || ts.isTypeNode(node) || ts.isImportDeclaration(node)) return true;
  if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) return true;
  const { parent } = node;
  if (parent === undefined || !ts.isStringLiteralLike(node)) return false;
  if (ts.isCaseClause(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.name === node || parent.name.getText() === 'code';
  if (ts.isElementAccessExpression(parent)) return true;
  return ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText());
}

/** A text with all that stands in it; null where a node is none. */
function wholeOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return (
      node.head.text +
      node.templateSpans.map(({ expression, literal }) => putIn(expression) + literal.text).join('')
    );
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [node.left, node.right].map((side) => wholeOf(side));
    return sides.every((side) => side === null)
      ? null
      : sides.map((side, at) => side ?? putIn(at === 0 ? node.left : node.right)).join('');
  }
  if (ts.isArrayLiteralExpression(node)) return partsOf(node);
  if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
    const isSaid = node.children.some((child) => ts.isJsxText(child) && /[a-z]/i.test(child.text));
    return isSaid ? node.children.map(shown).join('') : null;
  }
  return null;
}

/** A sentence in parts: `['remove it with ', code('iptables -F')]`. */
function partsOf({ elements }: ts.ArrayLiteralExpression): string | null {
  const isCode = (one: ts.Node): boolean =>
    (ts.isCallExpression(one) && /^(?:code|inParts)$/.test(one.expression.getText())) ||
    ts.isSpreadElement(one);
  if (!elements.some(isCode) || !elements.some((one) => ts.isStringLiteralLike(one))) return null;
  return elements.map((one) => wholeOf(one) ?? putIn(one)).join('');
}

function putIn(expression: ts.Node): string {
  return standsForAProgram.test(expression.getText()) ? 'Envoy' : '…';
}

/** What an element of a page shows. */
function shown(child: ts.JsxChild): string {
  if (ts.isJsxText(child)) return child.text.replace(/\s+/g, ' ');
  if (ts.isJsxSelfClosingElement(child)) return ` ${nameOf(child)} `;
  if (ts.isJsxExpression(child))
    return child.expression !== undefined && ts.isStringLiteralLike(child.expression)
      ? child.expression.text
      : child.expression === undefined
        ? ''
        : putIn(child.expression);
  return child.children.map(shown).join('');
}

/** A rule is a word of its sentence, as on a page. */
function nameOf({ tagName }: ts.JsxSelfClosingElement): string {
  return tagName.getText() === 'Rule' ? 'rule' : '…';
}

/** What is put into a text and may have texts of its own. */
function putInto(node: ts.Node): readonly ts.Node[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].filter((side) => wholeOf(side) === null);
  if (ts.isArrayLiteralExpression(node)) return node.elements.filter((one) => !ts.isStringLiteralLike(one));
  if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
    const opening = ts.isJsxElement(node) ? [node.openingElement.attributes] : [];
    return [...opening, ...node.children.flatMap(inJsx)];
  }
  return [];
}

function inJsx(child: ts.JsxChild): readonly ts.Node[] {
  if (ts.isJsxExpression(child)) {
    const { expression } = child;
    return expression === undefined || ts.isStringLiteralLike(expression) ? [] : [expression];
  }
  if (ts.isJsxSelfClosingElement(child)) return [child.attributes];
  return ts.isJsxText(child) ? [] : putInto(child);
}
