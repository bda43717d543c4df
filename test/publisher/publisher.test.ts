/**
 * A customised handbook, from the copy to the server: built under a base path of its own, served by nginx as
 * `deploy/` has it, and opened in a browser.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawingPolicy, embedPolicy, pagePolicy } from '../../src/site/delivery/policy.ts';
import { launch } from '../../src/site/pdf/chromium.ts';
import { pageNumbers } from '../../src/site/pdf/page-numbers.ts';
import { promisedAddresses } from '../site/addresses.ts';
import { checkLinks } from '../site/links.ts';
import { runIn } from './copy.ts';
import { buildFork, committedOn, type Fork } from './fork.ts';
import { handbook } from './handbook.ts';
import { type RunningNginx, startNginx } from './nginx.ts';

let fork: Fork;
let nginx: RunningNginx;
let browser: Browser;

beforeAll(async () => {
  fork = buildFork();
  nginx = await startNginx(fork.dist, handbook.base);
  browser = await launch();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await nginx?.close();
  fork?.remove();
});

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${nginx.origin}${path}`, { redirect: 'manual', ...init });
const under = (path: string): string => `${handbook.base}${path}`;
const read = (file: string): string => readFileSync(join(fork.dist, file), 'utf8');

describe('the built handbook', () => {
  test('is the publisher’s', () => {
    const page = read('traffic/remote-to-local/index.html');
    const title = 'Mesh &lt;b&gt;handbook&lt;/b&gt; &amp; more';
    expect(page).toContain(`<title>What happens when a remote pod calls this pod? · ${title}</title>`);
    expect(page).toContain(`<span translate="no">${title}</span>`);
    expect(page.replaceAll(/="[^"]*"/g, '')).not.toContain('<b>handbook');
    expect(read('llms.txt')).toContain('# Mesh \\<b>handbook\\</b> & more\n');
    expect(page).toContain('<img src="/handbooks/mesh/logo.svg"');
    expect(page).toContain('Ask the mesh team');
    expect(page).toContain(`Last change <time datetime="${committedOn}">${committedOn}</time>`);
    expect(page).toContain('https://git.example.org/handbook/edit/main/content/traffic/remote-to-local.mdx');
    expect(page).toContain('href="https://docs.example.org/handbooks/mesh/traffic/remote-to-local/"');
    expect(page).toContain('10.60.7.21');
    expect(page).not.toContain('10.244.1.5');
  });

  test('speaks of its release', () => {
    const { path } = JSON.parse(read('traffic/local-to-remote/trace.json')) as { path: string[] };
    const page = read('traffic/local-to-remote/index.md');
    expect(page).toContain(path.join('\n'));
    expect(page).toContain('the rules of Istio 1.20');
  });

  test('has its own page, with a path that the engine has told', () => {
    expect(read('runbooks/our-own/index.md')).toContain('remote pod ▸ PREROUTING ▸ ISTIO_INBOUND 5');
    expect(read('llms.txt')).toContain('https://docs.example.org/handbooks/mesh/runbooks/our-own/index.md');
    expect(read('sitemap.xml')).toContain(
      '<loc>https://docs.example.org/handbooks/mesh/runbooks/our-own/</loc>',
    );
  });

  test('has a card for chats, and a preview that names it', () => {
    expect(read('index.html')).toContain(
      '<meta property="og:image" content="https://docs.example.org/handbooks/mesh/card.png">',
    );
    const card = readFileSync(join(fork.dist, 'card.png'));
    expect([card.readUInt32BE(16), card.readUInt32BE(20)]).toEqual([1200, 630]);
  });

  test('has the licences of what it is made of, and nothing that is never loaded', () => {
    const licences = read('licences.txt');
    for (const name of ['mermaid', 'preact', 'minisearch', 'yaml', 'astro', 'dompurify']) {
      expect(licences).toMatch(new RegExp(`^-{80}\n\n${name} [\\d.]+, `, 'm'));
    }
    expect(licences).toContain('SIL OPEN FONT LICENSE');
    expect(read('index.html')).toContain(`href="${under('licences.txt')}"`);
    const scripts = readdirSync(join(fork.dist, '_astro')).join('\n');
    for (const name of ['elk-', 'cytoscape', 'katex', 'flowDiagram']) expect(scripts).not.toContain(name);
    expect(scripts).toContain('sequenceDiagram-');
  });

  test('has no link that leads nowhere', () => {
    expect(checkLinks(fork.dist, handbook.base)).toEqual([]);
  });
});

describe('the book', () => {
  test('is printed by one command, with contents, page numbers, bookmarks and links', {
    timeout: 600_000,
  }, () => {
    const out = join(fork.folder, 'handbook.pdf');
    runIn(fork.folder, 'src/site/pdf/pdf.ts', '--out', out);
    const pdf = readFileSync(out, 'latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf).toContain('/StructTreeRoot');
    const numbers = pageNumbers(pdf);
    const pages = [...numbers].filter(([name]) => /^page-\d+$/.test(name)).map(([, number]) => number);
    expect(pages.length).toBeGreaterThan(60);
    // In the order of the contents, each on a page of its own.
    const ordered = [...numbers]
      .flatMap(([name, number]) => {
        const at = /^page-(\d+)$/.exec(name)?.[1];
        return at === undefined ? [] : [[Number(at), number] as const];
      })
      .sort(([a], [b]) => a - b)
      .map(([, number]) => number);
    expect(ordered).toEqual([...new Set(pages)].sort((a, b) => a - b));
    expect(pdf).toContain('/Title (Traffic types)');
    expect(pdf).toContain('/Title (What happens when a remote pod calls this pod?)');
    const linked = [...pdf.matchAll(/\/Dest \/([\w.~%#-]+)/g)].map(([, name = '']) => name);
    expect(linked.length).toBeGreaterThan(500);
    expect(linked.filter((name) => !numbers.has(name))).toEqual([]);
  });
});

describe('nginx, as deploy/ has it', () => {
  test('runs without privileges and cannot write, where that can be tried', () => {
    if (process.getuid?.() === 0) expect(nginx.isConfined).toBe(true);
    expect(nginx.said()).not.toMatch(/\[(?:warn|error|emerg)\]/);
  });

  test('answers every promised address', async () => {
    for (const address of promisedAddresses(handbook.release)) {
      const { status } = await get(under(address.slice(1)));
      expect([address, status]).toEqual([address, 200]);
    }
  });

  test.each([
    ['', 'text/html; charset=utf-8'],
    ['traffic/prometheus/', 'text/html; charset=utf-8'],
    ['traffic/prometheus/index.md', 'text/markdown; charset=utf-8'],
    ['traffic/prometheus/trace.json', 'application/json; charset=utf-8'],
    ['traffic/prometheus/trace.txt', 'text/plain; charset=utf-8'],
    ['traffic/prometheus/diagram.mmd', 'text/plain; charset=utf-8'],
    ['traffic/prometheus/diagram.svg', 'image/svg+xml; charset=utf-8'],
    ['sitemap.xml', 'application/xml; charset=utf-8'],
    ['first.js', 'text/javascript; charset=utf-8'],
  ])('says what %s is', async (path, type) => {
    const { status, headers } = await get(under(path));
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  test('sends its policies and nothing of itself', async () => {
    const page = await get(under('lab/'));
    expect(page.headers.get('content-security-policy')).toBe(pagePolicy);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('permissions-policy')).toContain('camera=()');
    expect(page.headers.get('server')).toBe('nginx');
    expect(page.headers.get('set-cookie')).toBeNull();
    const embedded = await get(under('embed/local-to-remote/'));
    expect(embedded.headers.get('content-security-policy')).toBe(embedPolicy);
    const drawing = await get(under('traffic/prometheus/diagram.svg'));
    expect(drawing.headers.get('content-security-policy')).toBe(drawingPolicy);
  });

  test('keeps for good what has its content in its name, and has the rest asked for again', async () => {
    const [style = ''] = /_astro\/[\w.-]+\.css/.exec(read('index.html')) ?? [];
    expect((await get(under(style))).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
    const page = await get(under('lab/'));
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await get(under('lab/'), { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect((await get(under('_astro/gone.css'))).headers.get('cache-control')).toBe('no-cache');
  });

  test('sends text packed', async () => {
    const packed = await get(under('traffic/prometheus/'), { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(Number(packed.headers.get('content-length'))).toBeGreaterThan(0);
    const plain = await get(under('traffic/prometheus/'), { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  test('leads from a folder without its slash to the page, whatever the proxy before it is called', async () => {
    const { status, headers } = await get(under('lab'));
    expect([status, headers.get('location')]).toEqual([301, under('lab/')]);
    expect((await get(handbook.base.replace(/\/$/, ''))).headers.get('location')).toBe(handbook.base);
  });

  test.each([under('nowhere/'), under('nowhere'), '/', '/nowhere', under('.git/config'), '/404.html'])(
    'has its own 404 page: %s',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-security-policy')).toBe(pagePolicy);
      if (path !== '/404.html') expect(await answer.text()).toContain('No page at this address');
    },
  );

  test('takes no writing', async () => {
    expect((await get(under(''), { method: 'POST' })).status).toBe(405);
  });
});

describe('in a browser', () => {
  const problems: string[] = [];

  async function open(path: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', ({ message }) => problems.push(`${page.url()}: ${message}`));
    context.on('request', (request) => {
      if (!request.url().startsWith(nginx.origin)) problems.push(`${page.url()}: asks ${request.url()}`);
    });
    await page.goto(`${nginx.origin}${under(path)}`, { waitUntil: 'networkidle' });
    return page;
  }

  test('its colours, its search and its simulator work below the base path', async () => {
    const page = await open('');
    const accent = await page.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue('--accent'),
    );
    expect(accent).toContain('#7a3300');
    await page.locator('[data-search-button]').click();
    await page.locator('dialog.search input').fill('checkout');
    await page.locator('.search-results a').first().click();
    await page.waitForURL(/\/handbooks\/mesh\/runbooks\/our-own\//);
    await page.goto(`${nginx.origin}${under('traffic/local-to-remote/')}`);
    await page.locator('.simulator').scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector('astro-island[ssr]') === null);
    expect(await page.locator('.simulator').textContent()).toContain('uid 2000');
    expect(problems.splice(0)).toEqual([]);
    await page.context().close();
  });

  test('a view is embedded in a page of another origin', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const frames = ['embed', 'traffic'].map(
      (part) => `<iframe src="${nginx.origin}${under(`${part}/local-to-remote/?scheme=dark`)}"></iframe>`,
    );
    const wiki = createServer((_, answer) =>
      answer.setHeader('content-type', 'text/html').end(frames.join('')),
    ).listen(0, '127.0.0.1');
    await once(wiki, 'listening');
    await page.goto(`http://127.0.0.1:${(wiki.address() as AddressInfo).port}/`);
    const [embedded, refused] = [page.frameLocator('iframe').first(), page.frameLocator('iframe').nth(1)];
    await embedded.locator('.diagram-frame svg').waitFor();
    expect(await embedded.locator('html').getAttribute('data-scheme')).toBe('dark');
    expect(await refused.locator('.site-header').count()).toBe(0);
    await context.close();
    wiki.close();
  });

  test('a page that has moved leads on, with its fragment', async () => {
    const page = await open('traffic/prometheus-merged/#v=1&scenario=prometheus-merged');
    await page.waitForURL(/\/handbooks\/mesh\/traffic\/prometheus\/#v=1&scenario=prometheus-merged/);
    await page.context().close();
  });
});

describe('without a network', () => {
  test('another page opens, and the search finds', async () => {
    const own = await startNginx(fork.dist, handbook.base);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    try {
      const page = await context.newPage();
      await page.goto(`${own.origin}${handbook.base}`);
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        while (navigator.serviceWorker.controller === null) await new Promise((done) => setTimeout(done, 50));
      });
      await own.close();

      await page.goto(`${own.origin}${under('traffic/local-to-remote/')}`);
      expect(await page.locator('h1').textContent()).toContain('calls a remote pod');
      await page.locator('.simulator').scrollIntoViewIfNeeded();
      await page.waitForFunction(() => document.querySelector('astro-island[ssr]') === null);
      await page.locator('[data-search-button]').click();
      await page.locator('dialog.search input').fill('checkout');
      await page.locator('.search-results a').first().click();
      await page.waitForURL(/\/runbooks\/our-own\//);
      await page.goto(`${own.origin}${under('nowhere/')}`);
      expect(await page.locator('h1').textContent()).toContain('No page at this address');
      const kept = await page.evaluate(async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return requests.flat().map(({ url }) => url);
      });
      expect(kept.filter((address) => !address.startsWith(`${own.origin}${handbook.base}`))).toEqual([]);
      expect(kept.filter((address) => address.includes('sequenceDiagram-'))).toHaveLength(1);
      expect(kept.filter((address) => address.includes('ganttDiagram-'))).toEqual([]);
    } finally {
      await context.close();
      await own.close();
    }
  });
});
