/**
 * How Mermaid is asked to draw, in the build and in the page alike, and what is done to the source first.
 * No Node and no DOM here: a diagram that is redrawn in the page must come out as the one it replaces.
 */

export const diagramFont = { family: 'Inter', size: 14, lineHeight: 17 } as const;

/** The width that a diagram may have in a page's text column, in pixels: 43 rem without the frame's padding. */
const textColumn = 656;
const margin = 8;
const gap = 16;

export function mermaidSettings(source: string) {
  return {
    startOnLoad: false,
    // Its "strict" reads the drawing into an HTML document once more, which a strict content security policy answers
    // with an error for each style attribute. `tidyDiagram` lets through what a diagram is made of, and nothing else.
    securityLevel: 'loose',
    suppressErrorRendering: true,
    deterministicIds: true,
    look: 'classic',
    theme: 'default',
    htmlLabels: false,
    fontFamily: diagramFont.family,
    fontSize: diagramFont.size,
    // A whole ruleset's traversal has more than Mermaid's 50,000 characters.
    maxTextSize: 1_000_000,
    sequence: {
      wrap: true,
      width: lifelineWidth(source.match(/^[ \t]*(?:participant|actor)\b/gm)?.length ?? 0),
      actorMargin: gap,
      mirrorActors: false,
      useMaxWidth: false,
      diagramMarginX: margin,
      diagramMarginY: margin,
      height: 40,
      boxMargin: 8,
      noteMargin: 8,
      messageMargin: 28,
      // A message may be as wide as the way between its lifelines, without reaching over them.
      wrapPadding: 4,
    },
  } as const;
}

/** Up to five lifelines share the text column; more stand in a frame that scrolls, and need not be narrow. */
function lifelineWidth(count: number): number {
  if (count > 5) return 150;
  return Math.max(120, Math.min(150, Math.floor((textColumn - 2 * margin - gap * (count - 1)) / count)));
}

const hyphen = '\u2010';

/**
 * Mermaid breaks a word that is too long and adds a "-" that nobody wrote, which makes a wrong address of a
 * long one. Writing each hyphen of a text as U+2010 first lets {@link tidyDiagram} know the added ones.
 */
export function markHyphens(source: string): string {
  return source.replace(textOfLine, (_line, syntax: string, text: string) => {
    return syntax + text.replaceAll('-', hyphen);
  });
}

/** A line of sequence source: what Mermaid reads as syntax, then the text that it draws. */
const textOfLine =
  /^([ \t]*(?:(?:participant|actor)[ \t]+\S+[ \t]+as[ \t]|(?:alt|else|opt|loop|par|and|critical|option|break)[ \t]|(?!participant\b|actor\b|box\b|rect\b|title\b|acc|%%)[^:\n]*:))(.*)$/gm;

/** A line as Mermaid broke it, as the source had it. `joined`: the next line goes on with the same word. */
export function unmarkHyphens(line: string): { readonly text: string; readonly joined: boolean } {
  const joined = line.endsWith('-');
  return { text: (joined ? line.slice(0, -1) : line).replaceAll(hyphen, '-'), joined };
}

/** What `escapeMermaidText` writes as an entity. */
const marks = '#;<>&ﬂ¶%$:';
/** The first of as many letters that nobody has a shape for. */
const firstMark = 0xf8e0;
const marked = /[\uf8e0-\uf8ef]/g;
const inXml: ReadonlyMap<string, string> = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
]);

/**
 * A browser measures the marks that Mermaid puts in the place of entities, and Mermaid breaks long words within them:
 * what is drawn is no text then. Each entity is one letter while it draws. The build measures with a
 * {@link Lettering} that knows the marks.
 */
export function markEntities(source: string): {
  readonly marked: string;
  readonly unmarked: (svg: string) => string;
} {
  // Somebody's own letter there would become another.
  if (source.search(marked) >= 0) return { marked: source, unmarked: (svg) => svg };
  return {
    marked: source.replace(/#(\d+);/g, (entity, code: string) => {
      const at = marks.indexOf(String.fromCodePoint(Number(code)));
      return at < 0 ? entity : String.fromCodePoint(firstMark + at);
    }),
    unmarked: (svg) =>
      svg.replace(marked, (letter) => {
        const text = marks[letter.charCodeAt(0) - firstMark] ?? letter;
        return inXml.get(text) ?? text;
      }),
  };
}
