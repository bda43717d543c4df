/**
 * The priorities of base chains by their names. Source: std_prios and bridge_std_prios in src/rule.c of nftables.
 */
import type { NftFamily } from './model.ts';

const usual: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
]);

const ofBridge: ReadonlyMap<string, number> = new Map([
  ['dstnat', -300],
  ['filter', -200],
  ['out', 100],
  ['srcnat', 300],
]);

/** `-105` for `dstnat - 5`; null where it is none. */
export function readPriority(text: string, family: NftFamily): number | null {
  const found = /^(-?\d+|[a-z]+)(?:\s*([+-])\s*(\d+))?$/.exec(text.trim());
  if (found === null) return null;
  const [, base = '', sign, offset] = found;
  const named = (family === 'bridge' ? ofBridge : usual).get(base);
  const start = named ?? (/^-?\d+$/.test(base) ? Number(base) : null);
  if (start === null || (named === undefined && offset !== undefined)) return null;
  return offset === undefined ? start : start + (sign === '-' ? -Number(offset) : Number(offset));
}
