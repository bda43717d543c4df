/**
 * Where the kernel takes a target: each is put into every base chain of every table, by both back ends, and the engine's
 * extension names just those that took it. The rule is the first that `forms.txt` has of it.
 */
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { builtInChains, onlyTableOf, tableNames, targetExtensions } from '../../src/netfilter/index.ts';
import { openKernel } from './kernel.ts';
import { usualPod } from './pod-plan.ts';

const kernel = openKernel('places');
afterAll(() => kernel.end());

const forms = readFileSync(new URL('../netfilter/iptables/forms/forms.txt', import.meta.url), 'utf8').split(
  '\n',
);
const places = tableNames.flatMap((table) => builtInChains[table].map((hook) => ({ table, hook })));

/** Those that are not asked about, and why. */
const without: Readonly<Record<string, string>> = {
  ACCEPT: 'a verdict',
  DROP: 'a verdict, which iptables, not the kernel, refuses in nat',
  RETURN: 'a verdict',
  QUEUE: 'a kernel before 3.5 would be needed',
  SECMARK: 'a label that SELinux knows would be needed',
};

/** Only one option of TCPMSS is held to hooks, by xt_TCPMSS.c itself. */
const heldByOption = '--clamp-mss-to-pmtu';

const rules = targetExtensions.flatMap(({ name }) => {
  if (Object.hasOwn(without, name)) return [];
  const isOf = new RegExp(`^\\d+ \\w+ \\w+ .*-j ${name}(?: |$)`);
  const form = forms.find((line) => isOf.test(line) && !line.includes(heldByOption));
  const [, family, rule = ''] = /^(\d)6? \w+ \w+ (.*)$/.exec(form ?? '') ?? [];
  return form === undefined ? [] : [{ name, program: family === '6' ? 'ip6tables' : 'iptables', rule }];
});

const sets = { s: { type: 'hash:ip', members: [] } } as const;

test('each target is asked about, or it is said why not', () => {
  const asked = new Set(rules.map(({ name }) => name));
  const others = targetExtensions.map(({ name }) => name).filter((name) => !asked.has(name));
  expect(others.sort()).toEqual(Object.keys(without).sort());
});

test('the kernel takes each where the engine says', async () => {
  const plan = { ...usualPod, sets };
  const said = await kernel.answer('places', { plan, rules, places }, async (pod, backend) => {
    await pod.flush();
    const lines = rules.flatMap(({ name, program, rule }) =>
      places.map(
        ({ table, hook }) =>
          `${program}-${backend} -w -t ${table} -A ${hook} ${rule} 2>/dev/null && echo ${program} ${name} ${table} ${hook}`,
      ),
    );
    const said = await pod.root.run('sh', ['-s'], `${lines.join('\n')}\ntrue\n`);
    await pod.flush();
    return said.trim().split('\n').sort();
  });
  const expected = rules.flatMap(({ name, program }) => {
    const { tables, hooks } = targetExtensions.find((one) => one.name === name) ?? {};
    return places
      .filter(({ table, hook }) => (tables?.includes(table) ?? true) && (hooks?.includes(hook) ?? true))
      .map(({ table, hook }) => `${program} ${name} ${table} ${hook}`);
  });
  // The one that iptables-nft makes of something else: nft's own trace, which every table has.
  const ofBoth = said.nft.filter((line) => !line.includes(' TRACE '));
  expect(said.legacy.filter((line) => line.includes(' TRACE '))).toHaveLength(builtInChains.raw.length);
  expect(said.legacy.filter((line) => !line.includes(' TRACE '))).toEqual(ofBoth);
  expect(said.nft).toEqual(expected.sort());
});

test('what one table alone takes tells the table', () => {
  expect(['ECN', 'CHECKSUM', 'TCPOPTSTRIP'].map(onlyTableOf)).toEqual(['mangle', 'mangle', 'mangle']);
  expect(['MARK', 'SECMARK', 'TRACE', 'constructor', ''].map(onlyTableOf)).toEqual(Array(5).fill(undefined));
});
