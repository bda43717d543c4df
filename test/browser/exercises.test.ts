/** Questions at the end of a page: answered by keyboard, marked, kept in the browser, and readable without a script. */
import AxeBuilder from '@axe-core/playwright';
import { expect } from 'vitest';
import { phone } from './browser.ts';
import { test } from './site-test.ts';

test('a wrong answer shows the reason and the path, a right one is kept and counted by the course', async ({
  visit,
}) => {
  const page = await visit('traffic/local-to-remote/', { width: phone });
  const form = page.locator('form.exercise').first();
  const status = form.locator('[role="status"]');
  const details = form.locator('details');
  await form.scrollIntoViewIfNeeded();

  await form.getByRole('button', { name: 'Check' }).click();
  expect(await status.textContent()).toBe('Choose an answer first.');

  // By keyboard: the arrows choose, Enter checks.
  await form.getByRole('radio').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await status.textContent()).toBe('Not so. Rule 2 does not match: out interface eth0 is not lo.');
  expect(await details.evaluate((one) => (one as HTMLDetailsElement).open)).toBe(true);
  expect(await details.textContent()).toContain('OUTPUT ▸ ISTIO_OUTPUT 9 ▸ ISTIO_REDIRECT 1');

  await form.getByRole('radio').last().check();
  expect(await status.textContent()).toBe('');
  await page.keyboard.press('Enter');
  expect(await status.textContent()).toBe('Right. Rule 9 matches: the rule has no condition.');
  expect(await details.evaluate((one) => (one as HTMLDetailsElement).open)).toBe(false);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(phone);

  const course = page.url().replace('traffic/local-to-remote/', 'learn/course/');
  await page.goto(course, { waitUntil: 'networkidle' });
  const step = page.locator('.course li', { has: page.locator('[href$="/traffic/local-to-remote/"]') });
  expect(await step.textContent()).toContain('1 of 4 answered');
  const record = page.locator('[data-course-record]');
  expect(await record.textContent()).toContain('1 of ');
  expect(await record.locator('li:visible').allTextContents()).toEqual([
    expect.stringMatching(/which rule of ISTIO_OUTPUT decides\?\s+\d{4}-\d\d-\d\d/),
  ]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await record.getByRole('button', { name: 'Forget my answers' }).click();
  expect(await step.textContent()).toContain('0 of 4 answered');
  expect(await record.locator('li:visible').count()).toBe(0);
});

test('without a script each question has its answer folded under it, and the course its pages', async ({
  visit,
}) => {
  const page = await visit('learn/owner/', { script: false });
  const form = page.locator('form.exercise').last();
  expect(await form.getByRole('button').count()).toBe(0);
  await form.locator('summary').click();
  expect(await form.locator('details').innerText()).toContain('Run the app as a user of its own');
  await page.goto(page.url().replace('learn/owner/', 'learn/course/'));
  expect(await page.locator('.course li').count()).toBe(12);
  expect(await page.locator('[data-course-record]').isVisible()).toBe(false);
});
