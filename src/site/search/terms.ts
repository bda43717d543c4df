/**
 * The words of a text and of what is typed, so that `refused`, `refuses` and `Refused.` are one. A name is a word as a
 * whole and in its parts: `ISTIO_OUTPUT` is found by `istio output`, too.
 */

/** What stands in every question and tells no page from another. */
const stopWords = new Set(
  `a about after all also although am an and any anything are as at be because been before being but by can cannot could
  did do does doing done don doesn didn for from get gets getting got had has have having how i if in into is isn it its just keep keeps
  like me my not of off on only or our out over please s should so some someone something somehow still t than that the their them then there these they
  thing this those through go goes going went via to too up us use using very want was we were what when where which while who why will with would
  won wont dont doesnt cant isnt you your`.split(/\s+/),
);

/** "Does not go through Envoy", "is never captured": what the word "bypass" says. */
const notThrough =
  /(?:\b(?:not|never|no longer|without|nothing|none)\b|n[’']?t\b)\s+(?:[\p{L}-]+\s+){0,2}(?:through|via|use|using|reach(?:es|ing)?(?=\s+(?:the\s+)?(?:envoy|proxy|sidecar|mesh)\b)|captur(?:ed|ing)|intercept(?:ed|ing)|redirect(?:ed|ing)|proxied)\b/giu;

/** In the order of the text, stop words among them. */
export function proseWords(text: string): readonly string[] {
  return text
    .replace(notThrough, '$& bypass')
    .normalize('NFKC')
    .split(/[\s"'`’‘“”()[\]{}<>,;|…!?*▸→]+/)
    .map((word) => word.replace(/^[-.:/=+]+|[.:/=+-]+$/g, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
}

export function isStopWord(word: string): boolean {
  return stopWords.has(word.toLowerCase());
}

/** A word as a whole, without what joins its parts: `istio-proxy` and `istioproxy` are one. Addresses stay as they are. */
export function wholeTerm(word: string): string {
  const lower = word.toLowerCase();
  if (/^[\d.:/]+$/.test(lower) || isIPv6(lower)) return lower;
  return stem(lower.replace(/[^\p{L}\p{N}]+/gu, ''));
}

/** `excludeOutboundPorts` has three, `refused` has none: it is no more than the whole. */
export function partTerms(word: string): readonly string[] {
  const network = /^(\d+\.\d+)\.\d+\.\d+(?:[:/]\d+)?$/.exec(word)?.[1];
  if (network !== undefined) return isPrivate.test(word) ? [] : [network];
  if (/^[\d.]+$/.test(word) || isIPv6(word)) return [];
  const parts = word
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+|\.(?!\d)|(?<!\d)\./u)
    .filter((part) => part !== '');
  if (parts.length < 2) return [];
  const names = word.split(/[^\p{L}\p{N}]+/u).filter((part) => /\p{Ll}\p{Lu}/u.test(part) && part !== word);
  return [...parts.map(stem), ...names.map(wholeTerm)];
}

/** Addresses of the kind that every pod has tell nothing. */
const isPrivate = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/** All under which a text is indexed. */
export function termsOf(text: string): readonly string[] {
  return proseWords(text)
    .filter((word) => !isStopWord(word))
    .flatMap((word) => [wholeTerm(word), ...partTerms(word)]);
}

function isIPv6(word: string): boolean {
  return /^[\da-f:]*::?[\da-f:]*(?:\/\d+)?$/i.test(word) && /:.*:/.test(word);
}

/** An English word without its endings. Rough, and the same on both sides. */
export function stem(word: string): string {
  if (!/^\p{L}+$/u.test(word) || word.length < 4) return word;
  const single = word.endsWith('ies')
    ? `${word.slice(0, -3)}y`
    : /(?:ss|x|ch|sh)es$/.test(word)
      ? word.slice(0, -2)
      : word.replace(/(?<![sui])s$/, '');
  const plain = single
    .replace(/(?<=\p{L}{4})ion$/u, '')
    .replace(/(?<=[aeiouy]\p{L}*\p{L}{2})(?:ing|ed)$/u, '')
    .replace(/(?<=[aeiouy]\p{L}+)(?:ing|ed)$/u, '');
  const undoubled = plain === single ? plain : plain.replace(/([bdgmnprt])\1$/, '$1');
  return undoubled.length > 3 ? undoubled.replace(/e$/, '') : undoubled;
}
