/** The Chromium of this machine, for whatever needs a browser that nobody sees. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The first one that is there: `CHROMIUM`, the system's, Playwright's own. */
export function chromiumPath(): string | undefined {
  const { CHROMIUM } = process.env;
  if (CHROMIUM !== undefined && CHROMIUM !== '') return CHROMIUM;
  const usual = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const places = [
    ...usual.map((name) => `/usr/bin/${name}`),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    chromium.executablePath(),
  ];
  return places.find((path) => path !== '' && existsSync(path));
}

/** With nothing asked of others, and nothing shown. */
export const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

export async function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium was found. Install one (apt-get install chromium, or npx playwright-core install chromium), or set CHROMIUM to its path.',
    );
  }
  return chromium.launch({
    executablePath,
    headless: true,
    args: [...launchArguments],
  });
}
