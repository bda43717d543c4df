import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shownScenarios } from '../../src/handbook/scenarios/index.ts';
import { moved, movedPage } from '../../src/site/addresses/moved.ts';
import { scenarioAddress, scenarioFiles } from '../../src/site/addresses/scenario-files.ts';
import { sitemapText } from '../../src/site/addresses/sitemap.ts';
import { brokenPromises, builtAddresses, promisedAddresses } from './addresses.ts';

test('every file of every scenario is promised, and so is its view to embed', () => {
  const wanted = shownScenarios.flatMap((scenario) => [
    scenarioAddress(scenario),
    `/embed/${scenario.name}/`,
    ...scenarioFiles.map((file) => scenarioAddress(scenario) + file.name),
  ]);
  expect(wanted.filter((address) => !promisedAddresses().includes(address))).toEqual([]);
});

test('an address that is gone is named, and so is one that nobody has promised', () => {
  expect(brokenPromises(['/', '/new/'], ['/', '/old/'])).toEqual([
    '/old/ was published and is gone. Give it back, or let it lead on: src/site/addresses/moved.ts',
    '/new/ is new. To promise it: node test/site/addresses.ts --add',
  ]);
});

test('addresses of a built site', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sidetrack-addresses-'));
  for (const name of [
    'index.html',
    'lab/index.html',
    'lab/index.md',
    '_astro/a.js',
    '404.html',
    'first.js',
  ]) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), '');
  }
  expect(builtAddresses(dir)).toEqual(['/', '/lab/', '/lab/index.md']);
  rmSync(dir, { recursive: true });
});

test('what has moved leads on, under any base path', () => {
  expect(moved['/traffic/prometheus-merged/']).toBe('/traffic/prometheus/');
  for (const to of Object.values(moved)) expect(promisedAddresses()).toContain(to);
  const page = movedPage('/traffic/prometheus/', '/book/');
  expect(page).toContain('url=/book/traffic/prometheus/"');
  expect(page).toContain('<a href="/book/traffic/prometheus/">');
});

test('a sitemap', () => {
  expect(sitemapText(['https://docs.example.org/a/?x&y'])).toContain(
    '<url><loc>https://docs.example.org/a/?x&amp;y</loc></url>',
  );
});
