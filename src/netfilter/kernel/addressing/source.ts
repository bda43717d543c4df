/** The source of a packet whose socket is bound to none: fib_result_prefsrc and inet_select_addr; ipv6_dev_get_saddr. */
import {
  addressValue,
  familyOf,
  prefixHolds,
  prefixLength,
  readAddress,
  readPrefix,
} from '../../model/address.ts';
import type { Host } from '../../model/host.ts';
import type { Family } from '../../model/ruleset.ts';
import { isLocal, routeFor, withLoopback } from '../routing.ts';
import { broadcastDevice, everyone, isLoopbackV4, isMulticast } from './groups.ts';
import type { SourceAddress } from './types.ts';

export interface OwnAddress {
  readonly device: string;
  readonly value: bigint;
  /** `10.244.1.5/24` */
  readonly text: string;
}

export function addressesOf(host: Host, family: Family): readonly OwnAddress[] {
  return host.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap((text) => {
      const read = readAddress(text.split('/')[0] ?? '');
      return read?.family === family ? [{ device: name, value: read.value, text }] : [];
    }),
  );
}

/** inet_select_addr: the first address of the interface in the network of the next hop, or the first of all. */
export function selectV4(host: Host, device: string | undefined, nextHop: bigint): OwnAddress | null {
  const usable = addressesOf(host, 'v4').filter(({ value }) => !isLoopbackV4(value));
  const own = usable.filter((one) => one.device === device);
  return own.find((one) => isNear(one, nextHop)) ?? own[0] ?? usable[0] ?? null;
}

function isNear({ text }: OwnAddress, address: bigint): boolean {
  const prefix = readPrefix(text);
  return prefix !== null && prefixHolds(prefix, address);
}

function scopeOf(address: bigint): number {
  if (address === 1n || address >> 118n === 0x3fan) return 2;
  return address >> 118n === 0x3fbn ? 5 : 14;
}

function scopeOfDestination(address: bigint): number {
  return isMulticast('v6', address) ? Number((address >> 112n) & 15n) : scopeOf(address);
}

function commonBits(a: bigint, b: bigint): number {
  const different = a ^ b;
  return different === 0n ? 128 : 128 - different.toString(2).length;
}

/** net/ipv6/addrlabel.c, as it is before anybody changes it. */
const labels = (
  [
    ['::1/128', 0],
    ['::ffff:0:0/96', 4],
    ['::/96', 3],
    ['2001::/32', 6],
    ['2001:10::/28', 7],
    ['2002::/16', 2],
    ['3ffe::/16', 12],
    ['fec0::/10', 11],
    ['fc00::/7', 5],
  ] as const
).flatMap(([text, label]) => {
  const prefix = readPrefix(text);
  return prefix === null ? [] : [{ prefix, label }];
});

function labelOf(address: bigint): number {
  return labels.find(({ prefix }) => prefixHolds(prefix, address))?.label ?? 1;
}

/**
 * RFC 6724 as far as addresses alone decide: the same, the scope, the interface, the label, the longest common prefix
 * as far as the network of the address goes.
 */
export function selectV6(host: Host, destination: bigint, device: string | undefined): OwnAddress | null {
  const wanted = scopeOfDestination(destination);
  const isOfLink = wanted <= 2 || isMulticast('v6', destination);
  const scored = addressesOf(host, 'v6')
    .filter((one) => one.device === device || !(isOfLink || scopeOf(one.value) === 2))
    .map((one) => {
      const scope = scopeOf(one.value);
      const mask = readPrefix(one.text)?.mask;
      return {
        one,
        score: [
          one.value === destination ? 1 : 0,
          scope >= wanted ? -scope : scope - 128,
          one.device === device ? 1 : 0,
          labelOf(one.value) === labelOf(destination) ? 1 : 0,
          Math.min(
            commonBits(one.value, destination),
            (mask === undefined ? null : prefixLength('v6', mask)) ?? 128,
          ),
        ],
      };
    });
  const best = scored.reduce<(typeof scored)[number] | null>((top, next) => {
    if (top === null) return next;
    const at = next.score.findIndex((number, place) => number !== top.score[place]);
    return at >= 0 && (next.score[at] as number) > (top.score[at] as number) ? next : top;
  }, null);
  return best?.one ?? null;
}

const plain = (own: OwnAddress | null): string | null => own?.text.split('/')[0] ?? null;

export const sourceAddress: SourceAddress = (told, destination, boundTo) => {
  const host = withLoopback(told);
  const family = familyOf(destination);
  const to = addressValue(destination);
  if (to === 0n) return family === 'v4' ? '127.0.0.1' : '::1';
  const isOnLo = boundTo === undefined || boundTo === 'lo';
  if (isLocal(host, destination) && isOnLo) return family === 'v4' ? primaryOf(host, to) : destination;
  const out = boundTo === undefined ? {} : { out: boundTo };
  if (family === 'v4') {
    const near = broadcastDevice(host, to, boundTo);
    if (near !== null) return plain(selectV4(host, near, to));
    if (boundTo !== undefined && (isMulticast('v4', to) || to === everyone))
      return plain(selectV4(host, boundTo, 0n));
  }
  const source = family === 'v4' ? '0.0.0.0' : '::';
  const found = routeFor(host, { family, source, destination, mark: 0, ...out })?.found ?? null;
  const device = found === null || isMulticast('v6', to) ? boundTo : found.dev;
  if (device === undefined || !['unicast', undefined].includes(found?.type)) return null;
  if (found?.src !== undefined) return found.src;
  if (family === 'v6') return plain(selectV6(host, to, device));
  return plain(selectV4(host, device, found?.via === undefined ? to : addressValue(found.via)));
};

/** A host calls itself from the first address of the network (fib_add_ifaddr), and 127.0.0.0/8 from 127.0.0.1. */
function primaryOf(host: Host, own: bigint): string | null {
  if (isLoopbackV4(own)) return '127.0.0.1';
  const all = addressesOf(host, 'v4');
  const one = all.find(({ value }) => value === own);
  if (one === undefined) return null;
  const length = one.text.split('/')[1];
  const isPrimary = (other: OwnAddress): boolean =>
    other.device === one.device && other.text.split('/')[1] === length && isNear(other, own);
  return plain(all.find(isPrimary) ?? one);
}
