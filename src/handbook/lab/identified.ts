/** Whose rules were read, and how many differ from Istio's. */
import {
  type ChainDifference,
  type ExaminedNative,
  type ExaminedRules,
  type Identification,
  listedText,
  type NativeDifference,
  shortenedDifference,
} from '../../analysis/index.ts';
import { type Family, findChain, printRule } from '../../netfilter/index.ts';

const listedRows = 300;

export interface Identified extends Pick<Identification, 'releases' | 'options' | 'others'> {
  readonly family: Family | 'inet';
  /** How many rules are Istio's and not there. */
  readonly missing: number;
  /** How many are there and not Istio's, or not in place. */
  readonly foreign: number;
  /** From Istio's rules to these; long ones cut off. */
  readonly chains: readonly (ChainDifference | NativeDifference)[];
  /** How many of `foreign` are Istio's own rules a second time. */
  readonly twice: number;
}

/** Of one family of iptables; nothing where no rule is Istio's. */
export function identifiedOf({ ruleset: { family }, identification }: ExaminedRules): readonly Identified[] {
  if (identification === null) return [];
  const { releases, options, others, missing, foreign, expected, chains } = identification;
  const twice = foreign.filter(({ table, chain, rule }) =>
    findChain(expected, table, chain)?.rules.some((other) => printRule(family, other) === rule),
  );
  return [
    {
      family,
      releases,
      options,
      others,
      missing: missing.length,
      foreign: foreign.length,
      twice: twice.length,
      chains: shortenedDifference(chains, listedRows).chains,
    },
  ];
}

/** Whose the native rules are, and where they differ; nothing where none are a sidecar's. */
export function identifiedNative(read: ExaminedNative | null): readonly Identified[] {
  const identification = read?.identification ?? null;
  if (identification === null) return [];
  const { releases, options, others, missing, foreign, chains } = identification;
  const gone = new Set(missing.map(({ table, chain, rule }) => `${table} ${chain} ${rule}`));
  const known = new Set(
    identification.expected.tables.flatMap((table) =>
      table.chains.flatMap((chain) =>
        chain.rules.map((rule) => `${table.name} ${chain.name} ${listedText(rule)}`),
      ),
    ),
  );
  const twice = foreign.filter(({ table, chain, rule }) => {
    const key = `${table} ${chain} ${rule}`;
    return known.has(key) && !gone.has(key);
  });
  return [
    {
      family: 'inet',
      releases,
      options,
      others,
      missing: missing.length,
      foreign: foreign.length,
      twice: twice.length,
      chains,
    },
  ];
}
