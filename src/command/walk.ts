/** `sidetrack walk`: one connection's way, on the rules of a text or on those that Istio would program. */
import { cutEnvoy, kinds, readPaste } from '../analysis/index.ts';
import type { AskedOfEnvoy, FirstWords, ShownEnvoyWalk } from '../handbook/lab/envoy/index.ts';
import { ambientGround, type InspectedWithEnvoy, inspectPaste, withEnvoy } from '../handbook/lab/index.ts';
import {
  type AmbientGround,
  type AmbientMeshChoice,
  bind,
  bindAmbient,
  meshChoices,
  type RealPod,
  scenarioNamed,
} from '../handbook/scenarios/index.ts';
import { decodePermalink, openQuestion, readEndpoint } from '../handbook/walk/index.ts';
import type { Inhabited, Journey, Pod, Request } from '../journey/index.ts';
import { printEndpoint } from '../netfilter/index.ts';
import { json, lineText, stopLines, text } from '../render/index.ts';
import { type Ended, ending, outcomePhrase, summary } from '../words/index.ts';
import { ambientAsked } from './ambient.ts';
import { readInputs } from './input.ts';
import { yamlOf } from './inspect.ts';
import { type SettingOptions, settingAsked } from './setting.ts';
import { complain, exitCodes, inOneLine, jsonText, paintFor, type Terminal, UseError } from './terminal.ts';

export interface WalkOptions extends SettingOptions {
  readonly from: string;
  readonly to: string;
  readonly sends?: keyof typeof firstSent;
  readonly host?: string;
  readonly ambient?: boolean;
  readonly mesh?: readonly string[];
  readonly udp?: boolean;
  readonly why?: boolean;
  readonly replies?: boolean;
  readonly answer?: readonly string[];
  readonly json?: boolean;
}

/** What a client may send first, by the word for it on the command line. */
export const firstSent = {
  http: 'HTTP',
  nothing: 'nothing',
  bytes: 'bytes',
  h2: 'HTTP/2',
  tls: 'TLS',
  mtls: 'mutual TLS of Istio',
} as const satisfies Readonly<Record<string, FirstWords>>;

/** The form of `walk --json`; it grows, and a field keeps its meaning. */
export const walkVersion = 1;

export async function walkCommand(
  files: readonly string[],
  options: WalkOptions,
  terminal: Terminal,
): Promise<number> {
  const request = requestOf(options);
  const mesh = meshChosen(options);
  if (
    files.length > 0 &&
    [options.istio, options.set, options.values, options.nft, options.ambient].some(
      (one) => one !== undefined,
    )
  )
    throw new UseError({ code: 'files and a setting' });
  const given = files.length === 0 ? null : await inspectedIn(files, terminal);
  const envoy = throughEnvoy(request, given, options);
  const bound = await boundTo(request, given, { ...options, chosen: mesh }, terminal);
  if (envoy !== null && !envoy.isPast) return tellEnvoy(envoy, bound, request, options, terminal);
  if (typeof bound === 'string') {
    complain(terminal, bound);
    return exitCodes['cannot tell'];
  }
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
        release: bound.release,
        options: bound.options,
        request: bound.request,
        question,
        trace: JSON.parse(json(journey)),
        envoy,
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

function endedOf({ journey: { outcome, arrived } }: Walked): Ended {
  if (outcome.kind === 'cannot tell') return 'cannot tell';
  return arrived ? 'fine' : 'findings';
}

/** A connection, on what it was walked. */
interface Walked {
  readonly release: string;
  readonly options: object;
  readonly pod: Pod | Inhabited;
  readonly request: Request;
  readonly journey: Journey;
}

/** Walked on what the files hold, or on the setting; a sentence where the text has no rules to walk on. */
async function boundTo(
  request: Request,
  given: InspectedWithEnvoy | null,
  options: WalkOptions & { readonly chosen: AmbientMeshChoice | null },
  terminal: Terminal,
): Promise<Walked | string> {
  const mesh = options.chosen === null ? {} : { mesh: options.chosen };
  const found = given === null ? null : walkableIn(given);
  if (typeof found === 'string') return found;
  if (found !== null && 'bind' in found) return onAmbient(found, request, mesh);
  if (options.chosen !== null && options.ambient !== true)
    throw new UseError({ code: 'a mesh without ambient' });
  if (found !== null) return onSidecar(found, request);
  if (options.ambient !== true) return onSidecar({ setting: await settingAsked(options, terminal) }, request);
  const { release, options: set } = await ambientAsked(options, terminal);
  return onAmbient({ bind: bindAmbient }, request, { release, options: set, ...mesh });
}

function onSidecar(pod: RealPod, request: Request): Walked {
  const usual = scenarioNamed('local-to-remote');
  if (usual === undefined) throw new Error('the usual scenario is gone');
  checkSender(request, ['app', 'Envoy', 'pilot-agent']);
  const { setting, ...bound } = bind({ request }, { request }, pod);
  return { ...setting, ...bound };
}

function onAmbient(
  { bind: bound }: Pick<AmbientGround, 'bind'>,
  request: Request,
  change: Parameters<AmbientGround['bind']>[1],
): Walked {
  checkSender(request, ['app', 'ztunnel']);
  const { rules, ...walked } = bound({ request }, change);
  return { ...walked, options: rules.options ?? {} };
}

function checkSender({ from }: Request, has: readonly string[]): void {
  if ('process' in from && !has.includes(from.process))
    throw new UseError({ code: 'no such process', text: from.process, has });
}

async function inspectedIn(files: readonly string[], terminal: Terminal): Promise<InspectedWithEnvoy> {
  const inputs = await readInputs(files, 'walk', terminal);
  const cut = cutEnvoy(inputs.map((one) => one.text).join('\n'));
  const paste = readPaste(cut.rest);
  return withEnvoy(inspectPaste(paste, 0, await yamlOf(paste, 0)), cut.envoy);
}

/** The way through what Envoy was told; null where nothing of it is given, or the connection is none for it. */
function throughEnvoy(
  { from, address, port, protocol }: Request,
  given: InspectedWithEnvoy | null,
  { sends = 'http', host }: WalkOptions,
): ShownEnvoyWalk | null {
  if (given === null || given.envoy === null || protocol === 'udp') return null;
  if ('process' in from && from.process !== 'app') return null;
  const direction = 'address' in from ? 'inbound' : 'outbound';
  // Whoever calls an address by HTTP has it for a Host.
  const usual = sends === 'http' ? printEndpoint(address, port) : '';
  const first = firstSent[sends];
  const asked: AskedOfEnvoy = { direction, address, port, first, host: host ?? usual };
  return given.envoy.walk(asked, from);
}

/** Rules alone say how a connection comes to Envoy: what becomes of it is what Envoy says. */
async function tellEnvoy(
  envoy: ShownEnvoyWalk,
  bound: Walked | string,
  request: Request,
  { why, json: isJson }: WalkOptions,
  terminal: Terminal,
): Promise<number> {
  const ended: Ended = envoy.arrives === null ? 'cannot tell' : envoy.arrives ? 'fine' : 'findings';
  const exit = exitCodes[ended];
  if (isJson === true) {
    const rules =
      typeof bound === 'string'
        ? { release: null, options: {}, request, question: null, trace: null }
        : {
            release: bound.release,
            options: bound.options,
            request: bound.request,
            question: openQuestion(bound, {}),
            trace: JSON.parse(json(bound.journey)),
          };
    await terminal.write(jsonText({ schema: 'sidetrack walk', version: walkVersion, exit, ...rules, envoy }));
    return exit;
  }
  const colour = ended === 'fine' ? 'green' : ended === 'findings' ? 'red' : 'yellow';
  const steps = envoy.steps.filter(({ isMiss }) => why === true || !isMiss);
  const lines = [
    paintFor(terminal)(colour, envoy.ending),
    `${envoy.title}.`,
    ...(envoy.before === null ? [] : [envoy.before]),
    ...steps.map(({ says }) => `  ${says}`),
    ...(envoy.after === null ? [] : [envoy.after]),
    ...envoy.flags,
  ];
  await terminal.write(`${lines.map(inOneLine).join('\n')}\n`);
  return exit;
}

/** The pod of the files, or what of ambient mode they hold. */
function walkableIn({
  inspected: { inspection, pod },
}: InspectedWithEnvoy): RealPod | AmbientGround | string {
  const ground = inspection.ambient === null ? null : ambientGround(pod, inspection.ambient);
  if (ground !== null) return ground;
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

/** What is chosen of the mesh around an enrolled pod, read as a link reads it; null where nothing is. */
function meshChosen({ mesh = [] }: WalkOptions): AmbientMeshChoice | null {
  const chosen = mesh.map((text) => {
    const [name = '', value = ''] = text.split('=', 2);
    const { state, problems } = decodePermalink(`v=1&mesh.${name}=${encodeURIComponent(value)}`);
    if (problems.length > 0 || state.mesh === undefined)
      throw new UseError({ code: 'no choice of the mesh', text, choices: meshChoices });
    return state.mesh;
  });
  return chosen.length === 0 ? null : Object.assign({}, ...chosen);
}

function firstRead(text: string, part: 'from' | 'answer'): Partial<Request> | undefined {
  const { state, problems } = decodePermalink(`v=1&${part}=${encodeURIComponent(text)}`);
  return problems.length === 0 ? state.request : undefined;
}
