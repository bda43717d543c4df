/** What a text was cut into. */
import type { BackEnd } from '../../netfilter/index.ts';
import type { OtherPart } from './line-kinds.ts';

/** Lines of one kind; each with the number of the line in the pasted text, from 1. */
export interface PastedPart {
  readonly lines: readonly string[];
  readonly numbers: readonly number[];
  /** Some of its lines were lost, or stand elsewhere: the text is not as it was printed. */
  readonly isTorn?: true;
}

/**
 * Where rules come from: `saved` and `listed`, what the kernel has; `meant`, what was given to iptables-restore, as a
 * log tells it; `commands`, those that made them.
 */
export type RulesFrom = 'saved' | 'listed' | 'meant' | 'commands';

/** Whether the lines tell what the kernel has, and not what somebody wanted it to have. */
export function isState(from: RulesFrom): boolean {
  return from === 'saved' || from === 'listed';
}

export interface PastedRules extends PastedPart {
  readonly backEnd: BackEnd | null;
  readonly from: RulesFrom;
}

export type PastedPod = {
  /** As the text names it; null where it names none. */
  readonly name: string | null;
  /** The rules, one text for each back end and each origin that the text tells apart. */
  readonly rules: readonly PastedRules[];
  /** The servers of its resolv.conf. */
  readonly servers: readonly string[];
  /** iptables itself warned that the other back end has rules, too. */
  readonly warnsOfLegacy: boolean;
  /** What is none of these and stands among the lines of this pod. */
  readonly aside: PastedPart;
} & { readonly [part in OtherPart]: PastedPart };
