/**
 * The picture that stands beside a link to the handbook in a chat: its mark, its title and what it is. Letters are
 * drawn as outlines, so that the machine that builds needs no fonts.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { cardSize } from './card-size.ts';

/** Those of `tokens.css` in the dark: a picture reads no style sheet. */
export const cardColours = {
  ground: '#14181a',
  ink: '#ebeff0',
  soft: '#b7bfc2',
  accent: '#6bd0db',
  line: '#31383c',
};
const margin = 80;

export interface Card {
  readonly title: string;
  readonly description: string;
  /** `Istio 1.30` */
  readonly note: string;
}

export function cardSvg({ title, description, note }: Card): string {
  const strong = readFont('700');
  const plain = readFont('400');
  const wide = cardSize.width - 2 * margin;
  const titleSize = Math.min(92, (wide / widthOf(strong, title, 1)) * 0.98);
  const lines = wrap(plain, description, 40, wide).slice(0, 4);
  const parts = [
    `<rect width="${cardSize.width}" height="${cardSize.height}" fill="${cardColours.ground}"/>`,
    `<g transform="translate(${margin - 6} 62) scale(3.6)" fill="none" stroke="${cardColours.accent}" stroke-width="3.2" stroke-linecap="round"><path d="M11.6 22h8.8" stroke="${cardColours.soft}" stroke-dasharray="0 4.4"/><path d="M2 22h4c4.5 0 4-12 8.5-12h3c4.5 0 4 12 8.5 12h4"/><circle cx="16" cy="10" r="3.8" fill="${cardColours.accent}" stroke="none"/></g>`,
    outline(strong, title, titleSize, margin, 290, cardColours.ink),
    ...lines.map((line, at) => outline(plain, line, 40, margin, 370 + at * 56, cardColours.soft)),
    `<path d="M${margin} 560h${wide}" stroke="${cardColours.line}" stroke-width="2"/>`,
    outline(plain, note, 26, margin, 600, cardColours.soft),
  ];
  const { width, height } = cardSize;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${parts.join('')}</svg>`;
}

function readFont(weight: '400' | '700'): Font {
  const file = `@fontsource/inter/files/inter-latin-${weight}-normal.woff`;
  return create(readFileSync(createRequire(import.meta.url).resolve(file)));
}

function widthOf(font: Font, text: string, size: number): number {
  return (font.layout(text).advanceWidth / font.unitsPerEm) * size;
}

/** A line of text as one path; `x` and `y` are where its baseline begins. */
function outline(font: Font, text: string, size: number, x: number, y: number, colour: string): string {
  const run = font.layout(text);
  let at = 0;
  const glyphs = run.glyphs.map((glyph, index) => {
    const path = `<path transform="translate(${at} 0)" d="${glyph.path.toSVG()}"/>`;
    at += run.positions[index]?.xAdvance ?? 0;
    return path;
  });
  const scale = size / font.unitsPerEm;
  return `<g fill="${colour}" transform="translate(${x} ${y}) scale(${scale} ${-scale})">${glyphs.join('')}</g>`;
}

function wrap(font: Font, text: string, size: number, width: number): readonly string[] {
  return text.split(/\s+/).reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && widthOf(font, longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
    return lines;
  }, []);
}
