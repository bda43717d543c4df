/**
 * Writes the service worker, `offline.js`. Where `offline` is off in `handbook.config.ts` no page asks for it; who
 * has one from before is given one that takes itself and its caches away.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { withBase } from '../addresses/base.ts';
import { keptFiles } from './kept-files.ts';

export function offlineWorker(base: string, isOn: boolean): AstroIntegration {
  const root = withBase('/', base);
  return {
    name: 'offline-worker',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const text = isOn ? await worker(folder, root) : farewell(root);
        await writeFile(join(folder, 'offline.js'), text);
      },
    },
  };
}

async function worker(folder: string, root: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
    .sort();
  const kept = await keptFiles(names, (name) => readFile(join(folder, name), 'utf8'));
  const sum = createHash('sha256');
  for (const name of kept) sum.update(name).update(await readFile(join(folder, name)));
  const files = kept.map((name) => name.replace(/(^|\/)index\.html$/, '$1'));
  const known = { base: root, version: sum.digest('hex').slice(0, 12), files };
  const constants = Object.entries(known).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  // Astro bundles this file; the worker's own is found from the project's root.
  return `${constants.join('\n')}\n${await readFile('src/site/offline/worker.js', 'utf8')}`;
}

function farewell(root: string): string {
  return `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(${JSON.stringify(`sidetrack ${root} `)})) await caches.delete(name);
    await registration.unregister();
  })());
});
`;
}
