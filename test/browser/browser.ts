/**
 * The finished site in a real browser. A visit fails its test on any error in the console, any error of a script
 * and any request that leaves for another host, whatever else the test looks at.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { pagePolicy } from '../../src/site/delivery/policy.ts';
import { launch } from '../../src/site/pdf/chromium.ts';
import { builtSite, configuredBase, type RunningServer, startServer } from '../../src/site/serve.ts';

export const phone = 390;
export const desktop = 1440;
/** The narrowest that WCAG asks for: 1280 pixels at 400 %. */
export const narrowest = 320;

/** By how many pixels a page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export interface VisitOptions {
  /** CSS pixels; a phone's when nothing is said. */
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** False: the page as it is without any script. */
  readonly script?: boolean;
  readonly reducedMotion?: boolean;
}

export interface Visit {
  readonly page: Page;
  /** What went wrong so far, one line each. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** The built site behind a server, and a browser with an empty profile. */
export class Site {
  readonly server: RunningServer;
  readonly browser: Browser;

  constructor(server: RunningServer, browser: Browser) {
    this.server = server;
    this.browser = browser;
  }

  /** `path` is below the base path: `traffic/one/`, or with a fragment. Waits until nothing more is loaded. */
  async visit(path: string, options: VisitOptions = {}): Promise<Visit> {
    const { width = phone, scheme = 'light', script = true, reducedMotion = true } = options;
    const context = await this.browser.newContext({
      viewport: { width, height: width < 800 ? 844 : 900 },
      colorScheme: scheme,
      javaScriptEnabled: script,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      // A phone's scroll bars take no room.
      isMobile: width < 800,
      hasTouch: width < 800,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    listen(context, page, new URL(this.server.url).origin, problems);
    await page.goto(new URL(path, this.server.url).href, { waitUntil: 'networkidle' });
    return { page, problems, close: () => context.close() };
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}

function listen(context: BrowserContext, page: Page, origin: string, problems: string[]): void {
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    const { url } = message.location();
    problems.push(`console: ${message.text()}${url ? ` (${url})` : ''}`);
  });
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('crash', () => problems.push('the page crashed'));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:', 'about:'].includes(url.protocol)) {
      problems.push(`request to another host: ${request.method()} ${url.href}`);
    }
  });
  context.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
}

/** What a publisher's server says. */
const headers = { 'content-security-policy': pagePolicy };
/** What that weighs in an answer; `npm start` says none of it. */
export const policyBytes = `content-security-policy: ${pagePolicy}\r\n`.length;

export async function openSite(dir = builtSite): Promise<Site> {
  const server = await startServer({ dir, base: configuredBase(), port: 0, headers });
  try {
    return new Site(server, await launch());
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Every page of the built site, below the base path: '' is the start. Addresses that lead elsewhere are none. */
export function builtPages(dir = builtSite): string[] {
  if (!existsSync(dir)) throw new Error(`There is no built site in ${dir}. Build it first: npm run build`);
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html'))
    .filter((file) => !readFileSync(join(dir, file), 'utf8').includes('http-equiv="refresh"'))
    .map((file) => file.replace(/(^|\/)index\.html$/, '$1'))
    .sort();
}
