/**
 * REDIRECT: the destination becomes this host. From a local process it is 127.0.0.1 or ::1; for a packet that
 * came in it is an address of the interface that it came in on (net/netfilter/nf_nat_redirect.c).
 */
import { addressValue, readAddress } from '../../model/address.ts';
import type { Interface } from '../../model/host.ts';
import type { Family } from '../../model/ruleset.ts';
import { optionValue, type TargetExtension, targetOption } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { nothing, toPorts, type ValueRange } from '../values.ts';

/** How far an address of IPv6 reaches: a link, a site, or all; that of a group is in its fourth digit. */
function scopeOf(address: bigint): bigint {
  const start = address >> 112n;
  const scope =
    start >> 8n === 0xffn ? start & 15n : start >> 6n === 0x3fan ? 2n : start >> 6n === 0x3fbn ? 5n : 0n;
  return scope === 2n || scope === 5n ? scope : 0n;
}

function addressesOf(device: Interface | undefined, family: Family): readonly bigint[] {
  return (device?.addresses ?? [])
    .map((address) => readAddress(address.split('/')[0] ?? ''))
    .flatMap((read) => (read?.family === family ? [read.value] : []));
}

/** The address that a packet is redirected to; null where its interface has none. */
export function redirectAddress({
  family,
  hook,
  host,
  packet,
  ...devices
}: Pick<Situation, 'family' | 'hook' | 'host' | 'packet' | 'in'>): bigint | null {
  if (hook === 'OUTPUT') return addressValue(family === 'v4' ? '127.0.0.1' : '::1');
  const own = addressesOf(
    host.interfaces.find((one) => one.name === devices.in),
    family,
  );
  if (family === 'v4') return own[0] ?? null;
  const scope = scopeOf(addressValue(packet.destination));
  // nf_nat_redirect_ipv6_usable: what reaches all asks for no scope
  return own.find((address) => scopeOf(address) === scope) ?? (scope ? null : own[0]) ?? null;
}

export const REDIRECT: TargetExtension = {
  name: 'REDIRECT',
  options: [
    targetOption<ValueRange>({
      name: '--to-ports',
      aliases: ['--to-port'],
      negatable: false,
      value: toPorts,
    }),
    targetOption<null>({ name: '--random', negatable: false, value: nothing }),
  ],
  tables: ['nat'],
  hooks: ['PREROUTING', 'OUTPUT'],
  needsConntrack: () => true,
  act: (options, situation) => {
    const address = redirectAddress(situation);
    if (address === null)
      return {
        verdict: { kind: 'drop' },
        reason: { code: 'no address to redirect to', interface: situation.in },
      };
    const ports = optionValue<ValueRange>(options, '--to-ports');
    return {
      verdict: { kind: 'accept' },
      nat: {
        side: 'destination',
        addresses: [address, address],
        ...(ports === undefined ? {} : { ports }),
        ...(options.some(({ name }) => name === '--random') ? { isRandom: true } : {}),
      },
    };
  },
};
