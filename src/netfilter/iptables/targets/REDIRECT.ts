/**
 * REDIRECT: the destination becomes this host. From a local process it is 127.0.0.1 or ::1; for a packet that
 * came in it is an address of the interface that it came in on (net/netfilter/nf_nat_redirect.c).
 */
import { addressValue, maskOf, type Prefix, readAddress } from '../../model/address.ts';
import type { Interface } from '../../model/host.ts';
import type { Family } from '../../model/ruleset.ts';
import { optionValue, type TargetExtension, targetOption } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { nothing, toPorts, type ValueRange } from '../values.ts';

const scopes: readonly { readonly name: string; readonly prefix: Prefix }[] = [
  { name: 'link', prefix: { family: 'v6', address: addressValue('fe80::'), mask: maskOf('v6', 10) } },
  { name: 'site', prefix: { family: 'v6', address: addressValue('fec0::'), mask: maskOf('v6', 10) } },
];

function scopeOf(address: bigint): string {
  return scopes.find(({ prefix }) => (address & prefix.mask) === prefix.address)?.name ?? 'global';
}

function addressesOf(device: Interface | undefined, family: Family): readonly bigint[] {
  return (device?.addresses ?? [])
    .map((address) => readAddress(address.split('/')[0] ?? ''))
    .flatMap((read) => (read?.family === family ? [read.value] : []));
}

/** The address that a packet is redirected to; null where its interface has none. */
export function redirectAddress({ family, hook, host, packet, ...devices }: Situation): bigint | null {
  if (hook === 'OUTPUT') return addressValue(family === 'v4' ? '127.0.0.1' : '::1');
  const own = addressesOf(
    host.interfaces.find((one) => one.name === devices.in),
    family,
  );
  if (family === 'v4') return own[0] ?? null;
  const scope = scopeOf(addressValue(packet.destination));
  return own.find((address) => scopeOf(address) === scope) ?? null;
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
