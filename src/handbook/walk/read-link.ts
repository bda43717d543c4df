/** Reads what `write-link.ts` writes, and what people make of it on its way. */
import { defaultOptions, type Options } from '../../istio/index.ts';
import type { Request } from '../../journey/index.ts';
import { type Answer, readAddress, tableNames } from '../../netfilter/index.ts';
import { scenarioNamed } from '../scenarios/traffic.ts';
import { readEndpoint } from './endpoint.ts';
import { type State, writeLink } from './write-link.ts';

export interface Decoded {
  readonly state: State;
  /** What could not be read, each in a sentence; the rest was. */
  readonly problems: readonly string[];
}

/** A state needs a few hundred characters; a pasted dump has a limit of its own. */
const longestFragment = 8000;

/** The fragment without its `#`. */
export function encodePermalink(state: State): string {
  return writeLink(state, scenarioNamed(state.scenario ?? '')?.request);
}

/** Reads a fragment, with or without its `#`. Never throws: what is damaged is named and left out. */
export function decodePermalink(fragment: string): Decoded {
  const text = fragment.replace(/^#/, '');
  if (text === '') return { state: {}, problems: [] };
  const problems: string[] = [];
  const values = new Map<string, string>();
  const answers: string[] = [];
  const parts = text.split('&').filter((part) => !part.startsWith('dump='));
  if (parts.join('&').length > longestFragment) {
    problems.push(
      `This link has ${text.length} characters; at most ${longestFragment} are read, and the parts behind were left out.`,
    );
  }
  let read = 0;
  for (const part of parts) {
    read += part.length + 1;
    if (read > longestFragment) break;
    const [name, ...rest] = part.split('=');
    if (name === undefined || name === '') continue;
    try {
      const value = decodeURIComponent(rest.join('=').replace(/\+/g, ' '));
      if (name === 'answer') answers.push(value);
      else values.set(name, value);
    } catch {
      problems.push(`The link's part "${part}" is damaged and was left out.`);
    }
  }
  const version = values.get('v');
  if (version !== '1') {
    problems.push(
      version === undefined
        ? 'This link has no version; it is read as version 1.'
        : `This link is of version "${version}"; this handbook reads version 1.`,
    );
  }
  return { state: readState(values, answers, problems), problems };
}

function readState(
  values: ReadonlyMap<string, string>,
  answers: readonly string[],
  problems: string[],
): State {
  const scenario = values.get('scenario');
  const isKnown = scenario === undefined || scenarioNamed(scenario) !== undefined;
  if (!isKnown) problems.push(`The link names scenario "${scenario}", which this handbook does not have.`);
  const release = values.get('release');
  const isRelease = release === undefined || /^1\.\d{1,3}(\.\d{1,3})?$/.test(release);
  if (!isRelease) problems.push(`The link names release "${release}"; expected one such as 1.30.`);
  const options = readOptions(values, problems);
  const given = readAnswers(answers, problems);
  const request = { ...readRequest(values, problems), ...(given.length > 0 ? { answers: given } : {}) };
  const step = values.get('step');
  const isStep = step === undefined || /^\d{1,5}$/.test(step);
  if (!isStep) problems.push(`The link names step "${step}"; expected a number.`);
  return {
    ...(scenario !== undefined && isKnown ? { scenario } : {}),
    ...(release !== undefined && isRelease ? { release } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
    ...(Object.keys(request).length > 0 ? { request } : {}),
    ...(values.get('replies') === '1' ? { replies: true } : {}),
    ...(step !== undefined && isStep ? { step: Number(step) } : {}),
  };
}

function readOptions(values: ReadonlyMap<string, string>, problems: string[]): Partial<Options> {
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const [key, value] of values) {
    if (!key.startsWith('option.')) continue;
    const name = key.slice('option.'.length);
    const usual = defaultOptions[name as keyof Options];
    if (usual === undefined) problems.push(`The link sets option "${name}", which Istio does not have.`);
    else if (typeof usual === 'boolean') options[name] = value === 'true';
    else options[name] = typeof usual === 'string' ? value : value.split(',').filter((one) => one !== '');
  }
  return options as Partial<Options>;
}

function readRequest(values: ReadonlyMap<string, string>, problems: string[]): Partial<Request> {
  const request: { -readonly [field in keyof Request]?: Request[field] } = {};
  const from = values.get('from');
  if (from !== undefined) {
    const read = readFrom(from);
    if (read === null)
      problems.push(`The link's sender "${from}" is no process, uid:UID:GID or peer:NAME:ADDRESS.`);
    else request.from = read;
  }
  const to = values.get('to');
  if (to !== undefined) {
    const read = readEndpoint(to);
    if (read === null)
      problems.push(`The link's destination "${to}" is no address and port such as 10.96.0.7:80.`);
    else Object.assign(request, read);
  }
  const protocol = values.get('protocol');
  if (protocol !== undefined) {
    if (/^[a-z][a-z0-9-]{0,15}$/.test(protocol)) request.protocol = protocol;
    else problems.push(`The link's protocol "${protocol}" is none; expected one such as tcp or udp.`);
  }
  const source = values.get('source');
  if (source !== undefined) {
    if (readAddress(source) !== null) request.source = source;
    else problems.push(`The link's source "${source}" is no address.`);
  }
  const bound = values.get('bound');
  if (bound !== undefined) request.boundTo = bound.slice(0, 15);
  const path = values.get('path');
  if (path !== undefined) {
    if (/^\/[\w./-]{0,200}$/.test(path)) request.path = path;
    else problems.push(`The link's path "${path}" is none; expected one such as /healthz/ready.`);
  }
  return request;
}

function readAnswers(texts: readonly string[], problems: string[]): readonly Answer[] {
  const answers: Answer[] = [];
  for (const text of texts) {
    const [, name, chain, number, said] = /^(\w+)\/(.+)\/([1-9]\d{0,6}):(yes|no)$/s.exec(text) ?? [];
    const table = tableNames.find((one) => one === name);
    const position = Number(number);
    if (table === undefined || chain === undefined)
      problems.push(`The link's answer "${text}" is none; expected one such as nat/ISTIO_OUTPUT/3:yes.`);
    else if (answers.some((one) => one.table === table && one.chain === chain && one.position === position))
      problems.push(`The link answers for ${table} ${chain} ${position} twice; the first answer counts.`);
    else answers.push({ table, chain, position, matches: said === 'yes' });
  }
  return answers;
}

function readFrom(text: string): Request['from'] | null {
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
  return ['app', 'Envoy', 'pilot-agent'].includes(text) ? { process: text } : null;
}
