/**
 * All the packets that go the way that one packet went.
 *
 * A way is a chain of decisions: a rule's conditions, a route, the socket at the end. Each looks at a field of the
 * packet and takes a set of its values, and the events tell which were asked. What the way wrote into a field before
 * (NAT, a mark) is the same for all, and a decision on it is none about the packet as it set out.
 */
import type { Event, Packet, RuleEvent, Traversal } from '../../netfilter/index.ts';
import type { Ground } from './ground.ts';
import { Narrowing, type Open } from './narrowing.ts';
import { NftWay } from './nft-way.ts';
import type { Box } from './packet-set.ts';

export interface SameWay {
  readonly packets: Box;
  readonly open: readonly Open[];
}

/** The packets that go the same way as this one did, whatever else they differ in. */
export function sameWay(ground: Ground, packet: Packet, { events, outcome }: Traversal): SameWay {
  const way = new Narrowing(ground, packet);
  const isIncoming = 'interface' in packet.from;
  if (isIncoming && ground.family === 'v6') way.notOfLoopback(packet);
  let before = packet;
  for (const event of events) {
    if (event.kind !== 'rewrite') way.notRewritten(before);
    switch (event.kind) {
      case 'hook':
        way.in = event.in;
        way.out = event.out;
        // The first route is looked up before the hook, with the packet as it was.
        if (event.hook === 'OUTPUT') {
          way.routed('out', before);
          way.tied = event.out;
        }
        break;
      case 'rule':
        asked(way, event, before);
        break;
      case 'conntrack':
        way.isTracked = true;
        break;
      case 'rewrite':
        way.rewritten(event.before, event.packet);
        break;
      case 'route':
        way.routed(event.hook === 'OUTPUT' ? 'out' : 'in', event.packet);
        if (way.tied !== undefined && event.hook === 'OUTPUT') way.tied = event.out ?? undefined;
        break;
      default:
        break;
    }
    before = event.packet;
  }
  if (outcome.kind === 'delivered' || outcome.kind === 'refused') way.delivered(before);
  if (outcome.kind === 'dropped' && !('position' in outcome.reason) && outcome.reason.code !== 'policy')
    way.routed(events.some(leftAlready) || isIncoming ? 'in' : 'out', before);
  return { packets: way.left.packets(), open: [...way.open] };
}

/** A rule of either language. */
function asked(way: Narrowing, event: RuleEvent, packet: Packet): void {
  const rule = way.ground.ruleOf(event);
  const native = rule === undefined ? way.ground.nftRuleOf(event) : undefined;
  if (rule !== undefined) way.asked(rule, event, packet);
  else if (native !== undefined) new NftWay(way, native.table, event, packet).asked(native.rule);
  else way.open.add('what was not modelled');
}

function leftAlready(event: Event): boolean {
  return event.kind === 'hook' && event.hook === 'PREROUTING';
}
