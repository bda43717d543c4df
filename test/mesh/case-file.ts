/**
 * Behaviours as text: who calls whom in which pod, what is sent, and behind `==>` what becomes of it. A line that
 * holds for one Envoy only begins with its version: `1.38| client: …`; with a question mark, `1.39?| client: …`, where
 * chance decides in Envoy and this may be seen as well.
 *
 *     pod redirect
 *
 * A pod may be one `excluding 8443`, which its rules then leave alone for what goes out, and one `without Envoy`.
 *
 *     # An address that no Service has is passed on
 *     app > 203.0.113.10:8443
 *     send hello
 *     ==>
 *     client: …
 */
import { type PodName, podNames } from './istiod/pods.ts';
import type { End } from './lab/protocol.ts';

export type Caller = 'app' | 'remote' | 'prometheus' | 'proxy' | 'root';
const callers: readonly string[] = ['app', 'remote', 'prometheus', 'proxy', 'root'];

export interface BehaviourCase {
  readonly title: string;
  readonly pod: PodName;
  readonly hasEnvoy: boolean;
  /** The option `outboundPortsExclude` of its rules, where that is set. */
  readonly excludes?: string;
  readonly caller: Caller;
  readonly to: End;
  /** Raw bytes. Absent: nothing is sent, or HTTP. */
  readonly send?: string;
  readonly http?: { readonly method: string; readonly path: string; readonly host: string | null };
  /** A header of the request. */
  readonly headers: readonly string[];
  /** Headers that are told of, as the server sees them. */
  readonly show: readonly string[];
  /** Headers of the answer that are told of. */
  readonly answer?: readonly string[];
  readonly tls?: { readonly name?: string; readonly alpn?: readonly string[]; readonly certificate: boolean };
  readonly expected: readonly string[];
}

/** The cases of a file: a paragraph each. Throws, with the line, where it cannot be read. */
export function readCases(text: string, file: string): readonly BehaviourCase[] {
  const cases: BehaviourCase[] = [];
  let place: Place | null = null;
  for (const paragraph of paragraphsOf(text)) {
    const [head = '', ...lines] = paragraph.lines;
    const where = `${file}:${paragraph.at}`;
    const [word, rest] = split(head);
    if (word === 'pod') {
      place = readPlace(rest, where);
    } else if (word === '#' && place !== null) {
      cases.push({ title: rest, ...place, ...readCase(lines, where) });
    } else if (place !== null) {
      throw new Error(`${where}: found "${head}", expected "# TITLE" or "pod NAME"`);
    }
  }
  return cases;
}

/** Which pod, and what is special about it here. */
type Place = Pick<BehaviourCase, 'pod' | 'hasEnvoy' | 'excludes'>;

function readPlace(text: string, where: string): Place {
  const [, name, excludes, without] = /^(\S+)(?: excluding (\S+))?( without Envoy)?$/.exec(text) ?? [];
  const pod = podNames.find((one) => one === name);
  if (pod === undefined)
    throw new Error(
      `${where}: found "${text}", expected a pod, perhaps "excluding PORTS" or "without Envoy": ${podNames.join(', ')}`,
    );
  return { pod, hasEnvoy: without === undefined, ...(excludes === undefined ? {} : { excludes }) };
}

export interface Paragraph {
  /** The number of its first line. */
  readonly at: number;
  readonly lines: readonly string[];
}

/** Lines between blank ones, and where they begin. */
export function paragraphsOf(text: string): readonly Paragraph[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const starts = lines.flatMap((line, at) => (line !== '' && (lines[at - 1] ?? '') === '' ? [at] : []));
  return starts.map((at) => {
    const end = lines.indexOf('', at);
    return { at: at + 1, lines: lines.slice(at, end < 0 ? undefined : end) };
  });
}

function readCase(lines: readonly string[], where: string): Omit<BehaviourCase, 'title' | keyof Place> {
  const arrow = lines.indexOf('==>');
  const asked = lines.slice(0, Math.max(arrow, 0)).map((line) => {
    const told = read(line);
    if (told === null)
      throw new Error(
        `${where}: found "${line}", expected CALLER > ADDRESS:PORT, send, http, header, show, answer or tls`,
      );
    return told;
  });
  const headers = asked.flatMap((told) => told.headers ?? []);
  const { show = [], caller, to, ...rest }: Partial<BehaviourCase> = Object.assign({}, ...asked);
  const expected = lines.slice(arrow + 1);
  if (arrow < 0 || caller === undefined || to === undefined || expected.length === 0)
    throw new Error(`${where}: expected CALLER > ADDRESS:PORT, ==>, and what becomes of it`);
  return { ...rest, caller, to, headers, show, expected };
}

function split(line: string): readonly [string, string] {
  const at = line.indexOf(' ');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

/** What one line tells of a case, or null. */
function read(line: string): Partial<BehaviourCase> | null {
  const [word, rest] = split(line);
  if (rest.startsWith('> ') && callers.includes(word))
    return { caller: word as Caller, to: readEnd(rest.slice(2)) };
  switch (word) {
    case 'send':
      return { send: JSON.parse(`"${rest}"`) };
    case 'http': {
      const [method = '', path = '', host = null] = rest.split(' ');
      return { http: { method, path, host } };
    }
    case 'header':
      return { headers: [rest] };
    case 'show':
      return { show: rest.split(', ') };
    case 'answer':
      return { answer: rest.split(', ') };
    case 'tls': {
      const names = /^(\S+)?(?: ?alpn (\S+))?(?: ?with (certificate))?$/.exec(rest);
      if (names === null) return null;
      const [, name, alpn, certificate] = names;
      return {
        tls: {
          ...(name === undefined || name === '-' ? {} : { name }),
          ...(alpn === undefined ? {} : { alpn: alpn.split(',') }),
          certificate: certificate !== undefined,
        },
      };
    }
    default:
      return null;
  }
}

/** `10.244.1.5:80`, `[::1]:80`. */
export function readEnd(text: string): End {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

export function printEnd({ address, port }: End): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * What may be seen with this Envoy: one way, or two where Envoy itself leaves it to chance. The lines of the second
 * way begin with `1.39?| `, and stand in place of all that only this version says.
 */
export function waysOf({ expected }: BehaviourCase, version: string): readonly (readonly string[])[] {
  const lines = expected.map((line) => {
    const [, only, other, rest] = /^(\d+\.\d+)(\??)\| (.*)$/.exec(line) ?? [];
    return { isAsked: only === undefined || version.startsWith(`${only}.`), only, other, rest: rest ?? line };
  });
  const asked = lines.filter(({ isAsked }) => isAsked);
  const one = asked.filter(({ other }) => other !== '?').map(({ rest }) => rest);
  if (!asked.some(({ other }) => other === '?')) return [one];
  return [
    one,
    asked.filter(({ only, other }) => only === undefined || other === '?').map(({ rest }) => rest),
  ];
}
