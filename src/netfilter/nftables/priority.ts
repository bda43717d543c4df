/**
 * The priorities of base chains by their names. Source: std_prios and bridge_std_prios in src/rule.c of nftables.
 */
import type { NftFamily, NftHook } from './model.ts';

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

/** How far from a name nft counts from it. */
const reach = 10;

/** `dstnat - 5` for -105, as nft lists it. Source: prio2str and std_prio_family_hook_compat in src/rule.c of nftables. */
export function writePriority(priority: number, family: NftFamily, hook: NftHook): string {
  for (const [name, start] of family === 'bridge' ? ofBridge : usual) {
    const offset = priority - start;
    if (Math.abs(offset) > reach || !hasName(name, family, hook)) continue;
    return offset === 0 ? name : `${name} ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
  }
  return String(priority);
}

function hasName(name: string, family: NftFamily, hook: NftHook): boolean {
  if (name === 'dstnat') return hook === 'prerouting' && family !== 'arp' && family !== 'netdev';
  if (name === 'srcnat') return hook === 'postrouting' && family !== 'arp' && family !== 'netdev';
  if (name === 'out') return hook === 'output';
  return name === 'filter' || (family !== 'arp' && family !== 'netdev');
}
