/** A link to one call shows that call: at once, in its state, at its step; and the address always says what is shown. */
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { ambientScenarioNamed } from '../../src/handbook/scenarios/index.ts';
import { goldenLinks } from '../handbook/walk/golden-links.ts';
import { desktop, phone } from './browser.ts';
import { openSimulator, pathOf, stepCount } from './simulator-page.ts';
import { test } from './site-test.ts';

const linked = '.simulator [data-linked]';

/** Whether somebody who has done nothing sees it. */
function isInSight(page: Page, selector: string): Promise<boolean> {
  return page
    .locator(selector)
    .first()
    .evaluate((part) => {
      const { top, bottom } = part.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
}

/** The page of a scenario. */
function pageOf(scenario: string | undefined): string {
  const ambient = ambientScenarioNamed(scenario ?? '');
  return ambient === undefined ? `traffic/${scenario}/` : `ambient/${ambient.page}/`;
}

const own = goldenLinks.filter(([, { scenario }]) => scenario !== undefined);

describe.each([phone, desktop])('at %i pixels', (width) => {
  test.for(own)('%s opens in its state, at its step', async ([link, state], { site }) => {
    const visit = await site.visit(`${pageOf(state.scenario)}${link}`, { width });
    const { page } = visit;
    await page.locator(linked).waitFor({ timeout: 8000 });
    expect(await page.title()).toMatch(/^Linked call: /);
    await expect.poll(() => isInSight(page, '.stepper-now')).toBe(true);
    const { at, of } = await stepCount(page.locator('.simulator'));
    expect(at).toBe(Math.min((state.step ?? 0) + 1, of));
    expect(await page.locator(linked).textContent()).toContain(`step ${at} of ${of}`);
    const { hash } = new URL(page.url());
    for (const part of link.slice(1).split('&')) expect(hash.split(/[#&]/)).toContain(part);
    await visit.close();
  });
});

test('a mistake in a link is told where it opens', async ({ site }) => {
  const visit = await site.visit('traffic/local-to-remote/#v=1&release=9.9.9.9&step=3', { width: phone });
  const problem = '.simulator-problem[role="alert"]';
  await visit.page.locator(problem).waitFor({ timeout: 8000 });
  expect(await visit.page.locator(problem).textContent()).toContain('9.9.9.9');
  expect(await isInSight(visit.page, '.stepper-now')).toBe(true);
  await visit.close();
});

test('each change is an entry of the history; Back, Forward, undo and reload agree with the address', async ({
  site,
}) => {
  const visit = await site.visit('traffic/local-to-remote/', { width: desktop });
  const { page } = visit;
  const part = await openSimulator(page);
  const first = await pathOf(part);
  const experiments = part.locator('.tries-list button');
  const change = async (at: number) => {
    await experiments.nth(at).click();
    await expect.poll(() => page.url()).toContain('#v=1');
    return { path: await pathOf(part), hash: new URL(page.url()).hash };
  };
  const hash = () => new URL(page.url()).hash;
  const one = await change(0);
  const length = await page.evaluate(() => history.length);
  await experiments.nth(1).click();
  await expect.poll(hash).not.toBe(one.hash);
  const two = { path: await pathOf(part), hash: hash() };
  expect(await page.evaluate(() => history.length)).toBe(length + 1);

  await part.getByRole('button', { name: 'One step forward' }).click();
  expect(await page.evaluate(() => history.length)).toBe(length + 1);

  await page.goBack();
  await expect.poll(() => pathOf(part)).toEqual(one.path);
  await expect.poll(hash).toBe(one.hash);
  await page.goForward();
  await expect.poll(() => pathOf(part)).toEqual(two.path);
  await page.reload();
  await openSimulator(page);
  await expect.poll(() => pathOf(part)).toEqual(two.path);
  // It is the reader's own change, and nobody's link.
  expect(await page.locator(linked).count()).toBe(0);
  await page.goBack();
  await expect.poll(() => pathOf(part)).toEqual(one.path);
  await page.goBack();
  await expect.poll(() => pathOf(part)).toEqual(first);
  expect(hash()).toBe('');

  await change(0);
  await part.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => pathOf(part)).toEqual(first);
  await expect.poll(hash).toBe('');
  await part.getByRole('button', { name: 'Redo', exact: true }).click();
  await expect.poll(() => pathOf(part)).toEqual(one.path);
  await expect.poll(hash).toBe(one.hash);
  expect(await part.getByRole('button', { name: 'Redo', exact: true }).count()).toBe(0);
  await page.goBack();
  await expect.poll(() => pathOf(part)).toEqual(first);
  await expect.poll(hash).toBe('');
  await visit.close();
});
