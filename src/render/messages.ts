/**
 * A journey as the messages of a sequence: what a diagram draws and the list beside it says, in one order.
 */
import type { Journey, Leg, Party, Passage } from '../journey/index.ts';
import { builtInChains, type Event, type RuleEvent } from '../netfilter/index.ts';
import {
  clientName,
  destinationOf,
  outcomeSentence,
  rewriteWords,
  ruleName,
  sentence,
  targetText,
} from '../words/index.ts';
import type { Showing } from './stops.ts';

/** Overview: the processes, and the kernel as one lifeline. Detail: a lifeline for each hook and chain. */
export type Level = 'overview' | 'detail';

export interface Message {
  readonly kind: 'message' | 'note';
  /** Names of lifelines; a note stands over `to`. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Why, in a phrase, for the list. */
  readonly reason: string;
  readonly isReply: boolean;
  /** journey.legs[leg].passages[passage].traversal.events[event] */
  readonly leg: number;
  readonly passage: number;
  readonly event: number;
}

export const kernel = 'Linux kernel';

/** The messages of a level, in order. */
export function messages(
  journey: Journey,
  level: Level,
  { replies = false }: Showing = {},
): readonly Message[] {
  return journey.legs.flatMap((leg, at) =>
    leg.passages.flatMap((passage, number) =>
      passage.direction === 'request' || replies
        ? passageMessages(journey, level, leg, passage).map((message) => ({
            ...message,
            leg: at,
            passage: number,
          }))
        : [],
    ),
  );
}

/** The name of a party's lifeline: a process with its uid, because the rules look at that. */
export function lifeline(party: Party): string {
  return clientName(party);
}

type Bare = Omit<Message, 'leg' | 'passage'>;

function passageMessages(journey: Journey, level: Level, leg: Leg, passage: Passage): readonly Bare[] {
  const isReply = passage.direction === 'reply';
  const [sender, receiver] = isReply ? [leg.server, leg.client] : [leg.client, leg.server];
  const { events } = passage.traversal;
  const made: Bare[] = [];
  let here = sender === null ? kernel : lifeline(sender);
  const go = (event: number, to: string, text: string, reason: string) => {
    made.push({ kind: 'message', from: here, to, text, reason, isReply, event });
    here = to;
  };
  const place = (name: string) => (level === 'overview' ? kernel : name);
  let entered = false;
  for (const [at, event] of events.entries()) {
    const { text, reason } = sentence(journey.rulesets, leg, event);
    switch (event.kind) {
      case 'hook':
        if (!entered) go(at, place(event.hook), `to ${destinationOf(event.packet)}`, leg.because);
        else if (level === 'detail') go(at, event.hook, hookWords(event), '');
        entered = true;
        break;
      case 'rule':
        if (level === 'overview') {
          if (isShown(event)) go(at, kernel, ruleWords(journey, event), reason);
        } else if (event.matched !== false) {
          const chain = lifelineOf(event);
          foldMisses(events, at, chain, (words, event) => go(event, chain, words, ''));
          const next =
            event.verdict?.kind === 'jump' || event.verdict?.kind === 'goto' ? event.verdict.chain : chain;
          go(
            at,
            next === chain ? chain : chainLifeline(event.table, next),
            ruleWords(journey, event),
            reason,
          );
        }
        break;
      case 'return':
        if (level === 'detail') {
          const chain = chainLifeline(event.table, event.chain);
          foldMisses(events, at, chain, (words, event) => go(event, chain, words, ''));
          go(at, chainLifeline(event.table, event.to, event.hook), `${event.chain} ends: returns`, reason);
        }
        break;
      case 'policy':
        if (level === 'detail') {
          foldMisses(events, at, event.hook, (words, event) => go(event, here, words, ''));
          go(
            at,
            event.hook,
            `${event.table} policy ${event.verdict.kind === 'drop' ? 'DROP' : 'ACCEPT'}`,
            '',
          );
        }
        break;
      case 'skip':
        if (level === 'detail') go(at, event.hook, `${event.table} is not asked`, reason);
        break;
      case 'rewrite':
        made.push({
          kind: 'note',
          from: here,
          to: here,
          text: rewriteWords(event.before, event.packet),
          reason,
          isReply,
          event: at,
        });
        break;
      case 'outcome': {
        const ending = outcomeSentence(leg, event.outcome, event.packet);
        if (receiver !== null && (event.outcome.kind === 'delivered' || event.outcome.kind === 'sent')) {
          go(at, lifeline(receiver), `to ${destinationOf(event.packet)}`, '');
        } else {
          made.push({ kind: 'note', from: here, to: here, text, reason: ending.reason, isReply, event: at });
        }
        break;
      }
      default:
        break;
    }
  }
  return made;
}

function isShown({ table, chain, verdict, matched }: RuleEvent): boolean {
  if (matched === false) return false;
  const isBuiltIn = (builtInChains[table] as readonly string[]).includes(chain);
  return !(isBuiltIn && (verdict?.kind === 'jump' || verdict?.kind === 'goto'));
}

function lifelineOf({ table, chain, hook }: RuleEvent): string {
  return chainLifeline(table, chain, hook);
}

/** A built-in chain is its hook's lifeline; a chain of another table than nat has its table before it. */
function chainLifeline(table: string, chain: string, hook?: string): string {
  if (chain === hook) return chain;
  return table === 'nat' ? chain : `${table} ${chain}`;
}

/** The rules right before an event that did not match, as one message: `1 to 8 do not match`. */
function foldMisses(
  events: readonly Event[],
  at: number,
  chain: string,
  say: (words: string, event: number) => void,
): void {
  let first = at;
  while (first > 0) {
    const before = events[first - 1];
    if (before?.kind !== 'rule' || before.matched !== false) break;
    first--;
  }
  if (first === at) return;
  const from = events[first] as RuleEvent;
  const to = events[at - 1] as RuleEvent;
  const name = from.chain === chain ? from.chain : chain;
  say(
    from.position === to.position
      ? `${name} ${from.position} does not match`
      : `${name} ${from.position} to ${to.position} do not match`,
    at - 1,
  );
}

function hookWords({ in: incoming, out, hook }: Event & { readonly kind: 'hook' }): string {
  if (hook === 'PREROUTING') return `back in over ${incoming}`;
  return out === undefined ? `to ${hook}` : `to ${hook}, out by ${out}`;
}

function ruleWords({ rulesets }: Journey, event: RuleEvent): string {
  if (event.matched === null) return `${ruleName(event)}: cannot tell`;
  return `${ruleName(event)}: ${targetText(rulesets, event)}`;
}
