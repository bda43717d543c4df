/**
 * What is pasted into a ticket: what a text is, the findings with their fixes, a link back, release and options, then the
 * path of one connection.
 */
import { codeSpan } from '../../render/index.ts';
import { originWords, type Part, ticketWords } from '../../words/index.ts';
import type { ShownEnvoyWalk } from './envoy/part.ts';
import type { Inspection } from './inspection.ts';
import { inspectionWords } from './inspection-words.ts';

export interface Ticket {
  readonly inspection: Inspection;
  /** The connection that is looked at, in Markdown; null where none is walked. */
  readonly connection: string | null;
  /** The connection that is looked at in a pasted Envoy; null or absent: those that are walked unasked, in short. */
  readonly call?: ShownEnvoyWalk | null;
  /** Where the lab is: `https://…/lab/`. */
  readonly lab: string;
  /** What leads back to this text and connection, with its `#`; '' for the page alone. */
  readonly fragment: string;
}

const weights = { wrong: 'Wrong', doubtful: 'Doubtful', note: 'Note' } as const;

export function ticket({ inspection, connection, call = null, lab, fragment }: Ticket): string {
  const { summary, next, findings, read } = inspectionWords(inspection);
  const base = lab.replace(/\/lab\/$/, '');
  const origins = inspection.identified.map((one) => originWords(one));
  return [
    `**${plainText(summary)}**`,
    ...(next === null ? [] : ['', plainText(next)]),
    '',
    ...findings.map(
      ({ id, weight, says, fix, page }) =>
        `- **${weights[weight]}** ${codeSpan(id)}: ${inMarkdown(says)}: ${inMarkdown(fix)}. [${page.says}](${base}${page.path})`,
    ),
    ...(findings.length === 0 ? [ticketWords.noFindings] : []),
    '',
    ticketWords.lab(`${lab}${fragment}`, fragment !== ''),
    '',
    ticketWords.read(
      plainText(read.join('; ') || ticketWords.nothing),
      plainText([...new Set(origins)].join('; ')),
    ),
    ...insideEnvoy(inspection.envoy?.walks ?? [], call),
    ...(connection === null ? [] : ['', ticketWords.oneConnection, '', connection]),
    '',
  ].join('\n');
}

/** One walk step by step; or each of them with its end. */
function insideEnvoy(walks: readonly ShownEnvoyWalk[], call: ShownEnvoyWalk | null): readonly string[] {
  if (call === null && walks.length === 0) return [];
  const head = ['', ticketWords.insideEnvoy, ''];
  if (call === null)
    return [...head, ...walks.map(({ title, ending }) => `- ${plainText(`${title}: ${ending}`)}`)];
  const { title, before, steps, after, ending, flags } = call;
  const byRules = (path: string | null) =>
    path === null ? [] : [`${ticketWords.byRules} ${plainText(path)}`];
  const lines = [...byRules(before), ...steps.map(({ says }) => plainText(says)), ...byRules(after)];
  return [
    ...head,
    `${plainText(title)}.`,
    '',
    ...lines.map((line, at) => `${at + 1}. ${line}`),
    '',
    `**${plainText(ending)}**`,
    ...(flags.length === 0 ? [] : ['', plainText(flags.join(' '))]),
  ];
}

function inMarkdown(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? plainText(part) : codeSpan(part.code))).join('');
}

/** No letter of it is markup. */
function plainText(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*<>[\]#|~]/g, '\\$&');
}
