/** `-m pkttype`: whom the link sent a packet to. */
import { addressValue, readPrefix } from '../../model/address.ts';
import { type MatchExtension, matchOption } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { named } from '../values.ts';

type PacketType = 'unicast' | 'broadcast' | 'multicast';

/** The link's answer follows from the address; what leaves this host is `unicast` until it has left. */
export function packetTypeOf({
  packet,
  isLocal,
  isReturning,
  family,
  host,
  ...devices
}: Situation): PacketType {
  if (isLocal && !isReturning) return 'unicast';
  const value = addressValue(packet.destination);
  if (family === 'v6') return value >> 120n === 0xffn ? 'multicast' : 'unicast';
  if (value >> 28n === 14n) return 'multicast';
  const isBroadcast =
    value === 0xffffffffn ||
    host.interfaces.some(
      ({ name, addresses }) =>
        name === devices.in &&
        addresses.some((one) => {
          const prefix = readPrefix(one);
          return (
            prefix?.family === 'v4' &&
            prefix.mask < 0xfffffffen &&
            value === (prefix.address | (0xffffffffn ^ prefix.mask))
          );
        }),
    );
  return isBroadcast ? 'broadcast' : 'unicast';
}

export const pkttype: MatchExtension = {
  name: 'pkttype',
  options: [
    matchOption<PacketType>({
      name: '--pkt-type',
      negatable: true,
      value: named({
        unicast: 'unicast',
        host: 'unicast',
        broadcast: 'broadcast',
        bcast: 'broadcast',
        multicast: 'multicast',
        mcast: 'multicast',
      }),
      field: 'packetType',
      test: (wanted) => (situation) => {
        const found = packetTypeOf(situation);
        return { holds: found === wanted, found };
      },
    }),
  ],
};
