/** How a rule of nft that was tested is written. */
import {
  type Host,
  type NftChain,
  type NftRule,
  type NftStatement,
  printNftRule,
  printStatement,
  type RuleEvent,
  type TableRef,
} from '../../netfilter/index.ts';

/** A chain of either language, as it is shown. */
export interface WrittenChain {
  /** Null where it is no chain that a hook asks. */
  readonly policy: string | null;
  readonly count: number;
  /** The text of a rule, without its chain. */
  text(position: number): string;
}

export interface NftTexts {
  /** Null: the event is of a rule of iptables, or the ruleset has none there. */
  readonly rule: (rulesets: Host['rulesets'], event: RuleEvent) => string | null;
  /** What it does, without its conditions: `redirect to :15001`. */
  readonly does: (rulesets: Host['rulesets'], event: RuleEvent) => string | null;
  /** Null: the ruleset has none there. */
  readonly chain: (rulesets: Host['rulesets'], table: TableRef, chain: string) => WrittenChain | null;
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
  chain: (rulesets, table, chain) => {
    const found = nftChainOf(rulesets, table, chain);
    if (found === undefined) return null;
    const { base, rules } = found;
    return {
      policy: base?.policy ?? null,
      count: rules.length,
      text: (at) => printNftRule(rules[at - 1] as NftRule),
    };
  },
};

const asks: ReadonlySet<NftStatement['kind']> = new Set(['match', 'counter', 'limit', 'quota', 'ct count']);

function nftRuleOf(rulesets: Host['rulesets'], { table, chain, position }: RuleEvent): NftRule | undefined {
  return nftChainOf(rulesets, table, chain)?.rules[position - 1];
}

function nftChainOf({ nft }: Host['rulesets'], table: TableRef, chain: string): NftChain | undefined {
  const own = nft?.tables.find(({ family, name }) => `${family} ${name}` === table);
  return own?.chains.find(({ name }) => name === chain);
}
