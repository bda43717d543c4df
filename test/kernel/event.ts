/**
 * What the kernel, or the engine, says about one packet's way through the tables: the common shape that both are
 * reduced to before they are compared.
 */
import type { Hook, TableRef } from '../../src/netfilter/model/ruleset.ts';

/** The packet as it was before any table, with what no event names. */
export interface FirstView extends PacketView {
  readonly ttl: number;
  readonly tos: number;
  readonly length: number;
}

/** The packet as it is when the event has happened. */
export interface PacketView {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly in?: string;
  readonly out?: string;
  /** Absent when it is 0. */
  readonly mark?: number;
}

export interface KernelEvent {
  /** A rule that matched; the end of a user chain; the end of a built-in chain. */
  readonly kind: 'rule' | 'return' | 'policy';
  readonly hook: Hook;
  readonly table: TableRef;
  readonly chain: string;
  /** Of a rule: counted from 1 in its chain, as iptables counts. */
  readonly position?: number;
  /** `accept`, `drop`, `return`, `continue`, `jump CHAIN` or `goto CHAIN`. */
  readonly verdict: string;
  readonly packet: PacketView;
}

/** `OUTPUT nat ISTIO_OUTPUT 9 jump ISTIO_REDIRECT`, `OUTPUT nat OUTPUT policy accept`, `INPUT filter C end return`. */
export function eventLine(event: KernelEvent): string {
  const place = event.kind === 'rule' ? event.position : event.kind === 'policy' ? 'policy' : 'end';
  return `${event.hook} ${event.table} ${event.chain} ${place} ${event.verdict}`;
}

/** `10.244.1.5:40000 > 127.0.0.1:15001 out=lo mark=0x539` */
export function packetLine(packet: PacketView): string {
  const end = (address: string, port: number | undefined) => {
    const host = address.includes(':') ? `[${address}]` : address;
    return port === undefined ? host : `${host}:${port}`;
  };
  const parts = [
    end(packet.source, packet.sourcePort),
    '>',
    end(packet.destination, packet.destinationPort),
    ...(packet.in === undefined ? [] : [`in=${packet.in}`]),
    ...(packet.out === undefined ? [] : [`out=${packet.out}`]),
    ...(packet.mark === undefined ? [] : [`mark=0x${packet.mark.toString(16)}`]),
  ];
  return parts.join(' ');
}

/**
 * Event lines with the packet named wherever it differs from the event before:
 * `OUTPUT nat OUTPUT 1 jump ISTIO_OUTPUT | 10.244.1.5:40000 > 10.96.0.7:80 out=eth0`.
 */
export function eventLines(events: readonly KernelEvent[]): string[] {
  let before = '';
  return events.map((event) => {
    const packet = packetLine(event.packet);
    const line = packet === before ? eventLine(event) : `${eventLine(event)} | ${packet}`;
    before = packet;
    return line;
  });
}

function readEnd(text: string): { address: string; port?: number } {
  const [, v6, v6port] = /^\[(.*)\](?::(\d+))?$/.exec(text) ?? [];
  const [v4, v4port] = text.split(':');
  const port = v6 === undefined ? v4port : v6port;
  return { address: v6 ?? v4 ?? '', ...(port === undefined ? {} : { port: Number(port) }) };
}

function readPacket(text: string, protocol: string): PacketView {
  const [from = '', , to = '', ...rest] = text.split(' ');
  const [source, destination] = [readEnd(from), readEnd(to)];
  const field = (name: string) => rest.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const [inward, outward, mark] = [field('in'), field('out'), field('mark')];
  return {
    protocol,
    source: source.address,
    destination: destination.address,
    ...(source.port === undefined ? {} : { sourcePort: source.port }),
    ...(destination.port === undefined ? {} : { destinationPort: destination.port }),
    ...(inward === undefined ? {} : { in: inward }),
    ...(outward === undefined ? {} : { out: outward }),
    ...(mark === undefined ? {} : { mark: Number(mark) }),
  };
}

/** Reads what `eventLines` wrote. */
export function readEventLines(lines: readonly string[], protocol: string): KernelEvent[] {
  let packet: PacketView = { protocol, source: '', destination: '' };
  return lines.map((line) => {
    const [event = '', written] = line.split(' | ');
    if (written !== undefined) packet = readPacket(written, protocol);
    const [hook, ...words] = event.split(' ');
    // a table of nft is named with its family
    const table = words.splice(0, ['ip', 'ip6', 'inet'].includes(words[0] ?? '') ? 2 : 1).join(' ');
    const [chain = '', place, ...verdict] = words;
    const kind = place === 'policy' ? 'policy' : place === 'end' ? 'return' : 'rule';
    return {
      kind,
      hook: hook as Hook,
      table: table as TableRef,
      chain,
      ...(kind === 'rule' ? { position: Number(place) } : {}),
      verdict: verdict.join(' '),
      packet,
    };
  });
}
