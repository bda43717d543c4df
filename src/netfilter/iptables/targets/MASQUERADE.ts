/**
 * MASQUERADE: the source becomes an address of the interface that the packet leaves by
 * (net/netfilter/nf_nat_masquerade.c; inet_select_addr for IPv4, ipv6_dev_get_saddr for IPv6).
 */

import { selectV4, selectV6 } from '../../kernel/addressing/index.ts';
import { route } from '../../kernel/routing.ts';
import { addressValue } from '../../model/address.ts';
import { optionValue, type TargetExtension, targetOption } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { toPorts, type ValueRange } from '../values.ts';
import { fullyRandomOption, isRandom, randomOption } from './nat-range.ts';

/** The primary address in the next hop's network, or the first; with none, the first of any other interface. */
function sourceV4(situation: Situation): bigint | null {
  const { host, packet, out } = situation;
  const decision = route(host, {
    family: 'v4',
    source: packet.source,
    destination: packet.destination,
    mark: packet.mark ?? 0,
  });
  const nextHop = addressValue(
    decision.kind === 'unicast' ? (decision.via ?? packet.destination) : packet.destination,
  );
  return selectV4(host, out, nextHop)?.value ?? null;
}

/** The address that a packet is to leave by; null where the host has none. */
export function masqueradeAddress(situation: Situation): bigint | null {
  if (situation.family === 'v4') return sourceV4(situation);
  const { host, packet, out } = situation;
  return selectV6(host, addressValue(packet.destination), out)?.value ?? null;
}

export const MASQUERADE: TargetExtension = {
  name: 'MASQUERADE',
  tables: ['nat'],
  hooks: ['POSTROUTING'],
  needsConntrack: () => true,
  options: [
    targetOption<ValueRange>({
      name: '--to-ports',
      aliases: ['--to-port'],
      negatable: false,
      value: toPorts,
    }),
    randomOption,
    fullyRandomOption,
  ],
  act: (options, situation) => {
    if (situation.packet.source === '0.0.0.0') return { verdict: { kind: 'accept' } };
    const address = masqueradeAddress(situation);
    if (address === null)
      return {
        verdict: { kind: 'drop' },
        reason: { code: 'no address to send from', interface: situation.out },
      };
    const ports = optionValue<ValueRange>(options, '--to-ports');
    return {
      verdict: { kind: 'accept' },
      nat: {
        side: 'source',
        addresses: [address, address],
        ...(ports === undefined ? {} : { ports }),
        ...(isRandom(options) ? { isRandom: true } : {}),
      },
    };
  },
};
