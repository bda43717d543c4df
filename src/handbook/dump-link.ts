/**
 * A pasted dump in the fragment of an address: compressed (raw deflate), in the letters of base64url. It is never
 * sent to a server, and the page that opens it reads it as if it had been pasted.
 */

/** Longer links are cut off by chat programs and mail. */
export const longestDumpLink = 24_000;
/** What may come out of a link: a small one must not fill the memory. */
const longestDump = 4 * 1024 * 1024;

export type DumpLink =
  | { readonly kind: 'encoded'; readonly part: string }
  /** Too much for a link: how long it would be. */
  | { readonly kind: 'too long'; readonly length: number };

/** The part of a fragment: `dump=…`. */
export async function encodeDump(text: string): Promise<DumpLink> {
  if (text.length > longestDump) return { kind: 'too long', length: text.length };
  const packed = await bytesOf(
    new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    longestDump,
  );
  const part = `dump=${base64(packed ?? new Uint8Array())}`;
  return part.length > longestDumpLink
    ? { kind: 'too long', length: part.length }
    : { kind: 'encoded', part };
}

export type DecodedDump =
  | { readonly kind: 'none' }
  | { readonly kind: 'dump'; readonly text: string }
  | { readonly kind: 'damaged'; readonly because: string };

/** Reads the dump of a fragment. Never throws. */
export async function decodeDump(fragment: string): Promise<DecodedDump> {
  const part = /(?:^#?|&)dump=([^&]*)/.exec(fragment)?.[1];
  if (part === undefined) return { kind: 'none' };
  if (part.length > longestDumpLink) {
    return damaged(`it has ${part.length} characters, and at most ${longestDumpLink} are read`);
  }
  if (!/^[\w-]+$/.test(part)) return damaged('it holds characters that no such link has');
  try {
    const packed = bytesFrom(part);
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const bytes = await bytesOf(stream, longestDump);
    if (bytes === null) return damaged('it unfolds to more than 4 MB');
    return { kind: 'dump', text: new TextDecoder().decode(bytes) };
  } catch {
    return damaged('it was cut off or changed on its way');
  }
}

function damaged(why: string): DecodedDump {
  return {
    kind: 'damaged',
    because: `The rules in this link cannot be read: ${why}. Ask for the text itself.`,
  };
}

/** Null where there is more than `most`. */
async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    length += read.value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function base64(bytes: Uint8Array): string {
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesFrom(letters: string): Uint8Array<ArrayBuffer> {
  const plain = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
