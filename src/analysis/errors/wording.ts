/** How a tool words an error, as a pattern: its fixed words, and what it fills in, captured by name. */

/** What a line can tell beside its kind, as it stands there. */
export const textFields = [
  'table',
  'chain',
  'name',
  'option',
  'value',
  'file',
  'command',
  'container',
  'pod',
  'device',
  'resource',
  'reason',
] as const;
/** The same, in numbers: a line of what was put in, an exit status, a time that was waited. */
export const numberFields = ['line', 'status', 'seconds'] as const;

type Field = (typeof textFields)[number] | (typeof numberFields)[number];

/**
 * A wording without its end or beginning is found anywhere in a line. Each begins with fixed words and captures a
 * bounded number of characters, so that the time grows with the line and no faster.
 */
export function wording(texts: TemplateStringsArray, ...captures: readonly string[]): RegExp {
  return new RegExp(texts.raw.map((text, at) => `${text}${captures[at] ?? ''}`).join(''));
}

/** Within any of the quotes that C, Go and nft print, be they escaped as in JSON or not. */
export function quoted(field: Field): string {
  return String.raw`\\?[${'`'}'"‘](?<${field}>[^${'`'}'"’\\]{0,200})\\?['"’]`;
}

/** Up to the next space or the sign that ends it. */
export function word(field: Field): string {
  return String.raw`(?<${field}>[^\s:;,()"'${'`'}\\]{1,200})`;
}

/** Up to the line's end. */
export function rest(field: Field): string {
  return String.raw`(?<${field}>[^\t"\\]{1,300})`;
}

export function digits(field: Field): string {
  return String.raw`(?<${field}>\d{1,9})`;
}

/** What stands before words that are too common to be looked for anywhere: nothing, or the end of a prefix. */
export const begins = String.raw`(?:^|[\t:\]="|] ?| [FP] )`;
/** What stands behind them: nothing but a full stop, a quote, the labels of Istio's log. */
export const ends = String.raw`\.?\\?["']?\s*(?:$|[\t}]|\\[nt"])`;
