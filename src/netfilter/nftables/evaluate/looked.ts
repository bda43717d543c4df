/** What comes of reading something of a packet. */
import type { Situation } from '../../iptables/situation.ts';
import type { NftTable } from '../model.ts';
import type { NftDatum, NftUnknown } from '../reason.ts';

export type Looked =
  /** Several values: joined by dots. */
  | { readonly kind: 'told'; readonly data: readonly NftDatum[] }
  /** The packet has no such thing: the rule ends there (NFT_BREAK). */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly unknown: NftUnknown };

export const absent: Looked = { kind: 'absent' };
export const untold: Looked = { kind: 'unknown', unknown: 'not told' };
export const notKnown: Looked = { kind: 'unknown', unknown: 'not known' };

/** What a rule of nft sees: the packet under way, and the sets of its table. */
export interface NftView {
  readonly situation: Situation;
  readonly table: NftTable;
}

export function looked(type: NftDatum['type'], value: bigint | number | string): Looked {
  return { kind: 'told', data: [{ type, value: typeof value === 'number' ? BigInt(value) : value }] };
}

/** A number that the packet may not tell. */
export function toldIf(type: NftDatum['type'], value: number | null | undefined): Looked {
  return value === null || value === undefined ? untold : looked(type, value);
}
