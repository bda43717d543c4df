/**
 * Why a packet's way went as it did, as a phrase without a full stop: conntrack, NAT, routing and its end.
 */
import { printEndpoint, printTuple, type WayReason } from '../../netfilter/index.ts';

export function wayPhrase(reason: WayReason): string {
  switch (reason.code) {
    case 'opens a connection':
      return 'it opens a connection';
    case 'belongs to a connection':
      return `the ${reason.direction} direction of ${printTuple(reason.original)}`;
    case 'taken out':
      return 'the raw table took it out of tracking';
    case 'discovery':
      return 'conntrack leaves neighbour and multicast listener discovery alone';
    case 'opens none':
      return 'it belongs to no connection and opens none';
    case 'flags do not fit':
      return 'its flags do not fit where its connection is';
    case 'error about none':
      return 'it is an error about no connection that is known';
    case 'tracking is off':
      return `no rule of this ${reason.family === 'v4' ? 'IPv4' : 'IPv6'} ruleset switches connection tracking on`;
    case 'untracked':
      return 'conntrack does not track this packet';
    case 'invalid':
      return 'conntrack holds this packet for INVALID';
    case 'reply':
      return 'this is a reply: nat rules are asked for the first packet of a connection';
    case 'established':
      return 'the connection is established: nat rules are asked for its first packet';
    case 'error about a connection':
      return 'this is an error about a connection that is known';
    case 'decided':
      return `conntrack knows the connection, and its ${reason.side} is decided`;
    case 'decided before lo':
      return `the packet came back over lo with its conntrack entry, whose ${reason.side} was decided on the way out`;
    case 'nat decided':
      return reason.lot === undefined
        ? 'nat decided so'
        : `nat decided so; the kernel draws a port from ${reason.lot[0]} to ${reason.lot[1]}; the first free one stands for it`;
    case 'reply translated':
      return `the reply to ${printTuple(reason.original)} is translated back`;
    case 'error translated':
      return `what is sent about ${printTuple(reason.original)} is translated back`;
    case 'route':
      return routeWords(reason);
    case 'socket bound':
      return `the socket is bound to ${reason.interface}`;
    case 'group':
      return `${reason.destination} is for many hosts on the link of ${reason.interface}`;
    case 'routed again':
      return `${reroutedWords[reason.after]}: ${wayPhrase(reason.reason)}`;
    case 'no route':
      return `no route leads to ${reason.destination}`;
    case 'route without interface':
      return `${routeWords(reason)} names no interface`;
    case 'route of type':
      return `${routeWords(reason)} is of type ${reason.type}`;
    case 'loopback source leaves':
      return `the loopback address ${reason.source} does not leave by ${reason.interface}`;
    case 'loopback address comes in':
      return `${reason.address} does not come in over ${reason.interface}`;
    case 'martian destination':
      return `a martian: ${reason.destination} does not come in over ${reason.interface}`;
    case 'martian source':
      return `a martian: ${reason.source} does not come from ${reason.interface}`;
    case 'own source':
      return `a martian: ${reason.source} is this host's own address and came in over ${reason.interface}`;
    case 'group not joined':
      return `no socket on ${reason.interface} is known to have joined the group ${reason.destination}`;
    case 'multicast comes in':
      return `the multicast address ${reason.address} does not come in over ${reason.interface}`;
    case 'for many':
      return `the link brought it to many hosts, as ${reason.destination}, and such a packet is not sent on`;
    case 'source of many':
      return `${reason.source} is an address of many hosts and no source`;
    case 'source of one link':
      return `the source ${reason.source} does not leave the link of ${reason.interface}`;
    case 'rp_filter': {
      const { mode, source, back } = reason;
      const way =
        back === null ? `there is no way back to ${source}` : `the way back to ${source} is by ${back}`;
      return `rp_filter is ${mode}, and ${way}`;
    }
    case 'policy':
      return `the policy of ${reason.table} ${reason.chain} drops it`;
    case 'tuple taken':
      return `conntrack has ${printTuple(reason.reply)} in another connection already`;
    case 'handed over, routed out':
      return `TPROXY handed it to a socket, but the route leads out by ${reason.interface}: a routing rule has to make it local`;
    case 'forwarding is off':
      return `${reason.destination} is not this host's, and ${reason.sysctl} is off`;
    case 'ttl ends':
      return `its TTL of ${reason.ttl} ends here`;
    case 'no listener':
      return `no ${reason.protocol} socket listens on ${printEndpoint(reason.address, reason.port)}`;
    case 'address by hash':
      return `which address from ${reason.first} to ${reason.last} the kernel takes depends on a hash`;
    case 'no port left':
      return `every port is taken by another connection to ${printEndpoint(reason.destination, reason.port)}`;
  }
}

const reroutedWords = {
  mangle: 'mangle changed what the route hangs on',
  nat: 'the destination was rewritten',
  'route chain': 'a chain of type route changed what the route hangs on',
} as const;

function routeWords({
  destination,
  table,
}: {
  readonly destination: string;
  readonly table: string;
}): string {
  return `route ${destination} in table ${table}`;
}
