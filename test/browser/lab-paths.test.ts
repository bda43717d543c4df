/** The lab: whether the published paths hold on what was pasted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { desktop, overflowOf, phone } from './browser.ts';
import { test } from './site-test.ts';

const halfApplied = readFileSync(join(import.meta.dirname, '../analysis/dumps/09-half-applied.txt'), 'utf8');

describe.each([{ width: phone }, { width: desktop }])('at $width pixels', ({ width }) => {
  test('they are asked about when that is opened, and the answer stands first', async ({ visit }) => {
    const page = await visit('lab/', { width });
    page.setDefaultTimeout(30_000);
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    await page.locator('#lab-text').fill(halfApplied);
    await page.locator('.lab-own .simulator').waitFor();
    const published = page.locator('.lab-published');
    expect(await published.locator('.lab-walks').count()).toBe(0);
    await published.locator('> summary').click();
    await published.locator('.lab-walks').waitFor();
    expect(await published.locator('> p').first().textContent()).toBe(
      'Otherwise than on Istio 1.31’s own rules for types 2 and 4. Of 6 published paths 1 is taken here: type 1.',
    );
    const second = published.locator('.lab-walks > li').nth(1);
    // Type 3 is taken on no sidecar's rules, which is no alarm.
    expect(await published.locator('.lab-walks > li').nth(2).getAttribute('data-verdict')).toBe('as meant');
    expect(await second.getAttribute('data-verdict')).toBe('not taken');
    expect(await second.locator('.lab-verdict').textContent()).toBe('ends before ISTIO_OUTPUT 9');
    expect(await second.locator('.lab-ends').textContent()).toBe('With Istio 1.31’s own rules: taken.');
    expect(await second.locator('li').first().isVisible()).toBe(false);
    await second.locator('summary').click();
    expect(await second.locator('li').first().textContent()).toContain('no packet of app uid 1000 goes so');
    expect(await overflowOf(page)).toBe(0);
  });
});
