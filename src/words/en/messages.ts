/**
 * The words for the lifelines and messages of a diagram.
 */
import type { Journey, Leg } from '../../journey/index.ts';
import { destinationOf } from '../notation.ts';
import { chainName, ruleName } from '../rule-name.ts';
import type { SaidLifeline, SaidMessage, SaidMisses } from '../said.ts';
import { rewriteWords, type Sentence, sentence, targetText } from './events.ts';
import { dialWords } from './processes.ts';
import { stopText } from './stops.ts';

export function lifelineName(lifeline: SaidLifeline): string {
  const name = nameOf(lifeline);
  return 'on' in lifeline ? `${name} of the node` : name;
}

function nameOf(lifeline: SaidLifeline): string {
  switch (lifeline.kind) {
    case 'kernel':
      return 'Linux kernel';
    case 'hook':
      return lifeline.hook;
    case 'chain':
      return chainName(lifeline);
    default:
      return stopText(lifeline);
  }
}

/** A message of a diagram, and its reason where it has one, for the list. */
export function messageWords(
  { rulesets, legs }: Pick<Journey, 'rulesets' | 'legs'>,
  { says, leg: at }: { readonly says: SaidMessage; readonly leg: number },
): Sentence {
  const leg = legs[at] as Leg;
  const reason = () => ('event' in says ? sentence(rulesets, leg, says.event).reason : '');
  switch (says.code) {
    case 'sent':
      return { text: `to ${destinationOf(says.packet)}`, reason: dialWords(leg.reason) };
    case 'received':
      return { text: `to ${destinationOf(says.packet)}${says.inCircle ? ', in a circle' : ''}`, reason: '' };
    case 'hook':
      return { text: hookWords(says.event), reason: '' };
    case 'not asked':
      return { text: `${says.event.table} is not asked`, reason: reason() };
    case 'misses':
      return { text: missesWords(lifelineName(says.at), says.misses), reason: '' };
    case 'rule':
      return { text: ruleWords(leg.node ?? rulesets, says.event), reason: reason() };
    case 'returns':
      return { text: `${says.event.chain} ends: returns`, reason: reason() };
    case 'policy':
      return {
        text: `${says.event.table} policy ${says.event.verdict.kind === 'drop' ? 'DROP' : 'ACCEPT'}`,
        reason: '',
      };
    case 'rewrite':
      return { text: rewriteWords(says.event.before, says.event.packet), reason: reason() };
    case 'ends':
      return sentence(rulesets, leg, says.event);
  }
}

/** `ISTIO_OUTPUT 1 to 8 do not match`; `chain` is the chain's name. */
export function missesWords(chain: string, { first, last, count }: SaidMisses): string {
  return count === 1 ? `${chain} ${first} does not match` : `${chain} ${first} to ${last} do not match`;
}

/** What is folded before a stop: `Before this: ISTIO_OUTPUT 1 to 8 do not match, 2 steps of the kernel`. */
export function beforeWords(
  missed: { readonly chain: string; readonly misses: SaidMisses } | null,
  others: number,
): string {
  const misses = missed === null ? [] : [missesWords(missed.chain, missed.misses)];
  const rest = others === 0 ? [] : [`${others} ${others === 1 ? 'step' : 'steps'} of the kernel`];
  return `Before this: ${[...misses, ...rest].join(', ')}`;
}

/** One step of the kernel is told at once. */
export function beforeOneWords(says: string): string {
  return `Before this: ${says}`;
}

function hookWords({ in: incoming, out, hook }: (SaidMessage & { readonly code: 'hook' })['event']): string {
  if (hook === 'PREROUTING') return `back in over ${incoming}`;
  return out === undefined ? `to ${hook}` : `to ${hook}, out by ${out}`;
}

function ruleWords(
  rulesets: Journey['rulesets'],
  event: (SaidMessage & { readonly code: 'rule' })['event'],
): string {
  if (event.matched === null) return `${ruleName(event)}: cannot tell`;
  return `${ruleName(event)}: ${targetText(rulesets, event)}`;
}
