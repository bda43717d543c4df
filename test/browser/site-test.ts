/**
 * `test` for the browser: `visit` opens a page, and what went wrong on it fails the test when it is over.
 *
 *     test('…', async ({ visit }) => {
 *       const page = await visit('traffic/one/', { width: desktop, scheme: 'dark' });
 *     });
 */
import type { Page } from 'playwright-core';
import { test as plainTest } from 'vitest';
import { openSite, type Site, type Visit, type VisitOptions } from './browser.ts';

interface Fixtures {
  site: Site;
  visit: (path: string, options?: VisitOptions) => Promise<Page>;
}

export const test = plainTest.extend<Fixtures>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs from this pattern
    async ({}, use) => {
      const site = await openSite();
      await use(site);
      await site.close();
    },
    { scope: 'file' },
  ],
  visit: async ({ site }, use) => {
    const visits: Visit[] = [];
    await use(async (path, options) => {
      const visit = await site.visit(path, options);
      visits.push(visit);
      return visit.page;
    });
    const problems = visits.flatMap((visit) =>
      visit.problems.map((problem) => `${visit.page.url()}: ${problem}`),
    );
    for (const visit of visits) await visit.close();
    if (problems.length > 0) throw new Error(`The page did not load cleanly:\n${problems.join('\n')}`);
  },
});
