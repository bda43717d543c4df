/** Ambient mode in a browser: a page's simulator, whose link opens again, and a connection of one's own on pasted rules. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { desktop } from './browser.ts';
import { field, openSimulator, pathOf, unfold } from './simulator-page.ts';
import { test } from './site-test.ts';

test('a page of ambient mode: release, options and caller are changed, and a link opens what was shown', async ({
  site,
}) => {
  const visit = await site.visit('ambient/plain-text/', { width: desktop });
  const { page } = visit;
  const part = await openSimulator(page);
  expect((await pathOf(part))[0]).toContain('ztunnel :15006');
  await unfold(part);
  await field(part, 'Istio release').selectOption('1.24');
  await part.getByText('Istio options').click();
  await part.getByLabel('Inbound by TPROXY, not REDIRECT').check();
  await expect.poll(async () => (await pathOf(part))[0]).toContain('mangle ISTIO_PRERT');
  await field(part, 'Who calls').selectOption('the kubelet, by the rule of the node');
  await expect.poll(async () => (await pathOf(part))[0]).toContain('ISTIO_POSTRT');
  const changed = await pathOf(part);
  const { hash } = new URL(page.url());
  expect(hash).toContain('ambient.tproxyRedirection=true');
  await visit.close();

  const again = await site.visit(`ambient/plain-text/${hash}`, { width: desktop });
  await again.page.locator('.simulator [data-linked]').waitFor({ timeout: 8000 });
  expect(await pathOf(again.page.locator('.simulator'))).toEqual(changed);
  await again.close();
});

test('the lab walks a connection of one’s own on the rules of an ambient pod, and of its node', async ({
  site,
}) => {
  const visit = await site.visit('lab/', { width: desktop });
  const { page } = visit;
  page.setDefaultTimeout(15_000);
  const paste = (name: string) =>
    page.locator('#lab-text').fill(readFileSync(`components/lab/samples/${name}.txt`, 'utf8'));
  await page.locator('astro-island:not([ssr]) #lab-text').waitFor();
  await paste('ambient-pod');
  const own = page.locator('.lab-own .simulator');
  await own.waitFor();
  expect((await pathOf(own))[0]).toContain('ztunnel :15001');
  await unfold(own);
  await field(own, 'Who calls').selectOption('a client outside the mesh');
  await field(own, 'Calls').selectOption('the address of the pod');
  await expect.poll(async () => (await pathOf(own))[0]).toContain('ztunnel :15006');

  await paste('ambient-node');
  // The connection stays what it was, on the rules of now.
  await expect.poll(async () => (await pathOf(own))[0]).toContain('FORWARD');
  await unfold(own);
  await field(own, 'Who calls').selectOption('the kubelet');
  await expect.poll(async () => (await pathOf(own))[0]).toContain('ISTIO_POSTRT');
  await visit.close();
});
