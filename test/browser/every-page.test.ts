/** What holds for every page of the built site. */
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { builtPages, narrowest, phone } from './browser.ts';
import { test } from './site-test.ts';

/** How many pixels of a page are out of sight to the right, and what reaches furthest. */
function overflow(page: Page): Promise<{ pixels: number; widest: string[] }> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const pixels = Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth;
    const widest = [...document.body.querySelectorAll('*')]
      .filter((part) => part.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 5)
      .map((part) => `<${part.tagName.toLowerCase()} class="${part.getAttribute('class') ?? ''}">`);
    return { pixels, widest: pixels > 0 ? widest : [] };
  });
}

/** Headings beside which something takes room of its own. */
function tallHeadings(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.prose .heading')]
      .filter((wrapper) => {
        const heading = wrapper.querySelector<HTMLElement>('h1, h2, h3, h4, h5, h6');
        const lines = heading?.getClientRects();
        const last = lines?.[lines.length - 1];
        const { bottom, top } = wrapper.getBoundingClientRect();
        const first = lines?.[0];
        return (
          wrapper.checkVisibility() &&
          (first === undefined || last === undefined || first.top - top > 6 || bottom - last.bottom > 6)
        );
      })
      .map(({ textContent }) => textContent),
  );
}

describe.concurrent.each(builtPages().map((path) => ({ path })))('/$path', ({ path }) => {
  test('loads cleanly, has a name and one heading, and never scrolls sideways', async ({ visit }) => {
    const page = await visit(path, { width: phone });
    expect(await page.title()).not.toBe('');
    expect(await page.locator('h1').count()).toBe(1);
    expect(await tallHeadings(page)).toEqual([]);
    for (const width of [phone, narrowest]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await overflow(page), `at ${width} pixels`).toEqual({ pixels: 0, widest: [] });
    }
  });

  test('says the same without script', async ({ visit }) => {
    const page = await visit(path, { width: phone, script: false });
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(await overflow(page)).toEqual({ pixels: 0, widest: [] });
  });
});
