/** What holds for every page of the built site. */
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { builtPages, desktop, narrowest, phone } from './browser.ts';
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

/** The sizes of all text that is seen once everything is unfolded, and what is smaller than twelve pixels. */
function lettering(page: Page): Promise<{ sizes: readonly number[]; small: readonly string[] }> {
  return page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true;
    const sizes = new Set<number>();
    const small = new Set<string>();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const part = text.parentElement as Element;
      const isSaid =
        text.nodeValue?.trim() !== '' && !/^(script|style|template|noscript)$/i.test(part.tagName);
      if (!isSaid || !part.checkVisibility({ visibilityProperty: true })) continue;
      const said = Number.parseFloat(getComputedStyle(part).fontSize);
      // A picture can be drawn smaller than it is, and has sizes of its own.
      const drawn = part instanceof SVGGraphicsElement ? part.getScreenCTM() : null;
      const size = said * (drawn === null ? 1 : Math.hypot(drawn.a, drawn.b));
      if (size < 11.99) small.add(`${part.tagName} ${part.getAttribute('class')}: ${size.toFixed(1)}`);
      if (!(part instanceof SVGElement)) sizes.add(said);
    }
    return { sizes: [...sizes].sort((one, other) => one - other), small: [...small] };
  });
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

  test('has no more than five sizes of text, and none below twelve pixels', async ({ visit }) => {
    const page = await visit(path, { width: phone });
    for (const width of [phone, desktop]) {
      await page.setViewportSize({ width, height: 844 });
      const { sizes, small } = await lettering(page);
      expect(small, `at ${width} pixels`).toEqual([]);
      expect(sizes.length, `${sizes} at ${width} pixels`).toBeLessThanOrEqual(5);
    }
  });

  test('says the same without script', async ({ visit }) => {
    const page = await visit(path, { width: phone, script: false });
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(await overflow(page)).toEqual({ pixels: 0, widest: [] });
  });
});
