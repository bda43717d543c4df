/** What is no sidecar's is told for what it is in the lab's page, and nothing else is said of it. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { phone } from './browser.ts';
import { test } from './site-test.ts';

const pasted = (file: string) => readFileSync(new URL(`../analysis/pastes/${file}`, import.meta.url), 'utf8');

test.for([
  ['ambient-save.txt', /^This pod is in ambient mode/],
  ['ambient-pod.yaml', /^This pod is in ambient mode/],
  ['pod-native-nft.yaml', /^This pod’s rules are made with native nftables/],
  ['linkerd-only.txt', /^These are the rules of Linkerd/],
  ['failed-restore.txt', /^This log tells what was to be programmed, and that it failed/],
  ['prefix-after-grep-pod.txt', /^No rules were read in this text/],
  ['conntrack.txt', /^No rules were read: this is what other commands print/],
  ['only prose', /^No rules were read in this text/],
] as const)('%s', async ([file, says], { visit }) => {
  const page = await visit('lab/', { width: phone });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page
    .locator('#lab-text')
    .fill(file === 'only prose' ? 'I do not know what to paste here.\nPlease help.' : pasted(file));
  await page.locator('.lab-summary').waitFor();
  expect(await page.locator('.lab-summary').textContent()).toMatch(says);
  expect(await page.locator('.lab-next').textContent()).toMatch(/\.$/);
  // Of these only the pod of ambient mode is walked, and a connection of one's own on it.
  const walked = file === 'ambient-save.txt' ? 1 : 0;
  expect(await page.locator('.lab-own').count()).toBe(walked);
  expect(await page.locator('.lab-walks').count()).toBe(walked);
  const said = (await page.locator('.lab-reading, .lab-findings').allTextContents()).join('\n');
  expect(said.replace('Nothing is missing', '')).not.toMatch(/delete|remove|missing/);
});

test('a piece of YAML without its head is read as the YAML that it is', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page.locator('#lab-text').fill(pasted('init-args-snippet.yaml'));
  await page.locator('.lab-summary').waitFor();
  expect(await page.locator('.lab-read').textContent()).toContain('the YAML of Pod');
});
