/** Addresses of several hosts at once, and which of them this host listens to. */
import { addressValue, printAddress, readPrefix } from '../../model/address.ts';
import type { Host } from '../../model/host.ts';
import type { Family } from '../../model/ruleset.ts';

export const everyone = 0xffffffffn;

/** The first and the last multicast address, as numbers: 224.0.0.0/4 and ff00::/8. */
export const groupAddresses: Readonly<Record<Family, readonly [first: bigint, last: bigint]>> = {
  v4: [0xe0000000n, 0xefffffffn],
  v6: [0xffn << 120n, (1n << 128n) - 1n],
};

export function isMulticast(family: Family, address: bigint): boolean {
  const [first, last] = groupAddresses[family];
  return address >= first && address <= last;
}

/** 224.0.0.0/24, which no router sends on (ipv4_is_local_multicast). */
export function isLinkMulticast(address: bigint): boolean {
  return address >> 8n === 0xe00000n;
}

/** Of an IPv6 multicast address: 1 is the interface, 2 the link. */
export function multicastScope(address: bigint): number {
  return Number((address >> 112n) & 15n);
}

const [firstLoopback, pastLoopback] = [0x7f000000n, 0x80000000n];

export const isLoopbackV4 = (address: bigint): boolean => address >= firstLoopback && address < pastLoopback;

/** The broadcast address of each network, with its interface (fib_add_ifaddr). Found once for all packets. */
const broadcasts = new WeakMap<
  Host['interfaces'],
  readonly { readonly name: string; readonly value: bigint }[]
>();

function broadcastsOf({ interfaces }: Host) {
  const found =
    broadcasts.get(interfaces) ??
    interfaces.flatMap(({ name, addresses }) =>
      addresses.flatMap((one) => {
        const prefix = name === 'lo' ? null : readPrefix(one);
        const hostBits = everyone ^ (prefix?.mask ?? 0n);
        return prefix?.family === 'v4' && hostBits > 1n ? [{ name, value: prefix.address | hostBits }] : [];
      }),
    );
  broadcasts.set(interfaces, found);
  return found;
}

/** The interface that has a network with this broadcast address. */
export function broadcastDevice(host: Host, value: bigint, device?: string): string | null {
  const found = broadcastsOf(host).find(
    (one) => one.value === value && (device === undefined || device === one.name),
  );
  return found?.name ?? null;
}

/** Whether the link brings a packet with this destination to many hosts. */
export function isForMany(host: Host, family: Family, destination: bigint, device: string): boolean {
  return (
    isMulticast(family, destination) ||
    (family === 'v4' && (destination === everyone || broadcastDevice(host, destination, device) !== null))
  );
}

/** ff02::1:ff00:0/104, with the last bits of an address that neighbours ask for. */
const solicited = addressValue('ff02::1:ff00:0');

/**
 * The groups that the kernel joins by itself on an interface (ip_mc_up; ipv6_add_dev, addrconf_join_solict and
 * dev_forward_change). Those that a socket joined are not told.
 */
export function joinedGroups(host: Host, family: Family, device: string): readonly string[] {
  if (family === 'v4') return ['224.0.0.1'];
  const own = host.interfaces.find(({ name }) => name === device)?.addresses ?? [];
  const nodes = own.flatMap((text) => {
    const address = text.split('/')[0] ?? '';
    if (!address.includes(':') || device === 'lo') return [];
    return [printAddress('v6', solicited | (addressValue(address) & 0xffffffn))];
  });
  const routers =
    host.sysctls?.['net.ipv6.conf.all.forwarding'] === 1 ? ['ff01::2', 'ff02::2', 'ff05::2'] : [];
  return ['ff01::1', 'ff02::1', ...nodes, ...routers];
}

/** Whether the address is one of these, however it is written. */
export function isAmong(groups: readonly string[], address: string): boolean {
  const value = addressValue(address);
  return groups.some((group) => addressValue(group) === value);
}

/** Whether groups are told apart from the addresses of hosts. */
export function tellsGroups(host: Host): boolean {
  return host.groups === undefined;
}
