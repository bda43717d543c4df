/** What is said of an nft text that cannot be read: what was found, what was expected, and how to fix it. */
import type { NftExpected, NftPart, NftProblem, NftProblemCode } from '../../netfilter/index.ts';
import type { ProblemWords } from './problems.ts';

/** The words of a problem: found `"prot"`, expected a statement such as `tcp dport 80`, and how to fix it. */
export function nftProblemWords(problem: NftProblem): ProblemWords {
  const words = wordings[problem.code] as (problem: NftProblem) => ProblemWords;
  return words(problem);
}

type Wording = {
  readonly [Code in NftProblemCode]: (problem: NftProblem & { readonly code: Code }) => ProblemWords;
};

const wordings: Wording = {
  'text too long': ({ length, most }) => ({
    found: `a text of ${Math.ceil(length / 1_000_000)} MB`,
    expected: `at most ${most / 1_000_000} MB`,
    fix: 'Cut it down to the table in question: nft list table inet NAME.',
  }),
  'unexpected word': ({ found, expected }) => ({
    found: found === '' ? 'the end of the line' : `"${found}"`,
    expected: expectedWords(expected),
    fix: 'Paste the line as nft list ruleset prints it. The rest of the text was read; what stands from there to the end of the line is kept as text.',
  }),
  include: ({ file }) => ({
    found: `include "${file}"`,
    expected: 'a text that holds everything',
    fix: 'Put the content of the file in its place, or paste what nft list ruleset prints.',
  }),
  'variable unknown': ({ name }) => ({
    found: `"$${name}"`,
    expected: 'a name that define gave a value before',
    fix: `Put a line "define ${name} = …" before it, or write the value.`,
  }),
  'JSON unreadable': ({ text }) => ({
    found: text === '' ? 'the end of the text' : `"${shortened(text)}"`,
    expected: 'what nft -j list ruleset prints',
    fix: 'Paste all of it, from the first { to the last }. What stands before and behind this place was read.',
  }),
  'JSON part unknown': ({ part }) => ({
    found: shortened(part),
    expected: 'a part that libnftables-json(5) names',
    fix: 'Paste what nft list ruleset prints, without -j. The rest was read; this part is kept as text.',
  }),
  'rules of iptables': ({ text }) => ({
    found: `"${text.trim()}"`,
    expected: 'a line of nft',
    fix: 'This is a rule of iptables. Paste what iptables-save prints into a field of its own.',
  }),
};

/** JSON stands on one line, however long. */
function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function expectedWords(expected: NftExpected): string {
  if (typeof expected === 'string') return parts[expected];
  const quoted = expected.map((word) => `"${word}"`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

const parts: Readonly<Record<NftPart, string>> = {
  address: 'an address',
  amount: 'an amount, such as 10 mbytes',
  comment: 'a comment in quotes',
  expression: 'an expression, such as "tcp dport" or "meta mark"',
  field: 'a field of a header',
  flag: 'a flag',
  handle: 'a handle, as nft -a list ruleset shows it',
  'handle of a rule': 'the handle of a rule of this chain, as nft -a list ruleset shows it',
  'header or field': 'a header or a field of one',
  'index of a rule': 'the index of a rule of this chain, counted from 0',
  key: 'a key',
  'key of ct': 'a key of ct, such as state or mark',
  'key of meta': 'a key of meta, such as mark or skuid',
  name: 'a name',
  'name of a chain': 'the name of a chain',
  'name of a set': 'the name of a set',
  'name of a table': 'the name of a table',
  number: 'a number',
  option: 'the name of an option',
  priority: 'a priority, such as filter, dstnat - 5 or -100',
  rate: 'a rate, such as 10/second',
  'set that was made': 'a set or map that was made before',
  statement: 'a statement, such as "tcp dport 80", "counter" or "accept"',
  type: 'a type',
  value: 'a value, such as 80, 10.0.0.0/8 or { 22, 443 }',
};
