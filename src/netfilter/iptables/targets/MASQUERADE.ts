/**
 * MASQUERADE: the source becomes an address of the interface that the packet leaves by
 * (net/netfilter/nf_nat_masquerade.c; inet_select_addr for IPv4, ipv6_dev_get_saddr for IPv6).
 */

import { route } from '../../kernel/routing.ts';
import { addressValue, prefixHolds, readAddress, readPrefix } from '../../model/address.ts';
import type { Host } from '../../model/host.ts';
import type { Family } from '../../model/ruleset.ts';
import { optionValue, type TargetExtension, targetOption } from '../extension.ts';
import type { Situation } from '../situation.ts';
import { toPorts, type ValueRange } from '../values.ts';
import { fullyRandomOption, isRandom, randomOption } from './nat-range.ts';

interface Own {
  readonly device: string;
  readonly value: bigint;
  readonly text: string;
}

function addressesOf(host: Host, family: Family): readonly Own[] {
  return host.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap((text) => {
      const read = readAddress(text.split('/')[0] ?? '');
      return read?.family === family ? [{ device: name, value: read.value, text }] : [];
    }),
  );
}

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
  const usable = addressesOf(host, 'v4').filter(({ text }) => !text.startsWith('127.'));
  const own = usable.filter(({ device }) => device === out);
  const near = own.find(({ text }) => {
    const prefix = readPrefix(text);
    return prefix !== null && prefixHolds(prefix, nextHop);
  });
  return (near ?? own[0] ?? usable[0])?.value ?? null;
}

function scopeOf(address: bigint): number {
  if (address === 1n || address >> 118n === 0x3fan) return 2;
  return address >> 118n === 0x3fbn ? 5 : 14;
}

function commonBits(a: bigint, b: bigint): number {
  const different = a ^ b;
  return different === 0n ? 128 : 128 - different.toString(2).length;
}

/** RFC 6724 as far as addresses alone decide: the same, the scope, the interface, the longest common prefix. */
function sourceV6({ host, packet, out }: Situation): bigint | null {
  const destination = addressValue(packet.destination);
  const wanted = scopeOf(destination);
  const scored = addressesOf(host, 'v6')
    .filter(({ device, value }) => scopeOf(value) !== 2 || device === out)
    .map((one) => {
      const scope = scopeOf(one.value);
      return {
        value: one.value,
        score: [
          one.value === destination ? 1 : 0,
          scope >= wanted ? -scope : scope - 128,
          one.device === out ? 1 : 0,
          commonBits(one.value, destination),
        ],
      };
    });
  const best = scored.reduce<(typeof scored)[number] | null>((top, one) => {
    if (top === null) return one;
    const at = one.score.findIndex((number, place) => number !== top.score[place]);
    return at >= 0 && (one.score[at] as number) > (top.score[at] as number) ? one : top;
  }, null);
  return best?.value ?? null;
}

/** The address that a packet is to leave by; null where the host has none. */
export function masqueradeAddress(situation: Situation): bigint | null {
  return situation.family === 'v4' ? sourceV4(situation) : sourceV6(situation);
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
