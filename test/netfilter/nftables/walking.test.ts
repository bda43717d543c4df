/** What statements do to a packet that no trace of the kernel shows, or that this kernel has no module for. */
import { expect, test } from 'vitest';
import { type Host, type Packet, parseNft, traverse } from '../../../src/netfilter/index.ts';
import { hookedIn } from '../../../src/netfilter/nftables/hooked/index.ts';

const packet: Packet = {
  protocol: 'tcp',
  source: '10.0.0.1',
  destination: '10.0.0.5',
  sourcePort: 40_000,
  destinationPort: 80,
  mss: 1460,
  from: { interface: 'eth0' },
};

/** What becomes of it behind such a rule, in front of one that lets it in. */
function behind(rule: string, more: Partial<Packet> = {}) {
  const { ruleset: nft, problems } = parseNft(`table ip t {
	counter web {
	}
	chain in {
		type filter hook input priority filter; policy drop;
		${rule}
		accept
	}
}
`);
  expect(problems, rule).toEqual([]);
  const host: Host = {
    rulesets: { nft },
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.5/24'] }],
    sockets: [{ protocol: 'tcp', address: '0.0.0.0', port: 80, uid: 0, gid: 0 }],
  };
  const { outcome, events } = traverse(host, { ...packet, ...more });
  const last = events.findLast((event) => event.kind === 'rule');
  return { ends: outcome.kind, packet: last?.packet };
}

// A copy, a comment, a log, a helper, a header that no rule or route looks at: the packet goes on as it is.
test.each([
  'dup to 10.0.0.9 device "eth0"',
  'dup to 10.0.0.9',
  'last used never',
  'xt match comment counter packets 0 bytes 0',
  'xt match "comment" xt target "LOG"',
  'xt target NFLOG',
  'ct helper set "ftp"',
  'ct timeout set "long"',
  'ct event set new,related',
  'tcp window set 100',
  'ip id set 5',
  'meta secmark set "x"',
  'reset tcp option mptcp',
  'counter name tcp dport map { 80 : "web" }',
])('%s lets it go on', (rule) => {
  expect(behind(rule).ends).toBe('delivered');
});

// An extension of iptables that nft names without what it asks, another program, another path.
test.each(['xt match u32 drop', 'xt target "TPROXY"', 'queue to 1', 'fwd to "eth0"', 'flow add @f'])(
  '%s: nobody can tell',
  (rule) => {
    expect(behind(rule).ends).toBe('cannot tell');
  },
);

test('an object that a map does not name ends the rule', () => {
  expect(behind('counter name tcp dport map { 81 : "web" } drop').ends).toBe('delivered');
  expect(behind('counter name tcp dport map { 80 : "web" } drop').ends).toBe('dropped');
});

test('the greatest size of a segment is only made smaller, and of a route’s size nothing is known', () => {
  expect(behind('tcp option maxseg size set 1360').packet?.mss).toBe(1360);
  expect(behind('tcp option maxseg size set 9000').packet?.mss).toBe(1460);
  expect(behind('tcp option maxseg size set rt mtu').packet).not.toHaveProperty('mss');
  expect(behind('tcp option maxseg size set rt mtu').ends).toBe('delivered');
  expect(behind('reset tcp option maxseg').packet?.mss).toBeNull();
  expect(behind('tcp option maxseg size set 1000 drop', { protocol: 'udp' }).ends).not.toBe('dropped');
});

test('bits of a header are what the fields there say', () => {
  for (const rule of [
    '@nh,96,32 0x0a000001',
    '@th,16,16 80',
    '@th,24,8 80',
    '@nh,104,16 0',
    '@th,0,32 0x9c400050',
  ])
    expect(behind(`${rule} drop`).ends, rule).toBe('dropped');
  for (const rule of ['@nh,96,32 1', '@th,16,16 81', '@th,16,16 { 81, 82 }'])
    expect(behind(`${rule} drop`).ends, rule).toBe('delivered');
  // the number of the packet in its stream is not told
  expect(behind('@th,32,32 1 drop').ends).toBe('cannot tell');
});

test('eth* stands for names that begin so, and with a backslash for itself', () => {
  expect(behind('iifname "eth*" drop').ends).toBe('dropped');
  expect(behind('iifname "eth\\*" drop').ends).toBe('delivered');
});

test('a chain in a rule is walked as one with a name', () => {
  expect(behind('tcp dport 80 jump {\nip saddr 10.0.0.9 drop\nreturn\n}').ends).toBe('delivered');
  expect(behind('tcp dport 80 jump {\nip saddr 10.0.0.1 drop\n}').ends).toBe('dropped');
});

// nf_ct_netns_get is called when an expression of ct is loaded, whatever statement has it.
test.each([
  ['counter name ct mark map { 0x00000001 : "web" }', true],
  ['add @seen { ct mark }', true],
  ['counter name tcp dport map { 80 : "web" }', false],
] as const)('%s: connections are tracked, %s', (rule, isTracked) => {
  const { ruleset: nft, problems } = parseNft(`table ip t {
	counter web {
	}
	set seen {
		type mark
		flags dynamic
	}
	chain in {
		type filter hook input priority filter; policy accept;
		${rule}
	}
}
`);
  expect(problems).toEqual([]);
  expect(hookedIn(nft, 'v4').tracking !== null).toBe(isTracked);
});
