/**
 * What comes over the wire for a page, as Chromium counts it: bytes as sent, packed, with the headers, and what
 * moves after it was first drawn.
 */
import { get } from 'node:http';
import type { Page } from 'playwright-core';
import type { Site } from './browser.ts';

export interface Sent {
  /** Below the base path. */
  readonly path: string;
  readonly bytes: number;
}

export interface WireVisit {
  readonly page: Page;
  /** All that was sent so far. */
  readonly sent: readonly Sent[];
  /** Cumulative layout shift so far, as Chromium reports it. */
  shift(): Promise<number>;
  close(): Promise<void>;
}

const kilobyte = 1000;

/**
 * Opens a page with an empty cache, as a phone with script, and counts from the first request on. Packed by gzip, as every
 * server can; `br` is what `npm start` sends to whoever takes it.
 */
export async function visitCounting(
  site: Site,
  path: string,
  encoding: 'gzip' | 'br' = 'gzip',
): Promise<WireVisit> {
  const context = await site.browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const sent: Sent[] = [];
  const addresses = new Map<string, string>();
  const open = new Set<string>();
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith(site.server.url)) open.add(requestId);
  });
  session.on('Network.loadingFailed', ({ requestId }) => open.delete(requestId));
  session.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, response.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId);
    open.delete(requestId);
    if (address?.startsWith(site.server.url)) {
      sent.push({ path: address.slice(site.server.url.length), bytes: encodedDataLength });
    }
  });
  // A worker's own file is in no session of the page: it is asked for once more, and weighed.
  context.on('requestfinished', async (request) => {
    if (!/worker/.test(request.url()) || !request.url().startsWith(site.server.url)) return;
    const place = sent.push({ path: request.url().slice(site.server.url.length), bytes: 0 }) - 1;
    const bytes = await weighed(request.url(), encoding);
    sent[place] = { path: request.url().slice(site.server.url.length), bytes };
  });
  await session.send('Network.enable');
  await session.send('Network.setExtraHTTPHeaders', { headers: { 'accept-encoding': encoding } });
  await page.addInitScript(() => {
    const shifts = window as unknown as { shift: number };
    shifts.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) shifts.shift += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  /** A page that is slow to run its scripts asks for more after the network was idle: waits for a while without a request. */
  const settled = async () => {
    const most = 60;
    for (let quiet = 0, round = 0; quiet < 4 && round < most; round++) {
      const before = sent.length;
      await page.waitForTimeout(100);
      quiet = open.size === 0 && sent.length === before ? quiet + 1 : 0;
    }
  };
  await page.goto(new URL(path, site.server.url).href, { waitUntil: 'networkidle' });
  await page.waitForFunction(() => document.readyState === 'complete');
  await settled();
  return {
    page,
    sent,
    shift: () => page.evaluate(() => (window as unknown as { shift: number }).shift),
    close: () => context.close(),
  };
}

/** What an answer weighs with its headers, packed. */
function weighed(address: string, encoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': encoding, connection: 'close' };
    get(address, { headers, agent: false }, (response) => {
      const { socket } = response;
      response.resume().on('end', () => resolve(socket.bytesRead));
    }).on('error', reject);
  });
}

export function kilobytes(sent: readonly Sent[]): number {
  return sent.reduce((sum, { bytes }) => sum + bytes, 0) / kilobyte;
}

/** Each file and its size, the largest first: what a budget that is overdrawn was spent on. */
export function bill(sent: readonly Sent[]): string {
  return [...sent]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ path, bytes }) => `${(bytes / kilobyte).toFixed(1).padStart(6)} kB  /${path}`)
    .join('\n');
}
