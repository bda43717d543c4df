/** What a rule of nft asks and does, in the few words that Istio's rules have. */
import {
  type NftRule,
  type NftRuleset,
  type NftStatement,
  type NftTable,
  printNftRule,
} from '../../netfilter/index.ts';
import { listedStatements } from './listed.ts';

export interface NativeAsk {
  /** `oifname`, `tcp dport`, `skuid`, `ip daddr` */
  readonly of: string;
  readonly isNot: boolean;
  /** As it is listed, without quotes: `lo`, `15008`, `10.0.0.0/8`. */
  readonly value: string;
}

export interface NativeFacts {
  readonly asks: readonly NativeAsk[];
  /** What is done with what matches, without the counter: `return`, `jump istio-redirect`, `redirect to :15001`. */
  readonly does: string;
}

export function factsOf(rule: NftRule): NativeFacts {
  const statements = listedStatements(rule);
  return {
    asks: statements.flatMap((one) => (one.kind === 'match' ? [askOf(one)] : [])),
    does: printNftRule({
      statements: statements.filter(({ kind }) => kind !== 'match' && kind !== 'counter'),
    }),
  };
}

function askOf(match: Extract<NftStatement, { kind: 'match' }>): NativeAsk {
  const { left, operator, right } = match;
  const whole = printNftRule({ statements: [{ kind: 'match', left, operator: '==', right }] });
  const of =
    left.kind === 'meta' ? left.key : left.kind === 'payload' ? `${left.protocol} ${left.field}` : left.kind;
  const value = right.kind === 'literal' ? right.text : whole.slice(whole.lastIndexOf(' ') + 1);
  return { of, isNot: operator === '!=', value };
}

export type NativeKind = 'nat' | 'mangle' | 'raw';
export const nativeKinds: readonly NativeKind[] = ['nat', 'mangle', 'raw'];
/** Source: tools/istio-nftables/pkg/constants. */
const ofIstio = /^istio-proxy-(nat|mangle|raw)$/;

export function isIstioTable({ family, name }: Pick<NftTable, 'family' | 'name'>): boolean {
  return family === 'inet' && ofIstio.test(name);
}

/** Whether a table of a sidecar's native rules is there. */
export function hasNativeIstio(ruleset: NftRuleset | null): boolean {
  return ruleset?.tables.some(isIstioTable) === true;
}

export function tableOfKind(ruleset: NftRuleset, kind: NativeKind): NftTable | undefined {
  return ruleset.tables.find(({ family, name }) => family === 'inet' && name === `istio-proxy-${kind}`);
}
