/**
 * One packet's way through a host, hook by hook.
 */
import { getsCopy, tiedTo, whyNotTaken, withDestination } from '../kernel/addressing/index.ts';
import { socketFor } from '../kernel/sockets.ts';
import type { Answer, Devices, Outcome, Traversal } from '../model/event.ts';
import type { Host } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';
import { hasPorts } from '../model/protocol.ts';
import type { Rerouter, RouteReason } from '../model/reason.ts';
import type { Hook } from '../model/ruleset.ts';
import type { Asked } from './hook-entry.ts';
import { hookOrder } from './hook-order.ts';
import { inputRoute } from './input-route.ts';
import { askNat } from './nat-hook.ts';
import { walkBaseChain } from './nft/index.ts';
import { deviceOf, isSteered, outputRoute, type Way } from './output-route.ts';
import { type HookState, Skb, type StepEnd } from './skb.ts';

type Dropped = Extract<Outcome, { readonly kind: 'dropped' }>;

/**
 * Sends one packet through the host.
 *
 * The events are in order and end with the outcome; each carries the packet as it is after it. A rule that
 * depends on what the engine was not told ends the traversal as `cannot tell`, unless `answers` has its answer.
 * Throws a TypeError where an address of the packet is none.
 */
export function traverse(host: Host, packet: Packet, answers: readonly Answer[] = []): Traversal {
  const skb = new Skb(host, packet, answers);
  const outcome = walk(skb);
  const { from } = packet;
  const hook = skb.events.at(-1)?.hook ?? ('interface' in from ? 'PREROUTING' : 'OUTPUT');
  skb.push({ kind: 'outcome', hook, outcome });
  const { sets, rulesets } = skb.host;
  return {
    events: skb.events,
    outcome,
    connections: skb.tracking.connections,
    ...(sets === undefined ? {} : { sets }),
    ...(rulesets.nft === undefined || rulesets.nft === host.rulesets.nft ? {} : { nft: rulesets.nft }),
  };
}

/** The whole way of a packet that has just been made, or has just come in. */
export function walk(skb: Skb): Outcome {
  const { from } = skb.packet;
  return 'interface' in from ? receive(skb, from.interface) : send(skb);
}

/** All that is asked at one hook, in order (nf_hook_slow). */
function pass(skb: Skb, hook: Hook, devices: Devices): StepEnd {
  const at: HookState = { hook, ...devices };
  skb.come(at);
  for (const { asks, reroutesOn } of skb.asked(hookOrder(skb.host, hook, skb.family), hook)) {
    const before = skb.packet;
    const step = ask(skb, asks, at);
    if (step !== 'on') return step;
    if (reroutesOn === undefined || !isSteered(before, skb.packet, reroutesOn)) continue;
    const after = asks.kind === 'table' ? 'mangle' : asks.kind === 'nat' ? 'nat' : 'route chain';
    const routed = routeOut(skb, after);
    if (routed.kind === 'dropped') return routed;
  }
  return 'on';
}

function ask(skb: Skb, asks: Asked, at: HookState): StepEnd {
  switch (asks.kind) {
    case 'table':
      return skb.pass(asks.table, at).step;
    case 'conntrack': {
      const found = skb.tracking.lookUp(skb.packet);
      if (found !== null) {
        const { state, direction, reason } = found;
        skb.push({ kind: 'conntrack', hook: at.hook, state, direction, reason });
      }
      return 'on';
    }
    case 'nat':
      return askNat(skb, asks.side, at);
    case 'confirm':
      return skb.tracking.confirm();
    case 'nft':
      return walkBaseChain?.(skb, asks.base, at).step ?? 'on';
  }
}

/** From a local socket: OUTPUT and POSTROUTING, and over lo back in. */
function send(skb: Skb): Outcome {
  if (withDestination !== null) skb.packet = withDestination(skb.host, skb.packet);
  return leave(skb, routeOut(skb, null));
}

/** ip_local_out, by the route that the packet has. */
export function leave(skb: Skb, first: ReturnType<typeof routeOut>): Outcome {
  if (first.kind === 'dropped') return first;
  // The hook keeps the device that it was entered with, also for the tables behind a new route (ip_local_out).
  const output = pass(skb, 'OUTPUT', { out: deviceOf(first) });
  if (output !== 'on') return output;
  const way = skb.way ?? first;
  const out = deviceOf(way);
  const isCopied = getsCopy?.(skb.host, skb.packet, out) ?? false;
  const before = isCopied && skb.family === 'v4' ? copied(skb, out) : null;
  if (before?.kind === 'cannot tell') return before;
  const postrouting = pass(skb, 'POSTROUTING', { out });
  if (postrouting !== 'on') return postrouting;
  const behind = isCopied && skb.family === 'v6' ? copied(skb, out) : null;
  if (behind?.kind === 'cannot tell') return behind;
  return out === 'lo' ? loopBack(skb, out) : sent(way);
}

/**
 * This host's copy, which is in again at once (dev_loopback_xmit): IPv4's goes before the packet (ip_mc_output), IPv6's
 * behind it (ip6_finish_output2). It has no socket, and shares the packet's conntrack entry (skb_clone).
 */
function copied(skb: Skb, out: string): Outcome {
  const { packet, socket, assigned, isReturning, tracking } = skb;
  const { tracked, isUntracked, wasLookedUp, zones } = tracking;
  skb.socket = null;
  const postrouting = pass(skb, 'POSTROUTING', { out });
  const end = postrouting === 'on' ? loopBack(skb, out) : postrouting;
  Object.assign(skb, { packet, socket, assigned, isReturning });
  Object.assign(tracking, { isUntracked, wasLookedUp, zones, ...(tracked === null && { tracked }) });
  return end;
}

/** ip_route_output; after a table that rewrote the packet it is ip_route_me_harder. */
function routeOut(skb: Skb, after: Rerouter | null): Way | Dropped {
  // ip6_route_me_harder: what is of one link stays on the interface that it was routed to.
  const packet = (skb.way && tiedTo?.(skb.packet, deviceOf(skb.way))) ?? skb.packet;
  const decision = outputRoute(skb.host, packet);
  if (decision.kind === 'unreachable') return { kind: 'dropped', reason: decision.reason };
  skb.way = decision;
  const reason: RouteReason =
    after === null ? decision.reason : { code: 'routed again', after, reason: decision.reason };
  skb.push({ kind: 'route', hook: 'OUTPUT', out: deviceOf(decision), reason });
  return decision;
}

function sent(way: Way): Outcome {
  const via = way.kind === 'unicast' && way.via !== undefined ? { via: way.via } : {};
  return { kind: 'sent', interface: deviceOf(way), ...via };
}

function loopBack(skb: Skb, device: string): Outcome {
  skb.comesBack(device);
  const before = skb.packet.destination;
  const devices = { in: device };
  const prerouting = pass(skb, 'PREROUTING', devices);
  if (prerouting !== 'on') return prerouting;
  // The route that the packet left with still holds, unless its destination was rewritten on the way in.
  return before === skb.packet.destination ? input(skb, devices) : routeIn(skb, devices);
}

function receive(skb: Skb, device: string): Outcome {
  // IPv4 throws such packets away when it routes them.
  if (skb.family === 'v6' && device !== 'lo') {
    const reason = whyNotTaken?.(skb.host, skb.packet, device) ?? null;
    if (reason !== null) return { kind: 'dropped', reason };
  }
  const devices = { in: device };
  const prerouting = pass(skb, 'PREROUTING', devices);
  return prerouting === 'on' ? routeIn(skb, devices) : prerouting;
}

function routeIn(skb: Skb, devices: { readonly in: string }): Outcome {
  const decision = inputRoute(skb.host, skb.packet, devices.in, skb.arrived);
  if (decision.kind === 'unreachable') return { kind: 'dropped', reason: decision.reason };
  const { reason } = decision;
  const out = decision.kind === 'local' ? null : decision.dev;
  skb.push({ kind: 'route', hook: 'PREROUTING', out, reason });
  return decision.kind === 'local' ? input(skb, devices) : forward(skb, devices.in, decision);
}

/** ip_forward and ip6_forward. */
function forward(skb: Skb, device: string, way: Way & { readonly kind: 'unicast' }): Outcome {
  // What TPROXY handed to a socket is not sent on.
  if (skb.assigned !== undefined)
    return { kind: 'dropped', reason: { code: 'handed over, routed out', interface: way.dev } };
  const name = skb.family === 'v4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
  if (skb.host.sysctls?.[name] !== 1)
    return {
      kind: 'dropped',
      reason: { code: 'forwarding is off', destination: skb.packet.destination, sysctl: name },
    };
  const { ttl } = skb.packet;
  if (ttl !== undefined) {
    if (ttl <= 1)
      return {
        kind: 'rejected',
        with: skb.family === 'v4' ? 'icmp-ttl-exceeded' : 'icmp6-time-exceeded',
        reason: { code: 'ttl ends', ttl },
      };
    skb.packet = { ...skb.packet, ttl: ttl - 1 };
  }
  // A packet that is sent on still has the interface that it came in by (ip_output, indev).
  const devices = { in: device, out: way.dev };
  for (const hook of ['FORWARD', 'POSTROUTING'] as const) {
    const step = pass(skb, hook, devices);
    if (step !== 'on') return step;
  }
  return sent(way);
}

function input(skb: Skb, devices: Devices): Outcome {
  const step = pass(skb, 'INPUT', devices);
  return step === 'on' ? deliver(skb) : step;
}

function deliver({ host: { sockets }, assigned, packet }: Skb): Outcome {
  if (assigned !== undefined) return { kind: 'delivered', socket: assigned };
  const { protocol, destination, destinationPort } = packet;
  if (sockets === undefined || !hasPorts(protocol)) return { kind: 'delivered', socket: null };
  const socket = socketFor(sockets, packet);
  if (socket !== null) return { kind: 'delivered', socket };
  return {
    kind: 'refused',
    reason: { code: 'no listener', protocol, address: destination, port: destinationPort },
  };
}
