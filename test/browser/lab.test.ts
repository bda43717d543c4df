/** The lab: rules pasted, chosen, linked to, damaged, hostile and huge. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { desktop, phone } from './browser.ts';
import { drawingOf, pathOf, unfold } from './simulator-page.ts';
import { test } from './site-test.ts';

const dump = (name: string) => readFileSync(join(import.meta.dirname, '../analysis/dumps', name), 'utf8');

async function paste(page: Page, text: string): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page.locator('#lab-text').fill(text);
  await page.locator('.lab-own .simulator').waitFor();
}

describe.each([{ width: phone }, { width: desktop }])('at $width pixels', ({ width }) => {
  test('the sample is recognised, and every type goes as expected', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    await page.getByRole('button', { name: 'Use a sample' }).click();
    await page.locator('.lab-own .simulator').waitFor();
    expect(await page.locator('.lab-summary').textContent()).toBe(
      'These are the rules of Istio 1.25 to 1.30 with its default options.',
    );
    expect(await page.locator('.lab-walks > li[data-verdict="as expected"]').count()).toBe(6);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });

  test('a broken pod is diagnosed, walked, stepped and compared', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await paste(page, dump('03-hand-added-return.txt'));
    expect(await page.locator('.lab-findings li').first().textContent()).toContain(
      'ISTIO_OUTPUT 1, -d 10.96.0.0/12 -m comment --comment hotfix -j RETURN, is not a rule of Istio 1.30',
    );
    await page.getByRole('button', { name: 'The sidecar fetches its configuration' }).click();
    const simulator = page.locator('.lab-own .simulator');
    await expect
      .poll(async () => (await pathOf(simulator))[0])
      .toMatch(/^pilot-agent uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 1/);
    await unfold(simulator);
    await simulator.getByRole('combobox', { name: 'Who calls' }).selectOption('the app');
    expect((await pathOf(simulator))[0]).toMatch(/^app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 1/);

    await page.getByLabel('These rules (A) with (B)').selectOption('1.30');
    await page.locator('.lab-compare').getByText('go another way').waitFor();
    expect(await page.locator('.lab-diff li').allTextContents()).toEqual([
      expect.stringContaining('A only nat ISTIO_OUTPUT 1'),
    ]);
    const different = page.locator('.lab-connections button');
    expect(await different.count()).toBeGreaterThan(0);
    const walked = await page.locator('.lab-connections code').first().textContent();
    await different.first().click();
    await expect.poll(async () => (await pathOf(simulator)).join('\n')).toBe(walked);
  });
});

test('files are read together', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page.locator('input[type="file"]').setInputFiles([
    { name: 'v4.txt', mimeType: 'text/plain', buffer: Buffer.from(dump('04-wrong-order.txt')) },
    { name: 'v6.txt', mimeType: 'text/plain', buffer: Buffer.from(dump('05-wrong-family.txt')) },
  ]);
  await page.locator('.lab-own .simulator').waitFor();
  expect(await page.locator('.lab-read').textContent()).toMatch(/IPv4.*IPv6/);
});

test('the uid of the app comes from the YAML in the text', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await paste(page, dump('07-app-as-1337.txt'));
  expect(await page.locator('.lab-findings li').first().textContent()).toContain('The app runs as uid 1337');
});

test('what cannot be read is named with line, column and mend, and the rest is shown', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  const broken = dump('03-hand-added-return.txt').replace(
    '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
    '-A ISTIO_OUTPUT -d 127.0.0.999 -j RETURN',
  );
  await paste(page, broken);
  const line = broken.split('\n').findIndex((text) => text.includes('127.0.0.999')) + 1;
  const said = await page.locator('.lab-problems').textContent();
  expect(said).toContain(`Line ${line}, column `);
  expect(said).toMatch(/found .*127\.0\.0\.999.*expected/);
  expect(await page.locator('.lab-walks > li').count()).toBe(6);
});

test.for([
  ['a loop of chains', '*nat\n:A - [0:0]\n:B - [0:0]\n-A OUTPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT'],
  ['a chain that is not there', '*nat\n-A OUTPUT -p tcp -j NOWHERE\nCOMMIT'],
  [
    'a chain named end',
    '*nat\n:end - [0:0]\n-A OUTPUT -j end\n-A end -p tcp -j REDIRECT --to-ports 15001\nCOMMIT',
  ],
  ['an unknown match', '*nat\n-A OUTPUT -m xyz --zap 3 -j REDIRECT --to-ports 15001\nCOMMIT'],
  ['no rules, only prose', 'I do not know what to paste here.\nPlease help.'],
])('%s is harmless', async ([, text = ''], { visit }) => {
  const page = await visit('lab/', { width: phone });
  await paste(page, text);
  expect((await page.locator('.lab-summary').textContent())?.length).toBeGreaterThan(10);
  expect(await page.locator('.lab-own .simulator .stepper-text').textContent()).not.toBe('');
  await drawingOf(page.locator('.lab-own'));
});

const hostile = [
  '<img/src=x/onerror=a(1)>',
  ']end;%%{init:{}}%%',
  '\u202egnp.exe',
  '[x](javascript:1)`**',
  '</svg><script>a()</script>',
];

test('hostile names are text everywhere: page, diagram and Markdown', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const quoted = hostile.map((name) => `"${name}"`);
  const text = [
    '*nat',
    ...quoted.map((name) => `-N ${name}`),
    `-A OUTPUT -m comment --comment "<script>alert(1)</script> \`\`\` **b** ;%% $$x$$ \u202e" -j ${quoted[0]}`,
    ...quoted.map((name, at) => `-A ${name} -p tcp -j ${quoted[at + 1] ?? 'REDIRECT --to-ports 15001'}`),
    'COMMIT',
  ].join('\n');
  await paste(page, text);
  const simulator = page.locator('.lab-own .simulator');
  await drawingOf(simulator);
  await simulator.getByRole('button', { name: 'Every rule' }).click();
  await page.waitForTimeout(1500);
  expect(
    await page.locator('.lab script, .lab img, .lab svg script, .lab a[href^="javascript"]').count(),
  ).toBe(0);
  expect(await simulator.locator('.redrawn svg').textContent()).toContain('onerror=');
  await simulator.getByRole('button', { name: 'Markdown', exact: true }).click();
  await simulator.getByText('Copied as Markdown.').waitFor();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  for (const line of markdown.split('\n').filter((one) => /^\d+\./.test(one)))
    expect(line).toMatch(/^\d+\. `+ ?.*`+/);
});

test('a megabyte in one line does no harm', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await paste(page, `*nat\n-A OUTPUT -m comment --comment "${'<b>'.repeat(350_000)}" -j ACCEPT\nCOMMIT`);
  expect(await page.locator('.lab-summary').textContent()).not.toBe('');
});

test('a link opens the same rules and the same connection; a damaged one says so', async ({ visit }) => {
  const first = await visit('lab/', { width: desktop });
  await paste(first, dump('03-hand-added-return.txt'));
  const simulator = first.locator('.lab-own .simulator');
  await simulator.getByRole('combobox', { name: 'Who calls' }).selectOption('Envoy');
  await simulator.getByRole('button', { name: 'One step forward' }).click();
  await expect.poll(() => first.url()).toContain('&dump=');
  const { hash } = new URL(first.url());

  const second = await visit(`lab/${hash}`, { width: desktop });
  const same = second.locator('.lab-own .simulator');
  await same.waitFor();
  await expect.poll(() => pathOf(same)).toEqual(await pathOf(simulator));
  expect(await second.locator('#lab-text').inputValue()).toBe(dump('03-hand-added-return.txt'));

  const third = await visit(`lab/${hash.replace('&dump=', '&dump=AAAA')}`, { width: desktop });
  await expect.poll(() => third.locator('.lab .simulator-problem').textContent()).toContain('cannot be read');
});

test('50,000 rules: the page stays alive', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  const services = Array.from({ length: 12_500 }, (_, at) => {
    const [chain, address] = [
      `KUBE-SVC-${String(at).padStart(16, 'A')}`,
      `10.${100 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`,
    ];
    return [
      `-A KUBE-SERVICES -d ${address}/32 -p tcp -m comment --comment "ns/svc-${at} cluster IP" -m tcp --dport 80 -j ${chain}`,
      `-A ${chain} ! -s 10.244.0.0/16 -d ${address}/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ`,
      `-A ${chain} -m statistic --mode random --probability 0.50000000000 -j RETURN`,
      `-A ${chain} -p tcp -m tcp -j DNAT --to-destination 10.244.1.9:8080`,
    ];
  });
  const names = services.map((_, at) => `:KUBE-SVC-${String(at).padStart(16, 'A')} - [0:0]`);
  const own = dump('08-exclude-typo.txt');
  const text = own.replace(
    'COMMIT',
    `:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n${names.join('\n')}\n-A OUTPUT -j KUBE-SERVICES\n${services.flat().join('\n')}\nCOMMIT`,
  );
  // Handing the text over to the page is the test's own work and is done first.
  await page.evaluate((dumped) => Object.assign(window, { dumped }), text);
  const measured = await page.evaluate(async () => {
    const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    await pause(500);
    const tasks: number[] = [];
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask' });
    const longest = () => Math.round(Math.max(0, ...tasks.splice(0)));
    const field = document.querySelector('#lab-text') as HTMLTextAreaElement;
    const data = new DataTransfer();
    data.setData('text/plain', (window as unknown as { dumped: string }).dumped);
    const start = performance.now();
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
    const until = async (selector: string) => {
      while (document.querySelector(selector) === null) await pause(20);
      return Math.round(performance.now() - start);
    };
    const first = await until('.lab-summary');
    await until('.lab-own .simulator');
    const whole = await until('.lab-walks > li');
    await pause(500);
    const reading = longest();
    for (let step = 0; step < 30; step++) {
      (document.querySelector('[aria-label="One step forward"]') as HTMLElement).click();
      await pause(20);
    }
    const stepping = longest();
    document.querySelector('.redrawing')?.scrollIntoView();
    await until('.redrawn svg');
    await pause(200);
    return { first, whole, reading, stepping, drawing: longest() };
  });
  const { first, whole, reading, stepping, drawing } = measured;
  console.log(
    `50,000 rules: first answer ${first} ms, all ${whole} ms, longest task ${reading} ms, stepping ${stepping} ms, Mermaid's drawing ${drawing} ms`,
  );
  expect(await page.locator('.lab-read').textContent()).toContain('50,0');
  expect(first).toBeLessThan(10_000);
  expect(Math.max(reading, stepping, drawing)).toBeLessThan(1000);
});
