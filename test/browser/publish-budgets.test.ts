/** What a reader's phone has to load, in kB over the wire. `BUDGETS=show` prints what it is now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect } from 'vitest';
import { builtSite } from '../../src/site/serve.ts';
import { builtPages, policyBytes } from './browser.ts';
import { field, pathOf, unfold } from './simulator-page.ts';
import { test } from './site-test.ts';
import { bill, kilobytes, type Sent, visitCounting } from './wire.ts';

/** Before anything is touched. */
const page = { kilobytes: 70, requests: 12 };
/** Of a traffic page, before it is packed: the more there is, the longer a slow processor lays it out. */
const markup = { elements: 1200, kilobytes: 90 };
const landing = { kilobytes: 45, requests: 12 };
/** More, when the simulator comes near the viewport: it shows and is stepped with this. */
const simulator = { kilobytes: 25, requests: 6 };
/** More, when something is changed for the first time: the engine, in one file. */
const engine = { kilobytes: 45, requests: 1 };

const traffic = builtPages().filter(
  (path) => /^traffic\/[^/]+\/$/.test(path) && !/-(merged|app|pod-address|localhost)\/$/.test(path),
);

/** Every page that tells paths, in ambient mode, too; those that have no path of their own are lists and comparisons. */
const paths = [...traffic, ...builtPages().filter((path) => path.startsWith('ambient/'))];
const withoutPath = ['ambient/', 'ambient/from-sidecar/', 'ambient/rules/'];

function within(
  sent: readonly Sent[],
  budget: { readonly kilobytes: number; readonly requests?: number },
): void {
  if (process.env.BUDGETS === 'show')
    console.log(`${kilobytes(sent).toFixed(1)} kB, ${sent.length} requests\n${bill(sent)}`);
  expect(kilobytes(sent), bill(sent)).toBeLessThanOrEqual(budget.kilobytes);
  if (budget.requests !== undefined) expect(sent.length, bill(sent)).toBeLessThanOrEqual(budget.requests);
}

describe('a traffic page', () => {
  test.for(traffic)('%s', async (path, { site }) => {
    const visit = await visitCounting(site, path);
    within(visit.sent, page);
    expect(visit.sent.filter((one) => /mermaid|search|Simulator/i.test(one.path))).toEqual([]);
    expect(await visit.shift()).toBe(0);

    const before = visit.sent.length;
    await visit.page.locator('astro-island').first().scrollIntoViewIfNeeded();
    await visit.page.waitForFunction(() => document.querySelector('astro-island[ssr]') === null);
    await visit.page.waitForLoadState('networkidle');
    within(visit.sent.slice(before), simulator);
    expect(visit.sent.filter((one) => /mermaid|worker/i.test(one.path))).toEqual([]);
    expect(await visit.shift()).toBe(0);

    const part = visit.page.locator('.simulator');
    const shown = visit.sent.length;
    // Chromium asks for the icon anew when the address changes.
    const since = () => visit.sent.slice(shown).filter(({ path }) => path !== 'favicon.svg');
    await part.getByRole('button', { name: 'One step forward' }).click();
    await visit.page.waitForLoadState('networkidle');
    expect(since()).toEqual([]);
    await unfold(part);
    await field(part, 'Who calls').selectOption('any uid and gid');
    expect((await pathOf(part)).join()).toContain('a process uid 1337');
    await visit.page.waitForLoadState('networkidle');
    await expect.poll(() => since().map(({ bytes }) => bytes)).not.toContain(0);
    expect(since().map(({ path }) => path)).toEqual([expect.stringContaining('walk-worker')]);
    within(since(), engine);
    await visit.close();
  });
});

/** More, when the stop “Envoy” of the path is opened. */
const insideEnvoy = { kilobytes: 35, requests: 2 };

test('inside Envoy, opened', async ({ site }) => {
  const visit = await visitCounting(site, 'traffic/remote-to-local/');
  await visit.page.locator('astro-island').first().scrollIntoViewIfNeeded();
  await visit.page.waitForFunction(() => document.querySelector('astro-island[ssr]') === null);
  await visit.page.waitForLoadState('networkidle');
  expect(visit.sent.filter(({ path }) => /envoy/i.test(path))).toEqual([]);
  const before = visit.sent.length;
  const opened = visit.page.locator('.opened-envoy');
  await opened.locator(':scope > summary').click();
  await expect.poll(() => opened.locator('.envoy-walk').innerText()).toContain('The client gets its answer.');
  const since = () => visit.sent.slice(before).filter(({ path }) => path !== 'favicon.svg');
  await expect.poll(() => since().map(({ bytes }) => bytes)).not.toContain(0);
  within(since(), insideEnvoy);
  await opened.getByRole('combobox', { name: 'Mutual TLS', exact: true }).selectOption('STRICT');
  await expect.poll(() => opened.locator('.envoy-walk').innerText()).toContain('and then reset');
  expect(visit.page.url()).toContain('envoy.mutualTls=STRICT');
  await visit.close();
});

describe('the HTML of a traffic page', () => {
  test.for(paths)('%s', (path) => {
    const html = readFileSync(join(builtSite, path, 'index.html'), 'utf8');
    const elements = elementsIn(parse(html));
    const size = Buffer.byteLength(html) / 1000;
    if (process.env.BUDGETS === 'show') console.log(`${elements} elements, ${size.toFixed(1)} kB of HTML`);
    expect(elements).toBeLessThanOrEqual(markup.elements);
    expect(size).toBeLessThanOrEqual(markup.kilobytes);
  });
});

test('the path, the list and the rules of a traffic page are there without a script', () => {
  expect(withoutPath.filter((path) => !paths.includes(path))).toEqual([]);
  for (const path of paths.filter((one) => !withoutPath.includes(one))) {
    const html = readFileSync(join(builtSite, path, 'index.html'), 'utf8').replace(
      /<astro-island[\s\S]*?<\/astro-island>/g,
      '',
    );
    for (const part of ['class="path ', 'class="steps ', 'class="rules ']) expect(html, path).toContain(part);
  }
});

function elementsIn(node: DefaultTreeAdapterTypes.Node): number {
  const own = 'tagName' in node ? 1 : 0;
  const inside = 'childNodes' in node ? node.childNodes : [];
  return inside.reduce((sum, child) => sum + elementsIn(child), own);
}

test('the landing page', async ({ site }) => {
  const visit = await visitCounting(site, '');
  within(visit.sent, landing);
  expect(await visit.shift()).toBe(0);
  await visit.close();
});

test('the search, at its first use', async ({ site }) => {
  const visit = await visitCounting(site, '');
  const before = visit.sent.length;
  await visit.page.locator('[data-search-button]').click();
  await visit.page.locator('dialog.search input').fill('redirect');
  await visit.page.locator('.search-results a').first().waitFor();
  within(visit.sent.slice(before), { kilobytes: 160 });
  await visit.close();
});

/** What a server sends before it hears of the reader: ten pieces of 1,460 bytes (RFC 6928). More is a round trip more. */
const firstRound = 14_600;

describe('what a phone draws first comes in one round each', () => {
  const byGzip = ['', 'lab/', 'learn/', 'runbooks/', 'traffic/sidecar-to-istiod/'];
  test.for([
    ...byGzip.map((path) => [path, 'gzip'] as const),
    // As `npm start` sends them; the longest take a second round by gzip.
    ...traffic.map((path) => [path, 'br'] as const),
  ])('/%s, packed by %s', async ([path, encoding], { site }) => {
    const visit = await visitCounting(site, path, encoding);
    const loaded = await visit.page.evaluate(() => {
      const drawn = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
      return performance
        .getEntriesByType('resource')
        .map(({ name, startTime }) => ({ name, isBefore: startTime < drawn }));
    });
    const before = loaded.filter(({ name, isBefore }) => isBefore && name.startsWith(site.server.url));
    const names = before.map(({ name }) => name.slice(site.server.url.length).replace(/\.[\w-]{8}\./, '.'));
    // A sheet for print holds nothing up, nor does the icon, which Chromium loads for itself.
    expect(names.filter((name) => !/print|favicon/.test(name)).sort()).toEqual([
      '_astro/Page.css',
      'first.js',
    ]);
    const weights = visit.sent.filter((one) => one.path === path || /Page\..*\.css$/.test(one.path));
    expect(weights).toHaveLength(2);
    const room = firstRound + (encoding === 'br' ? policyBytes : 0);
    for (const { path: sent, bytes } of weights) expect(bytes, sent).toBeLessThanOrEqual(room);
    expect(loaded.length).toBeGreaterThan(before.length);
    await visit.close();
  });
});
