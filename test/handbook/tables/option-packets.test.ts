/** What each option does to every packet that opens a connection, as its page tells it: held to the engine. */
import { describe, expect, test } from 'vitest';
import type { RoughEnd } from '../../../src/analysis/index.ts';
import { type EndingPackets, optionPackets } from '../../../src/handbook/tables/index.ts';
import { type OptionName, optionNames, portOf } from '../../../src/istio/index.ts';
import { endingPacketsWords, endingsWords, roughEndWords } from '../../../src/words/index.ts';
import { seedOf } from '../../long/seed.ts';
import { holdEndings } from './hold-endings.ts';

const answers = new Map(optionNames.map((name) => [name, optionPackets(name)]));
const seed = seedOf(process.env);

const rowsOf = (name: OptionName) =>
  (answers.get(name)?.ending ?? []).map((kind) =>
    [endingPacketsWords(kind), ...kind.ends.map(roughEndWords)].join(' | '),
  );

test('each option is answered, and only one of them goes with other addresses of the pod', () => {
  expect(optionNames.filter((name) => answers.get(name) === null)).toEqual(['enableIPv6']);
});

test('those under which every packet ends as before', () => {
  expect(optionNames.filter((name) => answers.get(name)?.ending.length === 0)).toEqual([
    'inboundTProxyMark',
    'inboundTProxyRouteTable',
    'dnsConntrackZone',
    // What is invalid opens no connection.
    'dropInvalid',
    // Beside IPv6 that is switched on.
    'dualStack',
    // Both of Istio's back ends do the same.
    'nativeNftables',
  ]);
});

test('what the pod has beside that of the handbook, where an option is about it', () => {
  const beside = new Map([...answers].map(([name, answer]) => [name, answer?.beside ?? []]));
  expect([...beside].filter(([, more]) => more.length > 0).map(([name]) => name)).toEqual([
    'rerouteVirtualInterfaces',
    'excludeInterfaces',
    'dnsServersV6',
    'dualStack',
  ]);
  expect(beside.get('excludeInterfaces')).toEqual([{ name: 'net1', addresses: ['172.30.1.5/24'] }]);
});

const { outbound, inbound, dns } = {
  outbound: portOf('envoy-outbound'),
  inbound: portOf('envoy-inbound'),
  dns: portOf('agent-dns'),
};

test('an excluded port, out and in', () => {
  expect(rowsOf('outboundPortsExclude')).toEqual([
    `From a process of the pod: TCP, from 10.244.1.5, to an address that is not its own, port 3306, any uid but 1337, any gid but 1337 | Envoy gets them at port ${outbound} | they leave by eth0`,
    // Envoy's own call to the pod's address is not led to its inbound side either.
    `From a process of the pod: TCP, from any address but 127.0.0.6, to an own address but 127.0.0.1, port 3306, uid 1337 | Envoy gets them at port ${inbound} | they are refused: nobody listens there`,
  ]);
  expect(rowsOf('inboundPortsExclude')).toEqual([
    `In by eth0: TCP, from an address that is not its own, port 9100 | Envoy gets them at port ${inbound} | they go where they were sent: to app; the kernel drops those that are not for the pod`,
  ]);
});

test('TPROXY leaves the destination as it is, and a DNS server of IPv6 has a listener of its own', () => {
  expect(rowsOf('inboundInterceptionMode')[1]).toContain(
    `Envoy gets them at port ${inbound} | Envoy gets them at port ${inbound}, their destination unchanged`,
  );
  expect(rowsOf('dnsServersV6')).toEqual([
    `From a process of the pod, IPv6: UDP, to fd00:10:96::a, port 53, any uid but 1337, any gid but 1337 | they leave by eth0 | pilot-agent gets them at port ${dns}`,
    `From a process of the pod, IPv6: TCP or UDP, to ::1, port ${dns} | they are refused: nobody listens there | pilot-agent gets them at port ${dns}`,
    `From a process of the pod, IPv6: TCP, to fd00:10:96::a, port 53, any uid but 1337, any gid but 1337 | Envoy gets them at port ${outbound} | pilot-agent gets them at port ${dns}`,
  ]);
});

test('few kinds are told of each', () => {
  for (const [name, answer] of answers) expect(answer?.ending.length ?? 0, name).toBeLessThanOrEqual(6);
});

describe.each(optionNames.filter((name) => answers.get(name) !== null))('%s', (name) => {
  holdEndings(answers.get(name) as EndingPackets, seed);
});

test('how many there are is told first', () => {
  const told = (ending: readonly unknown[]) =>
    endingsWords({ ending, hasMarked: false, beside: [] }, 'without it');
  expect([endingsWords(null, 'without it'), told([]), told([1]), told([1, 2])]).toEqual([
    'Packets are not compared: the pod has other addresses with it.',
    'Every packet that opens a connection ends as without it.',
    '1 kind of packets that open a connection ends otherwise, and no other does.',
    '2 kinds of packets that open a connection end otherwise, and no other does.',
  ]);
  const beside = [{ name: 'net1', addresses: ['172.30.1.5/24'] }];
  expect(endingsWords({ ending: [], hasMarked: true, beside }, 'in 1.24')).toBe(
    'Every packet that opens a connection ends as in 1.24. Packets that a process marks itself are left out. Here the pod has 172.30.1.5/24 on net1, too.',
  );
});

test('packets that a process marks itself are left out where the option is about marks', () => {
  expect(optionNames.filter((name) => answers.get(name)?.hasMarked)).toEqual([
    'inboundInterceptionMode',
    'inboundTProxyMark',
  ]);
});

test.each<[RoughEnd, string]>([
  [
    { kind: 'taken', process: 'Envoy', port: outbound, isKept: false, from: null },
    `Envoy gets them at port ${outbound}`,
  ],
  [
    { kind: 'taken', process: 'pilot-agent', port: dns, isKept: true, from: { address: '127.0.0.1' } },
    `pilot-agent gets them at port ${dns}, their destination unchanged, from 127.0.0.1`,
  ],
  [
    { kind: 'as asked', processes: ['Envoy', 'app'], isRefused: true, isDropped: true },
    'they go where they were sent: to Envoy or app; where nobody listens they are refused; the kernel drops those that are not for the pod',
  ],
  [
    { kind: 'as asked', processes: [], isRefused: true, isDropped: true },
    'they are refused: nobody listens there; the kernel drops those that are not for the pod',
  ],
  [{ kind: 'as asked', processes: [], isRefused: false, isDropped: true }, 'the kernel drops them'],
  [{ kind: 'as asked', processes: [], isRefused: false, isDropped: false }, 'the kernel takes them'],
  [{ kind: 'led to nobody', port: dns }, `they are led to port ${dns}, where nobody listens`],
  [{ kind: 'leaves', interface: 'eth0', to: null, from: null }, 'they leave by eth0'],
  [
    { kind: 'leaves', interface: 'eth0', to: null, from: 'unchanged' },
    'they leave by eth0, their source unchanged',
  ],
  [{ kind: 'leaves', interface: 'eth0', to: '10.0.0.9', from: null }, 'they leave by eth0 for 10.0.0.9'],
  [{ kind: 'dropped' }, 'a rule drops them'],
  [{ kind: 'rejected' }, 'they are rejected'],
  [{ kind: 'cannot tell' }, 'nobody can tell'],
])('an end in words: %j', (end, words) => {
  expect(roughEndWords(end)).toBe(words);
});
