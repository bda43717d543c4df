/** The lab's commands: one stands above the box, by what the reader has. */
import { expect } from 'vitest';
import { overflowOf, phone } from './browser.ts';
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
  expect(await overflowOf(page)).toBe(0);
});

test('the commands can be copied', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page.getByText('How to get these texts from a pod').click();
  const part = page.getByRole('region', { name: 'With an ephemeral container' });
  await part.getByRole('button', { name: /^Copy the commands/ }).click();
  await part.getByText('Copied.').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^kubectl debug -n NAMESPACE POD .*--profile=netadmin/);
  expect(copied).toContain('iptables-legacy-save');
  expect(await overflowOf(page)).toBe(0);
});
