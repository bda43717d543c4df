/**
 * The search over the built pages: what people type, and the page that is first or second. All of it with the code and
 * the file that a page loads; a few of each kind in the page itself.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { excerpt } from '../../src/site/search/excerpt.ts';
import { type SearchPage, searchFile } from '../../src/site/search/pages.ts';
import { siteSearch } from '../../src/site/search/search.ts';
import { builtSite, configuredBase } from '../../src/site/serve.ts';
import { desktop, phone } from './browser.ts';
import { typedQueries } from './search-queries.ts';
import { test } from './site-test.ts';

const pages = JSON.parse(readFileSync(join(builtSite, searchFile), 'utf8')) as readonly SearchPage[];
const search = siteSearch(pages);
const addressesOf = (typed: string) => search.ask(typed).found.map(({ page }) => page.address);

test('the table names pages that are there, and has at least 400 of what people type, each once', () => {
  const known = new Set(pages.map(({ address }) => address));
  expect(
    typedQueries.flatMap(({ pages: wanted }) => wanted).filter((address) => !known.has(address)),
  ).toEqual([]);
  expect(new Set(typedQueries.map(({ typed }) => typed)).size).toBe(typedQueries.length);
  expect(typedQueries.length).toBeGreaterThanOrEqual(400);
});

test.each(typedQueries)('$typed', ({ typed, pages: wanted }) => {
  const { found, isGood } = search.ask(typed);
  const first = found.slice(0, 2).map(({ page }) => page.address);
  expect(wanted, `found ${first.join(', ')}`).toContain(first.find((address) => wanted.includes(address)));
  expect(isGood).toBe(true);
});

test('every page is found by its own title, and every runbook by each text that people type for it', () => {
  for (const { address, title, typed } of pages) {
    expect(addressesOf(title).slice(0, 2), title).toContain(address);
    if (!address.startsWith('/runbooks/') || address === '/runbooks/') continue;
    for (const text of typed) expect(addressesOf(text).slice(0, 3), `${address}: ${text}`).toContain(address);
  }
});

describe('what nobody wrote', () => {
  test.each(['asdfghjkl', 'weather tomorrow', 'qqqq 99999'])('%s is not answered', (typed) => {
    expect(search.ask(typed).isGood).toBe(false);
  });

  test('nothing typed finds nothing', () => {
    expect(search.ask('  ').found).toEqual([]);
  });

  test('anything can be typed', () => {
    for (const typed of ['(', '\\', '*', '<b>', '%', '"', '[a', '.', '--', '🙂', 'a'.repeat(5000)])
      search.ask(typed);
  });
});

test('an excerpt is of the text, and marks what was asked for', () => {
  const text = `${'word '.repeat(60)}the connection is refused there ${'word '.repeat(60)}`.trim();
  const pieces = excerpt(text, search.ask('connections refused').terms);
  expect(pieces.filter(({ isMarked }) => isMarked).map((piece) => piece.text)).toEqual([
    'connection',
    'refused',
  ]);
  expect(pieces.map((piece) => piece.text).join('')).toMatch(/^… word .*connection is refused.* …$/);
});

async function type(page: Page, typed: string): Promise<readonly string[]> {
  await page.locator('dialog.search input').fill(typed);
  await page.waitForFunction(
    (text) => document.querySelector<HTMLElement>('dialog.search')?.dataset.asked === text,
    typed,
  );
  const found = await page
    .locator('.search-results > li > a')
    .evaluateAll((links) => links.map((one) => one.getAttribute('href') ?? ''));
  return found.map((href) => `/${href.slice(configuredBase().length)}`);
}

test('the page itself finds the same', async ({ visit }) => {
  const page = await visit('', { width: desktop });
  await page.locator('[data-search-button]').click();
  for (const [at, { typed, pages: wanted }] of typedQueries.entries()) {
    if (at % 5 !== 0) continue;
    const found = await type(page, typed);
    expect(wanted, typed).toContain(found.slice(0, 2).find((address) => wanted.includes(address)));
  }
});

test('what nobody wrote is said, with the nearest, the symptoms and the lab', async ({ visit }) => {
  const page = await visit('traffic/local-to-remote/', { width: phone });
  await page.locator('[data-search-button]').click();
  expect(await page.locator('dialog.search input').getAttribute('placeholder')).toMatch(/symptom/);
  expect((await type(page, 'asdfghjkl')).slice(-2)).toEqual(['/runbooks/', '/lab/']);
  expect(await page.locator('.search-state').textContent()).toBe('Nothing on “asdfghjkl”.');
  const nearest = await type(page, 'weather refused sunshine holiday');
  expect(nearest.slice(-2)).toEqual(['/runbooks/', '/lab/']);
  expect(nearest).toContain('/runbooks/connection-refused/');
});

test('the keys lead from the field to a part of a page', async ({ visit }) => {
  const page = await visit('', { width: desktop });
  await page.keyboard.press('/');
  expect(await type(page, 'ISTIO_OUTPUT 4')).toContain('/reference/rules/');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/reference\/rules\/#output\./);
  expect(await page.locator('dialog.search').isVisible()).toBe(false);
});
