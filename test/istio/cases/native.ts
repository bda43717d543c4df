/**
 * What Istio's own tests expect of native nftables, release by release: option sets, and what `nft -s list ruleset` shows
 * after their expected scripts were loaded (nft 1.0.6). Names of groups are numbers here, as no such group is on a machine.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { RulesOptions } from '../../../src/istio/index.ts';

export interface NativeCase {
  readonly release: string;
  readonly name: string;
  readonly options: RulesOptions;
  readonly listed: string;
}

export function nativeCases(): readonly NativeCase[] {
  const packed = readFileSync(new URL('native-listed.json.br', import.meta.url));
  return JSON.parse(brotliDecompressSync(packed).toString('utf8')) as readonly NativeCase[];
}
