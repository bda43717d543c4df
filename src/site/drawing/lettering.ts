/**
 * How wide a text is in the font that the pages ship, in CSS pixels: what a browser would answer, without one.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';

/** The WOFF 1 file of the font: its glyphs can be taken out one by one, those of WOFF 2 are stored all in one. */
export const fontFile = '@fontsource/inter/files/inter-latin-400-normal.woff';

export interface Lettering {
  readonly font: Font;
  /** The width of one line of text at a font size. */
  width(text: string, size: number): number;
}

export function readLettering(): Lettering {
  const font = create(readFileSync(createRequire(import.meta.url).resolve(fontFile)));
  const known = new Map<string, number>();
  return {
    font,
    width(text, size) {
      const line = decodeMermaidEntities(text).replace(/\s+/gu, ' ').trim();
      let ems = known.get(line);
      if (ems === undefined) {
        ems = emsOf(font, line);
        known.set(line, ems);
      }
      return ems * size;
    },
  };
}

/**
 * While Mermaid measures, an entity is still Mermaid's own mark for it: seven letters for one. One that is cut
 * off has no width, so that Mermaid, which breaks long words letter by letter, never breaks inside of it.
 */
function decodeMermaidEntities(text: string): string {
  return text
    .replace(/ﬂ°°(\d+)¶ß/gu, (_mark, code: string) => String.fromCodePoint(Number(code)))
    .replace(/ﬂ[^¶]*¶?$/u, '');
}

function emsOf(font: Font, line: string): number {
  let ems = 0;
  let run = '';
  const measureRun = (): void => {
    if (run !== '') ems += font.layout(run).advanceWidth / font.unitsPerEm;
    run = '';
  };
  for (const character of line) {
    if (font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) {
      run += character;
    } else {
      measureRun();
      ems += emsOfForeign(character);
    }
  }
  measureRun();
  return ems;
}

/** A letter that the shipped font lacks comes from a font that nobody knows: better a little too wide. */
function emsOfForeign(character: string): number {
  if (/[\p{Mark}\p{Default_Ignorable_Code_Point}]/u.test(character)) return 0;
  if (/[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(character)) return 1.3;
  if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Symbol}\uff00-\uffef]/u.test(
      character,
    )
  )
    return 1;
  return 0.65;
}
