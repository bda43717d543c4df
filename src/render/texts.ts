/**
 * A journey as Markdown, as plain text and as JSON.
 */
import type { Journey, Leg, Passage, Rulesets } from '../journey/index.ts';
import { type Event, type Outcome, printTuple } from '../netfilter/index.ts';
import {
  because,
  behaviourWords,
  clientName,
  dialWords,
  ending,
  failedCondition,
  foundWords,
  headline,
  headlineWords,
  messageWords,
  ruleText,
  sentence,
  serverName,
} from '../words/index.ts';
import { messages } from './messages.ts';
import { lineText, pathLine } from './path-line.ts';
import { type Showing, stopLines } from './stops.ts';

/** The path and its messages, for a ticket. Text of rules stands in code, so that no chain name is markup. */
export function markdown(journey: Journey, showing: Showing = {}): string {
  const items = messages(journey, 'overview', showing).map((message, at) => {
    const { text, reason } = messageWords(journey, message);
    const why = reason === '' ? '' : `: ${codeSpan(reason)}`;
    return `${at + 1}. ${codeSpan(text)}${why}`;
  });
  return [
    `> ${codeSpan(headText(journey))}`,
    '',
    '```text',
    pathLine(journey, showing).replaceAll('```', "'''"),
    '```',
    '',
    ...items,
    '',
    codeSpan(ending(journey)),
    '',
  ].join('\n');
}

/** What became of it, and what that means. */
function headText(journey: Journey): string {
  const { says, means } = headlineWords(headline(journey));
  return means === '' ? says : `${says} ${means}`;
}

/** A code span around any text (CommonMark 6.1). */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** Every event in a line, for a terminal. */
export function text(journey: Journey, showing: Showing = {}): string {
  const legs = textLegs(journey, showing).flatMap(({ title, lines }) => [
    title,
    ...lines.map((line) => line.text),
  ]);
  return `${[headText(journey), ...legs, ending(journey)].join('\n')}\n`;
}

/** A leg of `text`. */
export interface TextLeg {
  readonly title: string;
  readonly lines: readonly TextLine[];
}

export interface TextLine {
  /** Indented. */
  readonly text: string;
  /** Absent where a packet begins. */
  readonly event?: Event;
}

/** The lines of `text` without the last one, which says how the journey ended. */
export function textLegs(journey: Journey, { replies = false }: Showing = {}): readonly TextLeg[] {
  return journey.legs.map((leg, at) => ({
    title: `${at + 1}. ${clientName(leg.client)} to ${leg.server === null ? 'nobody' : serverName(leg.server)}${leg.node === undefined ? '' : ', on the node'}: ${printTuple(leg.dialled)}`,
    lines: leg.passages.flatMap((passage) =>
      passage.direction === 'reply' && !replies ? [] : passageLines(journey, leg, passage),
    ),
  }));
}

function passageLines(journey: Journey, leg: Leg, { direction, traversal }: Passage): readonly TextLine[] {
  return [
    ...(direction === 'reply' ? [{ text: '   reply' }] : []),
    ...traversal.events.map((event): TextLine => {
      const { text: words, reason } = sentence(journey.rulesets, leg, event);
      return {
        text: `   ${event.hook.padEnd(12)}${words}${reason === '' ? '' : ` ${reason}.`}`,
        event,
      };
    }),
  ];
}

/** The form of `json`; it grows, and a field keeps its meaning. */
export const jsonVersion = 1;

/** The whole journey with every event, and the text of each rule that was tested. */
export function json(journey: Journey): string {
  const { rulesets, legs, outcome, arrived } = journey;
  const written = {
    version: jsonVersion,
    path: stopLines(journey).map(lineText),
    arrived,
    outcome,
    ending: ending(journey),
    legs: legs.map(({ client, server, dialled, passages, reason, modelled, behaviour, closes, node }) => ({
      ...(node === undefined ? {} : { on: 'node' }),
      client,
      server,
      dialled,
      because: dialWords(reason),
      reason,
      modelled,
      ...(behaviour === undefined ? {} : { afterwards: behaviourWords(behaviour), behaviour, closes }),
      passages: passages.map(({ direction, traversal }) => ({
        direction,
        outcome: writtenOutcome(traversal.outcome),
        events: traversal.events.map((event) => writtenEvent(node ?? rulesets, event)),
      })),
    })),
  };
  return `${JSON.stringify(written, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`;
}

/** An event with its reason as data and in words. */
function writtenEvent(rulesets: Rulesets, event: Event): object {
  if (event.kind === 'outcome') return { ...event, outcome: writtenOutcome(event.outcome) };
  if (event.kind !== 'rule') return 'reason' in event ? { ...event, because: because(event) } : event;
  const { reason, failed: _, ...rest } = event;
  const condition = failedCondition(event);
  return {
    ...rest,
    because: because(event),
    reason,
    ...(condition === null ? {} : { failed: { condition, found: foundWords(reason) } }),
    rule: ruleText(rulesets, event),
  };
}

function writtenOutcome(outcome: Outcome): object {
  return 'reason' in outcome ? { ...outcome, because: because(outcome) } : outcome;
}
