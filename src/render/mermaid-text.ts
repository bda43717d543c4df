/**
 * Text that Mermaid draws as it was given, whatever stands in it.
 *
 * Mermaid reads a message as source, as entities and as HTML, one after the other, so each of these would
 * change or break a diagram: `;` and `#` end a message, `%%` starts a comment or a directive, `<` and `&` are
 * HTML, `$$` is mathematics, a leading `wrap:` is an instruction, and the pieces of Mermaid's own mark for an
 * entity (`ﬂ°`, `¶ß`) are taken for one. Each becomes a numeric entity, which Mermaid decodes last of all.
 */

/** Characters that never stand in a drawing as they are: they have no shape, or they turn the rest around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const unshowable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;
const invisible = /[\u200b\u2060\u00ad]/gu;

/**
 * What a reader will see of a text: on one line, each run of white space one space, control characters and
 * marks that change the direction of writing as U+FFFD, so that nobody's rule comment can turn an address around.
 */
export function shownMermaidText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(invisible, '')
    .replace(unshowable, '\ufffd')
    .replace(/\u2010/gu, '-')
    .replace(/ +/gu, ' ')
    .trim();
}

/**
 * The text as it may stand in Mermaid sequence source after `p0->>p1: `, `Note over p0: `,
 * `participant p0 as ` or `alt `. Drawn, it reads as {@link shownMermaidText} of the same text.
 * An empty text stays a place in the diagram: it becomes a zero-width space.
 */
export function escapeMermaidText(text: string): string {
  const shown = shownMermaidText(text);
  if (shown === '') return entity('\u200b');
  return (
    shown
      .replace(/[#;<>&ﬂ¶]|%(?=%)|(?<=%)%|%(?=\{)|\$(?=\$)|(?<=\$)\$/gu, entity)
      // Mermaid takes a leading `wrap:` or `nowrap:` for an instruction.
      .replace(/^(:?(?:no)?wrap):/iu, (_whole, word: string) => `${word}${entity(':')}`)
      // Mermaid eats the last `;` of a line in which a `:` comes after `style` or `classDef`.
      .replace(/(style|classDef)(.*)/su, (_whole, word: string, rest: string) => {
        return word + rest.replace(/:/gu, entity(':'));
      })
  );
}

function entity(character: string): string {
  return `#${character.codePointAt(0)};`;
}
