/** What `record.ts` wrote: each form, and what each family and back end answered. */
import { readFileSync } from 'node:fs';
import type { Family } from '../../../../src/netfilter/index.ts';

export interface Answer {
  readonly form: string;
  readonly line: number;
  readonly family: Family;
  readonly backends: readonly string[];
  readonly answer: string;
}

/** The answers of a recording that are none of refusal. */
export function readAnswers(file: 'recorded.txt' | 'listed.txt'): readonly Answer[] {
  const read: Answer[] = [];
  let form = '';
  let line = 0;
  for (const [at, text] of readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .entries()) {
    const said = /^ {2}(all|[46] [^:]+): (.*)$/.exec(text);
    if (said === null) {
      form = text;
      line = at + 1;
      continue;
    }
    const [, askers = '', answer = ''] = said;
    for (const family of /^\d+/.exec(form)?.[0] ?? '') {
      const backends =
        askers === 'all'
          ? ['nft', 'legacy']
          : askers.split(', ').flatMap((one) => (one.startsWith(family) ? [one.slice(2)] : []));
      if (backends.length > 0 && answer !== 'refused')
        read.push({ form, line, family: family === '4' ? 'v4' : 'v6', backends, answer });
    }
  }
  return read;
}
