/** The fixes that the lab gives for native rules, done in a real kernel: they lead to Istio's own rules. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inspectRules } from '../../src/handbook/lab/index.ts';
import { type RulesOptions, rulesFor } from '../../src/istio/index.ts';
import { findingWords } from '../../src/words/index.ts';
import { seedOf } from '../long/seed.ts';
import { Draw } from './draw.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';
const seed = seedOf(process.env);

const table = 'inet istio-proxy-nat';
const sets: readonly RulesOptions[] = [
  {},
  { enableIPv6: true, outboundPortsExclude: '3306,6379' },
  { redirectDNS: true, dnsServersV4: ['10.96.0.10'], inboundInterceptionMode: 'TPROXY' },
];

/** Commands in a namespace of its own with Istio's rules in it; what nft lists at the end. */
function listed(rules: string, commands: readonly string[], how: string): string {
  const script = `nft -f - <<'END' || exit 1\n${rules}END\n${commands.join(' || exit 1\n')}\nnft ${how} list ruleset\n`;
  return execFileSync('unshare', ['--net', 'sh', '-s'], { input: script, encoding: 'utf8' });
}

/** What somebody may have done to a chain of at least three rules. */
function damage(draw: Draw, handles: readonly string[], chain: string): readonly string[] {
  const one = draw.pick(handles);
  const at = draw.below(handles.length);
  const strange = draw.pick([
    'tcp dport 443 accept',
    'ip daddr 10.9.8.7 counter drop',
    'udp dport 5353 return',
  ]);
  return draw.pick([
    [`nft delete rule ${table} ${chain} handle ${one}`],
    [`nft insert rule ${table} ${chain} index ${at} ${strange}`],
    [`nft add rule ${table} ${chain} ${strange}`],
    [`nft delete rule ${table} ${chain} handle ${one}`, `nft add rule ${table} ${chain} ${strange}`],
    [
      `nft delete rule ${table} ${chain} handle ${one}`,
      `nft insert rule ${table} ${chain} index ${Math.max(0, handles.length - 2)} ${strange}`,
    ],
  ]);
}

test.runIf(isLive)(`a broken pod is fixed by what is said of it, seed ${seed}`, () => {
  const draw = new Draw(seed);
  const done = new Set<string>();
  let restored = 0;
  for (let round = 0; round < 24; round++) {
    const release = draw.pick(['1.27', '1.28', '1.31']);
    const options = draw.pick(sets);
    const rules = rulesFor(release, { ...options, nativeNftables: true }).text.nft ?? '';
    const whole = listed(rules, [], '-s');
    const numbered = listed(rules, [], '-a -s');
    const chain = draw.pick(['istio-output', 'istio-inbound']);
    const body = new RegExp(`chain ${chain} \\{[^}]*\\}`).exec(numbered)?.[0] ?? '';
    const handles = [...body.matchAll(/\t\t.*# handle (\d+)$/gm)].flatMap(([, handle]) => handle ?? []);
    if (handles.length < 3) continue;
    const broken = damage(draw, handles, chain);
    const { inspection } = inspectRules(listed(rules, broken, '-a'));
    const fixes = inspection.findings.flatMap((finding) =>
      findingWords(finding).fix.flatMap((part) =>
        typeof part !== 'string' && /^nft (?:insert|add|delete) /.test(part.code) ? [part.code] : [],
      ),
    );
    for (const { id } of inspection.findings) done.add(id);
    if (fixes.length === 0) continue;
    const about = `${release} ${JSON.stringify(options)}\n${broken.join('\n')}\n--\n${fixes.join('\n')}`;
    const after = listed(rules, [...broken, ...fixes], '-s');
    const [told] = inspectRules(after).inspection.identified;
    expect({ missing: told?.missing, foreign: told?.foreign }, about).toEqual({ missing: 0, foreign: 0 });
    // A rule that is gone may be one that an option leaves out; else it is the pod as it was.
    const [origin, was] = [told?.options, inspectRules(whole).inspection.identified[0]?.options];
    if (JSON.stringify(origin) !== JSON.stringify(was)) continue;
    expect(after, about).toBe(whole);
    restored++;
  }
  expect(restored).toBeGreaterThan(6);
  expect([...done]).toEqual(expect.arrayContaining(['nft.rule-missing', 'nft.rule-foreign']));
});
