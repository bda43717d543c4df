/** Somebody on call: from the first page to a symptom, its path, the fix walked, and a link to it that lasts. */
import { expect } from 'vitest';
import { desktop, phone } from './browser.ts';
import { openSimulator, pathOf } from './simulator-page.ts';
import { test } from './site-test.ts';

/** The walker may still be loading, on a machine that does much else. */
const patience = { timeout: 20_000 };

test('from the first page to the fix of an app that bypasses Envoy', async ({ visit }) => {
  const page = await visit('', { width: phone });
  await page.locator('.doors a', { hasText: 'On call' }).click();
  await page.waitForURL(/\/runbooks\/$/);
  await page.locator('td a', { hasText: 'Calls leave without Envoy' }).click();
  await page.waitForURL(/\/runbooks\/app-bypasses-envoy\/$/);
  const simulator = await openSimulator(page);
  expect(await pathOf(simulator)).toEqual([
    'app uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 4 ▸ POSTROUTING ▸ 10.96.0.7:80',
  ]);
  await simulator.locator('.tries button', { hasText: 'Run the app as a user of its own' }).click();
  await expect.poll(async () => (await pathOf(simulator)).length, patience).toBe(2);
  expect((await pathOf(simulator))[0]).toMatch(/▸ ISTIO_OUTPUT 9 ▸ .* ▸ Envoy :15001$/);
});

test('a link to a rewritten probe says what is asked for, and opens as it was', async ({ visit }) => {
  const rewritten = [
    'kubelet ▸ PREROUTING ▸ ISTIO_INBOUND 4 ▸ INPUT ▸ pilot-agent :15020',
    'pilot-agent uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 1 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ app :8080',
  ];
  const page = await visit('runbooks/probe-fails/', { width: desktop });
  const simulator = await openSimulator(page);
  await simulator.locator('.tries button', { hasText: 'Let Istio rewrite the probe' }).click();
  await expect.poll(() => pathOf(simulator), patience).toEqual(rewritten);
  await expect.poll(() => page.url(), patience).toContain('path=/app-health/app/readyz');
  await page.reload({ waitUntil: 'networkidle' });
  await expect.poll(async () => pathOf(await openSimulator(page)), patience).toEqual(rewritten);
});

test('a request that nobody takes ends in red, in the page and in its simulator', async ({ visit }) => {
  const page = await visit('runbooks/connection-refused/', { width: phone });
  expect(await page.locator('.path .stop[data-kind="drop"]').count()).toBeGreaterThan(0);
  const simulator = await openSimulator(page);
  expect((await pathOf(simulator)).at(-1)).toMatch(/ ▸ refused$/);
});
