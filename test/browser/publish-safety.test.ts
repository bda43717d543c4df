/**
 * The handbook asks nobody, tells nobody and keeps nothing: what a reader does on a page leaves no trace but the
 * colours that were chosen. `visit` fails on any request to another host and on any error in the console.
 */
import type { Page, Request } from 'playwright-core';
import { describe, expect } from 'vitest';
import { contentPolicy } from '../../src/site/delivery/policy.ts';
import { builtPages, desktop } from './browser.ts';
import { drawingOf } from './simulator-page.ts';
import { test } from './site-test.ts';

/** What the reader's own choices are kept under. */
const ownKeys = ['sidetrack-scheme'];

interface Kept {
  readonly cookies: number;
  readonly local: readonly string[];
  readonly session: readonly string[];
  readonly databases: readonly string[];
  readonly caches: readonly string[];
}

async function keptBy(page: Page): Promise<Kept> {
  const inPage = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name ?? ''),
    caches: await caches.keys(),
  }));
  return { cookies: (await page.context().cookies()).length, ...inPage };
}

const nothing = { cookies: 0, local: [], session: [], databases: [], caches: [] };

/** Everything that violates the policy from now on, also on pages that are opened later. */
async function watch(page: Page): Promise<readonly string[]> {
  const violations: string[] = [];
  await page.exposeFunction('tellViolation', (text: string) => violations.push(text));
  const listen = (): void => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) => {
      const { tellViolation } = window as unknown as { tellViolation(text: string): void };
      tellViolation(`${effectiveDirective} ${blockedURI} ${sourceFile}`);
    });
  };
  await page.addInitScript(listen);
  await page.reload({ waitUntil: 'networkidle' });
  return violations;
}

describe.concurrent.each(builtPages().map((path) => ({ path })))('/$path', ({ path }) => {
  test('brings its policy, and nothing inline', async ({ visit }) => {
    const page = await visit(path, { script: false });
    expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')).toBe(
      contentPolicy,
    );
    expect(await page.locator('script:not([src]), style, [style], [onclick], [onload]').count()).toBe(0);
  });
});

test('the simulator, used', async ({ visit }) => {
  const page = await visit('traffic/local-to-remote/', { width: desktop });
  const violations = await watch(page);
  await page.locator('.simulator').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('astro-island[ssr]') === null);
  await page.locator('.simulator button.stop-face').nth(3).click();
  await page.locator('.simulator select').first().selectOption({ index: 1 });
  await drawingOf(page.locator('.simulator'));
  expect(violations).toEqual([]);
  expect(await keptBy(page)).toEqual(nothing);
});

test('the lab: what is pasted stays in the page', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  const violations = await watch(page);
  const requests: Request[] = [];
  page.context().on('request', (request) => requests.push(request));
  const secret = 'kept-in-the-page';
  await page
    .locator('textarea')
    .first()
    .fill(`*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m comment --comment ${secret} -j ACCEPT\nCOMMIT\n`);
  await page.locator('.lab-summary').waitFor();
  await page.waitForLoadState('networkidle');
  // Files of the site that are the same for everyone may still be fetched; such a request has nothing to tell.
  const telling = requests.filter(
    (request) =>
      request.method() !== 'GET' || request.postData() !== null || !/\/_astro\/[\w.-]+$/.test(request.url()),
  );
  expect(telling.map((request) => request.url())).toEqual([]);
  expect(page.url()).not.toContain(secret);
  expect(violations).toEqual([]);
  expect(await keptBy(page)).toEqual(nothing);
});

test('the search and the colours', async ({ visit }) => {
  const page = await visit('', { width: desktop });
  const violations = await watch(page);
  await page.locator('[data-search-button]').click();
  await page.locator('dialog.search input').fill('redirect');
  await page.locator('.search-results a').first().waitFor();
  await page.locator('dialog.search').getByRole('button', { name: 'Close' }).click();
  await page.locator('[data-theme-button]').click();
  expect(violations).toEqual([]);
  expect(await keptBy(page)).toEqual({ ...nothing, local: ownKeys });
});
