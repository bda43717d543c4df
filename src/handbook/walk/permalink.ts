/**
 * The state of a walk, and how it is written into the fragment of an address and read from one. A link is a promise:
 * the form has a version, and what a version could say is read for ever.
 *
 *     #v=1&scenario=local-to-remote&release=1.17&from=uid:1337:1337&to=10.96.0.7:80&step=12
 *     #v=1&scenario=ambient-hbone&release=1.24&ambient.tproxyRedirection=true
 *     #v=1&scenario=ambient-plain-text&mesh.peerAuthentication=STRICT
 *     #v=1&scenario=remote-to-local&envoy.first=TLS&envoy.mutualTls=STRICT
 *
 * A part of a link is an entry in two tables, `written` and `read`. They are two because a page writes links and has
 * its worker read them: it is spared the second.
 */
import { type AmbientOptions, defaultOptions, type Options, readRelease } from '../../istio/index.ts';
import type { Request } from '../../journey/index.ts';
import { printEndpoint, readAddress, type TableRef, tableNames } from '../../netfilter/index.ts';
import type { LinkProblem } from '../../words/index.ts';
import { type EnvoyChoice, readEnvoyChoice } from '../envoy/choice.ts';
import type { AmbientMeshChoice } from '../scenarios/ambient-mesh.ts';
import { shownScenarioNamed } from '../scenarios/shown.ts';
import { readEndpoint } from './endpoint.ts';
import { readAmbientMesh, readAmbientOption } from './enrolled-parts.ts';

export interface State {
  readonly scenario?: string;
  readonly release?: string;
  readonly options?: Partial<Options>;
  /** The options of ambient mode; heeded where the pod is enrolled. */
  readonly ambient?: Partial<AmbientOptions>;
  /** What is chosen of the mesh around an enrolled pod. */
  readonly mesh?: AmbientMeshChoice;
  readonly request?: Partial<Request>;
  /** What is chosen of what comes to Envoy: its stop is open then. The path is as without. */
  readonly envoy?: EnvoyChoice;
  /** An index over all events that are shown. */
  readonly step?: number;
  readonly replies?: boolean;
}

export interface Decoded {
  readonly state: State;
  /** What could not be read; the rest was. */
  readonly problems: readonly LinkProblem[];
}

/** The parts that have another name than the one field of a state or a request that they hold. */
interface Holds {
  /** `option.redirectDNS=true`, one for each option. */
  readonly 'option.': 'options';
  /** `ambient.ingressMode=true`, one for each option of ambient mode. */
  readonly 'ambient.': 'ambient';
  /** `mesh.ztunnel=missing`, one for each choice. */
  readonly 'mesh.': 'mesh';
  /** `envoy.first=TLS`, one for each choice. */
  readonly 'envoy.': 'envoy';
  readonly to: 'address' | 'port';
  readonly bound: 'boundTo';
  /** `answer=nat/ISTIO_OUTPUT/3:yes`, one for each answer. */
  readonly answer: 'answers';
}

type Field = Exclude<keyof State | keyof Request, 'request' | 'host'>;

/** A new field of a state or a request is a part of its own name, until `Holds` names it otherwise. */
type Part = keyof Holds | Exclude<Field, Holds[keyof Holds]>;

/** The text of a part, before it is encoded, and what follows a name that ends with a dot. */
type Written = readonly [text: string, of?: string];

/** What is written of a state. `usual` is the scenario's own request, which a state may leave open in part. */
type Write = (state: State, usual: Partial<Request>) => readonly Written[];

/** What a text adds to the state that was read so far, or what is wrong with it. */
type Read = (text: string, of: string, before: State) => State | LinkProblem;

/** What was chosen, each by its name. */
function each(chosen: object = {}): readonly Written[] {
  return Object.entries(chosen).map(([name, value]) => [String(value), name]);
}

/** In the order of a link. */
const written: { readonly [part in Part]: Write } = {
  scenario: ({ scenario }) => one(scenario),
  release: ({ release }) => one(release),
  'option.': ({ options }) => each(options),
  'ambient.': ({ ambient }) => each(ambient),
  'mesh.': ({ mesh }) => each(mesh),
  'envoy.': ({ envoy }) => each(envoy),
  from: ({ request }) => (request?.from === undefined ? [] : one(writtenSender(request.from))),
  to: ({ request: { address, port } = {} }, usual) =>
    address === undefined && port === undefined
      ? []
      : one(printEndpoint(address ?? usual.address ?? '0.0.0.0', port ?? usual.port ?? 0)),
  protocol: ({ request }) => (request?.protocol === 'tcp' ? [] : one(request?.protocol)),
  source: ({ request }) => one(request?.source),
  sourcePort: ({ request }) => one(request?.sourcePort),
  bound: ({ request }) => one(request?.boundTo),
  path: ({ request }) => one(request?.path),
  answer: ({ request }) =>
    (request?.answers ?? []).map(({ table, chain, position, matches }) => [
      `${table}/${chain}/${position}:${matches ? 'yes' : 'no'}`,
    ]),
  replies: ({ replies }) => (replies === true ? one('1') : []),
  step: ({ step }) => one(step),
};

const read: { readonly [part in Part]: Read } = {
  scenario: (scenario) =>
    shownScenarioNamed(scenario) === undefined ? { code: 'no such scenario', scenario } : { scenario },
  release: (release) =>
    readRelease(release)?.[0] === 1 ? { release } : { code: 'no such release', release },
  'option.': (text, name, { options }) => {
    if (!Object.hasOwn(defaultOptions, name)) return { code: 'no such option', name };
    const usual = defaultOptions[name as keyof Options];
    const list = () => text.split(',').filter((part) => part !== '');
    const value = typeof usual === 'boolean' ? text === 'true' : typeof usual === 'string' ? text : list();
    return { options: { ...options, [name]: value } };
  },
  'ambient.': (text, name, { ambient }) => {
    const chosen = readAmbientOption(name, text);
    return chosen === null ? { code: 'no such option', name } : { ambient: { ...ambient, ...chosen } };
  },
  'mesh.': (text, name, { mesh }) => {
    const chosen = readAmbientMesh(name, text);
    return chosen === null
      ? { code: 'no such choice', of: 'mesh', name, text }
      : { mesh: { ...mesh, ...chosen } };
  },
  'envoy.': (text, name, { envoy }) => {
    const chosen = readEnvoyChoice(name, text);
    return chosen === null
      ? { code: 'no such choice', of: 'envoy', name, text }
      : { envoy: { ...envoy, ...chosen } };
  },
  from: (text) => {
    const from = readSender(text);
    return from === null ? { code: 'no sender', text } : { request: { from } };
  },
  to: (text) => {
    const request = readEndpoint(text);
    return request === null ? { code: 'no destination', text } : { request };
  },
  protocol: (protocol) =>
    /^[a-z][a-z0-9-]{0,15}$/.test(protocol)
      ? { request: { protocol } }
      : { code: 'no protocol', text: protocol },
  source: (source) =>
    readAddress(source) === null ? { code: 'no source', text: source } : { request: { source } },
  sourcePort: (text) =>
    /^[1-9]\d{0,4}$/.test(text) && Number(text) < 65536
      ? { request: { sourcePort: Number(text) } }
      : { code: 'no source port', text },
  bound: (text) => ({ request: { boundTo: text.slice(0, 15) } }),
  path: (path) => (isPath(path) ? { request: { path } } : { code: 'no path', text: path }),
  answer: (text, _, { request: { answers = [] } = {} }) => {
    const [, name, chain, number, said] = /^([^/]+)\/(.+)\/([1-9]\d{0,6}):(yes|no)$/s.exec(text) ?? [];
    const table = isTable(name) ? name : undefined;
    const position = Number(number);
    if (table === undefined || chain === undefined) return { code: 'no answer', text };
    if (
      answers.some((given) => given.table === table && given.chain === chain && given.position === position)
    )
      return { code: 'answered twice', table, chain, position };
    return { request: { answers: [...answers, { table, chain, position, matches: said === 'yes' }] } };
  },
  replies: (text) => (text === '1' ? { replies: true } : {}),
  step: (text) => (/^\d{1,5}$/.test(text) ? { step: Number(text) } : { code: 'no step', text }),
};

/** A path of HTTP; for ztunnel the authority that a tunnel asks for, or the name that DNS is asked for. */
function isPath(text: string): boolean {
  return /^\/[\w./-]{0,200}$/.test(text) || /^[\w.-]{1,253}$/.test(text) || readEndpoint(text) !== null;
}

/** A table of iptables, or one of nft with its family. */
function isTable(name: string | undefined): name is TableRef {
  return (tableNames as readonly (string | undefined)[]).includes(name) || /^(ip6?|inet) \S/.test(name ?? '');
}

/** Parts that a link may have many of; of the others the last counts. */
const repeated: ReadonlySet<string> = new Set<Part>(['answer']);

/** A state needs a few hundred characters; a pasted dump has a limit of its own. */
const longestFragment = 8000;

/** The fragment without its `#`. */
export function encodePermalink(state: State): string {
  return link(state, shownScenarioNamed(state.scenario ?? '')?.request);
}

/** The fragment that leads to a walk, without its `#` and without a step. */
export function linkOf(
  state: State,
  { name, request }: { readonly name: string; readonly request: Request },
): string {
  const { step, ...walked } = state;
  return link({ scenario: name, ...walked }, request);
}

function link(state: State, usual: Partial<Request> = {}): string {
  const parts = Object.entries(written).flatMap(([part, write]) =>
    write(state, usual).map(([text, of = '']) => `${part}${of}=${encoded(text)}`),
  );
  return ['v=1', ...parts].join('&');
}

/** What people can read in an address stays as it is. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/%(3A|2C|5B|5D|2F)/g, (one) => decodeURIComponent(one))
    .replace(/%20/g, '+');
}

/** Reads a fragment, with or without its `#`. Never throws: what is damaged is named and left out. */
export function decodePermalink(fragment: string): Decoded {
  const text = fragment.replace(/^#/, '');
  if (text === '') return { state: {}, problems: [] };
  const problems: LinkProblem[] = [];
  const texts = partsOf(text, problems);
  const version = texts.get('v')?.at(-1);
  if (version !== '1') {
    problems.push(version === undefined ? { code: 'no version' } : { code: 'another version', version });
  }
  let state: State = {};
  for (const [part, readPart] of Object.entries(read)) {
    for (const [name, given] of texts) {
      const of = part.endsWith('.') && name.startsWith(part) ? name.slice(part.length) : '';
      if (name !== `${part}${of}`) continue;
      for (const one of given) {
        const said = readPart(one, of, state);
        if ('code' in said) problems.push(said);
        else state = { ...state, ...said, ...requestOf(state, said) };
      }
    }
  }
  return { state, problems };
}

function requestOf(before: State, said: State): Pick<State, 'request'> {
  return said.request === undefined ? {} : { request: { ...before.request, ...said.request } };
}

/** The texts of a fragment's parts by their names. */
function partsOf(fragment: string, problems: LinkProblem[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  const parts = fragment.split('&').filter((part) => !part.startsWith('dump='));
  if (parts.join('&').length > longestFragment) {
    problems.push({ code: 'link too long', length: fragment.length, most: longestFragment });
  }
  let length = 0;
  for (const part of parts) {
    length += part.length + 1;
    if (length > longestFragment) break;
    const [name, ...rest] = part.split('=');
    if (name === undefined || name === '') continue;
    try {
      const text = decodeURIComponent(rest.join('=').replace(/\+/g, ' '));
      texts.set(name, repeated.has(name) ? [...(texts.get(name) ?? []), text] : [text]);
    } catch {
      problems.push({ code: 'damaged part', part });
    }
  }
  return texts;
}

function one(value: string | number | undefined): readonly Written[] {
  return value === undefined ? [] : [[String(value)]];
}

/** `app`, `uid:1337:1337:NAME` or `peer:NAME:ADDRESS`; `readSender` reads it. */
function writtenSender(from: Request['from']): string {
  if ('process' in from) return from.process;
  if ('address' in from) return `peer:${from.name}:${from.address}`;
  return `uid:${from.uid}:${from.gid}${from.name === undefined ? '' : `:${from.name}`}`;
}

function readSender(text: string): Request['from'] | null {
  const owner = /^uid:(\d{1,10}):(\d{1,10})(?::(.{1,60}))?$/.exec(text);
  if (owner !== null) {
    const [, uid, gid, name] = owner;
    return { uid: Number(uid), gid: Number(gid), ...(name === undefined ? {} : { name }) };
  }
  const peer = /^peer:([^:]{1,60}):(.+)$/.exec(text);
  if (peer !== null) {
    const [, name = '', address = ''] = peer;
    return readAddress(address) === null ? null : { name, address };
  }
  return ['app', 'Envoy', 'pilot-agent', 'ztunnel'].includes(text) ? { process: text } : null;
}
