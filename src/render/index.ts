/**
 * A journey as a path line, as Mermaid, as Markdown, as plain text and as JSON.
 */
export { lifelines, mermaid, noteKinds } from './mermaid.ts';
export { escapeMermaidText, shownMermaidText } from './mermaid-text.ts';
export { type Level, type Message, messages } from './messages.ts';
export { missesOf } from './misses.ts';
export { lineText, pathLine, separator } from './path-line.ts';
export { isParty, sameStop } from './same-stop.ts';
export {
  asSender,
  type Stop,
  type StopKind,
  type StopLine,
  type StopPlace,
  stopKinds,
} from './stop.ts';
export { type Showing, stopLines } from './stops.ts';
export { inTextForm, type TextForm, textFile, textForms } from './text-forms.ts';
export { codeSpan, json, jsonVersion, markdown, type TextLeg, text, textLegs } from './texts.ts';
export { traceSchema } from './trace-schema.ts';
