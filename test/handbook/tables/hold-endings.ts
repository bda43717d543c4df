/** Packets that are told to end otherwise on one of two sides, and all others: held to the engine on both. */
import { expect, test } from 'vitest';
import type { Entrance, RoughEnd } from '../../../src/analysis/index.ts';
import { withoutGroups } from '../../../src/analysis/ways/ground.ts';
import type { EndingPackets } from '../../../src/handbook/tables/index.ts';
import {
  addressValue,
  groupAddresses,
  type Host,
  type Packet,
  type Traversal,
  traverse,
} from '../../../src/netfilter/index.ts';
import { crossed, drawPoint, isIn, packetAt } from '../../analysis/ways/compare-ways.ts';
import { Draw } from '../../kernel/draw.ts';

/** Two tests of one comparison: what is told of its kinds, and that nothing else ends otherwise. */
export function holdEndings(answer: EndingPackets, seed: number): void {
  const { surveys, ending, hasMarked } = answer;
  const hosts = surveys.map(({ host }) => withoutGroups(host)) as [Host, Host];

  test(`the packets of each kind end as is said, without it and with it; seed ${seed}`, () => {
    const draw = new Draw(seed);
    for (const { family, packets, boxes, ends } of ending) {
      const drawn = Array.from({ length: 25 }, () =>
        packetAt(hosts[0], family, packets.entrance, drawPoint(draw, draw.pick(boxes))),
      );
      const opening = [packets.example, ...drawn].filter((packet) => !opensNothing(packet, family));
      const walks = opening.map((packet) => hosts.map((host) => ({ packet, ...traverse(host, packet) })));
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
      if (opensNothing(packet, family)) continue;
      asked++;
      const [without, withIt] = hosts.map((host) => endSeen(traverse(host, packet)));
      expect(withIt, JSON.stringify(packet)).toEqual(without);
    }
    expect(asked).toBeGreaterThan(80);
  });
}

/** A SYN to a group: Linux drops it wherever it comes to. */
function opensNothing({ protocol, destination }: Packet, family: 'v4' | 'v6'): boolean {
  const [first, last] = groupAddresses[family];
  const to = addressValue(destination);
  return protocol === 'tcp' && to >= first && to <= last;
}

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
  const { outcome, packet, events } = walked;
  const { source } = events.at(-1)?.packet ?? packet;
  const hasSource = ({ from }: Extract<RoughEnd, { readonly kind: 'taken' | 'leaves' }>) =>
    from === null || source === (from === 'unchanged' ? packet.source : from.address);
  switch (end.kind) {
    case 'taken':
      return (
        outcome.kind === 'delivered' &&
        outcome.socket?.process === end.process &&
        outcome.socket.port === end.port &&
        (!end.isKept || isUnchanged(walked)) &&
        hasSource(end)
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
      return (
        outcome.kind === 'sent' &&
        outcome.interface === end.interface &&
        isUnchanged(walked) &&
        hasSource(end)
      );
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
