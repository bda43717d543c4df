/** What the floors use of Node or of a browser: their files are checked without the types of either. */
import { join } from 'node:path';
import ts from 'typescript';
import { root, type SourceFile } from './tree.ts';

/** Standards of the web that Node, a page and a worker all have. */
const everywhere = [
  'atob',
  'btoa',
  'Blob',
  'CompressionStream',
  'DecompressionStream',
  'ReadableStream',
  'TextDecoder',
  'TextEncoder',
  'structuredClone',
];

/** The compiler's words for a name that it does not know: as a value, a type, a namespace; of the DOM, of Node. */
const unknownName = [2304, 2318, 2503, 2552, 2580, 2584, 2591, 2663, 2693, 2867, 2868];

/** Names that stand for something of Node or of the DOM, one line for each place. */
export function foreignNames(files: readonly SourceFile[]): readonly string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
  };
  const texts = new Map(files.map(({ path, text }) => [join(root, path), text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((name) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(name))
      .filter(({ code }) => unknownName.includes(code))
      .flatMap(({ start = 0, length = 0 }) => {
        const found = (texts.get(name) ?? '').slice(start, start + length);
        return everywhere.includes(found) ? [] : [`${name.slice(root.length + 1)} uses ${found}`];
      }),
  );
}
