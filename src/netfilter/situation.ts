/**
 * What a rule can see when it is tested: the packet, the hook with its devices, and what conntrack says.
 */
import type { Interval } from './address.ts';
import type { Connection, ConnectionState, Devices, Host, Owner, Packet } from './packet.ts';
import type { Family, Hook, TableName } from './ruleset.ts';

export interface Situation extends Devices {
  readonly family: Family;
  readonly hook: Hook;
  readonly table: TableName;
  readonly packet: Packet;
  readonly state: ConnectionState | null;
  readonly direction: 'original' | 'reply' | null;
  readonly connection: Connection | null;
  /** The socket that the packet left; null where there is none, or none that a rule may see. */
  readonly socket: Owner | 'control socket' | null;
  readonly host: Host;
}

/**
 * Whether a condition holds before any `!`. `found` is the packet's own value in words. Null: the engine was
 * not told what this depends on, and `found` says what that is.
 */
export interface Finding {
  readonly holds: boolean | null;
  readonly found: string;
}

/** Something of a packet that has a number, in which a condition is a set of intervals. */
export interface Dimension {
  readonly name: string;
  readonly of: (situation: Situation) => bigint | number | null;
  readonly print: (value: bigint | number, situation: Situation) => string;
  /** The words for a packet that has no such value: `no socket`. */
  readonly absent: string;
}

export function within(intervals: readonly Interval[], value: bigint | number): boolean {
  const number = BigInt(value);
  return intervals.some(([first, last]) => first <= number && number <= last);
}
