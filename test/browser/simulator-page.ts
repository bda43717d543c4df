/** A traffic page's simulator, as a test finds its way in it. */
import type { Locator, Page } from 'playwright-core';

/** Brings the simulator into sight and waits until it answers. */
export async function openSimulator(page: Page): Promise<Locator> {
  page.setDefaultTimeout(8000);
  const simulator = page.locator('.simulator');
  await simulator.scrollIntoViewIfNeeded();
  await page.locator('astro-island:not([ssr]) .simulator').waitFor();
  return simulator;
}

/** Waits until what was asked for is shown. */
async function answered(simulator: Locator): Promise<void> {
  await simulator.and(simulator.page().locator('[aria-busy="false"]')).waitFor();
}

/** The event in words. */
export async function stepText(simulator: Locator): Promise<string> {
  await answered(simulator);
  return (await simulator.locator('.stepper-text').textContent()) ?? '';
}

/** The number of the step, from 1, and how many there are. */
export async function stepCount(simulator: Locator): Promise<{ at: number; of: number }> {
  await answered(simulator);
  const [at = 0, of = 0] = ((await simulator.locator('.stepper-count').textContent()) ?? '')
    .split(' of ')
    .map(Number);
  return { at, of };
}

/** The path as its stops read, one line a leg. */
export async function pathOf(simulator: Locator): Promise<string[]> {
  await answered(simulator);
  return linesOf(simulator.locator('.simulator-path .stops'));
}

/** Lines of stops as they read. */
export function linesOf(stops: Locator): Promise<string[]> {
  return stops.evaluateAll((lines) =>
    lines.map((line) =>
      [...line.querySelectorAll('.stop')]
        .map((stop) =>
          [...stop.querySelectorAll('.stop-name, .stop-note, .stop-number')]
            .map((part) => (part.textContent ?? '').replace(/^ ?rule /, '').trim())
            .join(' '),
        )
        .join(' ▸ '),
    ),
  );
}

/** Shows what a phone keeps folded. */
export async function unfold(simulator: Locator): Promise<void> {
  const folded = simulator.locator('.fold-button[aria-expanded="false"]:visible');
  while ((await folded.count()) > 0) await folded.first().click();
}

/** A field of the controls by its label. */
export function field(simulator: Locator, label: string): Locator {
  const named = { name: label, exact: true } as const;
  return simulator.getByRole('combobox', named).or(simulator.getByRole('textbox', named));
}

/** The addresses of everything that a page loads from now on. Chromium asks for the icon anew when the address changes. */
export function requestsOf(page: Page): string[] {
  const addresses: string[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/favicon.svg')) addresses.push(request.url());
  });
  return addresses;
}

/** The drawing of what was changed: it is made when it comes into sight. */
export async function drawingOf(simulator: Locator): Promise<Locator> {
  await simulator.locator('.redrawing').scrollIntoViewIfNeeded();
  const drawing = simulator.locator('.redrawn svg');
  await drawing.waitFor();
  return drawing;
}

/** The fragment of the link that a simulator copies. */
export async function copiedFragment(simulator: Locator): Promise<string> {
  const page = simulator.page();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await simulator.getByRole('button', { name: 'link', exact: true }).click();
  await simulator.getByText('Copied as link.').waitFor();
  return new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
}
