/**
 * The letters of a drawing as a web font of their own (WOFF 1), a few kilobytes instead of the whole font's 24.
 * fontkit's subset is made for PDF files: the tables that a browser asks for besides are added here.
 * Formats: OpenType 1.9 "The OpenType Font File", W3C "WOFF File Format 1.0".
 */
import { deflateSync } from 'node:zlib';
import type { Font } from 'fontkit';

export function subsetFont(font: Font, text: string): Buffer {
  const subset = font.createSubset();
  const glyphs = new Map<number, number>();
  for (const character of [...new Set(text)].sort()) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint > 0xffff || !font.hasGlyphForCodePoint(codePoint)) continue;
    glyphs.set(codePoint, subset.includeGlyph(font.glyphForCodePoint(codePoint)));
  }
  const tables = readTables(Buffer.from(subset.encode()));
  tables.set('cmap', characterMap(glyphs));
  tables.set('OS/2', windowsMetrics(font, [...glyphs.keys()]));
  tables.set('name', Buffer.from([0, 0, 0, 0, 0, 6]));
  tables.set('post', postScript());
  for (const [tag, table] of tables) if (table.length === 0) tables.delete(tag);
  return woff(tables);
}

/** `sfnt`: a header of 12 bytes, then 16 bytes a table: tag, checksum, offset, length. */
function readTables(sfnt: Buffer): Map<string, Buffer> {
  const tables = new Map<string, Buffer>();
  for (let at = 12; at < 12 + 16 * sfnt.readUInt16BE(4); at += 16) {
    const offset = sfnt.readUInt32BE(at + 8);
    tables.set(
      sfnt.toString('latin1', at, at + 4),
      sfnt.subarray(offset, offset + sfnt.readUInt32BE(at + 12)),
    );
  }
  return tables;
}

/** One subtable, format 4, with a segment for each character: short enough, and nothing to compute. */
function characterMap(glyphs: ReadonlyMap<number, number>): Buffer {
  const codes = [...glyphs.keys()].sort((a, b) => a - b);
  const segments = [
    ...codes.map((code) => ({ code, delta: (glyphs.get(code) ?? 0) - code })),
    { code: 0xffff, delta: 1 },
  ];
  const count = segments.length;
  const power = 2 ** Math.floor(Math.log2(count));
  const length = 16 + 8 * count;
  const words = [
    ...[0, 1, 3, 1, 0, 12],
    ...[4, length, 0, 2 * count, 2 * power, Math.log2(power), 2 * (count - power)],
    ...segments.map(({ code }) => code),
    0,
    ...segments.map(({ code }) => code),
    ...segments.map(({ delta }) => delta & 0xffff),
    ...segments.map(() => 0),
  ];
  return wordsOf(words);
}

/** OS/2 version 3: weight 400, width 5, the whole font's ascent and descent. */
function windowsMetrics(font: Font, codes: readonly number[]): Buffer {
  const em = font.unitsPerEm;
  const table = Buffer.alloc(96);
  const words: readonly (readonly [at: number, value: number])[] = [
    [0, 3],
    [2, em / 2],
    [4, 400],
    [6, 5],
    [62, 0x40],
    [64, Math.min(...codes, 0x20)],
    [66, Math.max(...codes, 0x20)],
    [68, font.ascent],
    [70, font.descent & 0xffff],
    [74, font.ascent],
    [76, -font.descent],
    [86, Math.round(em * 0.546)],
    [88, Math.round(em * 0.727)],
    [92, 0x20],
  ];
  for (const [at, value] of words) table.writeUInt16BE(value, at);
  table.writeUInt32BE(1, 42);
  return table;
}

/** Version 3: no glyph names. */
function postScript(): Buffer {
  const table = Buffer.alloc(32);
  table.writeUInt32BE(0x00030000, 0);
  return table;
}

function woff(tables: ReadonlyMap<string, Buffer>): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const header = Buffer.alloc(44);
  const directory = Buffer.alloc(20 * sorted.length);
  const parts: Buffer[] = [];
  let offset = header.length + directory.length;
  let unpacked = 12 + 16 * sorted.length;
  sorted.forEach(([tag, table], index) => {
    const padded = pad(table);
    if (tag === 'head') padded.writeUInt32BE(0, 8);
    const deflated = deflateSync(padded.subarray(0, table.length), { level: 9 });
    const stored = deflated.length < table.length ? deflated : padded.subarray(0, table.length);
    directory.write(tag.padEnd(4), 20 * index, 'latin1');
    [offset, stored.length, table.length, checksum(padded)].forEach((value, field) => {
      directory.writeUInt32BE(value, 20 * index + 4 + 4 * field);
    });
    parts.push(pad(stored));
    offset += pad(stored).length;
    unpacked += padded.length;
  });
  header.write('wOFF', 0, 'latin1');
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(offset, 8);
  header.writeUInt16BE(sorted.length, 12);
  header.writeUInt32BE(unpacked, 16);
  header.writeUInt16BE(1, 20);
  return Buffer.concat([header, directory, ...parts]);
}

function checksum(padded: Buffer): number {
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function wordsOf(words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * words.length);
  for (const [index, word] of words.entries()) bytes.writeUInt16BE(word, 2 * index);
  return bytes;
}
