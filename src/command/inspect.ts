/** `sidetrack inspect`: what the lab says of a text, pod by pod. */
import { cutEnvoy, kinds, type Paste, readPaste } from '../analysis/index.ts';
import type { EnvoyPart } from '../handbook/lab/envoy/index.ts';
import {
  anonymiserOf,
  type Inspected,
  type Inspection,
  type InspectionWords,
  inspectionWords,
  inspectPaste,
  withEnvoy,
  withWalks,
} from '../handbook/lab/index.ts';
import { type FromYaml, optionsFromYaml } from '../istio/index.ts';
import { lineText } from '../render/index.ts';
import {
  type Doing,
  doingWords,
  type Ended,
  findingPage,
  findingWords,
  nothingCameIn,
  plain,
  weightWord,
} from '../words/index.ts';
import { type LinkTo, linksTo } from './handbook-link.ts';
import { readInputs } from './input.ts';
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
} from './terminal.ts';

export interface InspectOptions {
  readonly json?: boolean;
  readonly handbook?: string;
  readonly pod?: string;
  readonly redact?: boolean;
}

/** The form of `inspect --json`; it grows, and a field keeps its meaning. */
export const inspectVersion = 1;

interface InspectedPod extends Inspected {
  readonly name: string | null;
  readonly words: InspectionWords;
  readonly ended: Ended;
}

/** Reads and judges; answers with the exit code. */
export async function inspectCommand(
  files: readonly string[],
  options: InspectOptions,
  terminal: Terminal,
): Promise<number> {
  const link = linksTo(options.handbook, terminal);
  const inputs = await readInputs(files, 'inspect', terminal);
  const given = inputs.map(({ text }) => text).join('\n');
  if (given === '') complain(terminal, nothingCameIn);
  const text = options.redact === true ? anonymiserOf(given, terminal.secret())(given) : given;
  const pods = await inspectedPods(text, options.pod, terminal);
  const exit = exitCodes[worst(pods.map(({ ended }) => ended))];
  const paint = paintFor(terminal);
  await terminal.write(
    options.json === true
      ? jsonText(asJson(pods, exit, link))
      : pods.map((one) => asText(one, pods.length > 1, link, paint)).join('\n'),
  );
  return exit;
}

/** Every pod of a text, or the one that is asked for. */
async function inspectedPods(
  text: string,
  asked: string | undefined,
  terminal: Terminal,
): Promise<readonly InspectedPod[]> {
  const { envoy, rest } = cutEnvoy(text);
  const paste = readPaste(rest);
  const chosen = [...paste.pods.entries()].filter(([, { name }]) => asked === undefined || name === asked);
  if (chosen.length === 0)
    throw new UseError({
      code: 'no such pod',
      asked: asked ?? '',
      pods: paste.pods.flatMap(({ name }) => name ?? []),
    });
  const inspected: InspectedPod[] = [];
  for (const [at, { name }] of chosen) {
    const progress = (done: number, doing: Doing) => {
      if (!terminal.showsProgress) return;
      const all = Math.floor((100 * (inspected.length + done)) / chosen.length);
      terminal.tell(`${lineAgain}${doingWords(doing)}… ${all} %`);
    };
    const rules = withWalks(inspectPaste(paste, at, await yamlOf(paste, at), progress));
    const { inspected: one } = await withEnvoy(rules, envoy);
    const words = inspectionWords(one.inspection);
    inspected.push({ ...one, name, words, ended: endedOf(one.inspection) });
  }
  if (terminal.showsProgress) terminal.tell(lineAgain);
  return inspected;
}

/** What the pod's YAML asks for, where the text has some. */
export async function yamlOf({ pods }: Paste, pod: number): Promise<FromYaml | null> {
  const lines = pods[pod]?.yaml.lines ?? [];
  return lines.length === 0 ? null : optionsFromYaml(lines.join('\n'));
}

/** A note is no finding that somebody has to act on. */
function endedOf({ findings, recognised: [{ kind }], isCompared, ambient, walks, envoy }: Inspection): Ended {
  if ([...findings, ...(envoy?.findings ?? [])].some(({ weight }) => weight !== 'note')) return 'findings';
  // The filter of a pod may well refuse what Istio's rules, which are as they should be, have sent to Envoy.
  if (walks?.some(({ verdict }) => verdict === 'ends otherwise')) return 'findings';
  const isOpen = walks?.some(({ question, verdict }) => question !== null || verdict === 'cannot tell');
  if (kind === 'configuration of Envoy') return envoy?.isJudged === true ? 'fine' : 'cannot tell';
  if (ambient !== null) return isOpen === true ? 'cannot tell' : 'fine';
  return kinds[kind].isJudged && isCompared && isOpen !== true ? 'fine' : 'cannot tell';
}

function worst(all: readonly Ended[]): Ended {
  const order: readonly Ended[] = ['findings', 'cannot tell', 'fine'];
  return order.find((one) => all.includes(one)) ?? 'cannot tell';
}

const colours = { wrong: 'red', doubtful: 'yellow', note: 'dim' } as const;

function asText(
  { name, inspection, words, ended }: InspectedPod,
  hasOthers: boolean,
  link: LinkTo,
  paint: Paint,
): string {
  const { walks, problems, problemCount } = inspection;
  const colour = ended === 'fine' ? 'green' : ended === 'findings' ? 'red' : 'yellow';
  return [
    ...(hasOthers ? [paint('bold', `Pod ${name ?? 'without a name'}`)] : []),
    paint(colour, words.summary),
    ...(words.next === null ? [] : [words.next]),
    ...(words.asks === null ? [] : [words.asks.says]),
    ...(words.seeming === null ? [] : [words.seeming]),
    ...section(
      'Findings',
      paint,
      words.findings.flatMap(({ id, weight, says, fix, page }) => [
        `${paint(colours[weight], weightWord(weight))} ${paint('bold', id)}: ${plain(says)}.`,
        `  Fix: ${plain(fix)}.`,
        ...(page.path === '/lab/' ? [] : [`  ${page.says}: ${link(page.path)}`]),
      ]),
    ),
    ...section(
      'Paths',
      paint,
      (walks ?? []).flatMap(({ title, lines, ending, verdict, expected, outcomes }) => [
        paint('bold', title),
        ...lines.map((line) => `  ${lineText(line)}`),
        `  ${ending}`,
        ...(verdict === 'as it is' || verdict === 'moved'
          ? []
          : [
              ...`  ${paint('yellow', 'Expected')}: ${expected.replaceAll('\n', '\n    ')}${
                outcomes[0] === outcomes[1] ? '' : ` (${outcomes[1]}, not ${outcomes[0]})`
              }`.split('\n'),
            ]),
      ]),
    ),
    ...envoyText(inspection, paint),
    ...section('Not read', paint, [
      ...(inspection.envoy?.words.problems ?? []),
      ...problems.map(
        ({ line, column, found, expected, fix }) =>
          `line ${line}, column ${column}: found ${found}; expected ${expected}. ${fix}`,
      ),
      ...(problemCount > problems.length ? [`${problemCount - problems.length} more are not listed.`] : []),
    ]),
    ...section('Read', paint, [...words.read, ...words.repairs, ...words.known]),
    '',
  ]
    .map(inOneLine)
    .join('\n');
}

/** The connections that were walked through Envoy; chains and routes that were not taken are counted. */
function envoyText({ envoy, recognised: [{ kind }] }: Inspection, paint: Paint): readonly string[] {
  if (envoy === undefined) return [];
  return section('Inside Envoy', paint, [
    ...(kind === 'configuration of Envoy' ? [] : [envoy.words.summary]),
    ...envoy.walks.flatMap(({ title, steps, before, after, ending }) => [
      paint('bold', title),
      ...[before, ...steps.filter(({ isMiss }) => !isMiss).map(({ says }) => says), after, ending].flatMap(
        (line) => (line === null ? [] : [`  ${line}`]),
      ),
    ]),
  ]);
}

function section(title: string, paint: Paint, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
}

function asJson(pods: readonly InspectedPod[], exit: number, link: LinkTo): object {
  return {
    schema: 'sidetrack inspect',
    version: inspectVersion,
    exit,
    pods: pods.map(({ name, inspection, words, ended }) => ({
      name,
      ended,
      summary: words.summary,
      next: words.next,
      kind: inspection.recognised[0].kind,
      owner: inspection.recognised[0].owner,
      rules: inspection.read,
      also: inspection.also,
      identified: inspection.identified.map(({ family, releases, options, missing, foreign, twice }) => ({
        family,
        releases,
        options,
        missing,
        foreign,
        twice,
      })),
      ambient: inspection.ambient,
      asks: inspection.asks,
      findings: inspection.findings.map((finding) => {
        const shown = findingWords(finding);
        const page = findingPage(finding);
        return {
          id: finding.id,
          weight: finding.weight,
          says: plain(shown.says),
          fix: plain(shown.fix),
          page: link(page),
          data: finding,
        };
      }),
      walks: (inspection.walks ?? []).map(
        ({ scenario, title, lines, ending, arrived, verdict, expected, outcomes }) => ({
          scenario,
          title,
          path: lines.map(lineText),
          ending,
          arrived,
          verdict,
          expected: expected.split('\n'),
          outcomes,
        }),
      ),
      problems: inspection.problems.map(({ line, column, found, expected, fix }) => ({
        line,
        column,
        found,
        expected,
        fix,
      })),
      problemCount: inspection.problemCount,
      envoy: inspection.envoy === undefined ? null : envoyJson(inspection.envoy, link),
    })),
  };
}

function envoyJson({ origin, isJudged, counts, findings, words, walks }: EnvoyPart, link: LinkTo): object {
  return {
    origin,
    isJudged,
    counts,
    summary: words.summary,
    problems: words.problems,
    findings: words.findings.map(({ id, weight, says, fix, page }, at) => ({
      id,
      weight,
      says: plain(says),
      fix: plain(fix),
      page: link(page.path),
      data: findings[at],
    })),
    walks,
  };
}
