/** The little that is used of two packages that bring no types. */
declare module 'jsdom' {
  export class JSDOM {
    constructor(html?: string, options?: { pretendToBeVisual?: boolean; contentType?: string });
    readonly window: Window & typeof globalThis;
  }
}

declare module 'fontkit' {
  export interface Glyph {
    readonly id: number;
    readonly advanceWidth: number;
    readonly path: { toSVG(): string };
  }
  export interface Font {
    readonly unitsPerEm: number;
    readonly ascent: number;
    readonly descent: number;
    readonly numGlyphs: number;
    readonly characterSet: readonly number[];
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
    layout(text: string): {
      readonly advanceWidth: number;
      readonly glyphs: readonly Glyph[];
      readonly positions: readonly { readonly xAdvance: number }[];
    };
    createSubset(): FontSubset;
  }
  export interface FontSubset {
    includeGlyph(glyph: Glyph | number): number;
    encode(): Uint8Array;
  }
  export function create(bytes: Uint8Array): Font;
}
