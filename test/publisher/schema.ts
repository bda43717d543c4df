/**
 * What a YAML file may say, told by the TypeScript types that are made from its schema: the file's content is put
 * where a value of the type is wanted, and the compiler names what does not fit.
 */
import { join } from 'node:path';
import ts from 'typescript';

export interface Schema {
  /** The module that has the type. */
  readonly module: string;
  readonly type: string;
}

const root = join(import.meta.dirname, '../..');

/** What the compiler has against each of these contents, in their order; an empty list for one that fits. */
export function misfits(documents: readonly (Schema & { readonly content: unknown })[]): string[][] {
  const names = documents.map((_, at) => join(root, `test/publisher/content-${at}.ts`));
  const sources = new Map(
    documents.map(({ module, type, content }, at) => [
      names[at],
      `import type { ${type} as Wanted } from '${module}';\nexport const content: Wanted = ${JSON.stringify(content)};\n`,
    ]),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  const program = ts.createProgram(names, options, host);
  return names.map((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}
