import type { Devices, Outcome } from '../model/event.ts';
import type { Hook } from '../model/ruleset.ts';

/** How one step of the way ends: the packet goes on, or this is its end. */
export type StepEnd = 'on' | Outcome;

/** A hook, with the devices that it sees (struct nf_hook_state). */
export interface HookState extends Devices {
  readonly hook: Hook;
}

/** An event before it is known with which packet. */
export type WithoutPacket<E> = E extends unknown ? Omit<E, 'packet'> : never;
