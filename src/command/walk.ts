/** `sidetrack walk`: one connection's way, on the rules of a text or on those that Istio would program. */
import { kinds, readPaste } from '../analysis/index.ts';
import { inspectPaste } from '../handbook/lab/index.ts';
import { type Bound, bind, type RealPod, scenarioNamed } from '../handbook/scenarios/index.ts';
import { decodePermalink, openQuestion, readEndpoint } from '../handbook/walk/index.ts';
import type { Request } from '../journey/index.ts';
import { json, lineText, stopLines, text } from '../render/index.ts';
import { type Ended, ending, outcomePhrase, summary } from '../words/index.ts';
import { readInputs } from './input.ts';
import { yamlOf } from './inspect.ts';
import { type SettingOptions, settingAsked } from './setting.ts';
import { exitCodes, jsonText, paintFor, type Terminal, UseError } from './terminal.ts';

export interface WalkOptions extends SettingOptions {
  readonly from: string;
  readonly to: string;
  readonly udp?: boolean;
  readonly why?: boolean;
  readonly replies?: boolean;
  readonly answer?: readonly string[];
  readonly json?: boolean;
}

/** The form of `walk --json`; it grows, and a field keeps its meaning. */
export const walkVersion = 1;

export async function walkCommand(
  files: readonly string[],
  options: WalkOptions,
  terminal: Terminal,
): Promise<number> {
  const request = requestOf(options);
  const pod = await podOf(files, options, terminal);
  if (typeof pod === 'string') {
    terminal.tell(`sidetrack: ${pod}\n`);
    return exitCodes['cannot tell'];
  }
  const usual = scenarioNamed('local-to-remote');
  if (usual === undefined) throw new Error('the usual scenario is gone');
  const bound = bind({ request }, { request }, pod);
  const { journey } = bound;
  const exit = exitCodes[endedOf(bound)];
  const showing = { replies: options.replies === true };
  const question = openQuestion(bound, showing);
  if (options.json === true) {
    await terminal.write(
      jsonText({
        schema: 'sidetrack walk',
        version: walkVersion,
        exit,
        release: bound.setting.release,
        options: bound.setting.options,
        request: bound.request,
        question,
        trace: JSON.parse(json(journey)),
      }),
    );
    return exit;
  }
  const paint = paintFor(terminal);
  const colour = exit === exitCodes.fine ? 'green' : exit === exitCodes.findings ? 'red' : 'yellow';
  const asked =
    question === null
      ? []
      : [
          `Nobody can tell beforehand whether ${question.table} ${question.chain} ${question.position} matches: ${question.because}.`,
          ...(['yes', 'no'] as const).map(
            (said) =>
              `  --answer ${question.table}/${question.chain}/${question.position}:${said}  ${question[said]}`,
          ),
        ];
  const shown =
    options.why === true
      ? [text(journey, showing).trimEnd()]
      : [...stopLines(journey, showing).map(lineText), ending(journey)];
  await terminal.write(
    `${[paint(colour, `${sentenceBegun(outcomePhrase(journey.outcome))}`), ...shown, ...asked].join('\n')}\n`,
  );
  return exit;
}

function sentenceBegun(phrase: string): string {
  return `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}

function endedOf({ journey: { outcome, arrived } }: Bound): Ended {
  if (outcome.kind === 'cannot tell') return 'cannot tell';
  return arrived ? 'fine' : 'findings';
}

/** The pod of the files, or of the setting; a sentence where the text has no rules to walk on. */
async function podOf(
  files: readonly string[],
  options: WalkOptions,
  terminal: Terminal,
): Promise<RealPod | string> {
  if (files.length === 0) return { setting: await settingAsked(options, terminal) };
  if (options.istio !== undefined || options.set !== undefined || options.values !== undefined)
    throw new UseError({ code: 'files and a setting' });
  const inputs = await readInputs(files, 'walk', terminal);
  const paste = readPaste(inputs.map((one) => one.text).join('\n'));
  const { inspection, pod } = inspectPaste(paste, 0, await yamlOf(paste, 0));
  return inspection.isWalkable && kinds[inspection.recognised[0].kind].isWalkable ? pod : summary(inspection);
}

/** What is asked for on the command line, read as a link reads it. */
function requestOf({ from, to, udp, answer = [] }: WalkOptions): Request {
  const place = readEndpoint(to);
  if (place === null) throw new UseError({ code: 'no destination', text: to });
  const owner = /^(?:uid:)?(\d{1,10}):(\d{1,10})$/.exec(from);
  const [sender, ...answers] = [
    owner !== null ? `uid:${owner[1]}:${owner[2]}` : from.toLowerCase() === 'envoy' ? 'Envoy' : from,
    ...answer,
  ];
  const read =
    firstRead(sender ?? '', 'from') ??
    firstRead(`peer:peer:${(sender ?? '').replace(/^\[(.*)\]$/, '$1')}`, 'from');
  if (read?.from === undefined) throw new UseError({ code: 'no sender', text: from });
  const given = answers.map((one) => {
    const said = firstRead(one, 'answer')?.answers?.[0];
    if (said === undefined) throw new UseError({ code: 'no answer', text: one });
    return said;
  });
  return {
    from: read.from,
    ...place,
    ...(udp === true ? { protocol: 'udp' } : {}),
    ...(given.length === 0 ? {} : { answers: given }),
  };
}

function firstRead(text: string, part: 'from' | 'answer'): Partial<Request> | undefined {
  const { state, problems } = decodePermalink(`v=1&${part}=${encodeURIComponent(text)}`);
  return problems.length === 0 ? state.request : undefined;
}
