/**
 * Why netfilter did what it did, as a phrase without a full stop: `uid 1000 is not 1337`.
 */
import type {
  ConditionReason,
  Event,
  FieldName,
  Outcome,
  RuleDecision,
  RuleEvent,
  RuleReason,
  Verification,
} from '../../netfilter/index.ts';
import { conditions } from './conditions/index.ts';
import { wordingOf } from './conditions/wording.ts';
import { nftPhrase } from './nft-reasons/index.ts';
import { targets } from './targets/index.ts';
import { targetPhrase } from './targets/wording.ts';
import { wayPhrase } from './way.ts';

type Reasoned = Extract<Event | Outcome, { readonly reason: unknown }>;

/** The reason of an event or of an outcome. */
export function because(told: Reasoned): string {
  if (told.kind === 'rule') return testPhrase(told);
  const { reason } = told;
  return 'position' in reason ? decisionPhrase(reason) : wayPhrase(reason);
}

/** Why a rule matched or not, and what its target made of the packet. */
function testPhrase({ reason, answered, matched, effect }: RuleEvent): string {
  const answer = answered === undefined ? '' : `; taken as ${matched === true ? 'a match' : 'no match'}`;
  return `${rulePhrase(reason)}${answer}${effect === undefined ? '' : `; ${targetPhrase(targets, effect)}`}`;
}

/** `nat ISTIO_OUTPUT 9 drops it` */
function decisionPhrase(decision: RuleDecision): string {
  const { table, chain, position } = decision;
  const rule = `${table} ${chain} ${position}`;
  switch (decision.code) {
    case 'rejects':
      return `${rule} rejects it`;
    case 'drops': {
      const { target } = decision;
      return `${rule} drops it${target === undefined ? '' : `: ${targetPhrase(targets, target)}`}`;
    }
    case 'condition not told':
      return `${rule}: ${rulePhrase(decision.condition)}`;
    case 'target not told':
      return `${rule}: ${targetPhrase(targets, decision.target)}`;
    case 'no such chain':
      return `${rule} jumps to chain ${decision.to}, which table ${table} does not have`;
    case 'loop':
      return `${rule} belongs to a loop of chains (${decision.chains.join(', ')}); the kernel refuses such rules`;
    case 'too deep':
      return `${rule} jumps ${decision.depth} chains deep; the kernel takes at most ${decision.most}`;
    case 'too many events':
      return `${rule} jumps on after ${decision.most} steps, the most that are followed; chain ${decision.to} alone was entered ${decision.times} times`;
  }
}

/** The packet's own value that a condition found: `destination port 443`. */
export function foundWords(reason: RuleReason): string {
  switch (reason.code) {
    case 'not read':
      return 'a rule that could not be read';
    case 'unknown match':
      return 'an unknown match';
    case 'unknown option':
      return 'an unknown option';
    case 'holds':
    case 'fails':
    case 'not told':
      return conditionWords(reason).found;
    default:
      return rulePhrase(reason);
  }
}

/** What a condition on this field looks at: `destination port`. */
export function subjectOf(field: FieldName): string {
  return wordingOf(conditions, field).subject;
}

/** How a match or a target is held to the kernel: who was asked, or why nobody could be. */
export function verificationWords(verification: Verification): string {
  switch (verification.kind) {
    case 'kernel':
      return 'the kernel was asked, on both back ends';
    case 'question': {
      const field = verification.asks;
      return conditionWords({ code: 'not told', field, found: null, wanted: null, negated: false }).phrase;
    }
    case 'cannot tell':
      return targetPhrase(targets, verification.leavesOpen);
  }
}

function rulePhrase(reason: RuleReason): string {
  switch (reason.code) {
    case 'no condition':
      return 'the rule has no condition';
    case 'all hold':
      return reason.of.map((one) => conditionWords(one).phrase).join(', ');
    case 'nft holds':
    case 'nft fails':
    case 'nft not told':
    case 'nft all hold':
      return nftPhrase(reason);
    case 'not read':
      return 'the rule could not be read in full';
    case 'unknown match':
      return `Sidetrack does not know the match ${reason.match}`;
    case 'unknown option':
      return `Sidetrack does not know ${reason.option}`;
    case 'not at this hook':
      return `the kernel takes -m ${reason.match} only in ${reason.hooks.join(', ')}`;
    default:
      return conditionWords(reason).phrase;
  }
}

/** A condition in a phrase, and the packet's own value alone. */
function conditionWords(reason: ConditionReason): { readonly phrase: string; readonly found: string } {
  const { code, field, negated } = reason;
  const { subject, ...wording } = wordingOf(conditions, field);
  if (wording.phrase !== undefined) {
    const phrase = wording.phrase(reason);
    return { phrase, found: phrase };
  }
  if (code === 'not told') {
    const what = wording.notTold?.(reason.wanted) ?? `the packet's ${subject} was not told`;
    return { phrase: `${subject}: ${what}`, found: `${subject} ${what}` };
  }
  if (reason.found === null && wording.none !== undefined)
    return { phrase: wording.none, found: `${subject} ${wording.none}` };
  const found =
    reason.found === null ? (wording.absent ?? 'none') : (wording.found?.(reason.found) ?? `${reason.found}`);
  const wanted = wording.wanted?.(reason.wanted) ?? `${reason.wanted}`;
  const isSo = (code === 'holds') !== negated;
  const own = `${subject} ${found}`;
  if (!isSo) return { phrase: `${own} is not ${wanted}`, found: own };
  return { phrase: found === wanted ? `${subject} is ${wanted}` : `${own} is ${wanted}`, found: own };
}
