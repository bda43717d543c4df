/** How a rule of nft that was tested is written. */
import {
  type Host,
  type NftRule,
  type NftStatement,
  printNftRule,
  printStatement,
  type RuleEvent,
} from '../../netfilter/index.ts';

export interface NftTexts {
  /** Null: the event is of a rule of iptables, or the ruleset has none there. */
  readonly rule: (rulesets: Host['rulesets'], event: RuleEvent) => string | null;
  /** What it does, without its conditions: `redirect to :15001`. */
  readonly does: (rulesets: Host['rulesets'], event: RuleEvent) => string | null;
}

export const nftTexts: NftTexts | null = {
  rule: (rulesets, event) => {
    const rule = nftRuleOf(rulesets, event);
    return rule === undefined ? null : printNftRule(rule);
  },
  does: (rulesets, event) => {
    const done = nftRuleOf(rulesets, event)?.statements.filter(({ kind }) => !asks.has(kind));
    return done === undefined || done.length === 0 ? null : done.map(printStatement).join(' ');
  },
};

const asks: ReadonlySet<NftStatement['kind']> = new Set(['match', 'counter', 'limit', 'quota', 'ct count']);

function nftRuleOf({ nft }: Host['rulesets'], { table, chain, position }: RuleEvent): NftRule | undefined {
  const own = nft?.tables.find(({ family, name }) => `${family} ${name}` === table);
  return own?.chains.find(({ name }) => name === chain)?.rules[position - 1];
}
