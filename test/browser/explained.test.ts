/** Names that the engine confirms say what they are: under a pointer, under the keyboard, and without any script. */
import { describe, expect } from 'vitest';
import { desktop, phone } from './browser.ts';
import { test } from './site-test.ts';

describe.each([
  { how: 'on a desk', width: desktop },
  { how: 'on a phone', width: phone },
])('a rule in a sentence, $how', ({ width }) => {
  test('explains itself on hover and on focus, within the window', async ({ visit }) => {
    const page = await visit('traffic/inside-envoy/', { width, script: false });
    const rule = page.locator('.answer a.rule-name').first();
    const shown = () =>
      rule.evaluate((link) => {
        const { display, content, width: wide } = getComputedStyle(link, '::after');
        return { isShown: display !== 'none', content, wide: Number.parseFloat(wide) };
      });
    expect((await shown()).isShown).toBe(false);

    await rule.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const focused = await shown();
    expect(focused.isShown).toBe(true);
    expect(focused.content).toContain('What the proxy sends out is not sent to the proxy again');
    expect(focused.wide).toBeLessThanOrEqual(width);
    expect(await rule.getAttribute('aria-description')).toContain('this is what prevents a loop');
    expect(await rule.getAttribute('href')).toMatch(/\/reference\/rules\/#output\.proxy-bypass$/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);

    await page.keyboard.press('Tab');
    expect((await shown()).isShown).toBe(false);
    if (width === desktop) {
      await rule.hover();
      expect((await shown()).isShown).toBe(true);
    }
  });

  test('and so does a term of the glossary, which leads there', async ({ visit }) => {
    const page = await visit('traffic/local-to-remote/', { width, script: false });
    const terms = page.locator('.prose a.term-link');
    const names = await terms.allInnerTexts();
    expect(names.length).toBeGreaterThan(2);
    expect(names).toContain('Envoy');
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    const envoy = terms.getByText('Envoy', { exact: true });
    const shown = () => envoy.evaluate((link) => getComputedStyle(link, '::after').display !== 'none');
    expect(await shown()).toBe(false);
    await envoy.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await shown()).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await envoy.getAttribute('aria-description')).toMatch(/^The proxy of a sidecar/);
    await envoy.click();
    await page.waitForURL(/\/reference\/glossary\/#envoy$/);
    expect(await page.locator('#envoy').isVisible()).toBe(true);
  });
});
