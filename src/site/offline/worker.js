/*
 * The service worker: a handbook that was opened once can be read without a network. Before this file the build
 * writes `base`, `version` and `files`, which is all that it needs to know.
 *
 * A page is asked for from the network first, so that nobody reads an old one who can have a new one. What has its
 * content in its name is taken from the cache. What is not the handbook's is left alone.
 */
/* global base, version, files */
const cacheName = `sidetrack ${base} ${version}`;

addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || !pathname.startsWith(base)) return;
  event.respondWith(pathname.startsWith(`${base}_astro/`) ? cacheFirst(request) : networkFirst(request));
});

async function keep() {
  const cache = await caches.open(cacheName);
  await cache.addAll(files.map((file) => new Request(base + file, { cache: 'no-cache' })));
}

/** Older versions of this handbook; another one under another base path has caches of its own. */
async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(`sidetrack ${base} `) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function cacheFirst(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function networkFirst(request) {
  const cache = await caches.open(cacheName);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === 'basic' && !answer.redirected) {
      await cache.put(withoutQuery(request), answer.clone());
    }
    return answer;
  } catch (error) {
    // The search asks with a query, so as not to be given an old index.
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept !== undefined) return kept;
    const noPage = request.mode === 'navigate' ? await cache.match(`${base}404.html`) : undefined;
    if (noPage === undefined) throw error;
    return noPage;
  }
}

function withoutQuery({ url }) {
  return url.split(/[?#]/)[0];
}
