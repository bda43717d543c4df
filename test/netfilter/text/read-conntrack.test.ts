/** Entries of conntrack as data, and as the walk takes them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isConntrackLine, parseRuleset, readConntrack, traverse } from '../../../src/netfilter/index.ts';
import { growthOf, mostGrowth } from '../growth.ts';

const read = (text: string) => readConntrack(text.split('\n'));
const only = (line: string) => {
  const { entries, problems } = readConntrack([line]);
  expect(problems).toEqual([]);
  return entries[0];
};

const redirected =
  'tcp      6 59 ESTABLISHED src=10.9.0.1 dst=10.9.0.2 sport=40000 dport=5000 src=10.9.0.2 dst=10.9.0.1 sport=9006 dport=40000 [ASSURED] mark=0 use=1';
const unanswered =
  'tcp      6 59 SYN_SENT src=10.9.0.1 dst=10.9.0.2 sport=40000 dport=5002 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 sport=9006 dport=29050 mark=0 use=1';

test('an entry is a connection, with its tuples, its state and its time', () => {
  const original = { protocol: 'tcp', source: '10.9.0.1', destination: '10.9.0.2' };
  const reply = { protocol: 'tcp', source: '10.9.0.2', destination: '10.9.0.1' };
  expect(only(redirected)).toEqual({
    connection: {
      original: { ...original, sourcePort: 40000, destinationPort: 5000 },
      reply: { ...reply, sourcePort: 9006, destinationPort: 40000 },
      seenReply: true,
      assured: true,
      mark: 0,
      zone: 0,
      tcp: { state: 'ESTABLISHED' },
    },
    family: 'v4',
    timeout: 59,
    counters: null,
    event: null,
    line: 1,
  });
  expect(only(unanswered)?.connection).toMatchObject({
    reply: { sourcePort: 9006, destinationPort: 29050 },
    seenReply: false,
    assured: false,
    tcp: { state: 'SYN_SENT' },
  });
});

test.each([
  // what conntrack 1.4.7 and the kernel's own file print
  [
    'ipv4     2 tcp      6 431999 ESTABLISHED src=127.0.0.1 dst=127.0.0.1 sport=60956 dport=7000 packets=3 bytes=165 src=127.0.0.1 dst=127.0.0.1 sport=7000 dport=60956 packets=2 bytes=112 [ASSURED] mark=0 zone=0 use=2',
    {
      timeout: 431999,
      counters: { original: { packets: 3n, bytes: 165n }, reply: { packets: 2n, bytes: 112n } },
      connection: { zone: 0, tcp: { state: 'ESTABLISHED' } },
    },
  ],
  [
    'udp      17 29 src=10.9.0.1 dst=10.9.0.2 sport=1 dport=54 zone-orig=3 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 sport=54 dport=1 mark=0 use=1',
    { connection: { zone: 3, replyZone: 0, seenReply: false } },
  ],
  [
    'udp      17 29 src=10.9.0.1 dst=10.9.0.2 sport=1 dport=55 src=10.9.0.2 dst=10.9.0.1 sport=55 dport=1 zone-reply=4 mark=1337 use=1',
    { connection: { zone: 0, replyZone: 4, mark: 1337, assured: false } },
  ],
  [
    'udp      17 29 src=10.9.0.1 dst=10.9.0.2 sport=1 dport=53 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 sport=53 dport=1 mark=0 zone=7 use=1 id=289916355',
    { connection: { zone: 7 } },
  ],
  [
    'icmp     1 29 src=10.9.0.1 dst=10.9.0.2 type=8 code=0 id=77 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 type=0 code=0 id=77 mark=0 use=1 id=229493469',
    {
      connection: {
        original: { icmp: { type: 8, code: 0, id: 77 } },
        reply: { icmp: { type: 0, code: 0, id: 77 } },
      },
    },
  ],
  [
    'ipv6     10 icmpv6   58 29 src=fd00::1 dst=fd00::2 type=128 code=0 id=9 src=fd00::2 dst=fd00::1 type=129 code=0 id=9 mark=0 use=1',
    { family: 'v6', connection: { original: { protocol: 'ipv6-icmp', source: 'fd00::1' }, seenReply: true } },
  ],
  [
    'tcp      6 29 TIME_WAIT src=fd00::1 dst=fd00::2 sport=4 dport=5 src=fd00::2 dst=fd00::1 sport=5 dport=4 [ASSURED] mark=0 use=1',
    { family: 'v6', connection: { tcp: { state: 'TIME_WAIT', isClosing: true } } },
  ],
  [
    'unknown  112 59 src=10.9.0.1 dst=10.9.0.2 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 mark=0 use=1',
    { connection: { original: { protocol: 'vrrp', source: '10.9.0.1', destination: '10.9.0.2' } } },
  ],
  [
    'ipv4     2 gre      47 59 timeout=0, stream_timeout=0 src=10.9.0.1 dst=10.9.0.2 srckey=0x1 dstkey=0x2 [UNREPLIED] src=10.9.0.2 dst=10.9.0.1 srckey=0x2 dstkey=0x1 mark=0 zone=0 use=2',
    { timeout: 59, connection: { original: { protocol: 'gre' } } },
  ],
  [
    'ipv4     2 tcp      6 src=10.9.0.1 dst=10.9.0.2 sport=1 dport=2 src=10.9.0.2 dst=10.9.0.1 sport=2 dport=1 [OFFLOAD] mark=0 secctx=null use=2',
    { timeout: null, connection: { seenReply: true } },
  ],
])('%s', (line, expected) => {
  expect(only(line)).toMatchObject(expected);
});

test('an entry that is offloaded does not say whether it is assured', () => {
  const offloaded = only(redirected.replace('[ASSURED]', '[OFFLOAD]'));
  expect(offloaded?.connection).not.toHaveProperty('assured');
});

test('events: the connections are those that are there in the end', () => {
  const { entries, connections } =
    read(`    [NEW] tcp      6 120 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=1 dport=80 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1
 [UPDATE] tcp      6 432000 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=80 src=10.0.0.2 dst=10.0.0.1 sport=80 dport=1 [ASSURED]
[1700000000.123456]	    [NEW] udp      17 30 src=10.0.0.1 dst=10.0.0.2 sport=2 dport=53 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=53 dport=2
[DESTROY] udp      17 src=10.0.0.1 dst=10.0.0.2 sport=2 dport=53 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=53 dport=2`);
  expect(entries.map(({ event }) => event)).toEqual(['NEW', 'UPDATE', 'NEW', 'DESTROY']);
  expect(connections).toMatchObject([{ tcp: { state: 'ESTABLISHED' }, assured: true }]);
});

test('other lines are left aside; an entry that is cut off is a problem at its place', () => {
  const { entries, problems } = read(`conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.
${redirected}
${redirected.slice(0, 90)}
tcp      6 59 ESTABLISHED src=10.9.0 dst=10.9.0.2 sport=1 dport=2 src=10.9.0.2 dst=10.9.0.1 sport=2 dport=1
nonsense with src=1 dst=2`);
  expect(entries.map(({ line }) => line)).toEqual([2]);
  expect(problems).toMatchObject([
    { code: 'connection unreadable', word: '', line: 3, column: 91 },
    { code: 'connection unreadable', word: 'src=10.9.0', line: 4, column: 27 },
  ]);
  expect([redirected, 'tcp 6 59', '# tcp 6 src=1 dst=2'].map(isConntrackLine)).toEqual([true, false, false]);
});

test('the walk takes them: a tuple that is in use costs the second connection its port', () => {
  const { ruleset } = parseRuleset('*nat\n-A PREROUTING -p tcp -j REDIRECT --to-ports 9006\nCOMMIT\n');
  const { connections } = readConntrack([redirected]);
  const { events, outcome } = traverse(
    { rulesets: { v4: ruleset }, interfaces: [{ name: 'eth0', addresses: ['10.9.0.2/24'] }], connections },
    {
      protocol: 'tcp',
      source: '10.9.0.1',
      destination: '10.9.0.2',
      sourcePort: 40000,
      destinationPort: 5002,
      from: { interface: 'eth0' },
    },
  );
  expect(outcome.kind).toBe('delivered');
  const { source, sourcePort, destinationPort } = events[events.length - 1]?.packet ?? {};
  expect([source, destinationPort]).toEqual(['10.9.0.1', 9006]);
  expect(sourcePort).not.toBe(40000);
});

test('whatever stands there, nothing is thrown', () => {
  const piece = fc.oneof(
    fc
      .tuple(fc.constantFrom(redirected, unanswered), fc.nat(160), fc.string())
      .map(([line, at, text]) => line.slice(0, at) + text + line.slice(at)),
    fc.tuple(fc.constantFrom(redirected, unanswered), fc.nat(160)).map(([line, at]) => line.slice(0, at)),
    fc.constantFrom('tcp 6 src=__proto__ dst=constructor', `${redirected} constructor=1 __proto__=2`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (lines) => {
      const { entries, problems } = readConntrack(lines);
      expect(entries.length + problems.length).toBe(lines.filter(isConntrackLine).length);
    }),
    { numRuns: 3000 },
  );
});

test('the time grows with the lines, and not faster', () => {
  const texts = [
    (count: number) => Array.from({ length: count }, (_, at) => redirected.replace('40000', String(at))),
    (count: number) => [`tcp 6 1 src=1 dst=2 ${'src=1 dst=2 '.repeat(count)}`],
    (count: number) => [`${'[x] '.repeat(count)}tcp 6`],
  ];
  for (const text of texts) expect(growthOf(readConntrack, text)).toBeLessThan(mostGrowth);
});
