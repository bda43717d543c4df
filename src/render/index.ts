/**
 * A journey as a path line, as Mermaid, as Markdown, as plain text and as JSON.
 */
export { lifelines, mermaid } from './mermaid.ts';
export { escapeMermaidText, shownMermaidText } from './mermaid-text.ts';
export { kernel, type Level, type Message, messages } from './messages.ts';
export { pathLine, separator } from './path-line.ts';
export { type Stop, type StopKind, type StopLine, stopKinds } from './stop.ts';
export { type Showing, stopLines } from './stops.ts';
export { json, jsonVersion, markdown, text } from './texts.ts';
