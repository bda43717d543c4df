/**
 * Ambient mode in every release: what Istio's own tests expect, and what the builder makes, are the same ruleset to the
 * kernel, in a pod and on its node.
 */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type AmbientOptions, ambientRulesFor } from '../../src/istio/index.ts';
import { ambientCases } from '../istio/cases/ambient-expected.ts';
import { missing, modeOf } from './recording.ts';

const isLive = modeOf(process.env, missing) !== 'recorded';

/** Text that a program reads from its input. */
const given = (program: string, text: string): string => `${program} <<'END'\n${text}END`;

/** What is listed after each job, in a network namespace of its own; all in one process. */
function listedAll(jobs: readonly string[]): readonly string[] {
  const one = (job: string, at: number) =>
    `unshare --net sh -e <<'JOB${at}' 2>&1 || echo refused\n${job}\nJOB${at}\necho =NEXT=`;
  const said = execFileSync('sh', ['-s'], {
    input: jobs.map(one).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return said.split('=NEXT=\n').slice(0, -1);
}

/** One namespace's rules, loaded by `backend` after the sets that they name, and listed. */
function job(
  release: string,
  options: Partial<AmbientOptions>,
  text: { readonly v4?: string; readonly v6?: string | null; readonly nft?: string | null },
  backend: string,
): string {
  const sets = ambientRulesFor(release, { ...options, enableIPv6: true }).sets;
  const made = sets.map((set) => `${set.made}\n`).join('');
  if (typeof text.nft === 'string')
    return [
      given('nft -f -', `add table inet istio-ambient-nat\n${made}`),
      given('nft -f -', text.nft),
      'nft -s list ruleset',
    ].join('\n');
  return [
    given('ipset restore -exist', made),
    ...(text.v4 ? [given(`iptables-${backend}-restore --noflush`, text.v4)] : []),
    ...(text.v6 ? [given(`ip6tables-${backend}-restore --noflush`, text.v6)] : []),
    `iptables-${backend}-save | grep -v ^#`,
    `ip6tables-${backend}-save | grep -v ^# || true`,
  ].join('\n');
}

/** Chains of a table are listed in the order in which they were made. */
const sorted = (listing: string | undefined): string => {
  const lines = (listing ?? '').split('\n');
  return lines.some((line) => line.startsWith('*'))
    ? lines.map((line) => (line.startsWith(':') ? `${line.split(' ')[0]}` : line)).join('\n')
    : lines.join('\n');
};

test.runIf(isLive).each(['nft', 'legacy'])(
  'the builder’s rules are those that Istio expects, iptables-%s',
  (backend) => {
    const cases = ambientCases().filter(({ text }) => backend === 'nft' || text.nft === undefined);
    const pairs = cases.map((one) => {
      const [first = '', last = first] = [one.releases[0], one.releases.at(-1)];
      return { ...one, first, last };
    });
    const lists = listedAll(
      pairs.flatMap(({ on, first, last, options, text }) => [
        job(first, options, text, backend),
        ...[first, last].map((release) =>
          job(release, options, ambientRulesFor(release, options)[on].text, backend),
        ),
      ]),
    );
    for (const [at, { on, name, first, last }] of pairs.entries()) {
      const [expected, older, newer] = lists.slice(at * 3).map(sorted);
      expect(expected?.includes('refused'), `${first} ${on} ${name}\n${expected}`).toBe(false);
      expect(expected?.length, `${first} ${on} ${name}`).toBeGreaterThan(100);
      expect(older, `${first} ${on} ${name}`).toBe(expected);
      expect(newer, `${last} ${on} ${name}`).toBe(expected);
    }
  },
);
