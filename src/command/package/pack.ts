/**
 * Makes the package: compiled JavaScript with types, the command, and what it needs, in one tarball that installs
 * without a network.
 *
 *     npm run pack -- [--to FOLDER] [--krew ADDRESS_OF_THE_TARBALL --homepage ADDRESS]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { krewManifest, krewName } from './krew.ts';

const root = join(import.meta.dirname, '../../..');

/** What may be imported from the package: `sidetrack/netfilter`. The names stay. */
export const packageEntries = [
  'netfilter',
  'envoy',
  'istio',
  'journey',
  'analysis',
  'words',
  'render',
] as const;

const main = 'src/command/main.ts';
/** What the compiled code imports from elsewhere; it goes into the tarball. */
const needed = ['commander', 'yaml'] as const;

/** Writes the tarball into a folder; answers with its path. */
export function packInto(folder: string): string {
  const staging = mkdtempSync(join(tmpdir(), 'sidetrack-pack-'));
  try {
    compileInto(join(staging, 'dist'));
    // krew unpacks the tarball as it is.
    chmodSync(join(staging, 'dist', main.replace(/\.ts$/, '.js')), 0o755);
    const { name, version, description, license, dependencies } = readJson(join(root, 'package.json'));
    const versions = dependencies as Readonly<Record<string, string>>;
    const compiled = (source: string, end: string) => `./dist/${source.replace(/\.ts$/, end)}`;
    const manifest = {
      name,
      version,
      description,
      license,
      type: 'module',
      engines: { node: '>=22.12' },
      bin: { sidetrack: compiled(main, '.js'), 'kubectl-sidetrack': compiled(main, '.js') },
      exports: Object.fromEntries([
        ...packageEntries.map((entry) => [
          `./${entry}`,
          {
            types: compiled(`src/${entry}/index.ts`, '.d.ts'),
            default: compiled(`src/${entry}/index.ts`, '.js'),
          },
        ]),
        ['./package.json', './package.json'],
      ]),
      // A bundler leaves out what a page does not use.
      sideEffects: [compiled(main, '.js')],
      dependencies: Object.fromEntries(needed.map((one) => [one, versions[one]])),
      bundleDependencies: needed,
    };
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const file of ['LICENSE', 'NOTICE']) cpSync(join(root, file), join(staging, file));
    cpSync(join(import.meta.dirname, 'README.md'), join(staging, 'README.md'));
    for (const one of needed)
      cpSync(join(root, 'node_modules', one), join(staging, 'node_modules', one), { recursive: true });
    mkdirSync(folder, { recursive: true });
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', resolve(folder)], {
      cwd: staging,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    return join(resolve(folder), filename);
  } finally {
    rmSync(staging, { recursive: true });
  }
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Types are checked by `npm run types`, and not once more. */
function compileInto(outDir: string): void {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const { allowImportingTsExtensions, incremental, tsBuildInfoFile, ...rest } = options;
  const sources = [...packageEntries.map((entry) => `src/${entry}/index.ts`), main];
  const program = ts.createProgram(
    sources.map((source) => join(root, source)),
    {
      ...rest,
      noEmit: false,
      noCheck: true,
      rewriteRelativeImportExtensions: true,
      declaration: true,
      rootDir: root,
      outDir,
    },
  );
  const { diagnostics, emitSkipped } = program.emit();
  if (emitSkipped || diagnostics.length > 0)
    throw new Error(
      ts.formatDiagnostics(diagnostics, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => root,
        getNewLine: () => '\n',
      }),
    );
  for (const file of globSync('**/*.d.ts', { cwd: outDir })) {
    const path = join(outDir, file);
    writeFileSync(path, withCompiledImports(readFileSync(path, 'utf8')));
  }
}

/** The compiler rewrites what code imports, and leaves the declarations as they are. */
function withCompiledImports(declaration: string): string {
  return declaration.replaceAll(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2');
}

/** The command within the tarball. */
const packedCommand = `dist/${main.replace(/\.ts$/, '.js')}`;

/** Writes krew's manifest beside a tarball, which will be at this address. */
export function writeKrew(tarball: string, uri: string, homepage: string): string {
  const { version, description } = readJson(join(root, 'package.json')) as Readonly<Record<string, string>>;
  // krew takes the plugin's name from that of the file.
  const path = join(dirname(tarball), `${krewName}.yaml`);
  const sha256 = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  const said = { version: version ?? '', description: description ?? '' };
  writeFileSync(path, krewManifest({ ...said, homepage, uri, sha256, bin: packedCommand }));
  return path;
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: '.' },
      krew: { type: 'string' },
      homepage: { type: 'string' },
    },
  });
  const tarball = packInto(values.to);
  const files = [
    tarball,
    ...(values.krew === undefined ? [] : [writeKrew(tarball, values.krew, values.homepage ?? values.krew)]),
  ];
  process.stdout.write(`${files.map((file) => relative('.', file)).join('\n')}\n`);
}
