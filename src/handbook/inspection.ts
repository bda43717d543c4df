/**
 * What can be said of a pasted ruleset: what was read, whose rules these are, and how the six types fare on it.
 */
import { type Identification, identify } from '../analysis/index.ts';
import type { Journey, Rulesets } from '../journey/index.ts';
import { type Problem, parseRuleset, type Ruleset } from '../netfilter/index.ts';
import { pathLine } from '../render/index.ts';
import { bind } from './bind.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { handbookSetting, type Setting } from './setting.ts';

export interface Inspection {
  readonly ruleset: Ruleset;
  readonly rulesets: Rulesets;
  readonly problems: readonly Problem[];
  readonly counts: { readonly tables: number; readonly chains: number; readonly rules: number };
  /** Null where no chain is Istio's. */
  readonly identification: Identification | null;
  /** The setting that the paths are compared with: the nearest release, or the handbook's. */
  readonly expected: Setting;
  readonly walks: readonly InspectedWalk[];
}

export interface InspectedWalk {
  readonly scenario: Scenario;
  readonly journey: Journey;
  /** True where it goes the way that the expected release would send it. */
  readonly isAsExpected: boolean;
  readonly expected: string;
}

/** Reads a dump of one family and walks the six types on it. Never throws. */
export function inspect(text: string): Inspection {
  const { ruleset, problems } = parseRuleset(text);
  const rulesets: Rulesets = ruleset.family === 'v4' ? { v4: ruleset } : { v6: ruleset };
  const identification = identify(ruleset);
  const release = identification?.releases.at(-1) ?? handbookSetting.release;
  const expected: Setting = { release, options: {} };
  const chains = ruleset.tables.flatMap((table) => table.chains);
  return {
    ruleset,
    rulesets,
    problems,
    counts: {
      tables: ruleset.tables.length,
      chains: chains.length,
      rules: chains.reduce((sum, chain) => sum + chain.rules.length, 0),
    },
    identification,
    expected,
    walks: scenarios.filter(({ isMain }) => isMain).map((scenario) => walk(scenario, rulesets, expected)),
  };
}

function walk(scenario: Scenario, rulesets: Rulesets, setting: Setting): InspectedWalk {
  const { journey } = bind(scenario, { setting }, rulesets);
  const expected = pathLine(bind(scenario, { setting }).journey);
  return { scenario, journey, expected, isAsExpected: pathLine(journey) === expected };
}

/** The verdict on a dump in one plain sentence. */
export function summary({ counts, identification }: Inspection): string {
  if (counts.rules === 0) return 'There are no rules in this text: a pod with these rules captures nothing.';
  if (identification === null)
    return 'None of these rules is Istio’s: this pod has no sidecar rules, or the nat table is missing from the dump.';
  const { releases, missing, foreign } = identification;
  const by = releases.length === 1 ? `Istio ${releases[0]}` : `Istio ${releases[0]} to ${releases.at(-1)}`;
  if (missing.length + foreign.length === 0) return `These are the rules of ${by} with its default options.`;
  const parts = [
    ...(missing.length === 0
      ? []
      : [`${count(missing.length, 'rule')} of its defaults ${missing.length === 1 ? 'is' : 'are'} missing`]),
    ...(foreign.length === 0
      ? []
      : [`${count(foreign.length, 'rule')} ${foreign.length === 1 ? 'is' : 'are'} not among them`]),
  ];
  return `These rules come nearest to ${by} with its default options: ${parts.join(', and ')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
