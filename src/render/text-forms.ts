/**
 * The text forms of a journey: what a reader copies, and what stands at a stable address for each scenario. A form is
 * an entry in `textForms` and one in `written`: a page knows the forms, and its worker writes them.
 */
import type { Journey } from '../journey/index.ts';
import { mermaid } from './mermaid.ts';
import type { Showing } from './stops.ts';
import { json, markdown, text } from './texts.ts';

/** In the order in which they are offered to be copied. The names of files are never changed: runbooks link to them. */
export const textForms = {
  Markdown: { file: 'trace.md', what: 'the path and its steps, for a ticket', mediaType: 'text/markdown' },
  text: { file: 'trace.txt', what: 'every event, for a terminal', mediaType: 'text/plain' },
  Mermaid: { file: 'diagram.mmd', what: 'the diagram’s Mermaid source', mediaType: 'text/plain' },
  JSON: { file: 'trace.json', what: 'every event, for programs', mediaType: 'application/json' },
} as const;

export type TextForm = keyof typeof textForms;

interface Written {
  readonly journey: (journey: Journey, showing: Showing) => string;
  /** Stands above, where the form has a place for it: a title, and a sentence on what follows. */
  readonly heading?: (title: string, says: string) => string;
}

const written: { readonly [form in TextForm]: Written } = {
  Markdown: { journey: markdown, heading: (title, says) => `# ${title}\n\n${says}\n\n` },
  text: { journey: text, heading: (title, says) => `${title}. ${says}\n\n` },
  Mermaid: { journey: (journey, showing) => mermaid(journey, 'overview', showing) },
  JSON: { journey: (journey) => json(journey) },
};

export function inTextForm(form: TextForm, journey: Journey, showing: Showing = {}): string {
  return written[form].journey(journey, showing);
}

/** As a file of its own, which says what it is. */
export function textFile(form: TextForm, journey: Journey, title: string, says: string): string {
  return `${written[form].heading?.(title, says) ?? ''}${inTextForm(form, journey)}`;
}
