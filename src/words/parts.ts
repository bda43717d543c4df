/**
 * Sentences in parts: words, and what stands in a terminal between them, so that a page can set it as code.
 */

/** Words, or a rule or command as it is written in a terminal. */
export type Part = string | { readonly code: string };

/** What stands between the words of a sentence. */
type Value = string | number | { readonly code: string } | readonly Part[];

/** A rule or a command. */
export function code(text: string): Part {
  return { code: text };
}

/** A sentence, written as a template: inParts`remove it with ${code('iptables -F')}`. */
export function inParts(words: TemplateStringsArray, ...values: readonly Value[]): readonly Part[] {
  return joined(words.flatMap((text, at) => [text, ...asParts(values[at])]));
}

function asParts(value: Value | undefined): readonly Part[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' || 'code' in value ? [value] : value;
}

/** Words beside words are one part, and empty parts are none. */
function joined(parts: readonly Part[]): readonly Part[] {
  const made: Part[] = [];
  for (const part of parts) {
    const last = made.at(-1);
    if (textOf(part) === '') continue;
    if (typeof part === 'string' && typeof last === 'string') made[made.length - 1] = last + part;
    else made.push(part);
  }
  return made;
}

/** The parts with something between each two. */
export function between(separator: string, all: readonly (readonly Part[])[]): readonly Part[] {
  return joined(all.flatMap((parts, at) => (at === 0 ? parts : [separator, ...parts])));
}

/** The whole as plain text. */
export function plain(parts: readonly Part[]): string {
  return parts.map(textOf).join('');
}

function textOf(part: Part): string {
  return typeof part === 'string' ? part : part.code;
}
