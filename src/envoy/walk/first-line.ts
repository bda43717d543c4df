/**
 * The first line of an HTTP/1 request, as Envoy's two parsers take it: Balsa (source/common/http/http1/balsa_parser.cc)
 * and, in http_inspector before 1.39, http-parser.
 */
export interface FirstLine {
  readonly method: string;
  readonly target: string;
  /** `HTTP/1.1`; '' where there is none. */
  readonly version: string;
}

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
export const isToken = (text: string): boolean => token.test(text);

const methods = [
  'ACL',
  'BIND',
  'CHECKOUT',
  'CONNECT',
  'COPY',
  'DELETE',
  'GET',
  'HEAD',
  'LINK',
  'LOCK',
  'MERGE',
  'MKACTIVITY',
  'MKCALENDAR',
  'MKCOL',
  'MOVE',
  'NOTIFY',
  'OPTIONS',
  'PATCH',
  'POST',
  'PROPFIND',
  'PROPPATCH',
  'PURGE',
  'PUT',
  'REBIND',
  'REPORT',
  'SEARCH',
  'SOURCE',
  'SUBSCRIBE',
  'TRACE',
  'UNBIND',
  'UNLINK',
  'UNLOCK',
  'UNSUBSCRIBE',
];
export const isKnownMethod = (method: string): boolean => methods.includes(method);

/** Balsa's reading of a line without its end; null where it is none of a request. */
export function balsaLine(line: string, isMethod: (method: string) => boolean): FirstLine | null {
  const parts = /^([^ \t\r]+)[ \t\r]+([^ \t\r]+)(?:[ \t\r]+(.*?))?[ \t\r]*$/s.exec(line);
  if (parts === null) return null;
  const [, method = '', target = '', version = ''] = parts;
  if (!isMethod(method) || !isTarget(target, method === 'CONNECT')) return null;
  if (version !== '' && !/^HTTP\/\d\.\d$/.test(version)) return null;
  return { method, target, version };
}

const pathAndQuery = /^[\t\f!-~]*$/;
const hostCharacters = /^[A-Za-z0-9!$%&'()*+,\-.:;=@[\]_~]*$/;

/** isUrlValid. */
function isTarget(target: string, isConnect: boolean): boolean {
  if (target.startsWith('/') || target.startsWith('*')) return pathAndQuery.test(target.slice(1));
  const rest = isConnect ? target : /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(.*)$/s.exec(target)?.[1];
  if (rest === undefined || target === '') return false;
  const at = rest.search(/[/?]/);
  const host = at < 0 ? rest : rest.slice(0, at);
  return hostCharacters.test(host) && !host.includes('@@') && pathAndQuery.test(at < 0 ? '' : rest.slice(at));
}

/** http-parser, byte by byte: what it makes of the bytes so far. */
export function httpParserLine(bytes: string): 'not HTTP' | 'more' | { readonly version: string } {
  let state: (letter: string) => typeof state | 'bad' | { readonly version: string };
  let text = '';
  const method = (letter: string): ReturnType<typeof state> => {
    if (letter === ' ' && isKnownMethod(text)) return spaces;
    text += letter;
    // M-SEARCH is in its table, and is not taken.
    return [...methods, 'M-'].some((one) => one.startsWith(text)) ? method : 'bad';
  };
  const spaces = (letter: string): ReturnType<typeof state> => {
    if (letter === ' ') return spaces;
    if (text === 'CONNECT') return server(letter);
    if (letter === '/' || letter === '*') return path;
    return /[A-Za-z]/.test(letter) ? scheme : 'bad';
  };
  const scheme = (letter: string): ReturnType<typeof state> => {
    if (/[A-Za-z0-9+.-]/.test(letter)) return scheme;
    return letter === ':' ? slash : 'bad';
  };
  const slash = (letter: string) => (letter === '/' ? slashes : 'bad');
  const slashes = (letter: string) => (letter === '/' ? server : 'bad');
  const server = (letter: string): ReturnType<typeof state> => {
    if (letter === '/' || letter === '?') return path;
    if (letter === '@') return serverWithAt;
    return /[A-Za-z0-9\-_.!~*'()%;:&=+$,[\]]/.test(letter) ? host : 'bad';
  };
  const host = (letter: string): ReturnType<typeof state> => ended(letter) ?? server(letter);
  const serverWithAt = (letter: string): ReturnType<typeof state> => (letter === '@' ? 'bad' : host(letter));
  const path = (letter: string): ReturnType<typeof state> =>
    ended(letter) ?? (/[!-~]/.test(letter) ? path : 'bad');
  const ended = (letter: string): ReturnType<typeof state> | null => {
    if (letter === ' ') return beforeVersion;
    if (letter === '\n') return { version: '' };
    return letter === '\r' ? lineEnd('') : null;
  };
  const beforeVersion = (letter: string): ReturnType<typeof state> => {
    if (letter === ' ') return beforeVersion;
    return letter === 'H' ? versionAfter('H') : 'bad';
  };
  const versionAfter =
    (before: string) =>
    (letter: string): ReturnType<typeof state> => {
      if (before.length === 8) {
        if (letter === '\n') return { version: before };
        return letter === '\r' ? lineEnd(before) : 'bad';
      }
      const wanted = 'HTTP/0.0'[before.length] as string;
      const fits = wanted === '0' ? /\d/.test(letter) : letter === wanted;
      return fits ? versionAfter(before + letter) : 'bad';
    };
  const lineEnd = (version: string) => (letter: string) => (letter === '\n' ? { version } : ('bad' as const));
  state = method;
  for (const letter of bytes) {
    const next = state(letter);
    if (next === 'bad') return 'not HTTP';
    if (typeof next === 'object') return next;
    state = next;
  }
  return 'more';
}
