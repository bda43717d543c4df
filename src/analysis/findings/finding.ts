/**
 * What a finding is, and what is looked at to find one. A finding is data: `src/words` says it.
 */
import type { FromYaml } from '../../istio/index.ts';
import type { Family, Network, NftRuleset, Ruleset } from '../../netfilter/index.ts';
import type { AmbientIdentification } from '../ambient/index.ts';
import type { LoggedError } from '../errors/index.ts';
import type { Identification } from '../identify.ts';
import type { Kind } from '../kinds/index.ts';
import type { NativeIdentification } from '../native/index.ts';
import type { Paste } from '../paste/index.ts';
import type { RulePlace } from '../rule-parts.ts';

/** Whether traffic goes another way than it should, may do so, or is only worth knowing. */
export const weights = ['wrong', 'doubtful', 'note'] as const;
export type Weight = (typeof weights)[number];

/**
 * One thing that is the matter. The id is for good: links, tests and words hang on it. The fields are what a sentence
 * is made of: names, numbers, and rules as iptables prints them.
 */
export type FindingOf<Id extends string, Fields = unknown> = {
  readonly id: Id;
  readonly weight: Weight;
  /** The rule that it is about, or where one is missing. */
  readonly place?: RulePlace;
} & Fields;

/** A rule and where it stands, or should. */
export interface NamedRule {
  readonly place: RulePlace;
  /** Without its chain: `-o lo -j RETURN`. */
  readonly rule: string;
}

/** The rules of one family, and whose they are. */
export interface ExaminedRules {
  readonly ruleset: Ruleset;
  /** Null where no chain is Istio's. */
  readonly identification: Identification | null;
  /** The text has all rules of the kernel; a log, some commands or a dump that was cut off have not. */
  readonly isWhole: boolean;
}

/** The rules of one back end of iptables, as far as the text told them. */
export interface BackEndRules extends Partial<Readonly<Record<Family, Ruleset>>> {
  /** Null where the text does not tell which. */
  readonly backEnd: 'nft' | 'legacy' | null;
}

/** What nft listed, and whose it is. */
export interface ExaminedNative {
  readonly ruleset: NftRuleset;
  /** Null where no table is a sidecar's. */
  readonly identification: NativeIdentification | null;
  /** The text is what nft listed, and all of it was read. */
  readonly isWhole: boolean;
}

/** The YAML of a pod, and where it stands in the text that it came in. */
export interface PodYaml {
  readonly read: FromYaml;
  readonly lines: readonly string[];
  /** The number in the whole text of each of the lines. */
  readonly numbers: readonly number[];
}

/** All that a text tells of one pod. */
export interface Examined {
  /** The rules that are walked. */
  readonly families: readonly ExaminedRules[];
  /** Null where the text has nothing of nft. */
  readonly native: ExaminedNative | null;
  /** Whose the rules of ambient mode are; null where the text has none, or too few to say what is missing. */
  readonly ambient: AmbientIdentification | null;
  /** Rules of ambient mode and a sidecar's are both in the text, in iptables or in nft. */
  readonly isWithSidecar: boolean;
  /** The same and those of the other back end. */
  readonly backEnds: readonly BackEndRules[];
  /** iptables itself warned that the other back end has rules, too. */
  readonly warnsOfLegacy: boolean;
  /** Null where the text has no line of ip rule, ip route or ip address. */
  readonly network: Network | null;
  /** The servers of resolv.conf. */
  readonly servers: readonly string[];
  /** Null where the text has no YAML. */
  readonly yaml: PodYaml | null;
  readonly turning: Paste['turning'];
  readonly lookAlikes: Paste['lookAlikes'];
  /** What the text is of; it decides what is looked for. */
  readonly kind: Kind;
  /** What programs said that did not work. */
  readonly errors: readonly LoggedError[];
}
