/** What the lab's page does with pods and nodes of ambient mode: what conntrack has is asked about, and two sides are compared. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { phone } from './browser.ts';
import { test } from './site-test.ts';

const sample = (name: string) =>
  readFileSync(new URL(`../../components/lab/samples/${name}.txt`, import.meta.url), 'utf8');
const [podText, nodeText] = [sample('ambient-pod'), sample('ambient-node')];

function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 20_000 });
}

async function paste(page: Page, text: string): Promise<void> {
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page.locator('#lab-text').fill(text);
  await page.locator('.lab-own .simulator').waitFor();
}

async function beside(page: Page, text: string): Promise<void> {
  const side = page.getByRole('group', { name: 'B', exact: true });
  await side.getByRole('combobox', { name: 'Rules' }).selectOption('text');
  await page.getByLabel('Paste the rules of B').fill(text);
}

const verdicts = (page: Page) => page.locator('.lab-verdicts').textContent();
const ends = (page: Page) => page.locator('.lab-own .outcome').first().textContent();

test('a connection that conntrack has of an enrolled pod: its next packet, and a new one like it', async ({
  visit,
}) => {
  const page = await visit('lab/', { width: phone });
  const entry =
    'tcp 6 431999 ESTABLISHED src=10.244.1.5 dst=10.96.0.7 sport=41234 dport=80 src=127.0.0.1 dst=10.244.1.5 sport=15001 dport=41234 [ASSURED] mark=0 use=1';
  await paste(page, `${podText}\n$ conntrack -L\n${entry}\n`);
  const list = page.locator('.lab-tracked');
  expect(await list.textContent()).toContain('from 10.244.1.5:41234 to 10.96.0.7:80');
  await list.getByRole('button', { name: /^Its next packet/ }).click();
  await eventually(() => page.locator('.lab-own').textContent()).toContain('10.244.1.5:41234');
  await eventually(() => ends(page)).not.toMatch(/^Through ztunnel: ISTIO_OUTPUT/);
  await list.getByRole('button', { name: /^A new one like it/ }).click();
  await eventually(() => ends(page)).toMatch(/^Through ztunnel: ISTIO_OUTPUT \d+ sends it there\./);
});

test('an enrolled pod beside one with a rule more: ztunnel is spoken of, and both open', async ({
  visit,
}) => {
  const page = await visit('lab/', { width: phone });
  await paste(page, podText);
  const more = podText.replace(
    /(\*nat\n(?:.*\n)*?)(-A ISTIO_OUTPUT )/,
    '$1-A ISTIO_OUTPUT -d 10.96.0.7/32 -j ACCEPT\n$2',
  );
  await beside(page, more);
  await eventually(() => verdicts(page)).toMatch(/^1 rule stands on one side only\. [1-9]/);
  const told = (await page.locator('.lab-compare .lab-connections').textContent()) ?? '';
  expect(told).toContain('ztunnel');
  expect(told).not.toContain('Envoy');
  await page.getByRole('button', { name: /, A$/ }).first().click();
  await eventually(() => ends(page)).toMatch(/ztunnel/);
  await page.getByRole('button', { name: /, B$/ }).first().click();
  await eventually(() => page.locator('#lab-text').inputValue()).toBe(more);
});

test('an enrolled pod beside its node: a probe’s way over both', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await paste(page, podText);
  await beside(page, nodeText);
  await eventually(() => verdicts(page)).toMatch(
    /^One side is a node, the other a pod, .* The app has the connection\.$/,
  );
  expect(await page.getByRole('list', { name: 'On the node' }).textContent()).toContain('ISTIO_POSTRT');
  expect(await page.getByRole('list', { name: 'In the pod' }).textContent()).toMatch(/ISTIO_PRERT.*app/);
});

test('an enrolled pod beside another release with its options', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await paste(page, podText);
  const side = page.getByRole('group', { name: 'B', exact: true });
  await side.getByRole('combobox', { name: 'Rules' }).selectOption('1.22');
  await eventually(() => verdicts(page)).toMatch(/^[\d,]+ rules stand on one side only\./);
  const link = page.getByRole('link', { name: /, B$/ }).first();
  expect(await link.getAttribute('href')).toMatch(/\/ambient\/service\/#v=1.*1\.22/);
});
