/**
 * What a rule can see when it is tested: the packet, the hook with its devices, and what conntrack says.
 */
import type { Interval } from '../model/address.ts';
import type { Devices } from '../model/event.ts';
import type { Host, Socket } from '../model/host.ts';
import type { Connection, ConnectionState, Owner, Packet } from '../model/packet.ts';
import type { FieldName, Fields } from '../model/rule-reason.ts';
import type { Family, Hook, TableRef } from '../model/ruleset.ts';

export interface Situation extends Devices {
  readonly family: Family;
  readonly hook: Hook;
  readonly table: TableRef;
  readonly packet: Packet;
  /** The packet's addresses as numbers. */
  readonly source: bigint;
  readonly destination: bigint;
  readonly state: ConnectionState | null;
  readonly direction: 'original' | 'reply' | null;
  readonly connection: Connection | null;
  /** Conntrack has entered the connection into its table. */
  readonly isConfirmed: boolean;
  /** For which sides of the packet NAT has been asked. */
  readonly natDecided: { readonly source: boolean; readonly destination: boolean };
  /** The socket that the packet left; null where there is none, or none that a rule may see. */
  readonly socket: Owner | 'control socket' | null;
  /** The socket that TPROXY handed it to. */
  readonly assigned?: Socket;
  /** A local process made it, or the kernel of this host. */
  readonly isLocal: boolean;
  /** Whether it came back in over lo after it had left this host. */
  readonly isReturning: boolean;
  readonly host: Host;
}

/** What a condition found in a packet, before any `!`. Null: the engine was not told what it depends on. */
export type Tested<Found = unknown> =
  | {
      readonly holds: boolean;
      readonly found: Found;
      /** A `!` does not turn this around: a packet without a connection matches neither `--mark` nor `! --mark`. */
      readonly isFinal?: true;
    }
  | { readonly holds: null; readonly found?: undefined };

/** What a packet would have to say, and does not. */
export const notTold: Tested<never> = { holds: null };

/** Fields of a packet that are numbers, in which a condition is a set of intervals. */
export type IntervalField = {
  [F in FieldName]: Fields[F]['found'] extends number | string | null ? F : never;
}[FieldName];

export interface Dimension<F extends IntervalField = IntervalField> {
  readonly field: F;
  /** Null: the packet has none. */
  readonly of: (situation: Situation) => bigint | number | null;
  /** What a reason tells of it; absent: the number. */
  readonly found?: (situation: Situation) => Fields[F]['found'];
  /** Whether the packet tells it; absent: always. */
  readonly isTold?: (situation: Situation) => boolean;
}

export function within(intervals: readonly Interval[], value: bigint | number): boolean {
  return intervals.some(([first, last]) => first <= value && value <= last);
}
