/** The samples of the lab, and what is copied of a text for a ticket. */
import { expect } from 'vitest';
import { sampleKinds } from '../../components/lab/samples.ts';
import { overflowOf, phone } from './browser.ts';
import { test } from './site-test.ts';

test('a sample of each kind is loaded when it is asked for, and read', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.getByText('A sample of another kind').click();
  const said = new Set<string>();
  for (const kind of sampleKinds) {
    await page.getByRole('button', { name: kind, exact: true }).click();
    await expect
      .poll(async () => (await page.locator('.lab-summary').allTextContents()).some((one) => !said.has(one)))
      .toBe(true);
    said.add((await page.locator('.lab-summary').textContent()) ?? '');
    expect(await overflowOf(page), kind).toBe(0);
  }
  expect(said.size).toBe(sampleKinds.length);
  expect(asked.filter((url) => url.includes('ambient-pod'))).toHaveLength(1);
});

test('a ticket is copied, with other names on wish', async ({ visit }) => {
  const page = await visit('lab/', { width: phone });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  // The clipboard is the machine's: what would be copied is looked at here.
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      document.body.dataset.copied = text;
    };
  });
  const rules =
    '*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 10.61.7.3/32 -p tcp -j REDIRECT --to-ports 3128\nCOMMIT';
  await page.locator('#lab-text').fill(`kubectl exec -n payments checkout-1 -- iptables-save\n${rules}\n`);
  await page.locator('.lab-own .simulator').waitFor();
  const copied = () => page.evaluate(() => document.body.dataset.copied ?? '');
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await page.getByText('Copied as Markdown.').waitFor();
  const plain = await copied();
  expect(plain).toMatch(/^\*\*.+\.\*\*\n/);
  expect(plain).toContain(`<${page.url().split('#')[0]}>`);
  expect(plain).toContain('app uid 1000 ▸ OUTPUT');
  await page.getByLabel('with other names and addresses').check();
  await page.getByLabel('with a link that has the text').check();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect.poll(copied).toContain('dump=');
  const [link = ''] = /https?:\S+dump=[\w-]+/.exec(await copied()) ?? [];
  const other = await visit(new URL(link).hash === '' ? '' : `lab/${new URL(link).hash}`);
  await other.locator('.lab-summary').waitFor();
  expect(await other.locator('#lab-text').inputValue()).toMatch(/-n namespace-1 pod-1 --/);
  expect(await other.locator('#lab-text').inputValue()).not.toMatch(/payments|checkout|10\.61\./);
});
