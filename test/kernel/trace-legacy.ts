/**
 * The trace of legacy iptables: `TRACE: nat:ISTIO_OUTPUT:rule:9 ` as the prefix of an NFLOG message that carries
 * the whole packet, its mark, hook and devices.
 *
 * By trace_packet() in net/ipv4/netfilter/ip_tables.c:
 * - It is called for each rule whose conditions held, before the target runs: the mark is the one before the rule.
 *   The common form has the mark after it, so each event takes the mark of the packet's next one in that table: what
 *   changes the mark ends no table, and is followed by another rule or by the chain's end.
 * - It knows no verdicts. They are read from the ruleset: the target that stands at that position.
 * - An unconditional ACCEPT, DROP or RETURN is called `return` (in a user chain) or `policy` (in a built-in one),
 *   whatever its place, because the end of a chain is such a rule as well. The number tells them apart: the end's
 *   is one more than the chain has rules.
 */
import type { Hook, TableName } from '../../src/netfilter/model/ruleset.ts';
import { tableNames } from '../../src/netfilter/model/ruleset.ts';
import type { KernelEvent } from './event.ts';
import { type Header, headerOfPacket } from './header.ts';
import { type Message, text } from './netlink.ts';
import type { SavedRuleset } from './saved.ts';
import type { Sighting } from './trace.ts';
import { viewOf } from './trace-nft.ts';

/** NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET */
export const nflogMessage = 0x0400;

const attribute = { header: 1, mark: 2, in: 4, out: 5, payload: 9, prefix: 10 } as const;
const hookNumbers: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
const prefixPattern = /^TRACE: (\w+):(.+):(rule|return|policy):(\d+) $/;

const terminal = new Set(['REDIRECT', 'DNAT', 'SNAT', 'MASQUERADE', 'NETMAP', 'SYNPROXY']);
const refusing = new Set(['DROP', 'REJECT']);
/** Accepts when it finds a socket and drops when it does not: the trace alone cannot tell. */
const deciding = new Set(['TPROXY']);
export const undecided = 'accept or drop';

/** What a rule in `iptables-save`'s text does with a packet that matches it. */
function verdictOf(rule: string, chains: ReadonlySet<string>): string {
  const target = / -([jg]) (\S+)/.exec(rule);
  if (target === null) return 'continue';
  const name = target[2] ?? '';
  if (chains.has(name)) return target[1] === 'g' ? `goto ${name}` : `jump ${name}`;
  if (name === 'ACCEPT' || terminal.has(name)) return 'accept';
  if (refusing.has(name)) return 'drop';
  if (name === 'RETURN') return 'return';
  return deciding.has(name) ? undecided : 'continue';
}

function eventOf(
  prefix: string,
  hook: Hook,
  packet: KernelEvent['packet'],
  ruleset: SavedRuleset,
): KernelEvent | null {
  const [, tableName = '', chainName = '', comment, numberText] = prefixPattern.exec(prefix) ?? [];
  const table = tableNames.find((one) => one === tableName);
  if (table === undefined) return null;
  const chain = ruleset.get(table)?.get(chainName);
  if (chain === undefined) throw new Error(`the trace names ${table} ${chainName}, which is not loaded`);
  const position = Number(numberText);
  const at = { hook, table: table as TableName, chain: chainName, packet };
  const rule = chain.rules[position - 1];
  if (rule !== undefined) {
    const chains = new Set(ruleset.get(table)?.keys());
    return { ...at, kind: 'rule', position, verdict: verdictOf(rule, chains) };
  }
  if (comment === 'policy')
    return { ...at, kind: 'policy', verdict: chain.policy === 'DROP' ? 'drop' : 'accept' };
  return { ...at, kind: 'return', verdict: 'return' };
}

/** Puts NFLOG messages into the common form. */
export function legacySightings(
  messages: readonly Message[],
  rulesets: { readonly v4: SavedRuleset; readonly v6: SavedRuleset },
  interfaceName: (index: number) => string,
): Sighting[] {
  const sightings: { event: KernelEvent; header: Header; at: number }[] = [];
  const latest = new Map<string, number>();
  for (const [at, { type, attributes }] of messages.entries()) {
    if (type !== nflogMessage) continue;
    const prefix = text(attributes.get(attribute.prefix) ?? Buffer.alloc(0));
    const payload = attributes.get(attribute.payload);
    const hook = hookNumbers[attributes.get(attribute.header)?.readUInt8(2) ?? -1];
    const header = payload === undefined ? null : headerOfPacket(payload);
    if (header === null || hook === undefined) continue;
    const device = (key: number) => {
      const index = attributes.get(key)?.readUInt32BE(0);
      return index === undefined ? undefined : interfaceName(index);
    };
    const mark = attributes.get(attribute.mark)?.readUInt32BE(0) ?? 0;
    const packet = viewOf(header, { in: device(attribute.in), out: device(attribute.out), mark });
    const event = eventOf(prefix, hook, packet, rulesets[header.family]);
    if (event === null) continue;
    const before = latest.get(header.fingerprint);
    if (before !== undefined) {
      const earlier = sightings[before];
      // A verdict ends a run: what comes after it in the same table is a copy of the packet, with a mark of its own.
      const isOfRun =
        earlier?.event.hook === event.hook &&
        earlier.event.table === event.table &&
        !['accept', 'drop'].includes(earlier.event.verdict);
      if (earlier !== undefined && isOfRun)
        sightings[before] = { ...earlier, event: withMark(earlier.event, mark) };
    }
    latest.set(header.fingerprint, sightings.length);
    sightings.push({ event, header, at });
  }
  return sightings;
}

function withMark(event: KernelEvent, mark: number): KernelEvent {
  const { mark: _before, ...packet } = event.packet;
  return { ...event, packet: mark === 0 ? packet : { ...packet, mark } };
}

/**
 * Decides what the trace left open, by the mark that the packet had behind mangle PREROUTING; without one, it was
 * dropped there.
 */
export function decide(events: readonly KernelEvent[], passed: number | undefined): KernelEvent[] {
  return events.map((event) => {
    if (event.verdict !== undecided) return event;
    return passed === undefined
      ? { ...event, verdict: 'drop' }
      : withMark({ ...event, verdict: 'accept' }, passed);
  });
}
