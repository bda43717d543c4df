/**
 * Which releases of Istio, with which options, would have programmed the rules of ambient mode in a pod or on its node; or
 * the nearest, and what differs. Only Istio's own chains count, and the jumps to them.
 */
import {
  type AmbientOptions,
  type AmbientRole,
  type AmbientRuleset,
  ambientDefaults,
  ambientRulesFor,
  isUnseen,
  readRelease,
  releases,
} from '../../istio/index.ts';
import type { Family, NftRuleset, Ruleset } from '../../netfilter/index.ts';
import { chainDifferences, differingRules } from '../difference.ts';
import { isIstioChain } from '../identify.ts';
import { nativeDifferences } from '../native/index.ts';
import { chainCalled } from '../rule-parts.ts';
import { inferAmbient } from './infer.ts';
import { asListed, ofAmbient } from './native.ts';
import type { AmbientSeen, AmbientSide } from './seen.ts';

export interface AmbientOrigin {
  /** Oldest first. */
  readonly releases: readonly string[];
  /** Only what differs from the defaults of the newest of them. */
  readonly options: Partial<AmbientOptions>;
}

/** A rule that only one of the two has. */
export interface AmbientDifference {
  readonly family: Family | 'inet';
  readonly table: string;
  readonly chain: string;
  /** In the ruleset that has it, from 1. */
  readonly position: number;
  readonly rule: string;
  /** Of one of Istio's; null for another. */
  readonly role: AmbientRole | null;
}

export interface AmbientIdentification extends AmbientOrigin {
  readonly side: AmbientSide;
  /** Every other origin that makes the same rules. */
  readonly others: readonly AmbientOrigin[];
  /** Istio's and not there. */
  readonly missing: readonly AmbientDifference[];
  /** There, in a chain of Istio's, and not Istio's. */
  readonly foreign: readonly AmbientDifference[];
  /** Tables of iptables in which Istio has rules, and of which the text has nothing: what stands in them is not missing. */
  readonly untold: readonly string[];
}

interface Compared extends Pick<AmbientIdentification, 'missing' | 'foreign' | 'untold'> {
  readonly release: string;
  readonly options: Partial<AmbientOptions>;
  readonly cost: number;
}

/** A difference weighs more than an option that explains it. */
const differenceCost = 10;
const optionCost = 6;

/** Null where the text has too little of the rules to say what is missing. */
export function identifyAmbient(seen: AmbientSeen): AmbientIdentification | null {
  if (!isWhole(seen)) return null;
  const known = new Map<string, Differences>();
  const compared = inferAmbient(seen).flatMap((options) =>
    releases.flatMap(({ name }): readonly Compared[] => {
      if (isUnseen(name)) return [];
      const made = ambientRulesFor(name, options);
      if (made.options === null || made.ignored.length > 0) return [];
      const meant = seen.side === 'pod' ? made.pod : made.host;
      const key = JSON.stringify(meant.text);
      const differences = known.get(key) ?? comparedWith(meant, seen);
      known.set(key, differences);
      const unusual = unlikeDefaults(name, made.options);
      const count = differences.missing.length + differences.foreign.length;
      const cost = differenceCost * count + optionCost * Object.keys(unusual).length;
      return [{ release: name, options: unusual, ...differences, cost }];
    }),
  );
  if (compared.length === 0) return null;
  const least = Math.min(...compared.map(({ cost }) => cost));
  const nearest = compared.filter(({ cost }) => cost === least);
  const [first] = nearest as [Compared, ...Compared[]];
  const isExact = first.missing.length + first.foreign.length === 0;
  const alike = isExact
    ? compared.filter(({ missing, foreign }) => missing.length + foreign.length === 0)
    : nearest;
  const [origin, ...others] = byOptions([...nearest, ...alike.filter((one) => !nearest.includes(one))]);
  if (origin === undefined) return null;
  const best = nearest.findLast(({ options }) => JSON.stringify(options) === JSON.stringify(origin.options));
  const { missing, foreign, untold } = best ?? first;
  return { side: seen.side, ...origin, others, missing, foreign, untold };
}

function byOptions(all: readonly Compared[]): readonly AmbientOrigin[] {
  const origins = new Map<string, { releases: string[]; options: Partial<AmbientOptions> }>();
  for (const { release, options } of all) {
    const key = JSON.stringify(options);
    const origin = origins.get(key) ?? { releases: [], options };
    if (!origin.releases.includes(release)) origin.releases.push(release);
    origins.set(key, origin);
  }
  return [...origins.values()];
}

function unlikeDefaults(release: string, options: AmbientOptions): Partial<AmbientOptions> {
  const number = readRelease(release);
  const usual = new Map<string, unknown>(Object.entries(number === null ? {} : ambientDefaults(number)));
  return Object.fromEntries(
    // IPv6 is on by default, and a pod without IPv6 has none of it all the same.
    Object.entries(options).filter(([name, value]) => name !== 'enableIPv6' && usual.get(name) !== value),
  );
}

type Differences = Pick<Compared, 'missing' | 'foreign' | 'untold'>;

/** Whether the rules are there that send connections to ztunnel, or give the kubelet its address. */
function isWhole({ v4, v6, nft }: AmbientSeen): boolean {
  if (nft !== undefined) {
    const tables = ofAmbient(nft);
    return tables.some(({ chains }) => chains.some(({ base }) => base !== undefined));
  }
  return [v4, v6].some((ruleset) =>
    ruleset?.tables.some(({ name, chains }) => name === 'nat' && chains.some(isIstioChain)),
  );
}

function comparedWith(meant: AmbientRuleset, { v4, v6, nft }: AmbientSeen): Differences {
  const untold = [...untoldIn(meant.v4, v4), ...untoldIn(meant.v6, v6)];
  const found = [
    ...(v4 === undefined ? [] : differencesIn(meant.v4, v4)),
    ...(v6 === undefined || meant.v6 === null ? [] : differencesIn(meant.v6, v6)),
    ...(nft === undefined || meant.nft === null ? [] : nativeIn(meant.nft, nft)),
  ];
  const roleOf = ({ family, table, chain, position }: Omit<AmbientDifference, 'role'>) =>
    [...meant.roles, ...meant.nativeRoles].find(
      (one) =>
        (!('family' in one) || one.family === family) &&
        one.table === table &&
        one.chain === chain &&
        one.position === position,
    )?.role ?? null;
  return {
    untold: [...new Set(untold)],
    missing: found.flatMap(({ only, ...one }) =>
      only === 'a' && !untold.includes(one.table) ? [{ ...one, role: roleOf(one) }] : [],
    ),
    foreign: found.flatMap(({ only, ...one }) => (only === 'b' ? [{ ...one, role: null }] : [])),
  };
}

/** Tables that iptables-save would have printed, if it had been asked for all of them. */
function untoldIn(meant: Ruleset | null, here: Ruleset | undefined): readonly string[] {
  if (meant === null || here === undefined) return [];
  return meant.tables.flatMap(({ name }) => (here.tables.some((one) => one.name === name) ? [] : [name]));
}

type Found = Omit<AmbientDifference, 'role'> & { readonly only: 'a' | 'b' };

function differencesIn(meant: Ruleset, here: Ruleset): readonly Found[] {
  return differingRules(chainDifferences(meant, istiosPart(here))).map((one) => ({
    ...one,
    family: here.family,
  }));
}

/** Istio's chains, and of the others the jumps to them. */
function istiosPart(ruleset: Ruleset): Ruleset {
  const tables = ruleset.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) =>
      isIstioChain(chain)
        ? chain
        : { ...chain, rules: chain.rules.filter((rule) => chainCalled(rule)?.startsWith('ISTIO_') === true) },
    ),
  }));
  return { ...ruleset, tables };
}

function nativeIn(meant: NftRuleset, here: NftRuleset): readonly Found[] {
  return nativeDifferences(meant, { tables: ofAmbient(here) }, asListed).flatMap(({ table, chain, rows }) =>
    rows.flatMap((row): readonly Found[] =>
      row.kind === 'kept'
        ? []
        : [
            {
              family: 'inet',
              table,
              chain,
              position: row.position,
              rule: row.rule,
              only: row.kind === 'gone' ? 'a' : 'b',
            },
          ],
    ),
  );
}
