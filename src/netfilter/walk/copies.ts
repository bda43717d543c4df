/**
 * What `-j TEE` sends beside a packet: each copy is a packet of its own, from OUTPUT on (nf_dup_ipv4, nf_dup_ipv6). The
 * packet itself goes on as if nothing had been.
 */
import type { Situation } from '../iptables/situation.ts';
import { type RoutingDecision, route } from '../kernel/routing.ts';
import { familyOf } from '../model/address.ts';
import type { Answer, RuleEvent, Traversal } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import { findChain, type Option, type Ruleset, type TableRef } from '../model/ruleset.ts';
import { deviceOf } from './output-route.ts';
import { type HookState, Skb } from './skb.ts';
import { leave } from './traverse.ts';

/** The way of each copy, in the order in which they are sent; none where no way leads to the gateway. */
export function copiesOf(
  host: Host,
  { events, sets }: Traversal,
  answers: readonly Answer[] = [],
): readonly Traversal[] {
  const after = sets === undefined ? host : { ...host, sets };
  return events.flatMap((event) => {
    if (event.kind !== 'rule' || event.matched !== true) return [];
    const options = teeOf(host.rulesets[familyOf(event.packet.destination)], event);
    return options === null ? [] : copy(after, event, options, answers);
  });
}

function copy(
  host: Host,
  event: RuleEvent,
  options: readonly Option[],
  answers: readonly Answer[],
): readonly Traversal[] {
  const said = (name: string) => options.find((one) => one.name === name)?.value as string | undefined;
  const skb = new Copy(host, copied(event), answers);
  const way = wayTo(skb.host, said('--gateway') ?? '', said('--oif'));
  if (way.kind === 'unreachable') return [];
  skb.way = way;
  skb.device = deviceOf(way);
  skb.tracking.isUntracked = true;
  skb.push({ kind: 'route', hook: 'OUTPUT', out: deviceOf(way), reason: way.reason });
  const outcome = leave(skb, way);
  skb.push({ kind: 'outcome', hook: skb.events.at(-1)?.hook ?? 'OUTPUT', outcome });
  // No rule took it out.
  const events = skb.events.map((one) =>
    one.kind === 'conntrack' ? { ...one, reason: { code: 'untracked' } as const } : one,
  );
  return [{ events, outcome, connections: skb.tracking.connections }];
}

/** Behind its first route a copy has that device for the one that it came by, too (ip_output). */
class Copy extends Skb {
  device = '';

  override situation(table: TableRef, at: HookState): Situation {
    return super.situation(table, at.hook === 'POSTROUTING' ? { ...at, in: this.device } : at);
  }
}

/** Without a socket and, where it was on its way in, one hop nearer to its end: two hosts that copy to each other end. */
function copied({ packet, hook }: RuleEvent): Packet {
  const { ttl, boundTo: _socket, ...rest } = packet;
  const isOnItsWayIn = hook === 'PREROUTING' || hook === 'INPUT';
  return {
    ...rest,
    from: { kernel: 'no socket' },
    ...(ttl === undefined ? {} : { ttl: isOnItsWayIn ? ttl - 1 : ttl }),
  };
}

/** nf_dup_ipv4_route: the gateway is asked for, not the packet's destination, and neither mark nor source counts. */
function wayTo(host: Host, gateway: string, out: string | undefined): RoutingDecision {
  // What is not there restricts nothing.
  const isThere = host.interfaces.some(({ name }) => name === out);
  const family = familyOf(gateway);
  const source = family === 'v4' ? '0.0.0.0' : '::';
  const asked = {
    family,
    source,
    destination: gateway,
    mark: 0,
    ...(out !== undefined && isThere ? { out } : {}),
  };
  const found = route(host, asked);
  // FLOWI_FLAG_KNOWN_NH: on a link the gateway itself is the next hop.
  return found.kind === 'unicast' ? { ...found, via: found.via ?? gateway } : found;
}

function teeOf(
  ruleset: Ruleset | undefined,
  { table, chain, position }: RuleEvent,
): readonly Option[] | null {
  const target = ruleset && findChain(ruleset, table, chain)?.rules[position - 1]?.target;
  return target?.kind === 'extension' && target.name === 'TEE' ? target.options : null;
}
