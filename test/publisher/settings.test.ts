/**
 * The handbook of other settings, from the edited `handbook.config.ts` and `npm run docs:update` to the pages in a
 * browser. The fifth setting, the handbook as it is, is what the other tests look at.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import handbook, { type Handbook } from '../../handbook.config.ts';
import { openSite } from '../browser/browser.ts';
import { brokenPromises, builtAddresses, promisedAddresses } from '../site/addresses.ts';
import { checkLinks } from '../site/links.ts';
import { astro, type Copy, copyHandbook, publishersEnvironment, runIn, setHandbook } from './copy.ts';

interface Expected {
  readonly name: string;
  readonly change: Partial<Handbook>;
  /** What stands on the page of a traffic type, in its Markdown: by the page, what is there and what is not. */
  readonly pages: Readonly<
    Record<string, { readonly says: readonly string[]; readonly not: readonly string[] }>
  >;
  readonly hasDnsPage: boolean;
}

const redirect = 'lets out whatever uid';
const tproxy = 'with TPROXY the proxy runs as root';

const settings: readonly Expected[] = [
  {
    name: 'Istio 1.10',
    change: { release: '1.10' },
    pages: {
      'local-to-remote': { says: ['[ISTIO_OUTPUT 9]', 'Istio 1.10'], not: ['Istio 1.30', 'and DNS'] },
      'remote-to-local': { says: ['[ISTIO_INBOUND 6]'], not: ['ISTIO_INBOUND 5]'] },
      'inside-envoy': { says: [redirect, 'ISTIO_OUTPUT 4'], not: [tproxy] },
    },
    hasDnsPage: false,
  },
  {
    name: 'Istio 1.17',
    change: { release: '1.17' },
    pages: {
      'local-to-remote': {
        says: ['[ISTIO_OUTPUT 9]', 'UDP leaves as it is'],
        not: ['Istio 1.30', 'and DNS'],
      },
      'remote-to-local': { says: ['[ISTIO_INBOUND 5]'], not: ['ISTIO_INBOUND 6]'] },
      'inside-envoy': { says: [redirect], not: [tproxy] },
    },
    hasDnsPage: false,
  },
  {
    name: 'DNS capture',
    change: { options: { redirectDNS: true, dnsServersV4: ['10.96.0.53'] } },
    pages: {
      'local-to-remote': {
        says: ['[ISTIO_OUTPUT 10]', 'and DNS', 'All other UDP leaves as it is', 'with redirectDNS'],
        not: ['[ISTIO_OUTPUT 9]'],
      },
      'inside-envoy': { says: [redirect], not: [tproxy] },
    },
    hasDnsPage: true,
  },
  {
    name: 'TPROXY',
    change: { options: { inboundInterceptionMode: 'TPROXY' } },
    pages: {
      'remote-to-local': {
        says: ['[mangle ISTIO_INBOUND 8]', 'It rewrites nothing', 'with inboundInterceptionMode TPROXY'],
        not: ['conntrack repeats the rewriting', 'with inboundInterceptionMode REDIRECT'],
      },
      'inside-envoy': { says: [tproxy, '[ISTIO_OUTPUT 3]'], not: [redirect] },
      'sidecar-to-istiod': {
        says: ['[ISTIO_OUTPUT 7]', 'all that has gid [1337]'],
        not: ['all that has uid [1337]'],
      },
    },
    hasDnsPage: false,
  },
];

const copies = new Map<string, Copy>();
const dnsPage = `---
title: Only where DNS is captured
where:
  option: redirectDNS=true
---

A publisher's page for one setting.
`;

/** The checks of all pages are on: `astro build` begins with them. */
async function build({ name, change }: Expected): Promise<void> {
  const copy = copies.get(name) as Copy;
  setHandbook(copy.folder, { ...handbook, ...change });
  writeFileSync(join(copy.folder, 'content/learn/only-dns.mdx'), dnsPage);
  runIn(copy.folder, 'test/docs/check.ts', '--update');
  const options = { cwd: copy.folder, env: publishersEnvironment(), maxBuffer: 64 << 20 };
  await promisify(execFile)(process.execPath, [astro, 'build'], options).catch((error) => {
    throw new Error(`the handbook of ${name} could not be built:\n${error.stdout}${error.stderr}`);
  });
}

beforeAll(async () => {
  // All copies are of one moment: who works on a page meanwhile does not change what is tested.
  for (const { name } of settings) copies.set(name, copyHandbook('setting'));
  // Two at a time: that is how many cores there are.
  const left = [...settings];
  const builder = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await build(next);
  };
  await Promise.all([builder(), builder()]);
}, 900_000);

afterAll(() => {
  for (const copy of copies.values()) copy.remove();
});

describe.each(settings)('a handbook of $name', ({ name, change, pages, hasDnsPage }) => {
  const dist = (): string => join(copies.get(name)?.folder ?? '', 'dist');
  const read = (file: string): string => readFileSync(join(dist(), file), 'utf8');

  test('has no link that leads nowhere, and no place that is not there', () => {
    expect(checkLinks(dist(), handbook.base)).toEqual([]);
  });

  test('has every address that this handbook has promised', () => {
    const broken = brokenPromises(builtAddresses(dist()), promisedAddresses(change.release));
    expect(broken.filter((line) => line.includes('is gone'))).toEqual([]);
  });

  test.each(Object.entries(pages))(
    'says on the page of %s what holds there, and only that',
    (page, expected) => {
      const text = read(`traffic/${page}/index.md`).replace(/\s+/g, ' ');
      const html = read(`traffic/${page}/index.html`).replace(/\s+/g, ' ');
      for (const words of expected.says) expect(text).toContain(words);
      for (const words of expected.not) expect(text).not.toContain(words);
      expect(html).not.toContain('<Where');
      expect(html).not.toContain('claim-problem');
    },
  );

  test('has the page that is for one setting there and nowhere else', () => {
    expect(existsSync(join(dist(), 'learn/only-dns/index.html'))).toBe(hasDnsPage);
    expect(read('llms.txt').includes('learn/only-dns')).toBe(hasDnsPage);
    expect(read('learn/index.html').includes('learn/only-dns')).toBe(hasDnsPage);
    if (hasDnsPage)
      expect(read('learn/only-dns/index.md')).toContain('This page holds only with redirectDNS');
  });

  test('loads without a word of complaint', async () => {
    const site = await openSite(dist());
    try {
      for (const path of [
        '',
        'lab/',
        'learn/packet-path/',
        'options/mode/',
        'reference/rules/',
        'reference/ports/',
        'traffic/remote-to-local/',
        'traffic/local-to-local/',
        'traffic/inside-envoy/',
      ]) {
        const visit = await site.visit(path);
        expect(visit.problems, path).toEqual([]);
        await visit.close();
      }
    } finally {
      await site.close();
    }
  });
});
