/** The names and numbers in words: what a sentence on a fact must share with the fact. */
import { programNames } from './programs.ts';

export interface Token {
  readonly text: string;
  /** Where it stands in the words. */
  readonly at: number;
}

const numberWords = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Written in one way: `ten` is `10`, and no stop ends a name. */
function asToken(text: string): string {
  const number = numberWords.indexOf(text.toLowerCase());
  return number > 1 ? String(number) : text.replace(/[.,:;]+$/, '').replace(/^\.+(?=\w)/, '');
}

/** Names without a capital or a digit, which only a list can know. */
const plainNames = [
  ...programNames.filter((name) => !/ /.test(name)),
  ...['kubelet', 'distroless', 'nft', 'iptables', 'nftables', 'conntrack', 'curl', 'proxy', 'app', 'cluster'],
].filter((name) => !['proxy', 'app', 'cluster', 'image', 'sidecar', 'gateway', 'curl'].includes(name));

const inCode = /[\w/:.@*$=%+<>-]*[\w*]\/?/g;
const inWords = new RegExp(
  [
    // Addresses, paths, dotted and joined names.
    '(?<![\\w.])\\d+(?:[.:/]\\d+)*(?:::?[\\da-f]*)*(?:/\\d+)?[a-zA-Z]*',
    '[\\w*-]+(?:\\.[\\w*-]+)*(?:/[\\w.*{}-]+)+',
    '(?<![\\w.])(?:/[\\w.-]+)+/?',
    '\\w[\\w-]*(?:\\.\\w[\\w-]*)+',
    '[A-Za-z]\\w*(?:-\\w+)*(?:_\\w+)+',
    // Header names, capitals, words with capitals in them.
    '[A-Z]\\w*(?:-[A-Z]\\w*)+',
    '[a-z]*[A-Z]\\w*[A-Z]\\w*|[a-z]+[A-Z]\\w*|[A-Z]+\\d\\w*',
    '\\b[A-Z]{2,}s?\\b',
    `\\b(?:${plainNames.map((name) => name.replaceAll('-', '\\-')).join('|')})\\b`,
    `\\b(?:${numberWords.slice(2).join('|')})\\b`,
    // A capital within a sentence; the first word of one has it anyhow.
    '(?<=[\\w,’\')"`-] +)[A-Z][a-z]+\\b',
  ].join('|'),
  'g',
);

/** Speak of the product, of numbering, of nothing. */
const free = new Set(['Istio', 'Linux', 'Kubernetes', 'I', 'A', 'OK']);

/** Each name and number in words, with code spans as Markdown has them. */
export function tokensOf(words: string): readonly Token[] {
  const found: Token[] = [];
  const rest = words.replace(/`([^`]*)`/g, (whole, code: string, at: number) => {
    for (const { 0: text, index } of code.matchAll(inCode))
      found.push({ text: asToken(text), at: at + 1 + index });
    return ' '.repeat(whole.length);
  });
  for (const { 0: text, index } of rest.matchAll(inWords)) found.push({ text: asToken(text), at: index });
  return found.filter(({ text }) => text !== '' && !free.has(text)).sort((one, other) => one.at - other.at);
}

/** The words of one polarity, each place of them. */
export const polarities = {
  not: /\b(?:not|no|never|neither|none|nobody|nothing|nowhere|cannot|without)\b|n[’']t\b/gi,
  only: /\b(?:only|alone|solely|just|merely|exclusively|nothing but)\b/gi,
  also: /\b(?:also|too|as well|additionally|likewise)\b/gi,
} as const satisfies Readonly<Record<string, RegExp>>;

export type Polarity = keyof typeof polarities;

/** Words of which a sentence can have one for the other, and then says the contrary. */
export const opposites: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:adds?|added|appends?|appended)\b/i, /\b(?:removes?|removed|strips?|stripped|deletes?|deleted)\b/i],
  [
    /\b(?:accepts?|allows?|allowed|admits?|lets?)\b/i,
    /\b(?:refuses?|refused|rejects?|rejected|denie[sd]|deny|resets?)\b/i,
  ],
  [/\b(?:inbound|incoming|arrives?)\b/i, /\b(?:outbound|outgoing|leaves)\b/i],
  [/\b(?:before|earlier|older)\b/i, /\b(?:after|later|newer|behind)\b/i],
  [/\b(?:starts?|opens?)\b/i, /\b(?:ends?|closes?|stops?)\b/i],
  [/\b(?:includes?|included)\b/i, /\b(?:excludes?|excluded)\b/i],
  [/\b(?:enables?|enabled|on)\b/i, /\b(?:disables?|disabled|off)\b/i],
  [/\b(?:first)\b/i, /\b(?:last)\b/i],
  [/\b(?:more|most|above|at least)\b/i, /\b(?:less|fewer|least|below|at most)\b/i],
  [/\b(?:keeps?|kept|preserves?)\b/i, /\b(?:loses?|lost|replaces?|replaced|changes?)\b/i],
  [/\b(?:plain text|plaintext|unencrypted)\b/i, /\b(?:encrypted|mutual TLS|mTLS)\b/i],
  [/\b(?:always|every|everybody|all|any)\b/i, /\b(?:sometimes|some|rarely)\b/i],
  [/\b(?:client)\b/i, /\b(?:server)\b/i],
];
