/** What of a text stays where: nothing on disk, but locked and on wish; Back and a reload bring it again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';
import { storageKeys } from '../../src/site/browser-storage.ts';
import { chromiumPath, launchArguments } from '../../src/site/pdf/chromium.ts';
import { test } from './site-test.ts';

const name = 'ONLY_HERE_7F3A';
const text = `*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:${name} - [0:0]\n-A OUTPUT -j ${name}\nCOMMIT\n`;

const profiles: string[] = [];
afterEach(() => {
  for (const profile of profiles.splice(0)) rmSync(profile, { recursive: true, force: true });
});

/** A browser with a profile on disk, as a reader has one. */
async function browserWithProfile(): Promise<{ readonly profile: string; readonly context: BrowserContext }> {
  const profile = mkdtempSync(join(tmpdir(), 'sidetrack-profile-'));
  profiles.push(profile);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath() ?? '',
    args: [...launchArguments],
    // A reader's browser keeps a page in memory when another is opened.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  return { profile, context };
}

async function labIn(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}lab/`, { waitUntil: 'networkidle' });
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  return page;
}

async function paste(page: Page): Promise<void> {
  await page.locator('#lab-text').fill(text);
  await page.locator('.lab-summary').waitFor();
}

/** In which files of a profile something stands, in the encodings in which a browser writes. */
function filesWith(profile: string, wanted: string): readonly string[] {
  return readdirSync(profile, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const path = join(profile, file);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    const bytes = readFileSync(path);
    return (['utf8', 'utf16le'] as const).some((encoding) => bytes.includes(Buffer.from(wanted, encoding)));
  });
}

test('nothing is on disk where nothing was to be kept, and Back brings the text again', async ({ site }) => {
  const { profile, context } = await browserWithProfile();
  const page = await labIn(context, site.server.url);
  await paste(page);
  await page.goto(`${site.server.url}runbooks/`, { waitUntil: 'networkidle' });
  await page.goBack({ waitUntil: 'commit' });
  await expect.poll(() => page.locator('#lab-text').inputValue()).toBe(text);
  await page.reload({ waitUntil: 'networkidle' });
  expect(await page.locator('#lab-text').inputValue()).toBe('');
  await context.close();
  expect(filesWith(profile, name)).toEqual([]);
});

test('what is kept outlives a reload; after Clear nobody can read it from the disk', async ({ site }) => {
  const { profile, context } = await browserWithProfile();
  const page = await labIn(context, site.server.url);
  await page.getByLabel('Keep in this tab').check();
  await paste(page);
  await page.reload({ waitUntil: 'networkidle' });
  await page.locator('.lab-summary').waitFor();
  expect(await page.locator('#lab-text').inputValue()).toBe(text);
  expect(await page.getByLabel('Keep in this tab').isChecked()).toBe(true);
  const kept = await page.evaluate((key) => sessionStorage.getItem(key), storageKeys.labText);
  const lock = await page.evaluate(() => window.name);
  expect(kept?.length).toBeGreaterThan(text.length);
  expect(lock.length).toBeGreaterThan(text.length);
  // The browser writes to disk after some seconds.
  await page.waitForTimeout(6000);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  expect(await page.evaluate(() => [window.name, sessionStorage.length])).toEqual(['', 0]);
  await page.reload({ waitUntil: 'networkidle' });
  expect(await page.locator('#lab-text').inputValue()).toBe('');
  await context.close();
  expect(filesWith(profile, name)).toEqual([]);
  expect(filesWith(profile, lock.slice(15, 63))).toEqual([]);
  // That this looks in the right place: what is locked stays in the log of the browser.
  expect(filesWith(profile, kept?.slice(0, 48) ?? '').join()).toContain('Session Storage');
});

test('turned off, it is forgotten, and the text stays in the page', async ({ visit }) => {
  const page = await visit('lab/');
  await page.locator('astro-island:not([ssr]) .lab').waitFor();
  await paste(page);
  await page.getByLabel('Keep in this tab').check();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(1);
  await page.getByLabel('Keep in this tab').uncheck();
  expect(await page.evaluate(() => [window.name, sessionStorage.length])).toEqual(['', 0]);
  expect(await page.locator('#lab-text').inputValue()).toBe(text);
});
