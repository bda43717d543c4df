/** A handbook of native nftables, built as a publisher builds one: no page tells of rules that its pods do not have. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import handbook from '../../handbook.config.ts';
import { checkLinks } from '../site/links.ts';
import { astro, type Copy, copyHandbook, runIn, setHandbook } from './copy.ts';

const options = { nativeNftables: true } as const;
let copy: Copy;
let dist: string;

beforeAll(() => {
  copy = copyHandbook('native');
  dist = join(copy.folder, 'dist');
  setHandbook(copy.folder, { ...handbook, options });
  runIn(copy.folder, 'test/docs/check.ts', '--update');
  runIn(copy.folder, astro, 'build');
}, 600_000);

afterAll(() => copy?.remove());

const read = (file: string): string => readFileSync(join(dist, file), 'utf8');
const types = readdirSync(join(import.meta.dirname, '../../content/traffic'))
  .filter((name) => name.endsWith('.mdx'))
  .map((name) => name.replace('.mdx', ''));

test.each(types)('%s goes by nft’s rules, in its words and in its trace', (type) => {
  const { path } = JSON.parse(read(`traffic/${type}/trace.json`)) as { path: string[] };
  const page = read(`traffic/${type}/index.md`);
  expect(page).toContain(path.join('\n'));
  expect(path.join(' ')).toContain(' inet istio-proxy-nat istio-');
  // What was published is of iptables, and is told to be so; a release without nft can be tried.
  const own = page
    .split(/^## /m)
    .filter((part) => !part.includes('The published path speaks of') && !part.startsWith('Try it'));
  expect(own.length).toBeGreaterThan(2);
  expect(own.flatMap((part) => part.match(/^.*\bISTIO_[A-Z_]+.*$/gm) ?? [])).toEqual([]);
});

test('has no link that leads nowhere', () => {
  expect(existsSync(join(dist, 'index.html'))).toBe(true);
  expect(checkLinks(dist, '/')).toEqual([]);
});
