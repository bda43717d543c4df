/**
 * Where code looks up by a text in a plain object. Every object of JavaScript has `constructor`, `toString` and the like:
 * what comes from outside is looked up in a Map, in an object without inherited names, or behind `Object.hasOwn`.
 */
import ts from 'typescript';
import { root } from './tree.ts';

/** Places whose keys are the project's own. The code as it stands, without its blanks. */
const ownKeys: readonly { readonly path: string; readonly code: string; readonly why: string }[] = [
  { path: 'src/netfilter/nftables/json-statement.ts', code: 'log[name]', why: 'four names beside it' },
  { path: 'src/netfilter/nftables/json-object.ts', code: 'set[name]', why: 'its callers write the name' },
  { path: 'src/netfilter/text/net-tools.ts', code: 'one[key]', why: 'its callers write the key' },
  { path: 'src/netfilter/text/net-tools.ts', code: 'key in one', why: 'three keys beside it' },
  { path: 'src/istio/ambient/options.ts', code: 'options[name]', why: 'the names of a table beside it' },
  {
    path: 'src/istio/ambient/options.ts',
    code: 'given[name as AmbientOptionName]',
    why: 'the names of a table beside it',
  },
  {
    path: 'src/istio/ambient/check.ts',
    code: 'looks[option as TextOption]',
    why: 'an option of its own table, as the lines before it found',
  },
  {
    path: 'src/istio/options/check.ts',
    code: '(given as Record<string, unknown>)[name]',
    why: 'the names of the object itself, and of the options',
  },
  {
    path: 'src/istio/options/table.ts',
    code: 'optionKinds[name as OptionName]',
    why: 'the names of a table',
  },
  {
    path: 'src/analysis/infer.ts',
    code: 'defaultCniOptions[name as keyof Options]',
    why: 'options that were inferred here',
  },
  {
    path: 'src/analysis/identify.ts',
    code: 'usual[name as keyof Options]',
    why: 'options that were inferred here',
  },
  {
    path: 'src/analysis/native/infer.ts',
    code: 'defaultCniOptions[name as keyof Options]',
    why: 'options that were inferred here',
  },
  {
    path: 'src/envoy/read/fields.ts',
    code: 'left[snakeCase(key)]',
    why: 'an object without inherited names',
  },
  {
    path: 'src/envoy/read/fields.ts',
    code: 'left[(messages[0] as MessageFields).#name]',
    why: 'an object without inherited names',
  },
  {
    path: 'src/envoy/read/fields.ts',
    code: 'this.#message[key]',
    why: 'fields of the API, and its own keys',
  },
  { path: 'src/envoy/read/pasted-reading.ts', code: '(value as Message)[inner]', why: 'its own keys' },
  { path: 'src/envoy/read/pasted-reading.ts', code: 'copy[inner]', why: 'its own keys' },
  { path: 'src/words/en/pod-kinds.ts', code: 'kinds[kind]', why: 'its own keys' },
  {
    path: 'src/handbook/claims/question.ts',
    code: 'options[name]',
    why: 'an option, as the lines before it found',
  },
  { path: 'src/site/settings/check.ts', code: 'record[name]', why: 'the keys of the settings' },
  {
    path: 'src/site/settings/check.ts',
    code: '(options as Readonly<Record<string, unknown>>)[problem.option]',
    why: 'an option that was given',
  },
  {
    path: 'components/engine/remote-walker.ts',
    code: 'answering[name as keyof T]',
    why: 'between a page and its own worker',
  },
  {
    path: 'components/engine/remote-walker.ts',
    code: 'walkerFor(asked)[name as keyof Walker]',
    why: 'between a page and its own worker',
  },
];

/** One line for each place where a text is looked up in a plain object. */
export function lookedUp(folders: readonly string[]): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${root}/tsconfig.json`,
    { skipLibCheck: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
  );
  const isAsked = (file: string) => folders.some((folder) => file.startsWith(`${root}/${folder}/`));
  return lookedUpIn(
    ts.createProgram(config?.fileNames.filter(isAsked) ?? [], config?.options ?? {}),
    (file) => isAsked(file) && !file.endsWith('.d.ts'),
  );
}

/** The same of any program; paths are those behind the project's root. */
export function lookedUpIn(program: ts.Program, isAsked: (file: string) => boolean): readonly string[] {
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const source of program.getSourceFiles()) {
    if (!isAsked(source.fileName)) continue;
    const path = source.fileName.replace(`${root}/`, '');
    const look = (node: ts.Node): void => {
      const key = keyOf(node);
      if (key !== null && isText(checker.getTypeAtLocation(bare(key))) && !isSafe(node, checker)) {
        const code = node.getText().replace(/\s+/g, ' ');
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        if (!ownKeys.some((one) => one.path === path && one.code === code))
          found.push(`${path}:${line} looks up a text in a plain object: ${code}`);
      }
      ts.forEachChild(node, look);
    };
    look(source);
  }
  return found;
}

/** By what is looked up: `table[key]`, `key in table`. */
function keyOf(node: ts.Node): ts.Expression | null {
  if (ts.isElementAccessExpression(node)) return node.argumentExpression;
  const isIn = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword;
  return isIn ? node.left : null;
}

/** Without `as`, `satisfies`, `!` and parentheses, which change no value. */
function bare(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node)
    ? bare(node.expression)
    : node;
}

/** Any text, and not one of some that are known. */
function isText(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isText);
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** Behind `Object.hasOwn` of the same in the same function, or in an object that has no inherited names. */
function isSafe(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (!ts.isElementAccessExpression(node)) return false;
  const object = bare(node.expression);
  if (ts.isIdentifier(object) && hasNoPrototype(object, checker)) return true;
  const asked = `Object.hasOwn(${object.getText()}, ${bare(node.argumentExpression).getText()})`;
  const around = ts.findAncestor(node, ts.isFunctionLike);
  return around?.getText().includes(asked) === true;
}

function hasNoPrototype(object: ts.Identifier, checker: ts.TypeChecker): boolean {
  const declared = checker.getSymbolAtLocation(object)?.valueDeclaration;
  return (
    declared !== undefined &&
    ts.isVariableDeclaration(declared) &&
    declared.initializer?.getText() === 'Object.create(null)'
  );
}

/** Entries of the table that no code needs any more. */
export function needlessOwnKeys(texts: ReadonlyMap<string, string>): readonly string[] {
  return ownKeys
    .filter(({ path, code }) => !(texts.get(path) ?? '').replace(/\s+/g, ' ').includes(code))
    .map(({ path, code }) => `${path}: ${code}`);
}
