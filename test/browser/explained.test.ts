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
});
