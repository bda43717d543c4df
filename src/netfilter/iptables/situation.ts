/**
 * What a rule can see when it is tested: the packet, the hook with its devices, and what conntrack says.
 */
import type { Interval } from '../model/address.ts';
import type { Devices } from '../model/event.ts';
import type { Host, Socket } from '../model/host.ts';
import type { Connection, ConnectionState, Owner, Packet } from '../model/packet.ts';
import type { Family, Hook, TableName } from '../model/ruleset.ts';

export interface Situation extends Devices {
  readonly family: Family;
  readonly hook: Hook;
  readonly table: TableName;
  readonly packet: Packet;
  /** The packet's addresses as numbers. */
  readonly source: bigint;
  readonly destination: bigint;
  readonly state: ConnectionState | null;
  readonly direction: 'original' | 'reply' | null;
  readonly connection: Connection | null;
  /** Conntrack has entered the connection into its table. */
  readonly isConfirmed: boolean;
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

/**
 * Whether a condition holds before any `!`. `found` is the packet's own value in words. Null: the engine was
 * not told what this depends on, and `found` says what that is.
 */
export interface Finding {
  readonly holds: boolean | null;
  readonly found: string;
  /** A `!` does not turn this around: a packet without a connection matches neither `--mark` nor `! --mark`. */
  readonly isFinal?: true;
}

/** What a packet's own field says, or what to ask where the packet does not tell. */
export function notTold(what: string): Finding {
  return { holds: null, found: `the packet's ${what} was not told` };
}

/** Something of a packet that has a number, in which a condition is a set of intervals. */
export interface Dimension {
  readonly name: string;
  readonly of: (situation: Situation) => bigint | number | null;
  readonly print: (value: bigint | number, situation: Situation) => string;
  /** The words for a packet that has no such value: `no socket`. */
  readonly absent: string;
  /** Where the packet has the value and does not tell it, there is nothing to judge by. */
  readonly isTold?: (situation: Situation) => boolean;
}

export function within(intervals: readonly Interval[], value: bigint | number): boolean {
  return intervals.some(([first, last]) => first <= value && value <= last);
}
