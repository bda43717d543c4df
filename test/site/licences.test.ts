/** What is published carries the licences of what it is made of. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { sequenceDiagramsAlone } from '../../src/site/delivery/lean-scripts.ts';
import { licenceOf, licencesText, packageOf, shippedPackages } from '../../src/site/delivery/licences.ts';

const root = join(import.meta.dirname, '../..');

test('whose a module is', () => {
  expect(packageOf('/p/node_modules/yaml/browser/index.js')).toBe('/p/node_modules/yaml');
  expect(packageOf('/p/node_modules/@preact/signals/dist/a.mjs')).toBe('/p/node_modules/@preact/signals');
  expect(packageOf('/p/node_modules/a/node_modules/b/x.js')).toBe('/p/node_modules/a/node_modules/b');
  expect(packageOf('/p/src/words/index.ts')).toBeUndefined();
  expect(packageOf('\0virtual:mine')).toBeUndefined();
  expect(packageOf('\0vite/preload-helper.js')).toBe(join(root, 'node_modules/vite'));
});

test('a licence is told with its text, or with its author where the package brings none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sidetrack-licence-'));
  try {
    const say = (file: string, text: string) => writeFileSync(join(folder, file), text);
    say(
      'package.json',
      '{ "name": "a", "version": "1.0.0", "license": "ISC", "author": { "name": "Somebody" } }',
    );
    expect(licenceOf(folder)).toEqual({
      name: 'a',
      version: '1.0.0',
      identifier: 'ISC',
      text: 'By Somebody.',
    });
    say('LICENSE', 'Do as you like.\n');
    say('NOTICE.md', 'Made by hand.\n');
    say('licenses.js', 'not a licence');
    expect(licenceOf(folder).text).toBe('Do as you like.\n\nMade by hand.');
    const line = '-'.repeat(80);
    expect(licencesText(['Ours.\n'], [licenceOf(folder), licenceOf(folder)])).toBe(
      `Ours.\n\n${line}\n\na 1.0.0, ISC\n\nDo as you like.\n\nMade by hand.\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a page that redraws has Mermaid’s sequence diagrams and no other, and their packages are known', async () => {
  const shipped = shippedPackages();
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [sequenceDiagramsAlone(), shipped.plugin()],
    build: {
      write: false,
      minify: false,
      rolldownOptions: { input: join(root, 'src/site/drawing/redraw.ts') },
    },
  });
  const [{ output } = { output: [] }] = [built].flat() as {
    readonly output: readonly { fileName: string }[];
  }[];
  const drawings = output.map(({ fileName }) => fileName).filter((name) => /diagram|elk|dagre/i.test(name));
  expect(drawings).toEqual([
    expect.stringMatching(/no-such-diagram/),
    expect.stringMatching(/sequenceDiagram/),
  ]);
  const names = shipped.packages().map((folder) => folder.replace(/^.*node_modules\//, ''));
  expect(names).toEqual(expect.arrayContaining(['mermaid', 'd3-selection', 'dompurify', 'vite']));
  for (const name of ['elkjs', 'cytoscape', 'katex']) expect(names).not.toContain(name);
  expect(
    shipped
      .packages()
      .map(licenceOf)
      .filter(({ text }) => text.length < 100),
  ).toEqual([]);
});
