/** Names that every object of JavaScript has are names like any other in a pasted text. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRuleset } from '../../src/netfilter/index.ts';

const lines = readFileSync(new URL('iptables/forms/recorded.txt', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => /^ {2}[^:]+: (-A .*)$/.exec(line)?.[1] ?? []);

/** What is said of a rule, without the name itself. */
function said(rule: string, name: string): string {
  const { problems, lines: readings } = parseRuleset(`*mangle\n${rule}\n*nat\n${rule}`, 'v4');
  const told = problems.map(({ code, line, column }) => ({ code, line, column }));
  return JSON.stringify([told, readings]).replaceAll(name, 'NAME');
}

const names = ['constructor', '__proto__', 'toString'] as const;

test.for(names)('%s in the place of every word of a rule', (name) => {
  // Of the same length and the same signs, so that columns and words are the same.
  const stranger = name.replace(/[a-z]/gi, 'q');
  const differing = lines.flatMap((line) => {
    const words = line.split(' ');
    return words.flatMap((word, at) => {
      const taken = (text: string) =>
        words
          .map((one, place) => (place === at ? (word.startsWith('--') ? `--${text}` : text) : one))
          .join(' ');
      return said(taken(name), name) === said(taken(stranger), stranger) ? [] : [taken(name)];
    });
  });
  expect(differing).toEqual([]);
});
