/** Names that every object has, as `constructor`, are names like any other wherever a text is looked up. */
import ts from 'typescript';
import { expect, test } from 'vitest';
import { lookedUp, lookedUpIn, needlessOwnKeys } from './looked-up.ts';
import { codeEnds, filesIn, root } from './tree.ts';

test('no text is looked up in a plain object', { timeout: 240_000 }, () => {
  expect(lookedUp(['src', 'components'])).toEqual([]);
});

test('every exception is still needed', () => {
  const texts = new Map(filesIn(['src', 'components'], codeEnds).map(({ path, text }) => [path, text]));
  expect(needlessOwnKeys(texts)).toEqual([]);
});

function foundIn(code: string): readonly string[] {
  const file = `${root}/src/planted.ts`;
  const options: ts.CompilerOptions = { noLib: true, strict: true, target: ts.ScriptTarget.ES2023 };
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2023, true);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options, true),
    getSourceFile: (name) => (name === file ? source : undefined),
  };
  return lookedUpIn(ts.createProgram([file], options, host), (name) => name === file);
}

const table = 'const table: { [name: string]: number } = { a: 1 };\n';

test.each([
  'const found = (name: string) => table[name];',
  'const found = (name: string) => table[name as "a"];',
  'const found = (name: string) => (table as { a: number })[name as "a"];',
  'const found = (names: string[]) => table[names[0] ?? ""];',
  'const has = (name: string) => name in table;',
  'const found = (name: any) => table[name];',
  'const found = (name: string, other: string) => Object.hasOwn(table, other) && table[name];',
  'const put = (name: string) => { table[name] = 2; };',
])('%s is found', (code) => {
  expect(foundIn(table + code)).toHaveLength(1);
});

test.each([
  'const found = (name: "a" | "b") => table[name];',
  'const found = (name: string) => Object.hasOwn(table, name) ? table[name] : 0;',
  'const found = (name: string) => { const own: { [name: string]: number } = Object.create(null); return own[name]; };',
  'const found = (list: number[], at: number) => list[at];',
  'const found = () => table["a"];',
])('%s is none', (code) => {
  expect(foundIn(table + code)).toEqual([]);
});
