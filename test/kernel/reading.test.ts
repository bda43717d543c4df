/** The parts of the oracle that need no kernel: how it reads, writes, draws and remembers. */
import { describe, expect, test } from 'vitest';
import { originalDestination, readConntrack } from './conntrack.ts';
import { Draw } from './draw.ts';
import { compareEvents } from './engine.ts';
import { eventLines, type KernelEvent, readEventLines } from './event.ts';
import { addressV6, headerOfPacket } from './header.ts';
import { addressBytes, packetBytes } from './packet-bytes.ts';
import { drawBatch } from './random.ts';
import { textOf } from './random-rules.ts';
import { modeOf } from './recording.ts';
import { readSaved } from './saved.ts';
import { gather, type Sighting } from './trace.ts';
import { decide, undecided } from './trace-legacy.ts';

const packet = {
  protocol: 'tcp',
  source: '10.244.1.5',
  destination: '10.96.0.7',
  sourcePort: 40000,
  destinationPort: 80,
};
const at = { hook: 'OUTPUT', table: 'nat', chain: 'OUTPUT', packet: { ...packet, out: 'eth0' } } as const;

describe('how to ask', () => {
  const nothing = () => null;
  const noRoot = () => 'root';

  test('the kernel where it can be had, else the recording', () => {
    expect(modeOf({}, nothing)).toBe('live');
    expect(modeOf({}, noRoot)).toBe('recorded');
  });
  test('with CI=true always the kernel, unless the recording is asked for by name', () => {
    expect(modeOf({ CI: 'true' }, nothing)).toBe('live');
    expect(() => modeOf({ CI: 'true' }, noRoot)).toThrow(
      'the kernel must be asked and cannot be: root is missing',
    );
    expect(modeOf({ CI: 'true', SIDETRACK_KERNEL: 'recorded' }, noRoot)).toBe('recorded');
  });
  test('recording needs the kernel', () => {
    expect(modeOf({ SIDETRACK_RECORD: '1' }, nothing)).toBe('record');
    expect(() => modeOf({ SIDETRACK_RECORD: '1' }, noRoot)).toThrow('root is missing');
  });
  test('a word that is none of these is an error', () => {
    expect(() => modeOf({ SIDETRACK_KERNEL: 'yes' }, nothing)).toThrow('live or recorded, not yes');
  });
});

describe('events', () => {
  const events: readonly KernelEvent[] = [
    { ...at, kind: 'rule', position: 2, verdict: 'jump A' },
    { ...at, kind: 'return', chain: 'A', verdict: 'return' },
    { ...at, kind: 'policy', verdict: 'accept', packet: { ...packet, out: 'lo', mark: 0x539 } },
    { ...at, kind: 'rule', position: 1, verdict: 'goto B', packet: { ...packet, source: '::1', in: 'lo' } },
  ];
  test('as lines, with the packet where it changes', () => {
    expect(eventLines(events)).toEqual([
      'OUTPUT nat OUTPUT 2 jump A | 10.244.1.5:40000 > 10.96.0.7:80 out=eth0',
      'OUTPUT nat A end return',
      'OUTPUT nat OUTPUT policy accept | 10.244.1.5:40000 > 10.96.0.7:80 out=lo mark=0x539',
      'OUTPUT nat OUTPUT 1 goto B | [::1]:40000 > 10.96.0.7:80 in=lo',
    ]);
  });
  test('and read back', () => {
    expect(readEventLines(eventLines(events), 'tcp')).toEqual(events);
  });
  test('side by side where they differ', () => {
    expect(compareEvents(events, events)).toBeNull();
    expect(compareEvents(events.slice(0, 1), events.slice(0, 2))).toBe(
      [
        '  the engine                                                              the kernel',
        '  OUTPUT nat OUTPUT 2 jump A | 10.244.1.5:40000 > 10.96.0.7:80 out=eth0   OUTPUT nat OUTPUT 2 jump A | 10.244.1.5:40000 > 10.96.0.7:80 out=eth0',
        '≠                                                                         OUTPUT nat A end return',
      ].join('\n'),
    );
  });
});

describe('packets', () => {
  test.each(['::', '::1', '::6', 'fd00:10:244:1::5', 'fe80::1', '2001:db8:0:1:0:2:0:3', '1:0:0:2::'])(
    'IPv6 addresses: %s',
    (address) => expect(addressV6(addressBytes(address))).toBe(address),
  );
  test.each([
    { ...packet, flags: ['SYN', 'ACK'] as const },
    { ...packet, protocol: 'udp' },
    { ...packet, source: 'fd00::1', destination: '::1', mss: 1460 },
  ])('written and read: $protocol $source', (one) => {
    const bytes = packetBytes(
      { ...one, from: { interface: 'eth0' } },
      { sequence: 1, acknowledgement: 2, id: 3 },
    );
    const { protocol, source, destination, sourcePort, destinationPort } = one;
    expect(headerOfPacket(bytes)).toMatchObject({
      protocol,
      source,
      destination,
      sourcePort,
      destinationPort,
    });
  });

  const facts = { ttl: 64, tos: 0, length: 60 };
  const header = { ...packet, ...facts, family: 'v4', fingerprint: 'one' } as const;
  const sighting = (event: Partial<KernelEvent>): Sighting => ({
    event: { ...at, kind: 'policy', verdict: 'accept', ...event } as KernelEvent,
    header,
    at: 0,
  });
  const start = { header, packet: { ...packet, ...facts, out: 'lo' } };
  const back = { header, packet: { ...packet, ...facts, in: 'lo' } };

  test('over lo, both halves are one packet', () => {
    const seen = [
      sighting({}),
      sighting({ hook: 'POSTROUTING', chain: 'POSTROUTING' }),
      sighting({ hook: 'INPUT', chain: 'INPUT', table: 'filter', packet: back.packet }),
    ];
    expect(gather([start, back], seen).map(({ events }) => events.length)).toEqual([3]);
  });
  test('a retransmission is another packet', () => {
    const dropped = sighting({ table: 'filter', verdict: 'drop' });
    expect(
      gather([start, start], [sighting({}), dropped, sighting({}), dropped]).map(
        ({ events }) => events.length,
      ),
    ).toEqual([2, 2]);
  });
  test('a packet that no table is asked about is there', () => {
    expect(gather([start], [])).toMatchObject([{ events: [] }]);
  });
  test('TPROXY has accepted what is seen behind it', () => {
    const tproxy: KernelEvent = { ...at, kind: 'rule', position: 1, verdict: undecided };
    expect(decide([tproxy], 0x539)).toMatchObject([{ verdict: 'accept', packet: { mark: 0x539 } }]);
    expect(decide([tproxy], undefined)).toMatchObject([{ verdict: 'drop' }]);
  });
});

describe('texts', () => {
  test('conntrack', () => {
    const entries = readConntrack(
      'tcp      6 9 CLOSE src=10.244.1.5 dst=10.96.0.7 sport=40000 dport=80 src=127.0.0.1 dst=10.244.1.5 sport=15001 dport=40000 [ASSURED] mark=0 zone=3 use=1\n',
    );
    expect(entries).toMatchObject([{ protocol: 'tcp', zone: 3 }]);
    const accepted = {
      local: { address: '127.0.0.1', port: 15001 },
      remote: { address: '10.244.1.5', port: 40000 },
    };
    expect(originalDestination(entries, accepted)).toEqual({ address: '10.96.0.7', port: 80 });
    expect(originalDestination([], accepted)).toBeNull();
  });
  test('iptables-save', () => {
    const saved = readSaved(
      '*nat\n:OUTPUT ACCEPT [0:0]\n:A - [0:0]\n-A A -j RETURN\nCOMMIT\n*raw\n:OUTPUT DROP [0:0]\nCOMMIT\n',
    );
    expect(saved.get('nat')?.get('A')).toEqual({ policy: null, rules: ['-A A -j RETURN'] });
    expect(saved.get('raw')?.get('OUTPUT')).toEqual({ policy: 'DROP', rules: [] });
  });
});

describe('chance', () => {
  test('the same seed draws the same batch, another one another', () => {
    expect(drawBatch(7, 3)).toEqual(drawBatch(7, 3));
    expect(textOf(drawBatch(7, 3).rulesets.v4)).not.toBe(textOf(drawBatch(7, 4).rulesets.v4));
  });
  test('all values come up', () => {
    const draw = new Draw(1);
    expect(new Set(Array.from({ length: 200 }, () => draw.below(5))).size).toBe(5);
  });
});
