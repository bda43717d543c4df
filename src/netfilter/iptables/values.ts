/**
 * The kinds of value that options take, each with its text both ways.
 */
import {
  type Interval,
  type Prefix,
  printAddress,
  printPrefix,
  readAddress,
  readPrefix,
} from '../model/address.ts';
import type { ValueName } from '../model/problem.ts';
import { protocolName, protocolNumber } from '../model/protocol.ts';
import type { Masked, ValueRange } from '../model/rule-reason.ts';
import type { Family } from '../model/ruleset.ts';
import { printFreeText } from '../text/free-text.ts';
import type { ValueKind } from './extension.ts';

/** A kind whose value is one word. */
function word<V>(
  name: ValueName,
  read: (text: string, family: Family) => V | null,
  print: (value: V, family: Family) => string,
): ValueKind<V> {
  return {
    name,
    words: 1,
    read: ([text], family) => (text === undefined ? null : read(text, family)),
    print,
  };
}

export const nothing: ValueKind<null> = { name: 'nothing', words: 0, read: () => null, print: () => '' };

/** A whole number, in decimal or `0x` form. */
export function readNumber(text: string, most: number): number | null {
  if (!/^(\d{1,15}|0[xX][0-9a-fA-F]{1,13})$/.test(text)) return null;
  const number = Number(text);
  return number <= most ? number : null;
}

function readRange(text: string, separator: string, most: number, open: boolean): ValueRange | null {
  const [first, last, more] = text.split(separator);
  if (first === undefined || more !== undefined) return null;
  const low = open && first === '' && last !== undefined ? 0 : readNumber(first, most);
  const high = last === undefined ? low : open && last === '' ? most : readNumber(last, most);
  return low === null || high === null || low > high ? null : [low, high];
}

function printRange(separator: string): (range: ValueRange) => string {
  return ([first, last]) => (first === last ? String(first) : `${first}${separator}${last}`);
}

const services: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ssh: 22,
    domain: 53,
    http: 80,
    ntp: 123,
    imap: 143,
    snmp: 161,
    https: 443,
    smtp: 25,
    ftp: 21,
    telnet: 23,
    bootps: 67,
    bootpc: 68,
    mysql: 3306,
    postgresql: 5432,
  }),
);

/** `80`, `8000:8080`, `:1023`, `1024:`, or a service's name. */
export const portRange = word<ValueRange>(
  'port or range of a match',
  (text) => {
    const service = services.get(text);
    return service === undefined ? readRange(text, ':', 65535, true) : [service, service];
  },
  printRange(':'),
);

/** The form of targets: `8080` or `8080-8083`. */
export const toPorts = word<ValueRange>(
  'port or range of a target',
  (text) => readRange(text, '-', 65535, false),
  printRange('-'),
);

/** `80,443,8000:8080`, at most 15 ports, a range counting as two (xt_multiport). */
export const portList = word<readonly ValueRange[]>(
  'ports and ranges',
  (text) => {
    const ranges = text.split(',').map((part) => portRange.read([part], 'v4'));
    const slots = ranges.reduce((sum, range) => sum + (range !== null && range[0] !== range[1] ? 2 : 1), 0);
    return ranges.some((range) => range === null) || slots > 15 ? null : (ranges as readonly ValueRange[]);
  },
  (ranges, family) => ranges.map((range) => portRange.print(range, family)).join(','),
);

export const idRange = word<ValueRange>(
  'id or range',
  (text) => (text === 'root' ? [0, 0] : readRange(text, '-', 0xffffffff, false)),
  printRange('-'),
);

export const prefix = word<Prefix>(
  'address or prefix',
  (text, family) => {
    const read = readPrefix(text);
    return read?.family === family ? read : null;
  },
  printPrefix,
);

/** The protocol's number. */
export const protocol = word<number>(
  'protocol',
  (text) => (text.toLowerCase() === 'all' ? 0 : protocolNumber(text)),
  (number) => protocolName(number),
);

/** A name of up to 15 characters; a `+` at its end stands for any more. */
export const interfaceName = word<string>(
  'interface',
  (text) => (/^[^\s/]{1,15}$/.test(text) ? text : null),
  printPlain,
);

export const freeText = word<string>('text', (text) => text, printFreeText);

/** One of the words given, or null. */
export function oneOf<W extends string>(words: readonly W[]): ValueKind<W> {
  return word<W>(
    { oneOf: words },
    (text) => words.find((one) => one === text) ?? null,
    (text) => text,
  );
}

/** A comma-separated list of the words given; printed in the order given here, as the kernel's bits are. */
export function listOf<W extends string>(words: readonly W[]): ValueKind<readonly W[]> {
  return word<readonly W[]>(
    { listOf: words },
    (text) => {
      const parts = text.toUpperCase().split(',');
      return parts.every((part) => words.includes(part as W))
        ? words.filter((one) => parts.includes(one))
        : null;
    },
    (list) => list.join(','),
  );
}

/** `0x539/0xfff`; without a mask, all bits. */
export const masked = word<Masked>(
  'mark',
  (text) => {
    const [value, mask, more] = text.split('/');
    if (value === undefined || more !== undefined) return null;
    const read = readNumber(value, 0xffffffff);
    const bits = mask === undefined ? 0xffffffff : readNumber(mask, 0xffffffff);
    return read === null || bits === null ? null : { value: read, mask: bits };
  },
  ({ value, mask }) => (mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`),
);

export function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

/** A mark that is set: always with its mask. */
export const maskedInFull: ValueKind<Masked> = {
  ...masked,
  print: ({ value, mask }) => `${hex(value)}/${hex(mask)}`,
};

/** The 32 bits as a number without sign. */
export function unsigned(number: number): number {
  return number >>> 0;
}

/** A number with 0x in front. */
export function hexNumber(most: number, digits = 1): ValueKind<number> {
  return word<number>(
    { numberTo: most },
    (text) => readNumber(text, most),
    (number) => `0x${number.toString(16).padStart(digits, '0')}`,
  );
}

/** A range of numbers, `100` or `100:200`; open ends reach to 0 and to `most`. */
export function numberRange(most: number): ValueKind<ValueRange> {
  return word<ValueRange>(
    { numberOrRangeTo: most },
    (text) => readRange(text, ':', most, true),
    printRange(':'),
  );
}

/** One word, kept as it is written. */
export const verbatim = word<string>('word', (text) => text, printPlain);

export function printPlain(text: string): string {
  return /^[^\s"'\\]+$/.test(text) ? text : printFreeText(text);
}

/** A text that iptables-save always puts in quotes. */
export const quotedText = word<string>(
  'text',
  (text) => text,
  (text) => `"${text.replace(/["\\]/g, '\\$&')}"`,
);

/** A word that is one of those given, or stands for one of them. */
export function named<W extends string>(names: Readonly<Record<string, W>>): ValueKind<W> {
  const words = [...new Set(Object.values(names))];
  return word<W>(
    { oneOf: words },
    (text) => (Object.hasOwn(names, text) ? (names[text] as W) : null),
    (text) => text,
  );
}

/** `10.0.0.1-10.0.0.9`; a single address is a range of one. */
export const addressRange = word<AddressRange>(
  'address or range',
  (text, family) => readAddressRange(text, family),
  ([first, last], family) => `${printAddress(family, first)}-${printAddress(family, last)}`,
);

export type AddressRange = Interval;

export function readAddressRange(text: string, family: Family): AddressRange | null {
  const [first, last, more] = text.split('-');
  if (first === undefined || more !== undefined) return null;
  const low = readAddress(first);
  const high = last === undefined ? low : readAddress(last);
  if (low?.family !== family || high?.family !== family || low.value > high.value) return null;
  return [low.value, high.value];
}

/** `02:00:00:00:00:0a` */
export const hardwareAddress = word<string>(
  'hardware address',
  (text) => (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? text.toLowerCase() : null),
  (text) => text,
);

export type { Masked, ValueRange };
export { word as oneWord };

/** A whole number up to `most`. */
export function wholeNumber(most: number): ValueKind<number> {
  return word<number>({ wholeNumberTo: most }, (text) => readNumber(text, most), String);
}
