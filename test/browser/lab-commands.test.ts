/** The lab's commands: one stands above the box, by what the reader has. */
import { expect } from 'vitest';
import { phone } from './browser.ts';
import { test } from './site-test.ts';

test('the one command stands above the box, by what the reader has', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  const first = page.getByRole('region', { name: 'The command that gets the text' });
  expect(await first.locator('pre').textContent()).toContain('kubectl debug -n NAMESPACE POD');
  await first.getByRole('combobox', { name: 'I have' }).selectOption('a node');
  expect(await first.locator('pre').textContent()).toContain('kubectl debug node/NODE');
  const [command, box] = await Promise.all([first.boundingBox(), page.locator('#lab-text').boundingBox()]);
  expect(command).not.toBeNull();
  expect(box).not.toBeNull();
  if (command !== null && box !== null) expect(command.y + command.height).toBeLessThanOrEqual(box.y);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
