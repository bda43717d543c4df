/** The package installs into an empty folder without a network, and does what its documentation shows. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleAnswer, exampleFolder } from '../../src/command/examples/answer.ts';
import { packageEntries, writeKrew } from '../../src/command/package/pack.ts';
import { type Installed, install, node22 } from './installed.ts';
import { krewPrograms } from './krew.ts';
import { pageExamples } from './page-examples.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'components/lab/sample.iptables-save.txt');
const readme = readFileSync(join(root, 'src/command/package/README.md'), 'utf8');

let installed: Installed;
const node = node22();
beforeAll(() => {
  installed = install();
});
afterAll(() => installed.remove());

const examples = [...readme.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, code = '', printed = '']) => ({ code, printed }),
);

test('every entry stands in an example', () => {
  expect(examples.length).toBeGreaterThan(2);
  expect(readme.match(/```js\n/g)?.length).toBe(examples.length);
  for (const entry of packageEntries)
    expect(
      examples.some(({ code }) => code.includes(`'sidetrack/${entry}'`)),
      entry,
    ).toBe(true);
});

describe.skipIf(node === null)('with Node 22', () => {
  test.each(examples.map((one, at) => [at + 1, one] as const))(
    'example %i prints what it shows',
    (at, { code, printed }) => {
      const file = join(installed.folder, `example-${at}.mjs`);
      writeFileSync(file, code);
      expect(installed.run(node as string, [file])).toEqual({ exit: 0, out: printed, err: '' });
    },
  );

  // Each by itself: on a busy machine all of them take longer than one test may.
  test.each(pageExamples)('the example of the page prints what the page shows: %s', async (written) => {
    cpSync(join(root, exampleFolder), installed.folder, { recursive: true });
    const command = join(installed.folder, 'node_modules/.bin/sidetrack');
    const { line, ...answer } = await exampleAnswer(written);
    const { exit, out, err } = installed.run(node as string, [command, ...line.split(' ').slice(1)]);
    expect({ exit, shown: `${err}${out}` }, line).toEqual(answer);
  });

  test.each(['sidetrack', 'kubectl-sidetrack'])('%s reads a pipe', (name) => {
    const command = join(installed.folder, 'node_modules/.bin', name);
    const { exit, out, err } = installed.run(
      node as string,
      [command, 'inspect', '-'],
      readFileSync(sample, 'utf8'),
    );
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('These are the rules of Istio');
    expect(installed.run(node as string, [command, 'inspect', 'absent.txt']).exit).toBe(2);
  });
});

test('it brings what it needs, and no more than that', () => {
  const manifest = JSON.parse(
    readFileSync(join(installed.folder, 'node_modules/sidetrack/package.json'), 'utf8'),
  );
  expect(Object.keys(manifest.dependencies)).toEqual(manifest.bundleDependencies);
  const lock = JSON.parse(readFileSync(join(installed.folder, 'node_modules/.package-lock.json'), 'utf8'));
  expect(Object.keys(lock.packages).sort()).toEqual([
    'node_modules/sidetrack',
    ...manifest.bundleDependencies.map((name: string) => `node_modules/sidetrack/node_modules/${name}`),
  ]);
});

describe('krew’s manifest', () => {
  const uri = 'https://example.org/sidetrack-0.1.0.tgz';
  const written = () => writeKrew(installed.tarball, uri, 'https://example.org/');

  // The rules of ValidatePlugin in krew's internal/index/validation, and what validate-krew-manifest asks beside them.
  test('has the forms that krew takes, and names what is in the tarball', () => {
    const file = written();
    const { apiVersion, kind, metadata, spec } = parse(readFileSync(file, 'utf8'));
    expect([apiVersion, kind, metadata]).toEqual([
      'krew.googlecontainertools.github.com/v1alpha2',
      'Plugin',
      { name: basename(file, '.yaml') },
    ]);
    expect(metadata.name).toMatch(/^[\w-]+$/);
    expect(spec.version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(spec.shortDescription).toMatch(/^[^\n]{5,50}$/);
    const [{ bin, files, sha256, selector, uri: from }, ...others] = spec.platforms;
    expect([others, files, from]).toEqual([[], [{ from: 'package/*', to: '.' }], uri]);
    expect(sha256).toBe(createHash('sha256').update(readFileSync(installed.tarball)).digest('hex'));
    expect(selector.matchExpressions).toEqual([{ key: 'os', operator: 'In', values: ['linux', 'darwin'] }]);
    const unpacked = join(installed.folder, 'node_modules/sidetrack');
    expect(readFileSync(join(unpacked, bin), 'utf8')).toMatch(/^#!/);
    expect(readdirSync(unpacked)).toContain('LICENSE');
  });

  const krew = krewPrograms();
  if (krew === null) return;
  describe('by krew’s own programs', () => {
    const { 'validate-krew-manifest': validator, krew: installer } = krew;
    const validated = (file: string) =>
      spawnSync(validator, ['-skip-install', '-manifest', file], { encoding: 'utf8' });

    test('is valid, and would not be under another name or without a platform', () => {
      const file = written();
      expect(validated(file)).toMatchObject({ status: 0 });
      for (const [name, from, to] of [
        ['other.yaml', 'name: sidetrack', 'name: sidetrack'],
        ['sidetrack.yaml', 'key: os', 'key: system'],
        ['sidetrack.yaml', 'version: v', 'version: '],
      ] as const) {
        const broken = join(installed.folder, name);
        writeFileSync(broken, readFileSync(file, 'utf8').replace(from, to));
        expect(validated(broken).status, `${from} ${name}`).not.toBe(0);
      }
    });

    test.each(['linux', 'darwin'])('installs the command on %s', (os) => {
      const store = join(installed.folder, `krew-${os}`);
      const { status, stderr } = spawnSync(
        installer,
        ['install', `--manifest=${written()}`, `--archive=${installed.tarball}`],
        { encoding: 'utf8', env: { ...process.env, KREW_ROOT: store, KREW_OS: os, KREW_ARCH: 'arm64' } },
      );
      expect(status, stderr).toBe(0);
      const command = join(store, 'bin/kubectl-sidetrack');
      expect(installed.run(node ?? process.execPath, [command, 'inspect', sample]).exit).toBe(0);
    });
  });
});

test('its types hold in a strict program that knows neither Node nor the DOM', () => {
  const file = join(installed.folder, 'uses.ts');
  writeFileSync(
    file,
    `import { parseRuleset, traverse, type Ruleset } from 'sidetrack/netfilter';
import { connect } from 'sidetrack/envoy';
import { rulesFor } from 'sidetrack/istio';
import { journey } from 'sidetrack/journey';
import { findingsOf } from 'sidetrack/analysis';
import { because } from 'sidetrack/words';
import { pathLine } from 'sidetrack/render';
export const ruleset: Ruleset = rulesFor('1.31', {}).v4;
export const all = [parseRuleset, traverse, connect, journey, findingsOf, because, pathLine];
// @ts-expect-error a release is a text
rulesFor(131, {});
`,
  );
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  const said = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ messageText, file: where }) =>
        `${where?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  expect(said).toEqual([]);
});

test('a browser’s bundle carries it without anything of Node', async () => {
  const entry = join(installed.folder, 'page.js');
  writeFileSync(entry, packageEntries.map((one) => `export * as ${one} from 'sidetrack/${one}';`).join('\n'));
  const bundled = await build({
    root: installed.folder,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['es'], fileName: 'page' } },
  });
  const outputs = (bundled as Rolldown.RolldownOutput[]).flatMap(({ output }) => output);
  const code = outputs.map((one) => ('code' in one ? one.code : '')).join('\n');
  expect(code.length).toBeGreaterThan(100_000);
  expect(code).not.toMatch(/from ?["']node:|require\(["']|__vite-browser-external/);
});
