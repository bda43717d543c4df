/**
 * Which releases of Istio, with which options, would have programmed a ruleset; or the nearest, and the differences.
 */
import {
  defaultCniOptions,
  defaultOptions,
  isSince,
  isUnseen,
  newestCompared,
  type Options,
  portOf,
  type RulesOptions,
  readRelease,
  releases,
  rulesFor,
  rulesTextFor,
  type SidecarRules,
} from '../istio/index.ts';
import { type Chain, type Ruleset, readRestored } from '../netfilter/index.ts';
import { type ChainDifference, chainDifferences, differingRules, type RuleDifference } from './difference.ts';
import { inferOptions } from './infer.ts';
import { compareNearest, distinct } from './nearest.ts';
import { chainCalled } from './rule-parts.ts';

/** A set of options and the releases that make the same rules of it. */
export interface RulesOrigin {
  /** Oldest first. */
  readonly releases: readonly string[];
  /** Only what differs from Istio's defaults. */
  readonly options: RulesOptions;
}

export interface Identification {
  /** The releases that come nearest with `options`, oldest first. */
  readonly releases: readonly string[];
  readonly options: Partial<Options>;
  /** Every other origin that comes as near. */
  readonly others: readonly RulesOrigin[];
  /** `missing` are Istio's and not there, `foreign` are there and not Istio's. Both empty: exactly those rules. */
  readonly missing: readonly RuleDifference[];
  readonly foreign: readonly RuleDifference[];
  /** The same in their chains, from Istio's rules to these. */
  readonly chains: readonly ChainDifference[];
  /** The rules that the newest of the releases would program. */
  readonly expected: Ruleset;
  readonly placed: SidecarRules;
}

/** A release whose rules nobody could compare with Istio's own is not told by its rules. */
const tellable = releases.filter(({ name }) => !isUnseen(name));

interface Compared {
  readonly release: string;
  readonly options: Partial<Options>;
  readonly chains: readonly ChainDifference[];
  readonly differences: readonly RuleDifference[];
  readonly cost: number;
}

/** A difference weighs more than an option that explains it, and less than two. */
export const differenceCost = 10;
const optionCost = 6;
/** An option that explains why a rule is not there counts for less where rules are missing anyhow. */
const absenceCost = 5;
/** The defaults of the CNI plugin are defaults, too: told apart only where nothing else does it. */
const cniCost = 1;

/**
 * Compares a pod's rules with those of each release under the options that the rules speak of, and under the
 * defaults. Rules in chains that are not Istio's count only where Istio has rules of its own. Null where no rule
 * is Istio's: chains that were emptied tell neither a release nor an option.
 */
export function identify(ruleset: Ruleset): Identification | null {
  const own = istioPart(ruleset);
  if (!own.tables.some(({ chains }) => chains.some(hasRuleOfIstio))) return null;
  return nearestTo(own, inferOptions(own), (options, differences, release) => {
    return differenceCost * differences.length + costOf(options, differences.length === 0, release);
  });
}

/**
 * The same for a text that does not claim to have all rules: what is not in it counts for nothing, and is not read as
 * an option that takes rules away.
 */
export function identifyPart(ruleset: Ruleset): Identification | null {
  const own = istioPart(ruleset);
  const seen = inferOptions(own).map(
    (options): Partial<Options> =>
      Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')),
  );
  return nearestTo(own, seen, (options, differences, release) => {
    const foreign = differences.filter(({ only }) => only === 'b').length;
    return differenceCost * foreign + costOf(options, true, release);
  });
}

function nearestTo(
  own: Ruleset,
  likely: readonly Partial<Options>[],
  weigh: (options: Partial<Options>, differences: readonly RuleDifference[], release: string) => number,
): Identification | null {
  if (!own.tables.some(({ chains }) => chains.some(isIstioChain))) return null;
  const { family } = own;
  // Most releases make the same rules of the same options: those are read and compared once.
  const found = new Map<string, Pick<Compared, 'chains' | 'differences'>>();
  const { compared, least } = compareNearest(
    distinct(likely),
    // What an option costs hangs on whether the release is one of the oldest.
    (options) => Math.min(...releasesApart.map((release) => weigh(options, [], release))),
    (options) =>
      tellable.map(({ name }): Compared => {
        const text = textOf(name, options)[family] ?? '';
        const known = found.get(text) ?? comparedWith(text, own);
        found.set(text, known);
        return { release: name, options, ...known, cost: weigh(options, known.differences, name) };
      }),
  );
  const nearest = compared.filter(({ cost }) => cost === least);
  const origins = byOptions(nearest);
  const best = nearest.findLast(({ options }) => sameOptions(options, origins[0]?.options ?? {})) as Compared;
  const placed = rulesFor(best.release, best.options);
  return {
    releases: origins[0]?.releases ?? [],
    options: origins[0]?.options ?? {},
    others: origins.slice(1),
    missing: best.differences.filter(({ only }) => only === 'a'),
    foreign: best.differences.filter(({ only }) => only === 'b'),
    chains: best.chains,
    expected: placed[family] ?? { family, tables: [] },
    placed,
  };
}

type Text = SidecarRules['text'];

/** Every text is compared with the same defaults of the same releases. */
const texts = new Map<string, Text>();
const mostTexts = 500;

function textOf(release: string, options: Partial<Options>): Text {
  const asked = `${release} ${JSON.stringify(options)}`;
  const text = texts.get(asked) ?? rulesTextFor(release, options);
  if (texts.size < mostTexts) texts.set(asked, text);
  return text;
}

function comparedWith(text: string, own: Ruleset): Pick<Compared, 'chains' | 'differences'> {
  const chains = chainDifferences(readRestored(text, own.family), own);
  return { chains, differences: differingRules(chains) };
}

/** Istio excludes some ports by itself: that one of them is not there is a rule lost sooner than an option. */
const lostPortCost = 5;
/**
 * Until 1.5 the injector excluded 15090 and the status port alone; that of Envoy's readiness came with 1.6
 * (injection-template.yaml at the tags 1.5.10 and 1.6.0).
 */
const readyPort = `${portOf('envoy-ready')}`;
const firstWithReadyPort = '1.6.0';
const releasesApart = [...releases.slice(0, 1).map(({ name }) => name), newestCompared];

function lostPorts(value: string | undefined, usual: string): readonly string[] {
  const given = (value ?? usual).split(',');
  return usual.split(',').filter((port) => !given.includes(port));
}

export function costOf(
  { cni, enableIPv6, ...options }: Partial<Options>,
  isExact: boolean,
  release = newestCompared,
): number {
  const usual = cni === true ? defaultCniOptions : defaultOptions;
  const unusual = Object.entries(options).filter(
    ([name, value]) => String(value) !== String(usual[name as keyof Options]),
  );
  const absent = isExact ? 0 : unusual.filter(([, value]) => value === '').length;
  const ports = lostPorts(options.inboundPortsExclude, usual.inboundPortsExclude);
  const isOfRelease = () =>
    ports[0] === readyPort && !isSince(readRelease(release) ?? [0, 0, 0], firstWithReadyPort);
  const lost = ports.length === 1 && !isOfRelease() ? 1 : 0;
  return (
    optionCost * unusual.length + absenceCost * absent + lostPortCost * lost + (cni === true ? cniCost : 0)
  );
}

/** Settings that come as near, each with its releases. */
export function byOptions(
  nearest: readonly { readonly release: string; readonly options: RulesOptions }[],
): readonly RulesOrigin[] {
  const origins = new Map<string, { releases: string[]; options: RulesOptions }>();
  for (const { release, options } of nearest) {
    const key = JSON.stringify(options);
    const origin = origins.get(key) ?? { releases: [], options };
    origin.releases.push(release);
    origins.set(key, origin);
  }
  return [...origins.values()];
}

function sameOptions(a: Partial<Options>, b: Partial<Options>): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A rule in a chain of Istio's, or one that leads to it. */
function hasRuleOfIstio(chain: Chain): boolean {
  if (isIstioChain(chain)) return chain.rules.length > 0;
  return chain.rules.some((rule) => isIstioChain({ name: chainCalled(rule) ?? '' }));
}

export function isIstioChain({ name }: Pick<Chain, 'name'>): boolean {
  return name.startsWith('ISTIO_');
}

/** Whether a chain of Istio's is there. */
export function hasIstio(ruleset: Ruleset | undefined): boolean {
  return ruleset?.tables.some(({ chains }) => chains.some(isIstioChain)) === true;
}

/** The one of these releases that `1.20.3` is, or null. One whose rules nobody has seen is taken as the newest that was. */
export function releaseAmong(release: string, releases: readonly string[]): string | null {
  const minor = isUnseen(release) ? newestCompared : release.split('.').slice(0, 2).join('.');
  return releases.find((one) => one === release) ?? releases.find((one) => one === minor) ?? null;
}

/** Istio's chains, and the built-in ones of the tables that it uses. */
function istioPart(ruleset: Ruleset): Ruleset {
  const tables = ruleset.tables
    .filter(({ name, chains }) => chains.some(isIstioChain) || name === 'raw' || name === 'mangle')
    .map((table) => ({
      ...table,
      chains: table.chains.filter((chain) => isIstioChain(chain) || chain.policy !== null),
    }));
  return { ...ruleset, tables };
}
