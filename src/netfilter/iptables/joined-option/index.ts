/** An option with its value in one word: `--dport=80`. */
import { ipMatch } from '../catalogue.ts';

/** The words with that one made two; null where it is no such option. */
export type SplitJoined = (words: readonly string[], at: number) => readonly string[] | null;

/**
 * An extension is given what stands behind "=" by getopt_long. iptables itself is not: of its own options it looks at the
 * word before the next (iptables/xshared.c), and refuses these.
 */
export const splitJoined: SplitJoined | null = (words, at) => {
  const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(words[at] ?? '') ?? [];
  const isOfIptables = ipMatch.forms.byName.has(name ?? '') || own.test(name ?? '');
  return name === undefined || value === undefined || isOfIptables
    ? null
    : words.toSpliced(at, 1, name, value);
};

const own = /^--(?:match|jump|goto|set-counters)$/;
