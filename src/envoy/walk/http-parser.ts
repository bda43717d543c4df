/** The first line of an HTTP/1 request, as http_inspector takes it before 1.39: http-parser. */
import { isKnownMethod, methods } from './first-line.ts';

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
