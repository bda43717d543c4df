/** Finds the rule that `-D` spells out, without printing the whole chain for each of many. */
import type { Family, Rule } from '../model/ruleset.ts';
import type { OpenChain } from './open-ruleset.ts';
import { printRule } from './print.ts';

export class RuleKeys {
  private readonly family: Family;
  private readonly numbers = new Map<string, number>();
  /** The keys of a chain's rules; of those that were added since, not yet. */
  private readonly chains = new Map<OpenChain, number[]>();

  constructor(family: Family) {
    this.family = family;
  }

  /** The place of the first rule that is printed alike, from 0; -1 where there is none. */
  find(chain: OpenChain, wanted: Rule): number {
    const keys = this.chains.get(chain) ?? [];
    this.chains.set(chain, keys);
    while (keys.length < chain.rules.length) keys.push(this.keyOf(chain.rules[keys.length] as Rule));
    return keys.indexOf(this.keyOf(wanted));
  }

  /** Rules were put into a chain, in the place of some that were there. */
  replaced(chain: OpenChain, at: number, drops: number, rules: readonly Rule[]): void {
    const keys = this.chains.get(chain);
    if (keys !== undefined && at <= keys.length)
      keys.splice(at, drops, ...rules.map((rule) => this.keyOf(rule)));
  }

  emptied(chain: OpenChain): void {
    this.chains.delete(chain);
  }

  /** The same for rules that are printed alike; what was not read is like no other. */
  private keyOf(rule: Rule): number {
    if (rule.unread !== undefined) return -1;
    const text = printRule(this.family, rule);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size);
    return this.numbers.size - 1;
  }
}
