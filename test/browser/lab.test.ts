/** The lab: rules pasted, chosen, linked to, damaged, hostile and huge. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { goldenDumps } from '../handbook/walk/golden-links.ts';
import { desktop, overflowOf, phone } from './browser.ts';
import { hugeDump } from './huge-dump.ts';
import {
  copiedFragment,
  drawingOf,
  field,
  linesOf,
  openSimulator,
  pathOf,
  unfold,
} from './simulator-page.ts';
import { test } from './site-test.ts';

const dump = (name: string) => readFileSync(join(import.meta.dirname, '../analysis/dumps', name), 'utf8');

async function paste(page: Page, text: string): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page.locator('#lab-text').fill(text);
  await page.locator('.lab-own .simulator').waitFor();
}

/** On a busy machine a walk takes its time. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 15_000 });
}

async function chooseSide(page: Page, side: 'A' | 'B', field: string, value: string): Promise<void> {
  const named = page.getByRole('group', { name: side, exact: true });
  await named.getByRole('combobox', { name: field }).selectOption(value);
}

async function comparedWords(page: Page): Promise<string> {
  return (await page.locator('.lab-verdicts').textContent()) ?? '';
}

describe.each([{ width: phone }, { width: desktop }])('at $width pixels', ({ width }) => {
  test('the sample is recognised, and every type goes as expected', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    await page.getByRole('button', { name: 'Use a sample' }).click();
    await page.locator('.lab-own .simulator').waitFor();
    expect(await page.locator('.lab-summary').textContent()).toBe(
      'These are the rules of Istio 1.25 to 1.31 with its default options.',
    );
    expect(await page.locator('.lab-walks > li[data-verdict="as it is"]').count()).toBe(6);
    expect(await overflowOf(page)).toBe(0);
  });

  test('a broken pod is diagnosed, walked, stepped and compared', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await paste(page, dump('03-hand-added-return.txt'));
    expect(await page.locator('.lab-findings li').first().textContent()).toContain(
      'ISTIO_OUTPUT 1, -d 10.96.0.0/12 -m comment --comment hotfix -j RETURN, is not a rule of Istio 1.31',
    );
    await page.getByRole('button', { name: 'The sidecar fetches its configuration' }).click();
    const simulator = page.locator('.lab-own .simulator');
    await eventually(async () => (await pathOf(simulator))[0]).toMatch(
      /^pilot-agent uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 1/,
    );
    await unfold(simulator);
    await simulator.getByRole('combobox', { name: 'Who calls' }).selectOption('the app');
    await eventually(async () => (await pathOf(simulator))[0]).toMatch(
      /^app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 1/,
    );

    await chooseSide(page, 'B', 'Rules', '1.30');
    expect(await comparedWords(page)).toMatch(
      /^1 rule stands on one side only\. 1?\d of \d+ connections go another way, and \d+ of them end otherwise; \d+ more go by the same rules at other positions\.$/,
    );
    expect(await page.locator('.lab-compare .difference-row[data-kind="gone"]').allTextContents()).toEqual([
      expect.stringMatching(/1.*-d 10\.96\.0\.0\/12.*-j RETURN/),
    ]);
    const walked = await linesOf(page.locator('.lab-connections dd').first().locator('.stops'));
    await page.locator('.lab-connections button').first().click();
    await eventually(() => pathOf(simulator)).toEqual(walked);
    expect(await overflowOf(page)).toBe(0);
  });

  test('two settings are compared without any rules, and a connection is opened under one of them', async ({
    visit,
  }) => {
    const page = await visit('lab/', { width });
    page.setDefaultTimeout(15_000);
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    await chooseSide(page, 'A', 'Rules', '1.30');
    await chooseSide(page, 'B', 'Rules', '1.30');
    expect(await comparedWords(page)).toMatch(
      /^The rules are the same\. None of \d+ connections go another way\.$/,
    );
    await chooseSide(page, 'B', 'Options', 'with ranges, ports and interfaces');
    await eventually(() => comparedWords(page)).toMatch(/rules stand on one side only\. [1-9]/);
    expect(await page.locator('.lab-compare .difference-row[data-kind="come"]').count()).toBeGreaterThan(1);
    const different = page.locator('.lab-connections > li').filter({ hasText: 'app uid' }).first();
    const walked = await linesOf(different.locator('dd').nth(1).locator('.stops'));
    await different.getByRole('link', { name: /, B$/ }).click();
    const simulator = await openSimulator(page);
    await eventually(() => pathOf(simulator)).toEqual(walked);
  });

  test('another text is compared, and opened in the place of the first', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await paste(page, dump('03-hand-added-return.txt'));
    await chooseSide(page, 'B', 'Rules', 'text');
    await page.getByLabel('Paste the rules of B').fill(dump('04-wrong-order.txt'));
    expect(await comparedWords(page)).toMatch(/^3 rules stand on one side only\. [1-9]/);
    await page.getByRole('button', { name: /, B$/ }).first().click();
    await eventually(() => page.locator('.lab-findings li').first().textContent()).toContain(
      'ISTIO_OUTPUT 1, -j ISTIO_REDIRECT, stands before rules that Istio asks first',
    );
    expect(await page.locator('#lab-text').inputValue()).toBe(dump('04-wrong-order.txt'));
  });

  test('the pod is walked by what the text tells of it', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await paste(
      page,
      [
        dump('11-app-as-gid-1337.txt').replace('10.244.1.5', '172.20.3.4'),
        '7: eth0@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP',
        '    inet 172.20.3.4/24 brd 172.20.3.255 scope global eth0',
      ].join('\n'),
    );
    expect(await page.locator('.lab-taken li').allTextContents()).toEqual([
      'From Pod reviews-v1-6f9c: the app runs as uid 2000 and gid 1337, it listens on 9080.',
      'From ip address or ip route: eth0 has 172.20.3.4/24.',
    ]);
    expect(await page.locator('.lab-findings li').first().textContent()).toContain(
      'The app runs as gid 1337, and ISTIO_OUTPUT 7',
    );
    const simulator = page.locator('.lab-own .simulator');
    expect((await pathOf(simulator))[0]).toMatch(/^app uid 2000 ▸ OUTPUT ▸ ISTIO_OUTPUT 7 ▸/);
    await unfold(simulator);
    await field(simulator, 'Calls').selectOption('the address of the pod');
    await eventually(() => field(simulator, 'Address and port').inputValue()).toBe('172.20.3.4:9080');
    await eventually(async () => (await pathOf(simulator)).at(-1)).toMatch(/app :9080$/);
    expect(await overflowOf(page)).toBe(0);
  });

  test('files are dropped', async ({ visit }) => {
    const page = await visit('lab/', { width });
    await page.locator('astro-island:not([ssr]) .lab').waitFor();
    const area = page.locator('.lab-input');
    const carried = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'pod.txt', { type: 'text/plain' }));
      return data;
    }, dump('09-half-applied.txt'));
    await area.dispatchEvent('dragover', { dataTransfer: carried });
    expect(await area.getAttribute('data-over')).toBe('');
    await area.dispatchEvent('drop', { dataTransfer: carried });
    await page.locator('.lab-own .simulator').waitFor();
    expect(await area.getAttribute('data-over')).toBeNull();
    expect(await page.locator('.lab-summary').textContent()).toContain('7 rules are missing');
    expect(await page.locator('#lab-text').inputValue()).toBe(dump('09-half-applied.txt'));
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

test('of several pods one is chosen', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await paste(
    page,
    `==> reviews-v1 <==\n${dump('03-hand-added-return.txt')}\n==> ratings-v1 <==\n${dump('04-wrong-order.txt')}`,
  );
  const chosen = page.getByLabel('2 pods are in this text');
  expect(await chosen.locator('option').allTextContents()).toEqual(['reviews-v1', 'ratings-v1']);
  expect(await page.locator('.lab-findings li').first().textContent()).toContain('hotfix');
  await chosen.selectOption('ratings-v1');
  await eventually(() => page.locator('.lab-findings li').first().textContent()).toContain('its place is 9');
});

test('what is left aside is told with its lines', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await paste(page, `Look at this:\n${dump('09-half-applied.txt')}\n<b onclick=a()>Any idea?</b>`);
  expect(await page.locator('.lab-read').textContent()).toContain('Left aside: 2 lines that are no rules.');
  await page.getByText('What was left aside').click();
  const last = `Look at this:\n${dump('09-half-applied.txt')}`.split('\n').length + 1;
  expect(await page.locator('.lab-aside li').allTextContents()).toEqual([
    'Line 1: Look at this:',
    `Line ${last}: <b onclick=a()>Any idea?</b>`,
  ]);
});

test('what cannot be read is named with line, column and fix, and the rest is shown', async ({ visit }) => {
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
  await eventually(() => page.locator('.lab-walks > li').count()).toBe(6);
});

test.for([
  ['a loop of chains', '*nat\n:A - [0:0]\n:B - [0:0]\n-A OUTPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT'],
  ['a chain that is not there', '*nat\n-A OUTPUT -p tcp -j NOWHERE\nCOMMIT'],
  [
    'a chain named end',
    '*nat\n:end - [0:0]\n-A OUTPUT -j end\n-A end -p tcp -j REDIRECT --to-ports 15001\nCOMMIT',
  ],
  ['an unknown match', '*nat\n-A OUTPUT -m xyz --zap 3 -j REDIRECT --to-ports 15001\nCOMMIT'],
])('%s is harmless', async ([, text = ''], { visit }) => {
  const page = await visit('lab/', { width: phone });
  await paste(page, text);
  expect((await page.locator('.lab-summary').textContent())?.length).toBeGreaterThan(10);
  expect(await page.locator('.lab-own .simulator .stepper-text').textContent()).not.toBe('');
  await drawingOf(page.locator('.lab-own'));
});

const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
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
  // What turns the direction of text is written out in all that is shown.
  expect(await page.locator('.lab > :not(.lab-input)').allTextContents()).not.toContainEqual(
    expect.stringMatching(turning),
  );
  expect(await simulator.locator('.redrawn svg').textContent()).toContain('⟨U+202E⟩gnp.exe');
  expect(await page.locator('.lab-findings').textContent()).toContain('turn the direction of text (U+202E)');
  await simulator.getByRole('button', { name: 'Markdown', exact: true }).click();
  await simulator.getByText('Copied as Markdown.').waitFor();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown).not.toMatch(turning);
  for (const line of markdown.split('\n').filter((one) => /^\d+\./.test(one)))
    expect(line).toMatch(/^\d+\. `+ ?.*`+/);
});

test('a megabyte in one line does no harm', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page
    .locator('#lab-text')
    .fill(`*nat\n-A OUTPUT -m comment --comment "${'<b>'.repeat(350_000)}" -j ACCEPT\nCOMMIT`);
  // Chromium inserts it in several events, of which the later ones see what is shown of it.
  await eventually(() => page.locator('.lab-summary').allTextContents()).toEqual([
    expect.stringMatching(/^None of these rules is Istio’s/),
  ]);
  expect(await page.locator('#lab-text').inputValue()).toContain('MB in all, inspected in full');
});

test('a link opens the same rules and the same connection; a damaged one says so', async ({ visit }) => {
  const first = await visit('lab/', { width: desktop });
  await paste(first, dump('03-hand-added-return.txt'));
  const simulator = first.locator('.lab-own .simulator');
  await simulator.getByRole('combobox', { name: 'Who calls' }).selectOption('Envoy');
  await simulator.getByRole('button', { name: 'One step forward' }).click();
  // The address has the connection, and the rules only where a link is asked for.
  await eventually(() => first.url()).toContain('step=');
  expect(first.url()).not.toContain('dump=');
  const hash = await copiedFragment(simulator);

  const second = await visit(`lab/${hash}`, { width: desktop });
  const same = second.locator('.lab-own .simulator');
  await same.waitFor();
  await eventually(() => pathOf(same)).toEqual(await pathOf(simulator));
  expect(await second.locator('#lab-text').inputValue()).toBe(dump('03-hand-added-return.txt'));

  const third = await visit(`lab/${hash.replace('&dump=', '&dump=AAAA')}`, { width: desktop });
  const alert = third.locator('.lab-input [role="alert"]');
  await eventually(() => alert.textContent()).toContain('cannot be read');
  // Its connection can be opened all the same.
  await alert.getByRole('link').click();
  const opened = await openSimulator(third);
  await eventually(async () => (await pathOf(opened))[0]).toMatch(/^Envoy uid 1337 ▸/);

  // One of ambient mode, on a page of ambient mode.
  const fourth = await visit('lab/#v=1&scenario=ambient-service&to=10.96.0.8:80&dump=AAAA', {
    width: desktop,
  });
  const link = fourth.locator('.lab-input [role="alert"]').getByRole('link');
  expect(await link.getAttribute('href')).toBe(
    '/ambient/service/#v=1&scenario=ambient-service&to=10.96.0.8:80',
  );
});

test('what nobody can tell is asked, by keyboard alone, with both answers shown; a link keeps them', async ({
  visit,
}) => {
  const page = await visit('lab/', { width: phone });
  const hotfix = '-A ISTIO_OUTPUT -d 10.96.0.0/12 -m comment --comment hotfix -j RETURN';
  const byChance = [
    '-A ISTIO_OUTPUT -m statistic --mode random --probability 0.5 -j RETURN',
    '-A ISTIO_OUTPUT -p tcp -m limit --limit 5/min -j RETURN',
  ];
  const text = dump('03-hand-added-return.txt').replace(hotfix, byChance.join('\n'));
  await paste(page, text);
  const type = page.locator('.lab-walks > li').first();
  await eventually(() => type.textContent()).toContain('cannot tell whether as with Istio 1.');
  expect(await type.textContent()).toContain('ISTIO_OUTPUT 1 asks for -m statistic');
  const simulator = page.locator('.lab-own .simulator');
  const questions = simulator.getByRole('region', { name: 'What the engine asks you' });
  const asked = questions.locator('p');
  const ahead = questions.locator('li > span');
  expect(await asked.textContent()).toBe(
    'ISTIO_OUTPUT 1 asks for -m statistic --mode random --probability 0.50000000000. The engine cannot know: it depends on chance, or on how many packets came before. Does the rule match?',
  );
  expect(await ahead.allTextContents()).toEqual([
    'ISTIO_OUTPUT 1 ▸ POSTROUTING ▸ 10.96.0.7:80. It leaves the pod by eth0.',
    'ISTIO_OUTPUT 2 ▸ cannot tell. Cannot tell: nat ISTIO_OUTPUT 2: it depends on how many packets came before.',
  ]);
  expect(await overflowOf(page)).toBe(0);

  await questions.getByRole('button', { name: 'No, it does not' }).focus();
  await page.keyboard.press('Enter');
  await eventually(() => asked.textContent()).toContain('ISTIO_OUTPUT 2 asks for -m limit --limit 5/min');
  // Whoever reads on finds what is asked next, and the stepper stands where it was asked.
  expect(await asked.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await simulator.locator('.stepper-text').textContent()).toBe('ISTIO_OUTPUT 1 does not match.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await eventually(async () => (await pathOf(simulator))[0]).toBe(
    'app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 2 ▸ POSTROUTING ▸ 10.96.0.7:80',
  );
  expect(await asked.textContent()).toBe('No question is open.');
  expect(await questions.getByRole('button').allTextContents()).toEqual([
    'Take back: ISTIO_OUTPUT 1 does not match',
    'Take back: ISTIO_OUTPUT 2 matches',
  ]);

  const hash = await copiedFragment(simulator);
  expect(hash).toContain('&answer=nat/ISTIO_OUTPUT/1:no&answer=nat/ISTIO_OUTPUT/2:yes&');
  const second = await visit(`lab/${hash}`, { width: desktop });
  const same = second.locator('.lab-own .simulator');
  await same.waitFor();
  await eventually(() => pathOf(same)).toEqual(await pathOf(simulator));
  expect(await same.getByRole('button', { name: /^Take back/ }).count()).toBe(2);

  await questions.getByRole('button', { name: 'Take back: ISTIO_OUTPUT 1 does not match' }).click();
  await eventually(() => asked.textContent()).toContain('ISTIO_OUTPUT 1 asks for');
  await simulator.getByRole('button', { name: 'Undo', exact: true }).click();
  await eventually(() => asked.textContent()).toBe('No question is open.');
  await simulator.getByRole('button', { name: 'Undo', exact: true }).click();
  await eventually(() => asked.textContent()).toContain('ISTIO_OUTPUT 2 asks for');
});

test('of a link that was cut off the rules are read that are left', async ({ visit }) => {
  const [link] = goldenDumps[0] as (typeof goldenDumps)[number];
  const page = await visit(`lab/${link.slice(0, -41)}`, { width: phone });
  page.setDefaultTimeout(15_000);
  await page.locator('.lab-own .simulator').waitFor();
  expect(await page.locator('.lab-input [role="alert"]').textContent()).toMatch(
    /The first \d+ lines could be/,
  );
  expect(await page.locator('#lab-text').inputValue()).toMatch(/^\*nat\n:PREROUTING/);
});

test.for(goldenDumps)('the old link %s opens', async ([link, , text], { visit }) => {
  const page = await visit(`lab/${link}`, { width: desktop });
  page.setDefaultTimeout(15_000);
  // One of them never had rules: nothing is walked on it.
  await page.locator(text.includes('*nat') ? '.lab-own .simulator' : '.lab-summary').waitFor();
  expect(await page.locator('#lab-text').inputValue()).toBe(text);
  expect(await page.locator('.lab [role="alert"]').count()).toBe(0);
  if (link.includes('uid:2000'))
    await eventually(async () => (await pathOf(page.locator('.lab-own .simulator')))[0]).toMatch(
      /^a process uid 2000 ▸ OUTPUT ▸ ISTIO_OUTPUT 1 ▸/,
    );
});

test('a huge text can be stopped, and the page answers meanwhile', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await page
    .locator('input[type="file"]')
    .setInputFiles([{ name: 'node.txt', mimeType: 'text/plain', buffer: Buffer.from(hugeDump()) }]);
  await page.locator('.lab-progress').waitFor();
  // Something else on the page opens while it is being read.
  const answered = await page.evaluate(() => {
    const commands = document.querySelector('.lab-commands') as HTMLDetailsElement;
    commands.querySelector('summary')?.click();
    return { isOpen: commands.open, isWorking: document.querySelector('.lab-progress') !== null };
  });
  expect(answered).toEqual({ isOpen: true, isWorking: true });
  await page.locator('.lab-progress').getByRole('button', { name: 'Stop' }).click();
  expect(await page.locator('.lab-progress').count()).toBe(0);
  await page.waitForTimeout(1500);
  expect(await page.locator('.lab-summary').count()).toBe(0);
  expect(await page.locator('#lab-text').inputValue()).toContain('MB in all, inspected in full');
});

test('50,000 rules: the page stays alive', async ({ visit }) => {
  const page = await visit('lab/', { width: desktop });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  const text = hugeDump();
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
});
