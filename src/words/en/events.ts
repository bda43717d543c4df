/**
 * The words for what happens to a packet: one place, for the list, the stepper, the diagram and plain text.
 */

import { knowsNodes, type Leg } from '../../journey/index.ts';
import {
  type Event,
  familyOf,
  type Host,
  type Outcome,
  type Packet,
  printTarget,
  type RuleEvent,
  type Verdict,
} from '../../netfilter/index.ts';
import { capital } from '../capital.ts';
import { nftTexts } from '../nft-notation/index.ts';
import { destinationOf, ruleOf, sourceOf } from '../notation.ts';
import { ruleName } from '../rule-name.ts';
import { because } from './reasons.ts';

/** `REDIRECT --to-ports 15001`, `RETURN`; for a jump its chain. */
export function targetText(rulesets: Host['rulesets'], event: RuleEvent): string {
  const rule = ruleOf(rulesets, event);
  if (rule === undefined) return nftTexts?.does(rulesets, event) ?? verdictWords(event.verdict);
  return printTarget(familyOf(event.packet.destination), rule).replace(/^-[jg] /, '');
}

export function verdictWords(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'no verdict';
  switch (verdict.kind) {
    case 'jump':
      return `jumps to ${verdict.chain}`;
    case 'goto':
      return `goes to ${verdict.chain}`;
    case 'reject':
      return `rejects with ${verdict.with}`;
    default:
      return { accept: 'accepts', drop: 'drops', return: 'returns', continue: 'goes on' }[verdict.kind];
  }
}

/** `destination 10.96.0.7:80 becomes 127.0.0.1:15001` */
export function rewriteWords(before: Packet, after: Packet): string {
  return [
    ...(destinationOf(before) === destinationOf(after)
      ? []
      : [`destination ${destinationOf(before)} becomes ${destinationOf(after)}`]),
    ...(sourceOf(before) === sourceOf(after)
      ? []
      : [`source ${sourceOf(before)} becomes ${sourceOf(after)}`]),
  ].join(', ');
}

/** A rule's reason as it stands in the middle of a line, where it is written otherwise there than by itself. */
export function phraseOf(event: RuleEvent): string | undefined {
  const phrase = because(event);
  return phrase === asReason(phrase) ? undefined : phrase;
}

/** An event in a sentence, and its reason in another where it has one. */
export interface Sentence {
  readonly text: string;
  readonly reason: string;
}

export function sentence(ofPod: Host['rulesets'], leg: Leg, event: Event): Sentence {
  const rulesets = knowsNodes ? (leg.node ?? ofPod) : ofPod;
  switch (event.kind) {
    case 'hook':
      return { text: `The packet comes to ${event.hook}${devicesWords(event.in, event.out)}.`, reason: '' };
    case 'conntrack':
      return { text: `conntrack: ${event.state}.`, reason: asReason(because(event)) };
    case 'skip':
      return {
        text: `The ${event.table} table is not asked at ${event.hook}.`,
        reason: asReason(because(event)),
      };
    case 'table':
      return { text: `Table ${event.table} begins at chain ${event.chain}.`, reason: '' };
    case 'rule':
      return ruleSentence(rulesets, event);
    case 'return':
      return {
        text: `Chain ${event.chain} ends and returns to ${event.to}.`,
        reason: 'No rule of it decided',
      };
    case 'policy':
      return {
        text: `Chain ${event.chain} of table ${event.table} ends: its policy ${verdictWords(event.verdict)}.`,
        reason: '',
      };
    case 'rewrite':
      return { text: `NAT: ${rewriteWords(event.before, event.packet)}.`, reason: asReason(because(event)) };
    case 'route':
      return {
        text: event.out === null ? 'Routed to a local socket.' : `Routed to ${event.out}.`,
        reason: asReason(because(event)),
      };
    case 'outcome':
      return outcomeSentence(leg, event.outcome, event.packet);
  }
}

function ruleSentence(rulesets: Host['rulesets'], event: RuleEvent): Sentence {
  const name = ruleName(event);
  if (event.matched === null)
    return { text: `${name}: cannot tell whether it matches.`, reason: asReason(because(event)) };
  if (!event.matched) return { text: `${name} does not match.`, reason: asReason(because(event)) };
  return { text: `${name} matches: ${targetText(rulesets, event)}.`, reason: asReason(because(event)) };
}

export function outcomeSentence(leg: Leg, outcome: Outcome, packet: Packet): Sentence {
  switch (outcome.kind) {
    case 'delivered':
      return {
        text:
          outcome.socket === null || leg.server === null
            ? `Delivered to ${destinationOf(packet)}.`
            : `Delivered to ${destinationOf(packet)}: ${socketWords(outcome.socket)}.`,
        reason: '',
      };
    case 'sent':
      return { text: `Leaves by ${outcome.interface} for ${destinationOf(packet)}.`, reason: '' };
    case 'rejected':
      return { text: `Rejected with ${outcome.with}.`, reason: asReason(because(outcome)) };
    case 'dropped':
      return { text: 'Dropped.', reason: asReason(because(outcome)) };
    case 'refused':
      return { text: 'Refused: the kernel answers with a reset.', reason: asReason(because(outcome)) };
    case 'cannot tell':
      return { text: 'Cannot tell what happens.', reason: asReason(because(outcome)) };
  }
}

function socketWords({ process, uid }: { readonly process?: string; readonly uid: number }): string {
  return `${process ?? 'a process'}, uid ${uid}`;
}

function devicesWords(incoming: string | undefined, outgoing: string | undefined): string {
  return [
    ...(incoming === undefined ? [] : [` from ${incoming}`]),
    ...(outgoing === undefined ? [] : [`, on its way to ${outgoing}`]),
  ].join('');
}

/** Reasons are phrases in the engine and sentences on a page; an identifier keeps its small letter. */
function asReason(phrase: string): string {
  return /^[a-z]+ /.test(phrase) && !/^(uid|gid|nat|conntrack) /.test(phrase) ? capital(phrase) : phrase;
}
