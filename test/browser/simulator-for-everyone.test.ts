/** The simulator and the lab for everyone: assistive technology, keyboard alone, narrow, zoomed, forced colours, print. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { desktop, narrowest, overflowOf, phone } from './browser.ts';
import { drawingOf, openSimulator, pathOf, stepText, unfold } from './simulator-page.ts';
import { test } from './site-test.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const traffic = [
  'remote-to-local',
  'local-to-remote',
  'prometheus',
  'local-to-local',
  'inside-envoy',
  'sidecar-to-istiod',
];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  test.for(traffic)(
    'axe finds nothing on %s with the simulator changed and stepped',
    async (name, { visit }) => {
      const page = await visit(`traffic/${name}/`, { width: scheme === 'light' ? phone : desktop, scheme });
      const simulator = await openSimulator(page);
      await unfold(simulator);
      await simulator.locator('.tries button').first().click();
      await simulator.getByText('Istio options').click();
      await drawingOf(simulator);
      await simulator.getByRole('button', { name: 'One step forward' }).click();
      expect(await violations(page)).toEqual([]);
    },
  );

  test('axe finds nothing in the lab with a broken pod', async ({ visit }) => {
    const page = await visit('lab/', { width: scheme === 'light' ? desktop : phone, scheme });
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    const dump = readFileSync(
      join(import.meta.dirname, '../analysis/dumps/03-hand-added-return.txt'),
      'utf8',
    );
    await page.locator('#lab-text').fill(`Hello\n${dump}`);
    await drawingOf(page.locator('.lab-own'));
    const other = page.getByRole('group', { name: 'B', exact: true });
    await other.getByRole('combobox', { name: 'Rules' }).selectOption('1.17');
    await page.locator('.lab-connections li').first().waitFor();
    await page.locator('.lab-commands > summary').click();
    expect(await violations(page)).toEqual([]);
  });

  test('axe finds nothing where the reader is asked, and where there are answers', async ({ visit }) => {
    const page = await visit('lab/', { width: scheme === 'light' ? phone : desktop, scheme });
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    const rules = '-A OUTPUT -m limit --limit 5/min -j ACCEPT\n-A OUTPUT -m quota --quota 99 -j ACCEPT';
    await page.locator('#lab-text').fill(`*nat\nCOMMIT\n*filter\n${rules}\nCOMMIT`);
    const simulator = page.locator('.lab-own .simulator');
    await simulator.getByRole('button', { name: 'No, it does not' }).click();
    await simulator.getByText('OUTPUT 2 asks for').waitFor();
    await drawingOf(simulator);
    expect(await violations(page)).toEqual([]);
  });
});

test('a newcomer sees why an app of uid 1337 passes by the mesh: two actions, by keyboard', async ({
  visit,
}) => {
  const page = await visit('', { width: desktop });
  /** Tab until something of this name has the focus, then Enter: one action. */
  const choose = async (name: RegExp) => {
    for (let presses = 0; presses < 200; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
      if (name.test(focused)) break;
      // The simulator comes when it is in sight: the focus brings it there, and nobody presses on within a moment.
      if (await page.evaluate(() => document.activeElement?.matches('.simulator')))
        await page.waitForFunction(() => document.querySelector('.simulator button') !== null);
    }
    await page.keyboard.press('Enter');
  };
  await choose(/calls a remote pod/);
  await page.waitForURL('**/traffic/local-to-remote/');
  await choose(/^Run the app as the user that the rules take for the proxy$/);
  const simulator = page.locator('.simulator');
  await expect.poll(() => stepText(simulator)).toBe('ISTIO_OUTPUT 4 matches: RETURN.');
  expect(await simulator.locator('.stepper-reason').textContent()).toMatch(/^uid .*is 1337\.$/);
  expect(await simulator.locator('.simulator-tried').textContent()).toContain('takes the app for the proxy');
});

test.for([narrowest, 640])('at %i pixels nothing is cut off', async (width, { visit }) => {
  const page = await visit('traffic/local-to-remote/', { width });
  const simulator = await openSimulator(page);
  await unfold(simulator);
  await simulator.locator('.tries button').first().click();
  await drawingOf(simulator);
  expect(await overflowOf(page)).toBe(0);
  const outside = await simulator.evaluate((part) => {
    const edge = part.getBoundingClientRect().right;
    return [...part.querySelectorAll('button, select, input, .stop')].filter(
      (one) => one.getBoundingClientRect().right > edge + 1 && one.closest('.diagram-frame') === null,
    ).length;
  });
  expect(outside).toBe(0);
});

test('forced colours leave the current step, hook and rule told apart', async ({ visit }) => {
  const page = await visit('traffic/local-to-remote/', { width: desktop });
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const simulator = await openSimulator(page);
  await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_REDIRECT' }).click();
  const fill = (selector: string) =>
    simulator
      .locator(selector)
      .first()
      .evaluate((part) => getComputedStyle(part).fill);
  expect(await fill('.hook-place[aria-current] rect')).not.toBe(
    await fill('.hook-place[data-met]:not([aria-current]) rect'),
  );
});

test('on paper: the trace of the chosen step in full, and no control', async ({ visit }) => {
  const page = await visit('traffic/local-to-remote/', { width: desktop });
  const simulator = await openSimulator(page);
  await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_REDIRECT' }).click();
  await page.emulateMedia({ media: 'print' });
  expect(await simulator.locator('.stepper-printed').isVisible()).toBe(true);
  expect(await simulator.locator('.stepper-printed li').count()).toBeGreaterThan(15);
  expect(await simulator.locator('.stepper-text').textContent()).toContain('ISTIO_REDIRECT 1 matches');
  expect(
    await simulator
      .locator('select:visible, input:visible, .stepper-buttons:visible, .copying:visible, .tries:visible')
      .count(),
  ).toBe(0);
  expect(await pathOf(simulator)).toHaveLength(2);
});
