/**
 * Native nftables of every release: what Istio's own tests expect, and what the builder makes, are the same ruleset to the
 * kernel.
 */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type RulesOptions, rulesFor } from '../../src/istio/index.ts';
import { nativeCases } from '../istio/cases/native.ts';
import { seedOf } from '../long/seed.ts';
import { nativeDifference } from '../mesh/istio-iptables/compare-recorded.ts';
import { readRecording } from '../mesh/istio-iptables/recorded.ts';
import { Draw } from './draw.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';

/** What nft lists after each script, without counters: one process, a namespace for each. */
function listedAll(scripts: readonly string[]): readonly string[] {
  const one = (script: string) =>
    `unshare --net sh -c 'nft -f - && nft -s list ruleset' <<'END' 2>&1 || echo refused\n${script}END\necho =NEXT=`;
  const said = execFileSync('sh', ['-s'], { input: scripts.map(one).join('\n'), encoding: 'utf8' });
  return said.split('=NEXT=\n').slice(0, -1);
}

test.runIf(isLive)('the builder’s rules are those that Istio expects', () => {
  const cases = nativeCases();
  const lists = listedAll(
    cases.map(
      ({ release, options }) => rulesFor(release, { ...options, nativeNftables: true }).text.nft ?? '',
    ),
  );
  for (const [at, { release, name, listed }] of cases.entries())
    expect(lists[at], `${release} ${name}`).toBe(listed);
});

test.runIf(isLive)('nft takes what the builder makes, and refuses what it is said to refuse', () => {
  const tproxy = { inboundInterceptionMode: 'TPROXY', inboundPortsInclude: '' };
  const sets: readonly (readonly [string, RulesOptions])[] = ['1.27.0', '1.27.4', '1.28.0', '1.31'].flatMap(
    (release) =>
      [
        {},
        tproxy,
        { ...tproxy, enableIPv6: true },
        { redirectDNS: true, dnsServersV4: ['10.96.0.10'], dnsServersV6: ['fd00::10'], enableIPv6: true },
        {
          outboundIPRangesInclude: '10.0.0.0/8,fd00::/8',
          outboundIPRangesExclude: '10.1.0.0/16',
          enableIPv6: true,
        },
        { ownerGroupsInclude: '202,203', excludeInterfaces: 'net1', rerouteVirtualInterfaces: 'net2,net3' },
      ].map((options): readonly [string, RulesOptions] => [release, options]),
  );
  const made = sets.map(([release, options]) => rulesFor(release, { ...options, nativeNftables: true }));
  const lists = listedAll(made.map(({ text }) => text.nft ?? 'add rule inet none none accept\n'));
  for (const [at, { text }] of made.entries())
    expect(lists[at]?.includes('refused'), JSON.stringify(sets[at])).toBe(text.nft === null);
});

const seed = seedOf(process.env);
const share = 30;

test.runIf(isLive)(`the builder’s rules are those of Istio’s own program, seed ${seed}`, async () => {
  const { sets = [], releases = {} } = readRecording() ?? {};
  const draw = new Draw(seed);
  const asked = Object.entries(releases)
    .filter(([, { answers }]) => answers.some(({ nft }) => nft !== undefined))
    .flatMap(([release, { tag, answers }]) =>
      Array.from({ length: share }, () => {
        const at = draw.below(sets.length);
        return { of: `${release}, set ${at}`, tag, set: sets[at] ?? {}, said: answers[at]?.nft ?? null };
      }),
    );
  expect(asked.length).toBe(5 * share);
  for (const { of, tag, set, said } of asked) expect(await nativeDifference(tag, set, said), of).toBeNull();
});
