/**
 * A journey as a Mermaid sequence diagram.
 */
import type { Journey } from '../journey/index.ts';
import { escapeMermaidText } from './mermaid-text.ts';
import { type Level, type Message, messages } from './messages.ts';
import type { Showing } from './stops.ts';

/**
 * The diagram's source: each message of the level once, in order. Lifelines have ids of their own (`p0`), and
 * every text is escaped, so that no chain name or comment can break it.
 */
export function mermaid(journey: Journey, level: Level = 'overview', showing: Showing = {}): string {
  const all = messages(journey, level, showing);
  const names = lifelines(all);
  const id = (name: string) => `p${names.indexOf(name)}`;
  return [
    'sequenceDiagram',
    '  autonumber',
    ...names.map((name) => `  participant ${id(name)} as ${escapeMermaidText(name)}`),
    ...all.map((message) => `  ${line(message, id)}`),
    '',
  ].join('\n');
}

/** In the order in which they are met. */
export function lifelines(all: readonly Message[]): readonly string[] {
  return [...new Set(all.flatMap(({ from, to }) => [from, to]))];
}

function line({ kind, from, to, text, isReply }: Message, id: (name: string) => string): string {
  if (kind === 'note') return `Note over ${id(to)}: ${escapeMermaidText(text)}`;
  return `${id(from)}${isReply ? '-->>' : '->>'}${id(to)}: ${escapeMermaidText(text)}`;
}
