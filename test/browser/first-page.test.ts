/** The first page: what it says, its three doors, how a path is read, and what is behind them. */
import { describe, expect } from 'vitest';
import { publishedArticle } from '../../src/words/index.ts';
import { desktop, phone } from './browser.ts';
import { test } from './site-test.ts';

const windows = [
  { width: desktop, height: 900 },
  { width: phone, height: 844 },
];

describe('above the fold', () => {
  test.for(windows)('$width × $height', async (window, { visit }) => {
    const page = await visit('', { width: window.width });
    await page.setViewportSize(window);
    const doors = page.locator('.door');
    expect(await doors.locator('strong').allTextContents()).toEqual(['Learn it', 'Look it up', 'On call']);
    const parts = [page.locator('h1'), ...(await doors.all()), page.locator('.door input')];
    for (const part of parts) {
      const box = await part.boundingBox();
      expect(box?.width).toBeGreaterThan(100);
      expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThanOrEqual(window.height);
    }
  });
});

test('the field on call opens the search with what was typed', async ({ visit }) => {
  const page = await visit('');
  await page.locator('.door input').fill('connection refused');
  await page.locator('.door input').press('Enter');
  expect(await page.locator('dialog.search input').inputValue()).toBe('connection refused');
  await page.locator('.search-results a').first().waitFor();
  expect(await page.locator('.search-results a').first().getAttribute('href')).toContain(
    '/runbooks/connection-refused/',
  );
});

test('a line of the legend says what a line is, with one stop of each kind', async ({ visit }) => {
  const legend = (await visit('')).locator('.legend');
  expect(await legend.textContent()).toContain('a line is one connection');
  const kinds = await legend
    .locator('.stop')
    .evaluateAll((stops) => stops.map((stop) => (stop as HTMLElement).dataset.kind));
  expect(kinds).toEqual(['process', 'hook', 'chain', 'envoy', 'network']);
});

test('what an article says otherwise is behind a mark, and the article is named and linked', async ({
  visit,
}) => {
  const page = await visit('');
  const notes = page.locator('.type-differs');
  expect(await notes.count()).toBe(3);
  const link = notes.first().getByRole('link', { name: publishedArticle.title });
  expect(await link.isVisible()).toBe(false);
  await notes.first().locator('summary').click();
  expect(await link.isVisible()).toBe(true);
  expect(await link.getAttribute('href')).toBe(publishedArticle.href);
});

test('the sample opens with the sample', async ({ visit }) => {
  const page = await visit('');
  await page.getByRole('link', { name: 'open the lab with a sample' }).click();
  await page.locator('.lab-summary').waitFor();
  expect(await page.locator('#lab-text').inputValue()).toContain('ISTIO_OUTPUT');
});
