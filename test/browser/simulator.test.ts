/** The simulator on the traffic pages: stepped, changed, linked to, and given what it cannot read. */
import { describe, expect } from 'vitest';
import handbook from '../../handbook.config.ts';
import { desktop, phone } from './browser.ts';
import {
  copiedFragment,
  drawingOf,
  field,
  openSimulator,
  pathOf,
  requestsOf,
  stepCount,
  stepText,
  unfold,
} from './simulator-page.ts';
import { test } from './site-test.ts';

const page2 = 'traffic/local-to-remote/';
const captured =
  'app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 9 ▸ ISTIO_REDIRECT 1 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ Envoy :15001';

describe.each([{ width: phone }, { width: desktop }])('at $width pixels', ({ width }) => {
  test('is stepped by buttons, keys, the scrubber, a stop, a rule, a near step and a hook', async ({
    visit,
  }) => {
    const page = await visit(page2, { width });
    const simulator = await openSimulator(page);
    const button = (name: string) => simulator.getByRole('button', { name, exact: true });
    expect(await stepCount(simulator)).toMatchObject({ at: 1 });
    const { of: last } = await stepCount(simulator);

    await button('One step forward').click();
    expect((await stepCount(simulator)).at).toBe(2);
    await button('To the next rule that matches').click();
    await button('To the next rule that matches').click();
    expect(await stepText(simulator)).toBe('ISTIO_OUTPUT 9 matches: ISTIO_REDIRECT.');
    await button('One step back').click();
    expect(await stepText(simulator)).toBe('ISTIO_OUTPUT 8 does not match.');
    expect(await simulator.locator('.stepper-reason').textContent()).toBe(
      'Destination 10.96.0.7 is not 127.0.0.1.',
    );
    await button('To the matching rule before').click();
    expect(await stepText(simulator)).toBe('OUTPUT 1 matches: ISTIO_OUTPUT.');
    await button('To the next leg').click();
    expect(await simulator.locator('.stepper-leg').textContent()).toContain('Leg 2 of 2: Envoy uid 1337');
    await button('To the end').click();
    expect((await stepCount(simulator)).at).toBe(last);
    await button('To the start').click();
    expect((await stepCount(simulator)).at).toBe(1);

    await button('One step forward').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect((await stepCount(simulator)).at).toBe(3);
    await page.keyboard.press('ArrowLeft');
    expect((await stepCount(simulator)).at).toBe(2);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await stepText(simulator)).toContain('ISTIO_OUTPUT 9');
    await page.keyboard.press('l');
    expect(await simulator.locator('.stepper-leg').textContent()).toContain('Leg 2');
    await page.keyboard.press('Home');
    expect((await stepCount(simulator)).at).toBe(1);
    await page.keyboard.press('End');
    expect((await stepCount(simulator)).at).toBe(last);

    await simulator.getByRole('slider').fill('5');
    expect((await stepCount(simulator)).at).toBe(5);

    await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_REDIRECT' }).click();
    expect(await stepText(simulator)).toContain('ISTIO_REDIRECT 1 matches');
    expect(await simulator.locator('.stops [aria-current="step"]').count()).toBe(1);

    await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_OUTPUT' }).first().click();
    await unfold(simulator);
    await simulator.locator('.chain-list li').nth(3).getByRole('button').click();
    expect(await stepText(simulator)).toBe('ISTIO_OUTPUT 4 does not match.');
    expect(await simulator.locator('.chain-list li[aria-current="step"] .chain-because').textContent()).toBe(
      'does not match because uid 1000 is not 1337',
    );
    expect(await simulator.locator('.chain-list li').last().getAttribute('data-status')).toBe('not reached');
    expect(await simulator.locator('.chain-list li').last().getByRole('button').isDisabled()).toBe(true);

    const near = simulator.locator('.stepper-near button');
    const words = await near.last().textContent();
    await near.last().click();
    expect(await stepText(simulator)).toBe(words);

    await simulator.getByRole('button', { name: 'To PREROUTING' }).click();
    expect(await stepText(simulator)).toContain('comes to PREROUTING');
    expect(await simulator.locator('.hook-place[aria-current]').getAttribute('data-hook')).toBe('PREROUTING');
    await simulator.getByRole('button', { name: 'To POSTROUTING' }).press('Enter');
    expect(await stepText(simulator)).toContain('comes to POSTROUTING');
  });

  test('marks what was rewritten in the packet', async ({ visit }) => {
    const simulator = await openSimulator(await visit(page2, { width }));
    await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_REDIRECT' }).click();
    await simulator.getByRole('button', { name: 'One step forward' }).click();
    const packet = simulator.locator('.stepper-packet');
    expect(await packet.locator('del').textContent()).toBe('10.96.0.7:80');
    expect(await packet.locator('ins').textContent()).toBe('127.0.0.1:15001');
  });

  test('lights the message of the step in the diagram, and a message leads to its step', async ({
    visit,
  }) => {
    const page = await visit(page2, { width });
    const requests = requestsOf(page);
    const simulator = await openSimulator(page);
    const drawing = page.locator('#diagram-local-to-remote-drawn-overview');
    await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_REDIRECT' }).click();
    expect(await drawing.locator('[data-lit]').count()).toBe(1);
    expect(await drawing.locator('[data-lit]').getAttribute('data-message')).toBe('2');
    await drawing.locator('[data-message="0"] text').first().click();
    expect(await stepText(simulator)).toContain('comes to OUTPUT');
    expect(await drawing.locator('[data-lit]').getAttribute('data-message')).toBe('0');
    expect(requests.filter((address) => /mermaid/i.test(address))).toEqual([]);
  });

  test('takes the drawing of every rule in when it is chosen, and lights it, too', async ({ visit }) => {
    const page = await visit(page2, { width });
    const requests = requestsOf(page);
    const simulator = await openSimulator(page);
    await simulator.locator('.stops .stop-face', { hasText: 'ISTIO_REDIRECT' }).click();
    const ofDrawing = () => requests.filter((address) => address.endsWith('/every-rule.svg'));
    expect(ofDrawing()).toEqual([]);
    await page.getByText('Every rule', { exact: true }).click();
    const drawing = page.locator('.diagram-detail svg');
    await drawing.waitFor();
    expect(await drawing.getAttribute('id')).toBe('diagram-local-to-remote-drawn-detail');
    expect(await drawing.locator('[data-lit]').textContent()).toContain('ISTIO_REDIRECT');
    await drawing.locator('[data-message="0"] text').first().click();
    expect(await stepText(simulator)).toContain('comes to OUTPUT');
    await page.locator('.diagrams .diagram-tab').first().click();
    await page.locator('.diagrams .diagram-tab').last().click();
    expect(ofDrawing()).toHaveLength(1);
  });

  test('walks a change at once, redraws the diagram only then, and undoes it', async ({ visit }) => {
    const page = await visit(page2, { width });
    const requests = requestsOf(page);
    const drawing = () => requests.filter((address) => /mermaid|sequenceDiagram|Redrawn/i.test(address));
    const simulator = await openSimulator(page);
    expect(await pathOf(simulator)).toEqual([
      captured,
      'Envoy uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 4 ▸ POSTROUTING ▸ 10.244.2.9:9080',
    ]);
    for (let step = 0; step < 10; step++)
      await simulator.getByRole('button', { name: 'One step forward' }).click();
    expect(drawing()).toEqual([]);

    await simulator
      .getByRole('button', { name: 'Run the app as the user that the rules take for the proxy' })
      .click();
    expect(await pathOf(simulator)).toEqual([
      'app uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 4 ▸ POSTROUTING ▸ 10.96.0.7:80',
    ]);
    expect(await stepText(simulator)).toBe('ISTIO_OUTPUT 4 matches: RETURN.');
    const redrawn = await drawingOf(simulator);
    expect(drawing().length).toBeGreaterThan(0);
    expect(await redrawn.locator('.messageText').allTextContents()).toContainEqual(
      expect.stringContaining('ISTIO_OUTPUT 4'),
    );
    expect(await redrawn.locator('[data-lit]').count()).toBe(1);

    await page.waitForLoadState('networkidle');
    const loaded = requests.splice(0).length;
    expect(loaded).toBeGreaterThan(0);
    await simulator.getByRole('button', { name: 'One step forward' }).click();
    await simulator.getByRole('button', { name: 'To the start' }).click();
    expect(requests).toEqual([]);

    await simulator.getByRole('button', { name: 'Undo', exact: true }).click();
    expect((await pathOf(simulator))[0]).toBe(captured);
    expect(await simulator.locator('.redrawn').count()).toBe(0);
  });

  test('lets everything about the call be chosen', async ({ visit }) => {
    const simulator = await openSimulator(await visit(page2, { width }));
    await unfold(simulator);
    const choose = (label: string, choice: string) => field(simulator, label).selectOption(choice);
    const write = async (label: string, text: string) => {
      await field(simulator, label).fill(text);
      await field(simulator, label).press('Enter');
    };
    await choose('Who calls', 'any uid and gid');
    expect((await pathOf(simulator))[0]).toMatch(/^a process uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 4/);
    await write('uid', '0');
    expect((await pathOf(simulator))[0]).toMatch(/uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 7/);
    await write('gid', '0');
    expect((await pathOf(simulator))[0]).toContain('ISTIO_OUTPUT 9');

    await choose('Who calls', 'Prometheus');
    await choose('Calls', 'the address of the pod');
    expect((await pathOf(simulator))[0]).toMatch(/^Prometheus ▸ PREROUTING ▸ ISTIO_INBOUND 5/);
    await choose('Who calls', 'any peer');
    await write('Address of the peer', '198.51.100.7');
    expect((await pathOf(simulator))[0]).toMatch(/^peer ▸ PREROUTING/);
    await write('Address and port', '10.244.1.5:15090');
    expect((await pathOf(simulator))[0]).toContain('ISTIO_INBOUND 2');

    await choose('Who calls', 'the app');
    await choose('Calls', 'localhost');
    expect(await pathOf(simulator)).toHaveLength(1);
    await choose('Calls', 'DNS over UDP');
    expect(await field(simulator, 'Protocol').inputValue()).toBe('udp');
    expect((await pathOf(simulator))[0]).toContain('10.96.0.53:53');

    await simulator.getByText('Istio options').click();
    await simulator.getByLabel('Capture DNS').check();
    expect((await pathOf(simulator))[0]).toMatch(/ISTIO_OUTPUT_DNS 1|pilot-agent :15053/);
    await choose('Calls', 'another Service');
    await write('Outbound ports excluded', '80');
    expect((await pathOf(simulator))[0]).toContain('ISTIO_OUTPUT 1 ▸');
    await simulator.getByLabel('The pod has IPv6').check();
    await choose('Calls', 'an IPv6 address outside of the mesh');
    expect((await pathOf(simulator)).at(-1)).toContain('[2001:db8::20]:443');
    await choose('Interception mode', 'TPROXY');
    await choose('Who calls', 'a remote pod');
    await choose('Calls', 'the address of the pod');
    expect((await pathOf(simulator))[0]).toContain('mangle');
    await choose('Istio release', '1.9');
    expect(await simulator.getByText('This handbook speaks of').textContent()).toContain(handbook.release);
  });

  test('says what is wrong with what was written, and goes on showing what it had', async ({ visit }) => {
    const simulator = await openSimulator(await visit(page2, { width }));
    await unfold(simulator);
    const before = await pathOf(simulator);
    for (const text of ['nonsense', '10.96.0.7:99999', '10.96.0.300:80', '<b>x</b>', '']) {
      await field(simulator, 'Address and port').fill(text);
      await field(simulator, 'Address and port').press('Enter');
      expect(await simulator.locator('.controls-problem').textContent()).toBe(
        `"${text}" is no address and port; write 10.96.0.7:80 or [::1]:80.`,
      );
      expect(await pathOf(simulator)).toEqual(before);
    }
    await field(simulator, 'Address and port').fill('10.96.0.10:15012');
    await field(simulator, 'Address and port').press('Enter');
    expect(await simulator.locator('.controls-problem').count()).toBe(0);

    await simulator.getByText('Istio options').click();
    const range = field(simulator, 'Outbound ranges excluded');
    await range.fill('10.0.0.0/99');
    await range.press('Enter');
    const said = await simulator.locator('.simulator-problem').textContent();
    expect(said).toContain('outboundIPRangesExclude');
    expect(said).toContain('Write an address, a slash and a length');
  });
});

test('shows the answers, too', async ({ visit }) => {
  const page = await visit(page2, { width: desktop });
  const simulator = await openSimulator(page);
  const { of: before } = await stepCount(simulator);
  await simulator.getByLabel('Show the answers too').check();
  expect((await stepCount(simulator)).of).toBeGreaterThan(before);
  expect(await pathOf(simulator)).toHaveLength(4);
  await simulator.getByRole('button', { name: 'To the end' }).click();
  expect(await simulator.locator('.stepper-leg').textContent()).toContain('the answer');
  expect(page.url()).toContain('replies=1');
});

test('opens the same state from its address', async ({ visit }) => {
  const first = await visit(page2, { width: desktop });
  const simulator = await openSimulator(first);
  await simulator.getByRole('button', { name: 'Exclude the port' }).click();
  await simulator.getByRole('button', { name: 'One step forward' }).click();
  const said = await stepText(simulator);
  const fragment = new URL(first.url()).hash;
  expect(fragment).toMatch(/^#v=1&scenario=local-to-remote&option\.outboundPortsExclude=80&step=\d+$/);

  const second = await visit(`${page2}${fragment}`, { width: phone });
  const same = await openSimulator(second);
  expect(await pathOf(same)).toEqual(await pathOf(simulator));
  await expect.poll(() => stepText(same)).toBe(said);
  expect(new URL(second.url()).hash).toBe(fragment);
});

test.for([
  ['v=1&to=10.96.0.7:99999', 'destination "10.96.0.7:99999"'],
  ['v=1&from=uid:x:1337&release=9.9', 'release "9.9"'],
  ['v=9&scenario=local-to-remote', 'version "9"'],
  ['v=1&scenario=no-such', 'scenario "no-such"'],
  ['v=1&option.nope=1', 'option "nope"'],
  ['v=1&release=%E0%A4%A', 'damaged'],
  ['v=1&scenario=%3Cimg%20src=x%20onerror=alert(1)%3E', '<img src=x onerror=alert(1)>'],
  [`v=1&scenario=${'x'.repeat(9000)}`, 'at most 8000'],
] as const)('a damaged link says what is wrong with it: %s', async ([fragment, said], { visit }) => {
  const simulator = await openSimulator(await visit(`${page2}#${fragment}`, { width: phone }));
  await expect.poll(() => simulator.locator('.simulator-problem').textContent()).toContain(said);
  expect(await pathOf(simulator)).not.toEqual([]);
});

test('native nftables is a switch: the way leads through its tables, and a link keeps it', async ({
  visit,
}) => {
  const page = await visit(page2, { width: desktop });
  const simulator = await openSimulator(page);
  await simulator.locator('summary', { hasText: 'Istio options' }).click();
  await simulator.getByLabel('Native nftables').check();
  await expect
    .poll(async () => (await pathOf(simulator))[0])
    .toContain('▸ inet istio-proxy-nat istio-output');
  const path = await pathOf(simulator);
  await simulator.locator('.stops .stop-face', { hasText: 'istio-redirect' }).first().click();
  expect(await stepText(simulator)).toMatch(/istio-redirect \d+ matches/);
  const fragment = await copiedFragment(simulator);
  expect(fragment).toContain('option.nativeNftables=true');
  const again = await openSimulator(await visit(`${page2}${fragment}`, { width: desktop }));
  await expect.poll(() => pathOf(again)).toEqual(path);
  await again.getByLabel('Native nftables').uncheck();
  await expect.poll(async () => (await pathOf(again))[0]).toBe(captured);
});

test('plays at a chosen pace, and not for those who want less motion', async ({ visit }) => {
  const page = await visit(page2, { width: desktop, reducedMotion: false });
  const simulator = await openSimulator(page);
  await simulator.getByLabel('Pace').selectOption('fast');
  await simulator.getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => (await stepCount(simulator)).at, { timeout: 8000 }).toBeGreaterThan(3);
  await simulator.getByRole('button', { name: 'Pause' }).click();
  const { at } = await stepCount(simulator);
  await page.waitForTimeout(800);
  expect((await stepCount(simulator)).at).toBe(at);

  const quiet = await openSimulator(await visit(page2, { width: desktop, reducedMotion: true }));
  expect(await quiet.getByRole('button', { name: 'Play' }).count()).toBe(0);
});

test('announces where one arrives, not every step on the way', async ({ visit }) => {
  const page = await visit(page2, { width: desktop });
  const simulator = await openSimulator(page);
  const spoken: string[] = [];
  await page.exposeFunction('hear', (text: string) => spoken.push(text));
  await page.evaluate(() => {
    const region = document.querySelector('[data-announcement]') as Element;
    new MutationObserver(() =>
      (window as unknown as { hear(text: string): void }).hear(region.textContent ?? ''),
    ).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await simulator.getByRole('button', { name: 'One step forward' }).focus();
  for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => spoken.length).toBe(1);
  expect(spoken[0]).toBe(
    'Step 13 of 39. ISTIO_OUTPUT 8 does not match. Destination 10.96.0.7 is not 127.0.0.1',
  );
});

test('arrow keys step when nothing has the focus and the simulator is in sight', async ({ visit }) => {
  const page = await visit(page2, { width: desktop });
  const simulator = await openSimulator(page);
  await simulator.evaluate((part) => part.scrollIntoView({ block: 'center' }));
  await page.keyboard.press('ArrowRight');
  expect((await stepCount(simulator)).at).toBe(2);
});

test('copies a link, text and a picture', async ({ visit }) => {
  const page = await visit(page2, { width: desktop });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const simulator = await openSimulator(page);
  const copied = async (name: string) => {
    await simulator.getByRole('button', { name, exact: true }).click();
    await simulator.getByText(`Copied as ${name}.`).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied('link')).toMatch(/\/traffic\/local-to-remote\/#v=1&scenario=local-to-remote/);
  expect(await copied('Markdown')).toContain(captured);
  expect(await copied('text')).toContain('ISTIO_OUTPUT 9 matches');
  expect(await copied('Mermaid')).toMatch(/^sequenceDiagram/);
  expect(JSON.parse(await copied('JSON'))).toMatchObject({ version: 1 });
  const saved = async (name: string) => {
    const download = page.waitForEvent('download');
    await simulator.getByRole('button', { name, exact: true }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const svg = (await saved('SVG')).toString();
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain('ISTIO_OUTPUT 9');
  const png = await saved('PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.length).toBeGreaterThan(5000);
});

test.for([
  'remote-to-local',
  'local-to-remote',
  'prometheus',
  'local-to-local',
  'inside-envoy',
  'sidecar-to-istiod',
])('without script, %s has its path, diagram, events, rules and verdicts', async (name, { visit }) => {
  const page = await visit(`traffic/${name}/`, { width: phone, script: false });
  expect(await page.locator('.path .stops .stop').count()).toBeGreaterThan(3);
  expect(await page.locator('svg.diagram [data-message]').count()).toBeGreaterThan(1);
  // Where a script would take in the drawing of every rule stands a link to it.
  await page.getByText('Every rule', { exact: true }).click();
  const link = page.getByRole('link', { name: 'The drawing of every rule' });
  const answer = await page.request.get(new URL((await link.getAttribute('href')) ?? '', page.url()).href);
  expect((await answer.text()).match(/ data-message=/g)?.length).toBeGreaterThan(3);
  expect(await page.locator('.legs .step').count()).toBeGreaterThan(3);
  expect(await page.locator('[id^="rule-"]').count()).toBeGreaterThan(3);
  expect(await page.locator('.compare-verdict').count()).toBeGreaterThan(3);
});

test('where the engine cannot be loaded nothing is lost, stepping goes on, and it can be tried again', async ({
  site,
}) => {
  const context = await site.browser.newContext({ viewport: { width: desktop, height: 900 } });
  const page = await context.newPage();
  let isLost = true;
  await context.route(/walk-worker/, (route) => (isLost ? route.abort() : route.continue()));
  await page.goto(new URL(page2, site.server.url).href, { waitUntil: 'networkidle' });
  const simulator = await openSimulator(page);
  await simulator.getByRole('button', { name: 'Exclude the port' }).click();
  const problem = simulator.locator('.simulator-problem');
  await problem.waitFor();
  expect(await problem.textContent()).toContain('The engine could not be loaded: is there a connection?');
  expect((await pathOf(simulator))[0]).toBe(captured);
  await simulator.getByRole('button', { name: 'One step forward' }).click();
  expect((await stepCount(simulator)).at).toBe(2);

  isLost = false;
  await problem.getByRole('button', { name: 'Try again' }).click();
  await problem.waitFor({ state: 'detached' });
  expect((await pathOf(simulator))[0]).not.toBe(captured);
  expect(await simulator.locator('.simulator-tried').textContent()).toContain('Exclude the port');
  await context.close();
});
