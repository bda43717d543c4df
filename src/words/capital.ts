/** A phrase with the capital that a line begins with. */
export function capital(phrase: string): string {
  return `${phrase.slice(0, 1).toUpperCase()}${phrase.slice(1)}`;
}

/** A phrase as a sentence, with the end that it may have already. */
export function asSentence(phrase: string): string {
  return `${capital(phrase)}${/[.?!]$/.test(phrase) ? '' : '.'}`;
}
