/**
 * Where Linux is odd: broadcast and multicast in and out, no address at all, martians, addresses of one link, second
 * addresses of an interface, and the source that the kernel chooses. Every random lot has its share of each.
 */
import { sourceAddress } from '../../src/netfilter/index.ts';
import type { Host } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Family } from '../../src/netfilter/model/ruleset.ts';
import type { Draw } from './draw.ts';
import { randomPod } from './random-pod.ts';
import { peerMacs, values } from './random-values.ts';

const { interfaces, routes = [], rules = [] } = randomPod;
const host: Host = { interfaces, routes, rules, rulesets: {} };

interface Odd {
  /** Destinations of every host on the link, and the groups that this host has joined or not. */
  readonly broadcast: readonly string[];
  readonly multicast: readonly string[];
  /** Sources that are no host's. */
  readonly martian: readonly string[];
  readonly nothing: string;
  /** Further addresses of the first link: one in its network, one in a network of its own. */
  readonly second: readonly string[];
  /** Neighbours in the network of the second one, and what a route with `src` leads to. */
  readonly near: readonly string[];
  readonly ofLink: readonly { readonly own: string; readonly neighbour: string }[];
}

export const odd: Readonly<Record<Family, Odd>> = {
  v4: {
    broadcast: ['255.255.255.255', '10.244.1.255', '10.244.5.255', '10.244.3.255'],
    multicast: ['224.0.0.1', '224.0.0.1', '224.0.0.251', '239.1.1.1'],
    martian: [
      '127.0.0.1',
      '127.0.0.9',
      '224.0.0.5',
      '255.255.255.255',
      '10.244.1.255',
      '10.244.1.6',
      '10.244.3.5',
    ],
    nothing: '0.0.0.0',
    second: ['10.244.1.6', '10.244.5.5'],
    near: ['10.244.5.1', '10.98.0.7'],
    ofLink: [
      { own: '169.254.7.5', neighbour: '169.254.7.1' },
      { own: '169.254.7.5', neighbour: '169.254.7.1' },
    ],
  },
  v6: {
    broadcast: [],
    multicast: [
      ...['ff02::1', 'ff02::1', 'ff02::2', 'ff02::1:ff00:5', 'ff02::1:ff00:7', 'ff02::fb'],
      ...['ff05::2', 'ff0e::101', 'ff01::1', 'ff00::1'],
    ],
    martian: ['::1', 'ff02::5', 'fd00:10:244:1::6', 'fd00:10:244:3::5', 'fe80::99'],
    nothing: '::',
    second: ['fd00:10:244:1::6', 'fd00:10:244:5::5'],
    near: ['fd00:10:244:5::1', 'fd00:10:98::7'],
    ofLink: [
      { own: 'fe80::5', neighbour: 'fe80::1' },
      { own: 'fe80::3:5', neighbour: 'fe80::3:1' },
    ],
  },
};

/** The kinds of corners, each told by a packet that has come to it. */
export const corners = [
  'broadcast',
  'multicast',
  'no address',
  'martian',
  'of one link',
  'second address',
  'chosen source',
] as const;
export type Corner = (typeof corners)[number];

export function cornersOf(packet: Packet): readonly Corner[] {
  const { source, destination, from } = packet;
  const of = odd[destination.includes(':') ? 'v6' : 'v4'];
  const is: Readonly<Record<Corner, boolean>> = {
    broadcast: of.broadcast.includes(destination),
    multicast: of.multicast.includes(destination),
    'no address': source === of.nothing || destination === of.nothing,
    martian: 'interface' in from && of.martian.includes(source),
    'of one link': of.ofLink.some(
      ({ own, neighbour }) => [own, neighbour].includes(destination) || [own, neighbour].includes(source),
    ),
    'second address': of.second.some((one) => one === source || one === destination),
    'chosen source': 'uid' in from && isChosen(packet),
  };
  return corners.filter((corner) => is[corner]);
}

/** The kernel gives a packet this source where its socket names none. */
export function isChosen({ source, destination, boundTo }: Packet): boolean {
  return sourceAddress(host, destination, boundTo) === source;
}

/** A destination that a process may name, where the source is the kernel's choice. */
export function drawUnbound(draw: Draw, family: Family, packet: Packet): Packet {
  const of = odd[family];
  const { remote, behind, pod, second } = values[family];
  const destination = draw.pick<string>([
    ...of.near,
    ...of.near,
    ...of.second,
    ...[of.nothing, pod, second, draw.pick<string>(remote), draw.pick<string>(behind)],
  ]);
  return { ...packet, destination, source: sourceAddress(host, destination) ?? packet.source };
}

/** A packet as no ordinary socket sends it, nor an ordinary neighbour. */
export function drawCorner(draw: Draw, family: Family, packet: Packet): Packet {
  const of = odd[family];
  const isFromPeer = draw.chance(0.55);
  const at = draw.chance(0.6) ? 0 : 1;
  const name = at === 0 ? 'eth0' : 'eth1';
  const { pod, second, remote, behind } = values[family];
  const link = of.ofLink[at] ?? { own: pod, neighbour: pod };
  const own = draw.pick<string>([pod, second, ...of.second]);
  if (isFromPeer) {
    const from = { ...packet, from: { interface: name }, mac: peerMacs[at], mark: 0 };
    const source = draw.pick<string>([draw.pick<string>(at === 0 ? remote : behind), link.neighbour]);
    switch (draw.pick(['many', 'many', 'martian', 'nothing', 'link', 'second'] as const)) {
      case 'many': {
        const destination = draw.pick([...of.broadcast, ...of.multicast]);
        const strange = draw.chance(0.3) ? draw.pick([...of.martian, of.nothing]) : source;
        return { ...from, source: strange, destination };
      }
      case 'martian':
        return {
          ...from,
          source: draw.pick(of.martian),
          destination: draw.pick<string>([own, own, behind[1]]),
        };
      case 'nothing':
        return draw.chance(0.5)
          ? { ...from, source: of.nothing, destination: draw.pick<string>([own, of.nothing, ...behind]) }
          : { ...from, source, destination: of.nothing };
      case 'link':
        return {
          ...from,
          source: link.neighbour,
          destination: draw.pick<string>([link.own, own, behind[0]]),
        };
      case 'second':
        return { ...from, source, destination: draw.pick(of.second) };
    }
  }
  const { mac: _, ...bare } = packet;
  const from = { ...bare, from: 'uid' in packet.from ? packet.from : { uid: 1000, gid: 1000 } };
  switch (draw.pick(['many', 'many', 'link', 'second'] as const)) {
    case 'many': {
      const destination = draw.pick([
        ...of.broadcast,
        ...of.multicast.filter((one) => !/^ff0[01]/.test(one)),
      ]);
      const isBound = destination.startsWith('ff02:') || draw.chance(0.4);
      // from an address of that link; what loopback would send to many is nobody's question
      const source = draw.pick<string>(at === 0 ? [pod, ...of.second] : [second]);
      return { ...from, source, destination, ...(isBound ? { boundTo: name } : {}) };
    }
    case 'link':
      return { ...from, source: link.own, destination: link.neighbour, boundTo: name };
    case 'second':
      return {
        ...from,
        source: draw.pick(of.second),
        destination: draw.pick<string>([...remote, ...of.near]),
      };
  }
}

/** Settings of a host that judges its sources: most have Linux's defaults. */
export function drawSettings(draw: Draw): Readonly<Record<string, number>> {
  const mode = draw.pick([0, 0, 0, 1, 2]);
  return {
    'net.ipv4.conf.all.rp_filter': mode,
    'net.ipv4.conf.all.src_valid_mark': draw.chance(0.5) ? 1 : 0,
    'net.ipv4.conf.eth1.accept_local': draw.chance(0.2) ? 1 : 0,
  };
}
