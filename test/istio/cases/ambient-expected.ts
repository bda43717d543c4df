/**
 * What Istio's own tests of ambient mode expect, release by release, for a pod and for its node: option sets, and their
 * scripts. Those of before 1.24 are commands; they stand here as iptables-restore takes them, tables in the order of their
 * names. Left out are the rules of IPv6 of 1.21 and 1.22: they name an address of IPv4, and no kernel takes them.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { AmbientOptions } from '../../../src/istio/index.ts';

export interface AmbientCase {
  readonly on: 'pod' | 'host';
  readonly name: string;
  /** Tags of Istio: `1.31.0-rc.0`. */
  readonly releases: readonly string[];
  readonly options: Partial<AmbientOptions>;
  readonly text: { readonly v4?: string; readonly v6?: string | null; readonly nft?: string };
}

export function ambientCases(): readonly AmbientCase[] {
  const packed = readFileSync(new URL('ambient-expected.json.br', import.meta.url));
  return JSON.parse(brotliDecompressSync(packed).toString('utf8')) as readonly AmbientCase[];
}
