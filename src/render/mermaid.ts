/**
 * A journey as a Mermaid sequence diagram.
 */
import type { Journey } from '../journey/index.ts';
import { lifelineName, messageWords, type SaidLifeline } from '../words/index.ts';
import { escapeMermaidText } from './mermaid-text.ts';
import { type Level, type Message, messages } from './messages.ts';
import type { StopKind } from './stop.ts';
import type { Showing } from './stops.ts';

/**
 * The diagram's source: each message of the level once, in order. Lifelines have ids of their own (`p0`), and
 * every text is escaped, so that no chain name or comment can break it.
 */
export function mermaid(journey: Journey, level: Level = 'overview', showing: Showing = {}): string {
  const all = messages(journey, level, showing);
  const met = lifelines(all);
  const keys = met.map(keyOf);
  const id = (lifeline: SaidLifeline) => `p${keys.indexOf(keyOf(lifeline))}`;
  return [
    'sequenceDiagram',
    '  autonumber',
    ...met.map((lifeline) => `  participant ${id(lifeline)} as ${escapeMermaidText(lifelineName(lifeline))}`),
    ...all.map((message) => `  ${line(message, escapeMermaidText(messageWords(journey, message).text), id)}`),
    '',
  ].join('\n');
}

/** The kind of stop that each note of the same diagram is about, in order: colours of a drawing hang on it. */
export function noteKinds(
  journey: Journey,
  level: Level = 'overview',
  showing: Showing = {},
): readonly StopKind[] {
  return messages(journey, level, showing)
    .filter(({ kind }) => kind === 'note')
    .map(({ stop }) => stop);
}

/** In the order in which they are met. */
export function lifelines(all: readonly Message[]): readonly SaidLifeline[] {
  return [
    ...new Map(all.flatMap(({ from, to }) => [from, to].map((one) => [keyOf(one), one] as const))).values(),
  ];
}

/** A process that sends and one that receives have one lifeline where they are the same process. */
function keyOf(lifeline: SaidLifeline): string {
  return JSON.stringify(Object.entries(lifeline).sort());
}

function line(
  { kind, from, to, isReply }: Message,
  text: string,
  id: (lifeline: SaidLifeline) => string,
): string {
  if (kind === 'note') return `Note over ${id(to)}: ${text}`;
  return `${id(from)}${isReply ? '-->>' : '->>'}${id(to)}: ${text}`;
}
