/**
 * Entries of conntrack, as `conntrack -L` prints them, with `-o extended` and counters too, as `conntrack -E` reports
 * them, and as they stand in /proc/net/nf_conntrack.
 */
import { tcpStates } from '../kernel/tcp.ts';
import { readAddress } from '../model/address.ts';
import type { Connection, TcpState, Tuple } from '../model/packet.ts';
import type { Problem } from '../model/problem.ts';
import { hasPorts, protocolName } from '../model/protocol.ts';
import type { Counters, Family } from '../model/ruleset.ts';

export interface TrackedEntry {
  readonly connection: Connection;
  readonly family: Family;
  /** Seconds until it is forgotten; null where they are not told, as of one that is offloaded. */
  readonly timeout: number | null;
  /** What has passed, where counting was on (net.netfilter.nf_conntrack_acct). */
  readonly counters: { readonly original: Counters; readonly reply: Counters } | null;
  /** What became of it, in a line of `conntrack -E`. */
  readonly event: 'NEW' | 'UPDATE' | 'DESTROY' | null;
  /** Of the lines given, counted from 1. */
  readonly line: number;
}

export interface ParsedConntrack {
  /** Each line that is one, in order. */
  readonly entries: readonly TrackedEntry[];
  /** The connections as they are in the end: of one that is told of several times the last, and none that is gone. */
  readonly connections: readonly Connection[];
  readonly problems: readonly Problem[];
}

const beginning = /^\s*(?:\[[^\]\s]+\]\s+)*(?:ipv[46]\s+\d+\s+)?[a-z][\w-]*\s+\d+\s/;

/** Whether a line is an entry of conntrack. */
export function isConntrackLine(line: string): boolean {
  return beginning.test(line) && /\ssrc=\S+ dst=/.test(line);
}

const knownStates: ReadonlySet<string> = new Set(tcpStates);
const closingStates: ReadonlySet<string> = new Set<TcpState>([
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
]);

/** Longer than any entry: each has two tuples, and a label of a security module. */
const longestEntry = 4096;

/**
 * Reads lines of conntrack; those that are none of its entries are left aside. Never throws: an entry that cannot be
 * read is a problem, and is none of the connections.
 */
export function readConntrack(lines: readonly string[]): ParsedConntrack {
  const entries: TrackedEntry[] = [];
  const problems: Problem[] = [];
  const connections = new Map<string, Connection>();
  for (const [index, text] of lines.entries()) {
    if (text.length > longestEntry || !isConntrackLine(text)) continue;
    const read = new EntryReader(text).read(index + 1);
    if ('word' in read) {
      const { word, column } = read;
      problems.push({ code: 'connection unreadable', word, line: index + 1, column, text });
      continue;
    }
    entries.push(read);
    const { original, zone } = read.connection;
    const key = JSON.stringify([original, zone]);
    if (read.event === 'DESTROY') connections.delete(key);
    else connections.set(key, read.connection);
  }
  return { entries, connections: [...connections.values()], problems };
}

/** A word that is not what has to stand there; '' where the line ends too early. */
interface Stumble {
  readonly word: string;
  readonly column: number;
}

/** What one direction's words say. */
type Said = Map<string, string>;

class EntryReader {
  private readonly text: string;
  private readonly words: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.words = text.split(/\s+/).filter((word) => word !== '');
  }

  read(line: number): TrackedEntry | Stumble {
    const event = this.event();
    if (/^ipv[46]$/.test(this.word)) this.at += 2;
    this.at++;
    const protocol = protocolName(Number(this.word));
    this.at++;
    const timeout = /^\d+$/.test(this.word) ? Number(this.words[this.at++]) : null;
    const state = /^[A-Z][A-Z_0-9]+$/.test(this.word) ? (this.words[this.at++] as string) : null;
    const directions: readonly [Said, Said] = [new Map(), new Map()];
    const about: Said = new Map();
    const flags = new Set<string>();
    let direction = -1;
    for (; this.at < this.words.length; this.at++) {
      const { word } = this;
      if (word.startsWith('[')) flags.add(word);
      const [name = '', value] = pair(word);
      if (value === undefined) continue;
      if (name === 'src') direction++;
      const isOwnId = name === 'id' && about.has('use');
      const said = inTuple.has(name) && !isOwnId ? directions[direction] : about;
      // a third direction, or a tuple's word before its first
      if (said === undefined || said.has(name)) return this.stumble(word);
      said.set(name, value);
    }
    const original = this.tuple(directions[0], protocol);
    if ('word' in original) return original;
    const reply = this.tuple(directions[1], protocol);
    if ('word' in reply) return reply;
    const number = (said: Said, name: string) => Number(said.get(name) ?? 0);
    const both = number(about, 'zone');
    const zone = directions[0].has('zone-orig') ? number(directions[0], 'zone-orig') : both;
    const replyZone = directions[1].has('zone-reply') ? number(directions[1], 'zone-reply') : both;
    const mark = number(about, 'mark');
    const wrong = [zone, replyZone, mark].findIndex((one) => !Number.isInteger(one));
    if (wrong >= 0) return this.stumble(`${['zone', 'zone', 'mark'][wrong]}=`);
    const tcp = protocol === 'tcp' && state !== null && knownStates.has(state) ? (state as TcpState) : null;
    const isOffloaded = flags.has('[OFFLOAD]') || flags.has('[HW_OFFLOAD]');
    return {
      connection: {
        original,
        reply,
        seenReply: !flags.has('[UNREPLIED]'),
        mark,
        zone,
        ...(replyZone === zone ? {} : { replyZone }),
        // an entry that is offloaded does not say it
        ...(isOffloaded ? {} : { assured: flags.has('[ASSURED]') }),
        ...(tcp === null
          ? {}
          : {
              tcp: {
                state: tcp,
                ...(closingStates.has(tcp) ? { isClosing: true as const } : {}),
                ...(tcp === 'SYN_SENT2' ? { isMutual: true as const } : {}),
              },
            }),
      },
      family: original.source.includes(':') ? 'v6' : 'v4',
      timeout,
      counters: countersOf(directions),
      event,
      line,
    };
  }

  private get word(): string {
    return this.words[this.at] ?? '';
  }

  private event(): TrackedEntry['event'] {
    let event: TrackedEntry['event'] = null;
    for (; this.word.startsWith('['); this.at++) {
      const name = this.word.slice(1, -1);
      if (name === 'NEW' || name === 'UPDATE' || name === 'DESTROY') event = name;
    }
    return event;
  }

  private stumble(word: string): Stumble {
    const at = word === '' ? this.text.trimEnd().length : this.text.indexOf(word);
    return { word, column: Math.max(at, 0) + 1 };
  }

  private tuple(said: Said, protocol: string): Tuple | Stumble {
    const of = (name: string) => said.get(name);
    const [source, destination] = [of('src'), of('dst')];
    if (source === undefined || destination === undefined) return this.stumble('');
    for (const [name, address] of [
      ['src', source],
      ['dst', destination],
    ]) {
      if (readAddress(address as string) === null) return this.stumble(`${name}=${address}`);
    }
    const numbers = new Map<string, number>();
    for (const name of hasPorts(protocol) ? portWords : isIcmp(protocol) ? icmpWords : []) {
      const value = of(name);
      if (value === undefined) return this.stumble('');
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) return this.stumble(`${name}=${value}`);
      numbers.set(name, Number(value));
    }
    const number = (name: string) => numbers.get(name) ?? 0;
    return {
      protocol,
      source,
      destination,
      ...(hasPorts(protocol) ? { sourcePort: number('sport'), destinationPort: number('dport') } : {}),
      ...(isIcmp(protocol) ? { icmp: { type: number('type'), code: number('code'), id: number('id') } } : {}),
    };
  }
}

const portWords = ['sport', 'dport'];
const icmpWords = ['type', 'code', 'id'];

/** What stands in each direction; `id` is that of an echo, and behind both tuples the entry's own (`-o id`). */
const inTuple: ReadonlySet<string> = new Set([
  'src',
  'dst',
  'sport',
  'dport',
  'type',
  'code',
  'id',
  'packets',
  'bytes',
  'zone-orig',
  'zone-reply',
  'srckey',
  'dstkey',
]);

function isIcmp(protocol: string): boolean {
  return protocol === 'icmp' || protocol === 'ipv6-icmp';
}

function pair(word: string): readonly [string, string] | readonly [string] {
  const sign = word.indexOf('=');
  return sign < 0 ? [word] : [word.slice(0, sign), word.slice(sign + 1)];
}

function countersOf([original, reply]: readonly [Said, Said]): TrackedEntry['counters'] {
  const of = (said: Said): Counters | null => {
    const [packets, bytes] = [said.get('packets') ?? '', said.get('bytes') ?? ''];
    return /^\d{1,20}$/.test(packets) && /^\d{1,20}$/.test(bytes)
      ? { packets: BigInt(packets), bytes: BigInt(bytes) }
      : null;
  };
  const [one, other] = [of(original), of(reply)];
  return one === null || other === null ? null : { original: one, reply: other };
}
