import { describe, expect, test } from 'vitest';
import { parseRuleset, traverse } from '../../src/netfilter/index.ts';
import { because } from '../../src/words/index.ts';

/** Chains that each jump some times to the next one: few rules, and a way that multiplies. */
function multiplying(depth: number, jumps: number): string {
  const chains = Array.from({ length: depth }, (_, at) => `C${at}`);
  const last = depth - 1;
  return [
    '*filter',
    ':OUTPUT ACCEPT [0:0]',
    ...chains.map((name) => `:${name} - [0:0]`),
    '-A OUTPUT -j C0',
    ...chains.slice(0, last).flatMap((name, at) => {
      return Array.from({ length: jumps }, () => `-A ${name} -j C${at + 1}`);
    }),
    `-A C${last} -p udp -j DROP`,
    'COMMIT',
    '',
  ].join('\n');
}

function walk(text: string) {
  const { ruleset } = parseRuleset(text);
  const interfaces = [
    { name: 'lo', addresses: ['127.0.0.1/8'] },
    { name: 'eth0', addresses: ['10.0.0.1/24'] },
  ];
  return traverse(
    { rulesets: { v4: ruleset }, interfaces },
    {
      protocol: 'tcp',
      source: '10.0.0.1',
      sourcePort: 40000,
      destination: '10.0.0.9',
      destinationPort: 80,
      from: { uid: 1, gid: 1 },
    },
  );
}

describe('how long a walk may become', () => {
  const shapes = [
    [16, 3],
    [4, 100],
  ] as const;
  test.each(shapes)(
    '%i chains with %i jumps each stop at the limit, with the chain named',
    (depth, jumps) => {
      const { events, outcome } = walk(multiplying(depth, jumps));
      expect(outcome).toMatchObject({
        kind: 'cannot tell',
        reason: { code: 'too many events', most: 400_000, to: `C${depth - 1}` },
      });
      expect(events.length).toBeLessThan(400_010);
      expect(outcome.kind === 'cannot tell' && because(outcome)).toMatch(
        /^filter C\d+ \d+ jumps on after 400000 steps, the most that are followed; chain C\d+ alone was entered \d+ times$/,
      );
    },
  );
  test('16 chains with 2 jumps each are walked to their end', () => {
    const { outcome } = walk(multiplying(16, 2));
    expect(outcome).toMatchObject({ kind: 'sent' });
  });
});
