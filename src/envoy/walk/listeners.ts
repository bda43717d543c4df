/**
 * Which listener has an address: source/common/listener_manager/connection_handler_impl.cc addListener and
 * getBalancedHandlerByAddress. An exact address goes before the wildcard of the same family.
 */
import { familyOf } from '../../netfilter/index.ts';
import type { Endpoint, Listener, ListenerAddress } from '../model/config.ts';
import { isSameAddress } from '../read/places.ts';

export interface FoundListener {
  readonly listener: Listener;
  readonly by: 'exact' | 'wildcard';
}

const wildcards = { v4: '0.0.0.0', v6: '::' } as const;

/** The addresses that a listener is entered under in the table, compatible ones in both families. */
function entriesOf({ address, port, kind, ipv4Compat }: ListenerAddress): readonly Endpoint[] {
  if (kind !== 'ip') return [];
  const own = { address, port };
  if (!ipv4Compat) return [own];
  if (isSameAddress(address, wildcards.v6)) return [own, { address: wildcards.v4, port }];
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped === undefined ? [own] : [own, { address: mapped, port }];
}

/** The listener that a connection to this address belongs to; null where none has it. */
export function listenerAt(
  listeners: readonly Listener[],
  { address, port }: Endpoint,
): FoundListener | null {
  const at = (wanted: string): Listener | undefined => {
    const isAt = (entry: Endpoint) => entry.port === port && isSameAddress(entry.address, wanted);
    // Who has an address as its own goes before who is compatible with it.
    return (
      listeners.find((listener) => listener.addresses.some((one) => one.kind === 'ip' && isAt(one))) ??
      listeners.find((listener) =>
        listener.addresses.some((one) => one.ipv4Compat && entriesOf(one).some(isAt)),
      )
    );
  };
  const exact = at(address);
  if (exact !== undefined) return { listener: exact, by: 'exact' };
  const wildcard = at(wildcards[familyOf(address)]);
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
  listeners: readonly Listener[],
  port: number,
  family: 'v4' | 'v6',
  address: string | null,
): Accepting {
  const bound = listeners.flatMap((listener) =>
    listener.bindToPort
      ? listener.addresses.flatMap((one) =>
          entriesOf(one)
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
