/**
 * Chains that stand in rules: their rules are in no listing by themselves, so that the trace cannot be held to them.
 * Their counters can: datagrams over lo, and what each rule has counted of them.
 */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type NftRuleset, parseNft, traverse } from '../../../src/netfilter/index.ts';
import { missing, modeOf } from '../recording.ts';

const ruleset = `table ip t {
	chain out {
		type filter hook output priority 0; policy accept;
		meta l4proto icmp accept
		udp dport 1-9 counter jump {
			udp dport 1 counter return
			udp dport 2 counter accept
			udp dport 3 counter drop
			counter
		}
		counter
		udp dport 4-20 counter goto {
			udp dport 5 counter return
			counter
		}
		counter
	}
}
`;
const ports = [1, 2, 3, 4, 5, 6, 12, 30];

/** How many packets each rule has counted, in the order of the text. */
const countsIn = (text: string) =>
  [...text.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));

function engineCounts(nft: NftRuleset): readonly number[] {
  const counts = new Map<string, number>();
  for (const port of ports) {
    const { events } = traverse(
      {
        rulesets: { nft },
        interfaces: [{ name: 'lo', addresses: ['127.0.0.1/8'] }],
      },
      {
        protocol: 'udp',
        source: '127.0.0.1',
        destination: '127.0.0.1',
        sourcePort: 40_000,
        destinationPort: port,
        from: { uid: 0, gid: 0 },
      },
    );
    for (const event of events) {
      if (event.kind !== 'rule' || event.matched !== true) continue;
      const key = `${event.chain} ${event.position}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  // in the order of the text: a chain in a rule stands behind what the rule itself counts
  const order = ['out 2', '__chain1 1', '__chain1 2', '__chain1 3', '__chain1 4', 'out 3', 'out 4'];
  return [...order, '__chain2 1', '__chain2 2', 'out 5'].map((key) => counts.get(key) ?? 0);
}

test.runIf(modeOf(process.env, missing) !== 'recorded')('chains in rules count what the engine says', () => {
  const send = ports.map((port) => `echo x > /dev/udp/127.0.0.1/${port} || true`).join('\n');
  const listed = execFileSync(
    'unshare',
    ['--net', 'bash', '-c', `ip link set lo up; nft -f -; { ${send}\n} 2>/dev/null; nft list ruleset`],
    { input: ruleset, encoding: 'utf8' },
  );
  const counted = countsIn(listed);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(ports.length);
  const { ruleset: nft, problems } = parseNft(listed);
  expect(problems).toEqual([]);
  expect(engineCounts(nft)).toEqual(counted);
});
