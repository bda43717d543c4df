/** One place in the list of a hook, and the priorities at which the kernel's own stand. */
import type { Hook, TableName } from '../model/ruleset.ts';
import type { BaseChain } from '../nftables/hooked/index.ts';

/** What one place in the list does with a packet. */
export type Asked =
  | { readonly kind: 'table'; readonly table: Exclude<TableName, 'nat'> }
  /** Conntrack looks the packet up. */
  | { readonly kind: 'conntrack' }
  /** NAT stands at a place of its own, whatever the priority of its chains: that only sorts them among each other. */
  | { readonly kind: 'nat'; readonly side: 'source' | 'destination' }
  /** Conntrack keeps a connection from here on. */
  | { readonly kind: 'confirm' }
  /** A base chain of nft that is not of type nat. */
  | { readonly kind: 'nft'; readonly base: BaseChain };

/** What of a packet the kernel compares to see whether its route still holds. */
export type Steering = 'source' | 'destination' | 'mark' | 'tos' | 'hop limit';

export interface HookEntry {
  readonly hook: Hook;
  readonly priority: number;
  readonly asks: Asked;
  /** The route is looked up again when one of these changed here. */
  readonly reroutesOn?: readonly Steering[];
}

export const priorities = {
  raw: -300,
  conntrack: -200,
  mangle: -150,
  natDestination: -100,
  filter: 0,
  security: 50,
  natSource: 100,
  confirm: 2 ** 31 - 1,
};
