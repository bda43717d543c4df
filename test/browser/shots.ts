/**
 * Pictures of every page for looking at: phone and desktop, light and dark, and without script.
 *
 *     node test/browser/shots.ts <folder> [page below the base path …]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { builtPages, desktop, openSite, phone, type VisitOptions } from './browser.ts';

const [folder, ...asked] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Say where the pictures go: node test/browser/shots.ts <folder> [page …]');
  process.exit(2);
}

const views: readonly (readonly [name: string, options: VisitOptions])[] = [
  ...[phone, desktop].flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => [`${width}-${scheme}`, { width, scheme }] as const),
  ),
  ['390-no-script', { width: phone, script: false }],
  ['1440-no-script', { width: desktop, script: false }],
];

mkdirSync(folder, { recursive: true });
const site = await openSite();
try {
  for (const path of asked.length > 0 ? asked : builtPages()) {
    const name = path.replace(/\/$|\.html$/, '').replaceAll('/', '-') || 'index';
    for (const [view, options] of views) {
      const { page, problems, close } = await site.visit(path, options);
      await page.screenshot({ path: join(folder, `${name}.${view}.png`), fullPage: true });
      await close();
      for (const problem of problems) console.error(`/${path} ${view}: ${problem}`);
    }
    console.log(`/${path}`);
  }
} finally {
  await site.close();
}
