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
  /** The text of a rule, without its chain; '' where there is none. */
  text(position: number): string;
}

export interface NftTexts {
  /**
   * What a rule does, without its conditions: `redirect to :15001`. Null: the event is of a rule of iptables, or the ruleset
   * has none there.
   */
  readonly does: (rulesets: Host['rulesets'], event: RuleEvent) => string | null;
  /** Null: the ruleset has none there. */
  readonly chain: (rulesets: Host['rulesets'], table: TableRef, chain: string) => WrittenChain | null;
}

export const nftTexts: NftTexts | null = {
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
      text: (position) => {
        const rule = rules[position - 1];
        return rule === undefined ? '' : printNftRule(rule);
      },
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
