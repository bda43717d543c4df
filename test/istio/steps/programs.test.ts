/**
 * `rulesFor` against what Istio's own istio-iptables put into the kernel, as it was recorded: a share of every release,
 * by the seed of the day. `npm run test:long istio-iptables` compares the whole.
 */
import { describe, expect, test } from 'vitest';
import { rulesFor } from '../../../src/istio/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { seedOf } from '../../long/seed.ts';
import type { Listed } from '../../mesh/istio-iptables/ask.ts';
import { differenceOf } from '../../mesh/istio-iptables/compare.ts';
import type { OptionSet } from '../../mesh/istio-iptables/option-sets.ts';
import { readRecording } from '../../mesh/istio-iptables/recorded.ts';

const recording = readRecording();
const sets: readonly OptionSet[] = recording?.sets ?? [];
const releases = Object.entries(recording?.releases ?? {});
const share = 20;
const seed = seedOf(process.env);

test('what is recorded: releases, options, and native nftables where the release has them', () => {
  expect(releases.map(([release]) => release)).toEqual(
    expect.arrayContaining(['1.10', '1.20', '1.24', '1.27', '1.28', '1.29', '1.30', '1.31']),
  );
  for (const [release, { answers }] of releases) {
    expect(answers, release).toHaveLength(sets.length);
    expect(answers.filter(({ said }) => said === null).length, release).toBeLessThan(sets.length / 4);
    const withNft = answers.filter(({ nft }) => typeof nft === 'string').length;
    expect(withNft > 0, release).toBe(Number(release.slice(2)) >= 27);
  }
  const count = (has: (set: OptionSet) => boolean): number => sets.filter(has).length;
  expect(count(({ enableIPv6 }) => enableIPv6 === true)).toBeGreaterThan(20);
  expect(count(({ inboundInterceptionMode }) => inboundInterceptionMode === 'TPROXY')).toBeGreaterThan(10);
  expect(
    count(({ redirectDNS, captureAllDNS }) => redirectDNS === true && captureAllDNS !== true),
  ).toBeGreaterThan(10);
  for (const name of [
    'captureAllDNS',
    'dnsServersV4',
    'dnsServersV6',
    'dropInvalid',
    'excludeInterfaces',
    'hostIPv4LoopbackCidr',
    'inboundPortsExclude',
    'inboundPortsInclude',
    'outboundIPRangesExclude',
    'outboundIPRangesInclude',
    'outboundPortsExclude',
    'outboundPortsInclude',
    'ownerGroupsExclude',
    'ownerGroupsInclude',
    'proxyGID',
    'proxyUID',
    'rerouteVirtualInterfaces',
  ] as const)
    expect(
      count((set) => set[name] !== undefined),
      name,
    ).toBeGreaterThan(5);
});

describe.each(releases)('%s', (_, { tag, answers }) => {
  test(`a share of its answers, seed ${seed}`, () => {
    const draw = new Draw(seed, answers.length);
    for (let times = 0; times < share; times++) {
      const number = draw.below(sets.length);
      const set = sets[number] as OptionSet;
      const wrong = differenceOf(tag, set, answers[number]?.said ?? null);
      expect(wrong, `${tag}, set ${number}: ${JSON.stringify(set)}`).toBeNull();
    }
  });
});

describe('a mistake is seen', () => {
  const newest = releases.at(-1)?.[1];
  const taken = sets.flatMap((set, at) => {
    const said = newest?.answers[at]?.said ?? null;
    const isRefused = rulesFor('1.31', set).problems.some(({ severity }) => severity === 'error');
    return said === null || isRefused || set.enableIPv6 !== true ? [] : [{ set, said }];
  });
  const mistakes: Readonly<Record<string, (listed: Listed) => Listed>> = {
    'a rule too few': (listed) => ({ ...listed, v4: listed.v4.replace(/-A ISTIO_OUTPUT .*\n/, '') }),
    'a rule twice': (listed) => ({ ...listed, v6: listed.v6.replace(/(-A ISTIO_OUTPUT .*\n)/, '$1$1') }),
    'another order': (listed) => ({
      ...listed,
      v4: listed.v4.replace(/(-A ISTIO_OUTPUT -s .*\n)(-A ISTIO_OUTPUT .*\n)/, '$2$1'),
    }),
    'another port': (listed) => ({ ...listed, v4: listed.v4.replace(/--to-ports \d+/, '--to-ports 1') }),
    'another address': (listed) => ({ ...listed, routing: listed.routing.replace('::6/128', '::7/128') }),
    'a chain too many': (listed) => ({
      ...listed,
      v4: `${listed.v4.replace('COMMIT', ':ISTIO_NEW -\nCOMMIT')}`,
    }),
  };

  test.each(Object.keys(mistakes))('%s', (name) => {
    expect(taken.length).toBeGreaterThan(10);
    for (const { set, said } of taken) {
      const altered = (mistakes[name] as (listed: Listed) => Listed)(said);
      expect(altered).not.toEqual(said);
      expect(differenceOf(newest?.tag ?? '', set, altered)).not.toBeNull();
    }
  });

  test('a refusal that is none', () => {
    for (const { set } of taken) expect(differenceOf(newest?.tag ?? '', set, null)).not.toBeNull();
  });
});
