/** What each option does to every packet that opens a connection, as its page tells it: held to the engine. */
import { describe, expect, test } from 'vitest';
import type { Entrance, RoughEnd } from '../../../src/analysis/index.ts';
import { withoutGroups } from '../../../src/analysis/ways/ground.ts';
import { type OptionPackets, optionPackets } from '../../../src/handbook/tables/index.ts';
import { type OptionName, optionNames, portOf } from '../../../src/istio/index.ts';
import { type Host, type Packet, type Traversal, traverse } from '../../../src/netfilter/index.ts';
import { endingPacketsWords, optionPacketsWords, roughEndWords } from '../../../src/words/index.ts';
import { crossed, drawPoint, isIn, packetAt } from '../../analysis/ways/compare-ways.ts';
import { Draw } from '../../kernel/draw.ts';
import { seedOf } from '../../long/seed.ts';

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
  const { surveys, ending, hasMarked } = answers.get(name) as OptionPackets;
  const hosts = surveys.map(({ host }) => withoutGroups(host)) as [Host, Host];

  test(`the packets of each kind end as is said, without it and with it; seed ${seed}`, () => {
    const draw = new Draw(seed);
    for (const { family, packets, boxes, ends } of ending) {
      const drawn = Array.from({ length: 25 }, () =>
        packetAt(hosts[0], family, packets.entrance, drawPoint(draw, draw.pick(boxes))),
      );
      const walks = [packets.example, ...drawn].map((packet) =>
        hosts.map((host) => ({ packet, ...traverse(host, packet) })),
      );
      for (const [without, withIt] of walks) {
        expect(without === undefined ? null : endsSo(ends[0], without), describeWalk(without)).toBe(true);
        expect(withIt === undefined ? null : endsSo(ends[1], withIt), describeWalk(withIt)).toBe(true);
      }
    }
  });

  test(`every other packet ends alike with it and without it; seed ${seed}`, () => {
    const draw = new Draw(seed);
    const ways = surveys.flatMap((found) => found.ways);
    let asked = 0;
    for (let again = 0; again < 300; again++) {
      const way = draw.pick(ways);
      const { family, entrance } = way;
      const other = draw.pick(ways);
      const own = drawPoint(draw, way.packets);
      const point = areOfOnePlace(way, other) ? crossed(own, drawPoint(draw, other.packets)) : own;
      const unmarkedPoint = new Map(point).set('mark', 0n);
      if (
        ending.some(
          ({ family: of, packets, boxes }) =>
            areOfOnePlace(way, { family: of, entrance: packets.entrance }) &&
            boxes.some((box) => isIn(unmarkedPoint, box)),
        )
      )
        continue;
      const packet = packetAt(hosts[0], family, entrance, hasMarked ? unmarkedPoint : point);
      asked++;
      const [without, withIt] = hosts.map((host) => endSeen(traverse(host, packet)));
      expect(withIt, JSON.stringify(packet)).toEqual(without);
    }
    expect(asked).toBeGreaterThan(80);
  });
});

interface Place {
  readonly family: string;
  readonly entrance: Entrance;
}

function areOfOnePlace(one: Place, other: Place): boolean {
  return one.family === other.family && JSON.stringify(one.entrance) === JSON.stringify(other.entrance);
}

interface Walked extends Traversal {
  readonly packet: Packet;
}

/** Whether the packet ended as it is said of its kind. */
function endsSo(end: RoughEnd, walked: Walked): boolean {
  const { outcome } = walked;
  switch (end.kind) {
    case 'taken':
      return (
        outcome.kind === 'delivered' &&
        outcome.socket?.process === end.process &&
        outcome.socket.port === end.port &&
        (!end.isKept || isUnchanged(walked))
      );
    case 'as asked':
      if (!isUnchanged(walked)) return false;
      if (outcome.kind === 'delivered') return end.processes.includes(outcome.socket?.process ?? '');
      if (outcome.kind === 'dropped')
        return end.isDropped && !('chain' in outcome.reason) && isElsewhere(walked);
      return outcome.kind === 'refused' && end.isRefused;
    case 'led to nobody':
      return outcome.kind === 'refused' && outcome.reason.port === end.port && !isUnchanged(walked);
    case 'leaves':
      return outcome.kind === 'sent' && outcome.interface === end.interface && isUnchanged(walked);
    default:
      return outcome.kind === end.kind;
  }
}

function isUnchanged({ packet, events }: Walked): boolean {
  const last = events.at(-1)?.packet ?? packet;
  return last.destination === packet.destination && last.destinationPort === packet.destinationPort;
}

/** No address of an interface by which packets come in from outside. */
function isElsewhere({ packet }: Walked): boolean {
  return !['10.244.1.5', '172.30.1.5', 'fd00:10:244:1::5'].includes(packet.destination);
}

function describeWalk(walked: Walked | undefined): string {
  return JSON.stringify([walked?.packet, walked?.outcome]);
}

/** What a client sees of it: who gets it, with which addresses, or where it goes. */
function endSeen({ outcome, events }: Traversal) {
  const last = events.at(-1)?.packet;
  switch (outcome.kind) {
    case 'delivered':
      return [outcome.kind, outcome.socket?.process, outcome.socket?.port, last?.source, last?.destination];
    case 'sent':
      return [outcome.kind, outcome.interface, last?.source, last?.destination];
    case 'rejected':
      return [outcome.kind, outcome.with];
    default:
      return [outcome.kind];
  }
}

test('how many there are is told first', () => {
  const told = (ending: readonly unknown[]) => optionPacketsWords({ ending, hasMarked: false, beside: [] });
  expect([optionPacketsWords(null), told([]), told([1]), told([1, 2])]).toEqual([
    'Packets are not compared: the pod has other addresses with it.',
    'Every packet that opens a connection ends as without it.',
    '1 kind of packets that open a connection ends otherwise, and no other does.',
    '2 kinds of packets that open a connection end otherwise, and no other does.',
  ]);
  const beside = [{ name: 'net1', addresses: ['172.30.1.5/24'] }];
  expect(optionPacketsWords({ ending: [], hasMarked: true, beside })).toBe(
    'Every packet that opens a connection ends as without it. Packets that a process marks itself are left out. Here the pod has 172.30.1.5/24 on net1, too.',
  );
});

test('packets that a process marks itself are left out where the option is about marks', () => {
  expect(optionNames.filter((name) => answers.get(name)?.hasMarked)).toEqual([
    'inboundInterceptionMode',
    'inboundTProxyMark',
  ]);
});

test.each<[RoughEnd, string]>([
  [{ kind: 'taken', process: 'Envoy', port: outbound, isKept: false }, `Envoy gets them at port ${outbound}`],
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
  [{ kind: 'leaves', interface: 'eth0', to: null }, 'they leave by eth0'],
  [{ kind: 'leaves', interface: 'eth0', to: '10.0.0.9' }, 'they leave by eth0 for 10.0.0.9'],
  [{ kind: 'dropped' }, 'a rule drops them'],
  [{ kind: 'rejected' }, 'they are rejected'],
  [{ kind: 'cannot tell' }, 'nobody can tell'],
])('an end in words: %j', (end, words) => {
  expect(roughEndWords(end)).toBe(words);
});
