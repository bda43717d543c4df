/**
 * nf_tables' own trace, as the kernel multicasts it (NFNLGRP_NFTRACE), read from the bytes: the text of
 * `nft monitor trace` leaves out the end of a user chain, which the kernel does report.
 *
 * What a message says, by net/netfilter/nf_tables_trace.c and nft_do_chain() in nf_tables_core.c:
 * - A rule is reported when its expressions ran to the end or to a verdict; one that breaks off (NFT_BREAK: a
 *   condition that did not hold) is not. Thus every rule in the trace is a rule that matched.
 * - The end of a chain is a message of type RULE without a handle and with the verdict CONTINUE; in a built-in
 *   chain a message of type POLICY follows. An explicit RETURN is a rule with the verdict RETURN, and nothing more
 *   is said about it, but in a built-in chain the policy.
 * - Only the first message of a built-in chain's run carries headers and devices; the mark is in each, as it is
 *   after the rule.
 */
import type { Hook, TableRef } from '../../src/netfilter/model/ruleset.ts';
import { hooks, tableNames } from '../../src/netfilter/model/ruleset.ts';
import type { KernelEvent } from './event.ts';
import { type Header, headerOf } from './header.ts';
import { attributesOf, type Message, text } from './netlink.ts';
import type { Sighting, Start } from './trace.ts';

/** NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE */
export const nftTraceMessage = 0x0a11;

const attribute = {
  table: 1,
  chain: 2,
  handle: 3,
  type: 4,
  verdict: 5,
  id: 6,
  network: 8,
  transport: 9,
  in: 10,
  out: 12,
  mark: 14,
  family: 15,
  policy: 16,
} as const;

const traceType = { policy: 1, return: 2, rule: 3 } as const;

/** Where a rule stands: `ip nat 17` to its position in its chain. */
export type Positions = ReadonlyMap<string, number>;

/** Tables of native nftables by name, with their base chains: the trace says neither family nor hook. */
export type Natives = ReadonlyMap<
  string,
  { readonly family: string; readonly hooks: ReadonlyMap<string, Hook> }
>;

export function positionKey(family: string, table: string, handle: number | bigint): string {
  return `${family} ${table} ${handle}`;
}

/** The table that switches the trace on. */
export const oracle = 'oracle';
/** Its chain behind mangle PREROUTING: a packet that is seen there was not dropped by TPROXY. */
export const passing = 'passing';

interface Run {
  readonly hook: Hook | null;
  /** The base chain. */
  readonly chain: string;
  readonly header: Header;
  readonly in: string | undefined;
  readonly out: string | undefined;
}

function verdictOf(bytes: Buffer | undefined): string {
  if (bytes === undefined) return 'continue';
  const parts = attributesOf(bytes);
  const code = parts.get(1)?.readInt32BE(0) ?? -1;
  const chain = parts.get(2);
  if (code === -3 && chain !== undefined) return `jump ${text(chain)}`;
  if (code === -4 && chain !== undefined) return `goto ${text(chain)}`;
  if (code === -5) return 'return';
  if (code < 0) return 'continue';
  const known: Readonly<Record<number, string>> = { 0: 'drop', 1: 'accept', 3: 'queue' };
  return known[code & 0xff] ?? `verdict ${code}`;
}

/**
 * Puts trace messages into the common form; of other tables than iptables', only the oracle's say anything.
 * `passed`: the mark behind mangle PREROUTING, by fingerprint.
 */
export function nftSightings(
  messages: readonly Message[],
  positions: Positions,
  interfaceName: (index: number) => string,
  natives: Natives = new Map(),
): { starts: Start[]; sightings: Sighting[]; passed: Map<string, number> } {
  const runs = new Map<number, Run>();
  const starts: Start[] = [];
  const sightings: Sighting[] = [];
  const passed = new Map<string, number>();
  for (const [place, message] of messages.entries()) {
    if (message.type !== nftTraceMessage) continue;
    const { attributes } = message;
    const number = (type: number) => attributes.get(type)?.readUInt32BE(0);
    const table = text(attributes.get(attribute.table) ?? Buffer.alloc(0));
    const chain = text(attributes.get(attribute.chain) ?? Buffer.alloc(0));
    const id = number(attribute.id) ?? 0;
    const mark = number(attribute.mark) ?? 0;

    const network = attributes.get(attribute.network);
    if (network !== undefined) {
      const header = headerOf(network, attributes.get(attribute.transport) ?? Buffer.alloc(0));
      if (header === null) continue;
      const device = (key: number) => {
        const index = number(key);
        return index === undefined ? undefined : interfaceName(index);
      };
      const run: Run = {
        hook: natives.get(table)?.hooks.get(chain) ?? hooks.find((one) => one === chain) ?? null,
        chain,
        header,
        in: device(attribute.in),
        out: device(attribute.out),
      };
      runs.set(id, run);
      if (table === oracle && chain === passing) passed.set(header.fingerprint, mark);
      else if (table === oracle) {
        const { ttl, tos, length } = header;
        starts.push({ header, packet: { ...viewOf(header, { ...run, mark }), ttl, tos, length } });
      }
    }
    const run = runs.get(id);
    const native = natives.get(table);
    const isKnown = native !== undefined || (tableNames as readonly string[]).includes(table);
    if (run === undefined || run.hook === null || !isKnown) continue;

    const packet = viewOf(run.header, { in: run.in, out: run.out, mark });
    const at = { hook: run.hook, table: nameOf(table, native?.family), chain, packet };
    const type = number(attribute.type);
    const handle = attributes.get(attribute.handle)?.readBigUInt64BE(0);
    const add = (event: KernelEvent) => sightings.push({ event, header: run.header, at: place });
    if (type === traceType.policy)
      add({ ...at, kind: 'policy', verdict: number(attribute.policy) === 1 ? 'accept' : 'drop' });
    else if (handle !== undefined) {
      const family = native?.family ?? (run.header.family === 'v4' ? 'ip' : 'ip6');
      const position = positions.get(positionKey(family, table, handle));
      if (position === undefined) throw new Error(`no rule ${handle} in ${family} ${table} ${chain}`);
      add({ ...at, kind: 'rule', position, verdict: verdictOf(attributes.get(attribute.verdict)) });
    } else if (chain !== run.chain) add({ ...at, kind: 'return', verdict: 'return' });
  }
  return { starts, sightings, passed };
}

function nameOf(table: string, family: string | undefined): TableRef {
  return (family === undefined ? table : `${family} ${table}`) as TableRef;
}

/** The fields of a header that an event names; devices and mark only where there are any. */
export function viewOf(
  header: Header,
  other: { readonly in: string | undefined; readonly out: string | undefined; readonly mark: number },
): KernelEvent['packet'] {
  return {
    protocol: header.protocol,
    source: header.source,
    destination: header.destination,
    ...(header.sourcePort === undefined ? {} : { sourcePort: header.sourcePort }),
    ...(header.destinationPort === undefined ? {} : { destinationPort: header.destinationPort }),
    ...(other.in === undefined ? {} : { in: other.in }),
    ...(other.out === undefined ? {} : { out: other.out }),
    ...(other.mark === 0 ? {} : { mark: other.mark }),
  };
}
