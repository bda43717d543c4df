/**
 * The text of a rule, cut where it may be broken into lines: between its matches, never inside one.
 * `-A ISTIO_OUTPUT -m owner ! --uid-owner 1337 -j RETURN` is four parts.
 */

export type RuleWord = 'command' | 'option' | 'chain' | 'target' | 'value' | 'text' | 'negation';

export interface RulePart {
  readonly words: readonly { readonly kind: RuleWord; readonly text: string }[];
  readonly text: string;
}

/** Options that open a part; every other one belongs to the part that it stands in. */
const openers = new Set(['-A', '-I', '-t', '-p', '-s', '-d', '-i', '-o', '-m', '-j', '-g']);
/** What is done with the rule, and where it sends a packet. */
const commands = new Set(['-A', '-I', '-t', '-j', '-g']);
/** A second match of the same extension is a condition of its own. */
const isLong = (word: string): boolean => word.startsWith('--');

export function ruleParts(rule: string): readonly RulePart[] {
  const parts: string[][] = [];
  const words = rule.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  let negated = false;
  for (const word of words) {
    if (word === '!') {
      negated = true;
      continue;
    }
    const last = parts.at(-1);
    const full = isLong(word) && last?.some(isLong) === true;
    const opens = last === undefined || openers.has(word) || full;
    const added = negated ? ['!', word] : [word];
    if (opens) parts.push(added);
    else last.push(...added);
    negated = false;
  }
  if (negated) parts.push(['!']);
  return parts.map((part) => ({
    text: part.join(' '),
    words: part.map((text, index) => ({ text, kind: kindOf(text, part[index - 1]) })),
  }));
}

function kindOf(word: string, before: string | undefined): RuleWord {
  if (word === '!') return 'negation';
  if (commands.has(word)) return 'command';
  if (/^--?[A-Za-z]/.test(word)) return 'option';
  if (before === '-A' || before === '-I') return 'chain';
  if (before === '-j' || before === '-g') return 'target';
  return word.startsWith('"') ? 'text' : 'value';
}
