/**
 * Which listener has an address: source/common/listener_manager/connection_handler_impl.cc addListener and
 * getBalancedHandlerByAddress. An exact address goes before the wildcard of the same family.
 */
import { familyOf } from '../../netfilter/index.ts';
import type { Endpoint, EnvoyConfig, Listener } from '../model/config.ts';
import { addressKey, lookupIn, tableEntries, wildcards } from '../read/lookup.ts';
import { isSameAddress } from '../read/places.ts';

export interface FoundListener {
  readonly listener: Listener;
  readonly by: 'exact' | 'wildcard';
}

/** The listener that a connection to this address belongs to; null where none has it. */
export function listenerAt(config: EnvoyConfig, { address, port }: Endpoint): FoundListener | null {
  const { listenerAtAddress } = lookupIn(config);
  const exact = listenerAtAddress.get(addressKey({ address, port }));
  if (exact !== undefined) return { listener: exact, by: 'exact' };
  const wildcard = listenerAtAddress.get(addressKey({ address: wildcards[familyOf(address)], port }));
  return wildcard === undefined ? null : { listener: wildcard, by: 'wildcard' };
}

export type Accepting =
  | { readonly kind: 'found'; readonly listener: Listener; readonly address: Endpoint }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly listeners: readonly Listener[] };

/**
 * The listener whose socket accepts at a port: the kernel prefers an exact address. `address` is where it was accepted,
 * or null where a redirected connection came to any address of the machine.
 */
export function acceptingListener(
  config: EnvoyConfig,
  port: number,
  family: 'v4' | 'v6',
  address: string | null,
): Accepting {
  const bound = (lookupIn(config).listenersAtPort.get(port) ?? []).flatMap((listener) =>
    listener.bindToPort
      ? listener.addresses.flatMap((one) =>
          tableEntries(one)
            .filter((entry) => entry.port === port && familyOf(entry.address) === family)
            .map((entry) => ({ listener, address: entry })),
        )
      : [],
  );
  const wildcard = bound.find((one) => isSameAddress(one.address.address, wildcards[family]));
  const own = bound.filter((one) => one !== wildcard);
  const found =
    address === null
      ? wildcard === undefined && own.length === 1
        ? own[0]
        : own.length === 0
          ? wildcard
          : undefined
      : (own.find((one) => isSameAddress(one.address.address, address)) ?? wildcard);
  if (found !== undefined) return { kind: 'found', ...found };
  if (address === null && bound.length > 0)
    return { kind: 'several', listeners: bound.map(({ listener }) => listener) };
  return { kind: 'none' };
}
