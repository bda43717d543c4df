/** The first line of an HTTP/1 request, as Balsa takes it: source/common/http/http1/balsa_parser.cc. */
export interface FirstLine {
  readonly method: string;
  readonly target: string;
  /** `HTTP/1.1`; '' where there is none. */
  readonly version: string;
}

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
export const isToken = (text: string): boolean => token.test(text);

export const methods = [
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
