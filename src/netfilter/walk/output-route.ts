/**
 * Where a packet goes that this host sends, and when that is looked up again.
 */
import { judgeOutput } from '../kernel/addressing/index.ts';
import { type RoutingDecision, route } from '../kernel/routing.ts';
import { interfaceSetting } from '../kernel/sysctls.ts';
import { familyOf } from '../model/address.ts';
import type { Host } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import type { Steering } from './hook-entry.ts';

/** A route that leads somewhere. */
export type Way = Exclude<RoutingDecision, { readonly kind: 'unreachable' }>;

/** ip_route_output and ip6_route_output. */
export function outputRoute(host: Host, packet: Packet): RoutingDecision {
  const { source, destination, mark = 0, boundTo } = packet;
  const family = familyOf(destination);
  const out = boundTo === undefined ? {} : { out: boundTo };
  const decision = judgeOutput?.(host, packet) ?? route(host, { family, source, destination, mark, ...out });
  // __mkroute_output: a loopback source does not leave by a link.
  const leaves = decision.kind === 'unicast' && decision.dev !== 'lo';
  if (
    leaves &&
    family === 'v4' &&
    source.startsWith('127.') &&
    interfaceSetting(host, 'route_localnet', decision.dev) === 0
  )
    return {
      kind: 'unreachable',
      reason: { code: 'loopback source leaves', source, interface: decision.dev },
    };
  return decision;
}

/** The interface that a route leads to. */
export function deviceOf(way: Way): string {
  return way.kind === 'local' ? 'lo' : way.dev;
}

/** Whether a packet may need another route: one of these fields of it changed. */
export function isSteered(before: Packet, after: Packet, by: readonly Steering[]): boolean {
  return before !== after && by.some((field) => steering[field](before) !== steering[field](after));
}

const steering: Readonly<Record<Steering, (packet: Packet) => string | number | null>> = {
  source: ({ source }) => source,
  destination: ({ destination }) => destination,
  mark: ({ mark = 0 }) => mark,
  tos: ({ tos = 0 }) => tos,
  'hop limit': ({ destination, ttl = 64 }) => (familyOf(destination) === 'v6' ? ttl : null),
};
