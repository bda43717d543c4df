/**
 * The test of the net: every claim on every page is altered in turn, and each must be caught, by page and line. What
 * stands in a passage for another setting is tried in a handbook of that setting.
 */
import { afterAll, expect, test } from 'vitest';
import { readPages } from './check.ts';
import { forgetHandbook, handbookWith, type Setting } from './handbook-with.ts';
import { type Mutation, mutationsOf } from './mutations.ts';

const pages = readPages();
const dns = { redirectDNS: true, dnsServersV4: ['10.96.0.53'] };
/** The handbook as it is, and then those in which the other passages hold. */
const settings: readonly Setting[] = [
  {},
  { options: { ...dns, inboundInterceptionMode: 'TPROXY' } },
  { options: { ...dns, nativeNftables: true } },
  { release: '1.10' },
  { release: '1.26' },
  { release: '1.30' },
];

afterAll(forgetHandbook);

test('every altered claim is caught at its page and line', async () => {
  const tried = new Map<string, Mutation['kind']>();
  const caught = new Set<string>();
  for (const setting of settings) {
    const { acceptPaths, checkBound } = await handbookWith(setting);
    for (const { file, source } of pages) {
      const accepted = acceptPaths(source);
      const places = new Map<string, number>();
      for (const mutation of mutationsOf(accepted)) {
        const { kind, line, from, to } = mutation;
        const what = `${file} ${kind}: ${from} -> ${to}`;
        places.set(what, (places.get(what) ?? 0) + 1);
        const key = `${what} (${places.get(what)})`;
        // A fence is another one in each setting: it is tried as the handbook is set.
        if (setting === settings[0]) tried.set(key, kind);
        if (!tried.has(key) || caught.has(key)) continue;
        const found = checkBound(file, mutation.source).filter((problem) => problem.line === line);
        if (found.some(({ message }) => message.startsWith(`${file}:${line}:`))) caught.add(key);
      }
    }
  }
  const kinds = [...new Set(tried.values())].map((kind) => {
    const keys = [...tried].filter(([, one]) => one === kind).map(([key]) => key);
    return `${kind} ${keys.filter((key) => caught.has(key)).length}/${keys.length}`;
  });
  console.log(`caught ${caught.size} of ${tried.size}: ${kinds.join(', ')}`);
  expect([...tried.keys()].filter((key) => !caught.has(key))).toEqual([]);
  expect(tried.size).toBeGreaterThan(500);
}, 600_000);
