/** `sidetrack check`: manifests, values, pods and dumps, judged by rules of stable names. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readRelease } from '../../istio/index.ts';
import {
  checkedWords,
  idleSuppressionWords,
  pageWords,
  unjudgedWords,
  weightWord,
} from '../../words/index.ts';
import { type LinkTo, linksTo } from '../handbook-link.ts';
import {
  complain,
  exitCodes,
  inOneLine,
  jsonText,
  lineAgain,
  type Paint,
  paintFor,
  type Terminal,
  UseError,
} from '../terminal.ts';
import { packageVersion } from '../version.ts';
import { checkedInputs } from './files.ts';
import { type CheckResult, type JudgedTexts, judge } from './judge.ts';
import { checkRules } from './rules.ts';
import { sarif } from './sarif.ts';
import { type CheckedResult, readSuppressions, type Suppression, suppressionOf } from './suppressions.ts';

export interface CheckOptions {
  readonly json?: boolean;
  readonly format?: 'text' | 'json' | 'sarif';
  readonly handbook?: string;
  readonly istio?: string;
  readonly next?: string;
  readonly suppressions?: string;
  readonly allowNone?: boolean;
}

/** The form of `check --json`; it grows, and a field keeps its meaning. */
export const checkVersion = 1;

/** Read where no other is named and it is there. */
export const usualSuppressions = '.sidetrack.yaml';

/** Judges what is named; answers with the exit code. */
export async function checkCommand(
  files: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  if (options.json === true && options.format !== undefined && options.format !== 'json')
    throw new UseError({ code: 'two forms' });
  const link = linksTo(options.handbook, terminal);
  const [from, to] = [releaseNamed(options.istio), releaseNamed(options.next)];
  const suppressions = suppressionsOf(options);
  const inputs = await checkedInputs(files, terminal);
  const progress = (done: number) => {
    if (terminal.showsProgress) terminal.tell(`${lineAgain}Checking… ${Math.floor(100 * done)} %`);
  };
  const judged = await judge(inputs, { from, to, progress });
  if (terminal.showsProgress) terminal.tell(lineAgain);
  const folder = dirname(options.suppressions ?? usualSuppressions);
  const results = judged.results.map(
    (one): CheckedResult => ({ ...one, suppressed: suppressionOf(one, suppressions, folder) ?? null }),
  );
  for (const { file, why } of judged.unjudged) complain(terminal, unjudgedWords(file, why));
  for (const one of suppressions)
    if (results.every(({ suppressed }) => suppressed !== one))
      complain(terminal, idleSuppressionWords(options.suppressions ?? usualSuppressions, one.line, one.rule));
  const exit = exitOf(results, judged, options);
  await terminal.write(written(results, judged, exit, options, link, terminal));
  return exit;
}

function suppressionsOf({ suppressions }: CheckOptions): readonly Suppression[] {
  if (suppressions === undefined && !existsSync(usualSuppressions)) return [];
  return readSuppressions(
    suppressions ?? usualSuppressions,
    checkRules.map(({ id }) => id),
  );
}

function releaseNamed(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (readRelease(text) === null)
    throw new UseError({
      code: 'option refused',
      option: 'release',
      value: text,
      because: 'It is no release of Istio.',
      fix: 'Write one such as 1.30.',
    });
  return text;
}

/** A note is no finding that somebody has to act on. */
function exitOf(
  results: readonly CheckedResult[],
  { objects, dumps }: JudgedTexts,
  { allowNone }: CheckOptions,
): number {
  if (results.some(({ weight, suppressed }) => weight !== 'note' && suppressed === null))
    return exitCodes.findings;
  return objects + dumps > 0 || allowNone === true ? exitCodes.fine : exitCodes['cannot tell'];
}

function written(
  results: readonly CheckedResult[],
  judged: JudgedTexts,
  exit: number,
  { json, format }: CheckOptions,
  link: LinkTo,
  terminal: Terminal,
): string {
  if (format === 'sarif') return jsonText(sarif(results, checkRules, link, packageVersion));
  const { objects, dumps } = judged;
  const suppressed = results.filter((one) => one.suppressed !== null).length;
  const counted = { findings: results.length - suppressed, suppressed, objects, dumps };
  if (json === true || format === 'json')
    return jsonText({
      schema: 'sidetrack check',
      version: checkVersion,
      exit,
      ...counted,
      results: results.map(({ suppressed: by, page, ...one }) => ({
        ...one,
        page: link(page),
        suppressed: by === null ? null : by.reason,
      })),
      unjudged: judged.unjudged.map(({ file }) => file),
    });
  const paint = paintFor(terminal);
  return [
    ...results.filter((one) => one.suppressed === null).map((one) => asText(one, link, paint)),
    `${paint(exit === 0 ? 'green' : exit === 1 ? 'red' : 'yellow', checkedWords(counted))}\n`,
  ].join('\n');
}

const colours = { wrong: 'red', doubtful: 'yellow', note: 'dim' } as const;

function asText(
  { file, line, column, weight, rule, object, says, fix, page }: CheckResult,
  link: LinkTo,
  paint: Paint,
): string {
  const whose = object === null ? '' : `${object}: `;
  return [
    `${file}:${line}:${column}: ${paint(colours[weight], weightWord(weight))} ${paint('bold', rule)}`,
    `  ${whose}${says}.`,
    `  Fix: ${fix}.`,
    `  ${pageWords(page)}: ${link(page)}`,
    '',
  ]
    .map(inOneLine)
    .join('\n');
}
