/** What the kernel saved of dumps in the manner of each tool is printed as it was read, and so are 50,000 rules. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { longestText, parseDumps, parseRuleset, printRuleset } from '../../../src/netfilter/index.ts';
import { problemWords } from '../../../src/words/index.ts';
import { backends, dumps } from './dumps/load.ts';

const rulesIn = (text: string) => text.split('\n').filter((line) => line.startsWith('-A ')).length;

test.each(['calico', 'cilium', 'docker', 'fail2ban', 'flannel', 'kube-proxy', 'tailscale'])(
  'there is a dump in the manner of %s',
  (tool) => expect(dumps.some(({ name }) => name.startsWith(tool))).toBe(true),
);

describe.each(dumps.map((dump) => [dump.name, dump] as const))('%s', (_, { family, rules, recorded }) => {
  test.each(backends)('saved by %s', (backend) => {
    const saved = readFileSync(recorded(backend), 'utf8');
    const { ruleset, problems } = parseRuleset(saved, family);
    expect(problems).toEqual([]);
    expect(printRuleset(ruleset)).toBe(saved);
    expect(rulesIn(saved)).toBe(rulesIn(rules));
  });
});

/** In kube-proxy's manner: services, each with two endpoints. */
function manyRules(count: number): string {
  const chains: string[] = [];
  const services: string[] = [];
  const lines: string[] = [];
  for (let at = 0; services.length + lines.length < count; at++) {
    const id = at.toString(36).toUpperCase().padStart(8, '0');
    const service = `10.96.${(at >> 8) & 255}.${at & 255}/32`;
    const note = `-m comment --comment "ns-${at % 40}/service-${at}:http"`;
    chains.push(`:KUBE-SVC-${id} - [0:0]`, `:KUBE-SEP-${id}A - [0:0]`, `:KUBE-SEP-${id}B - [0:0]`);
    services.push(
      `-A KUBE-SERVICES -d ${service} -p tcp ${note} -m tcp --dport ${1 + (at % 65534)} -j KUBE-SVC-${id}`,
    );
    lines.push(
      `-A KUBE-SVC-${id} ! -s 10.244.0.0/16 -d ${service} -p tcp ${note} -j MARK --set-xmark 0x4000/0x4000`,
      `-A KUBE-SVC-${id} ${note} -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-${id}A`,
      `-A KUBE-SVC-${id} ${note} -j KUBE-SEP-${id}B`,
      `-A KUBE-SEP-${id}A -p tcp ${note} -m tcp -j DNAT --to-destination 10.244.1.${1 + (at % 250)}:8080`,
      `-A KUBE-SEP-${id}B -p tcp ${note} -m tcp -j DNAT --to-destination 10.244.2.${1 + (at % 250)}:8080`,
    );
  }
  const head = ['*nat', ':PREROUTING ACCEPT [0:0]', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]'];
  const first = [
    ':POSTROUTING ACCEPT [0:0]',
    ':KUBE-SERVICES - [0:0]',
    ...chains,
    '-A PREROUTING -j KUBE-SERVICES',
  ];
  return [...head, ...first, ...services, ...lines, 'COMMIT', ''].join('\n');
}

test('50,000 rules', () => {
  const text = manyRules(50_000);
  const { ruleset, problems } = parseRuleset(text, 'v4');
  expect(problems).toEqual([]);
  expect(rulesIn(text)).toBeGreaterThan(50_000);
  expect(printRuleset(ruleset) === text).toBe(true);
}, 60_000);

test('100 MB are refused whole, with the limit named', () => {
  const text = '-A INPUT -j ACCEPT\n'.repeat(Math.ceil((100 * 1024 * 1024) / 19));
  for (const { problems } of [parseRuleset(text), parseDumps(text)])
    expect(problems.map(problemWords)).toMatchObject([
      { found: 'a text of 101 MB', expected: `at most ${longestText / 1024 / 1024} MB` },
    ]);
});
