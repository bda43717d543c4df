/** Sockets that listen, as `ss -ltnp` and `netstat -ltnp` print them. */
import { readAddress } from '../model/address.ts';

export interface ListeningSocket {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** Null where the program that printed it may not see it: it is another container's. */
  readonly process: string | null;
  /** From 1. */
  readonly line: number;
}

export interface ParsedSockets {
  readonly listening: readonly ListeningSocket[];
  /** From 1: rows of sockets that wait for a connection, and whose address or port is not understood. */
  readonly unread: readonly number[];
}

const heading = /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s|^Proto\s+Recv-Q\s+Send-Q\s/;
/** `ss`, with or without its first column, and netstat; then local and peer address, and what stands behind them. */
const ofSs = /^(?:(tcp|udp)\s+)?(LISTEN|UNCONN)\s+\d+\s+\d+\s+(\S+):([^\s:]+)\s+\S+(.*)/s;
const ofNetstat = /^(tcp|udp)6?\s+\d+\s+\d+\s+(\S+):([^\s:]+)\s+\S+:\*(?:\s+(LISTEN)\b)?(.*)/s;
const other =
  /^(?:(?:tcp|udp)6?\s+)?(?:ESTAB|SYN-|FIN-|TIME-WAIT|CLOSE|LAST-ACK|CLOSING)\S*\s+\d+\s+\d+\s+\S+:\S|^tcp6?\s+\d+\s+\d+\s+\S+:[^\s:]+\s+\S+:\d+\s/;

/** Whether a line is of `ss` or of netstat. */
export function isSocketLine(line: string): boolean {
  return [heading, ofSs, ofNetstat, other].some((pattern) => pattern.test(line));
}

/** Reads lines of `ss` and netstat. Connections are passed over. Never throws. */
export function readSockets(lines: readonly string[]): ParsedSockets {
  const listening: ListeningSocket[] = [];
  const unread: number[] = [];
  for (const [index, line] of lines.entries()) {
    const row = rowOf(line);
    if (row === null) continue;
    const address = addressOf(row.address, /^(?:tcp|udp)6/.test(line));
    // without -n a port has its service's name
    if (address === null || !/^\d{1,5}$/.test(row.port) || Number(row.port) > 65535) {
      unread.push(index + 1);
      continue;
    }
    const { protocol, rest } = row;
    listening.push({ protocol, address, port: Number(row.port), process: processIn(rest), line: index + 1 });
  }
  return { listening, unread };
}

function rowOf(line: string) {
  const ss = ofSs.exec(line);
  if (ss !== null) {
    const [, named, state, address = '', port = '', rest = ''] = ss;
    const protocol = (named ?? (state === 'LISTEN' ? 'tcp' : 'udp')) as 'tcp' | 'udp';
    return { protocol, address, port, rest };
  }
  const netstat = ofNetstat.exec(line);
  if (netstat === null) return null;
  const [, protocol, address = '', port = '', state, rest = ''] = netstat;
  if (protocol === 'tcp' && state === undefined) return null;
  return { protocol: protocol as 'tcp' | 'udp', address, port, rest };
}

/** `*` is every address, of both families; `%eth0` the interface that a socket is bound to. */
function addressOf(written: string, isV6: boolean): string | null {
  const bare = written.replace(/%[^\]]*/, '').replace(/^\[(.*)\]$/, '$1');
  if (bare === '*') return '::';
  if (bare === '' && isV6) return '::';
  return readAddress(bare) === null ? null : bare;
}

function processIn(rest: string): string | null {
  return /users:\(\("([^"]+)"/.exec(rest)?.[1] ?? /\b\d+\/([^\s:]+)/.exec(rest)?.[1] ?? null;
}
