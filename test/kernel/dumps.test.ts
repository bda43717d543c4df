/**
 * What the kernel saves of dumps in the manner of the tools that program nodes is what stands beside them, and of
 * what Istio's own tests expect, what is printed again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDumps, parseRuleset, printRuleset } from '../../src/netfilter/index.ts';
import { readCases, textOf } from '../istio/cases/form.ts';
import { backends, dumps, savedByKernel } from '../netfilter/iptables/dumps/load.ts';
import { missing, modeOf } from './recording.ts';

const mode = modeOf(process.env, missing);

describe.skipIf(mode === 'recorded').each(dumps.map((dump) => [dump.name, dump] as const))(
  '%s',
  (_, { family, rules, recorded }) => {
    test.each(backends)('saved by %s', (backend) => {
      const saved = savedByKernel(rules, family, backend);
      if (mode === 'record') writeFileSync(recorded(backend), saved);
      expect(saved).toBe(readFileSync(recorded(backend), 'utf8'));
    });
  },
);

const cases = ['newest', 'ambient'].flatMap((file) =>
  readCases(readFileSync(new URL(`../istio/cases/${file}.rules`, import.meta.url), 'utf8')),
);

/**
 * As Istio's tools print them. But for those of its CNI plugin they name the two tools first, which a reader takes for
 * the beginning of a dump.
 */
const printed = [...new Set(cases.map(({ name }) => name))].map((name) => {
  const text = textOf(cases.filter((one) => one.name === name));
  return [name, name.startsWith('cni-plugin/') ? text : `iptables-save\nip6tables-save\n${text}`] as const;
});

describe.skipIf(mode === 'recorded')('what Istio prints', () => {
  test('is here: of its sidecar rules, its CNI plugin and ambient mode', () => {
    expect(printed).toHaveLength(21 + 7 + 12);
  });

  test.each(printed)('%s', (name, text) => {
    let loaded = 0;
    // the image of Istio knows these groups by name, this machine does not
    const named = text.replaceAll(' java ', ' 4001 ').replaceAll(' ftp ', ' 4002 ');
    for (const family of ['v4', 'v6'] as const) {
      // a file without any address of IPv6 may be named for it
      const ruleset = name.includes('ipv6')
        ? (parseDumps(named)[family] ?? parseRuleset(named, family).ruleset)
        : parseDumps(named)[family];
      if (ruleset === undefined) continue;
      // a file holds what one family, or both, are given; what a family cannot take is the other one's
      const restored = printRuleset(ruleset);
      for (const backend of backends) {
        let saved: string;
        try {
          saved = savedByKernel(restored, family, backend);
        } catch {
          continue;
        }
        const again = parseRuleset(saved, family);
        loaded += 1;
        expect(again.problems, `${name} ${family} ${backend}`).toEqual([]);
        expect(printRuleset(again.ruleset), `${name} ${family} ${backend}`).toBe(saved);
      }
    }
    expect(loaded, 'both back ends take it, in one family at least').toBeGreaterThanOrEqual(
      // a set has to be there before a rule names it
      named.includes('--match-set') ? 0 : 2,
    );
  });
});
