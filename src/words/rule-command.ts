/**
 * Commands of iptables, as a shell takes them: what a rule holds is never more than a word of the command.
 */
import type { InPlaceStep } from '../analysis/index.ts';
import type { Family } from '../netfilter/index.ts';

/** The program of a family, by its back end where that is known. */
export function iptablesOf(family: Family, backEnd: 'nft' | 'legacy' | null = null): string {
  const name = family === 'v4' ? 'iptables' : 'ip6tables';
  return backEnd === null ? name : `${name}-${backEnd}`;
}

/** `iptables -t nat -I ISTIO_OUTPUT 4 -o lo -j RETURN` */
export function inPlaceCommand(program: string, step: InPlaceStep): string {
  return `${program} -t ${step.table} ${argumentsOf(step)}`;
}

function argumentsOf(step: InPlaceStep): string {
  const chain = inShell(step.chain);
  switch (step.does) {
    case 'make chain':
      return `-N ${chain}`;
    case 'empty chain':
      return `-F ${chain}`;
    case 'drop chain':
      return `-X ${chain}`;
    case 'delete':
      return `-D ${chain} ${step.position}`;
    case 'insert':
      return `-I ${chain} ${step.position} ${inShell(step.rule)}`;
    case 'append':
      return `-A ${chain} ${inShell(step.rule)}`;
  }
}

/** What iptables prints as one word: in quotes with escapes, or without. */
const printedWord = /"((?:[^"\\]|\\.)*)"|[^\s"]+/g;
const harmless = /^[\w@%+=:,./!-]+$/;
/** A shell does nothing to these between double quotes. */
const plainInQuotes = /^[^"\\$`!]*$/;

/** A rule as iptables prints it, so that a shell hands over the same words: a comment may well hold `$(reboot)`. */
export function inShell(rule: string): string {
  return rule.replace(printedWord, (word, quoted: string | undefined) => {
    if (quoted === undefined) return harmless.test(word) ? word : inQuotes(word);
    const text = quoted.replace(/\\(.)/g, '$1');
    return plainInQuotes.test(text) ? word : inQuotes(text);
  });
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
