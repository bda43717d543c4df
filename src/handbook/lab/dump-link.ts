/**
 * A pasted dump in the fragment of an address: compressed (raw deflate), in the letters of base64url. It is never
 * sent to a server, and the page that opens it reads it as if it had been pasted.
 */

import { withoutKeys } from '../../netfilter/index.ts';
import type { Damage, DamagedLink } from '../../words/index.ts';

/** Longer links are cut off by chat programs and mail. */
export const longestDumpLink = 24_000;
/** What may come out of a link: a small one must not fill the memory. */
const longestDump = 4 * 1024 * 1024;

export type DumpLink =
  | { readonly kind: 'encoded'; readonly part: string }
  /** Too much for a link: how long it would be. */
  | { readonly kind: 'too long'; readonly length: number };

/** The part of a fragment: `dump=…`. Keys and certificates are no part of it: a link is sent on. */
export async function encodeDump(given: string): Promise<DumpLink> {
  // Keys are not looked for in what is too long anyhow: that would hold up the page.
  if (given.length > longestDump) return { kind: 'too long', length: given.length };
  const text = withoutKeys(given);
  const { bytes } = await bytesOf(
    new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    longestDump,
  );
  const length = 'dump='.length + Math.ceil((bytes.length * 4) / 3);
  return length > longestDumpLink
    ? { kind: 'too long', length }
    : { kind: 'encoded', part: `dump=${base64(bytes)}` };
}

export type DecodedDump =
  | { readonly kind: 'none' }
  | { readonly kind: 'dump'; readonly text: string }
  /** With what could be read of it, up to the last whole line; '' for nothing. */
  | (DamagedLink & { readonly kind: 'damaged'; readonly text: string });

/** Reads the dump of a fragment. Never throws. */
export async function decodeDump(fragment: string): Promise<DecodedDump> {
  const part = /(?:^#?|&)dump=([^&]*)/.exec(fragment)?.[1];
  if (part === undefined) return { kind: 'none' };
  const [letters = ''] = /^[\w-]*/.exec(part.slice(0, longestDumpLink)) ?? [];
  const { bytes, isWhole } = await unfolded(letters);
  const text = new TextDecoder().decode(bytes);
  if (part.length > longestDumpLink)
    return damaged({ kind: 'too long', length: part.length, most: longestDumpLink }, text);
  if (letters !== part) return damaged({ kind: 'other characters' }, text);
  if (bytes.length >= longestDump && !isWhole)
    return damaged({ kind: 'unfolds too far', most: longestDump }, '');
  return isWhole ? { kind: 'dump', text } : damaged({ kind: 'cut off or changed' }, text);
}

/** The rest of a link whose dump cannot be read, for the handbook's own rules; null where it holds no more than that. */
export function withoutDump(fragment: string): string | null {
  const rest = fragment
    .replace(/^#/, '')
    .split('&')
    .filter((part) => !/^(?:dump=|call\.)/.test(part));
  return rest.some((part) => !part.startsWith('v=')) ? `#${rest.join('&')}` : null;
}

/** The scenario that a fragment names; '' where it names none. */
export function scenarioInLink(fragment: string): string {
  return /(?:^#?|&)scenario=([\w-]*)/.exec(fragment)?.[1] ?? '';
}

function damaged(damage: Damage, text: string): DecodedDump {
  const lines = text.split('\n').slice(0, -1);
  // What is changed in its first letters unfolds to nonsense.
  const isText = lines.length > 0 && !lines.some((line) => line.includes('\ufffd'));
  return {
    kind: 'damaged',
    damage,
    lines: isText ? lines.length : 0,
    text: isText ? `${lines.join('\n')}\n` : '',
  };
}

/** As many bytes as can be unfolded. */
async function unfolded(letters: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  let packed: Uint8Array<ArrayBuffer>;
  try {
    packed = bytesFrom(letters);
  } catch {
    // A last letter by itself holds no byte.
    packed = bytesFrom(letters.slice(0, letters.length - (letters.length % 4)));
  }
  return bytesOf(
    new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')),
    longestDump,
  );
}

/** What comes out of a stream up to its end, to `most` bytes, or to where it breaks. */
async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; isWhole: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let isWhole = true;
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      parts.push(read.value);
      length += read.value.length;
      if (length > most) {
        isWhole = false;
        await reader.cancel();
        break;
      }
    }
  } catch {
    isWhole = false;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, isWhole };
}

function base64(bytes: Uint8Array): string {
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesFrom(letters: string): Uint8Array<ArrayBuffer> {
  const plain = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
