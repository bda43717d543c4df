/**
 * A connection through a pasted Envoy in the fragment of an address, beside the dump:
 *
 *     #v=1&call.from=app&call.to=10.96.0.7:80&call.first=HTTP&call.host=reviews&dump=…
 */
import { printEndpoint } from '../../../netfilter/index.ts';
import { readEndpoint } from '../../walk/endpoint.ts';
import { type AskedOfEnvoy, firstWords } from './asked.ts';

/** A part of a link that is none. */
export interface CallProblem {
  readonly name: string;
  readonly text: string;
}

export interface LinkedEnvoyCall {
  readonly asked: AskedOfEnvoy;
  /** What could not be read; the rest was. */
  readonly problems: readonly CallProblem[];
  /** The link leads to no other connection. */
  readonly isAlone: boolean;
}

const senders = { outbound: 'app', inbound: 'client' } as const;

/** What of a text a call may have: what HTTP and TLS can write. */
const forms = {
  host: /^[\w.:*[\]-]{0,253}$/,
  alpn: /^[\w./,-]{0,100}$/,
  path: /^\/[\x21-\x7e]{0,500}$/,
} as const;
type Free = keyof typeof forms;

/** The parts of a fragment that lead to a call. */
export function writeCall(asked: AskedOfEnvoy): string {
  const { direction, address, port, first, host, alpn, path } = asked;
  const parts = {
    from: senders[direction],
    to: printEndpoint(address, port),
    first,
    host: host === '' ? undefined : host,
    alpn,
    path,
  };
  return Object.entries(parts)
    .flatMap(([name, text]) => (text === undefined ? [] : [`call.${name}=${encoded(text)}`]))
    .join('&');
}

/** Reads the call of a fragment; null where it has none. Never throws. */
export function readCall(fragment: string): LinkedEnvoyCall | null {
  const parts = fragment
    .replace(/^#/, '')
    .split('&')
    .filter((part) => !part.startsWith('dump='));
  const texts = new Map(
    parts.flatMap((part): readonly (readonly [string, string])[] => {
      const [, name = '', text = ''] = /^call\.([a-zA-Z]+)=(.{0,800})/.exec(part) ?? [];
      return name === '' ? [] : [[name, decoded(text)]];
    }),
  );
  if (texts.size === 0) return null;
  let asked: AskedOfEnvoy = {
    direction: 'outbound',
    address: '203.0.113.5',
    port: 80,
    first: 'HTTP',
    host: '',
  };
  const problems: CallProblem[] = [];
  for (const [name, text] of texts) {
    const said = readPart(name, text);
    if (said === null) problems.push({ name, text: text.slice(0, 80) });
    else asked = { ...asked, ...said };
  }
  return { asked, problems, isAlone: !parts.some((part) => /^(?:scenario|from|to)=/.test(part)) };
}

function readPart(name: string, text: string): Partial<AskedOfEnvoy> | null {
  switch (name) {
    case 'from': {
      const direction = (['outbound', 'inbound'] as const).find((one) => senders[one] === text);
      return direction === undefined ? null : { direction };
    }
    case 'to':
      return readEndpoint(text);
    case 'first': {
      const first = firstWords.find((one) => one === text);
      return first === undefined ? null : { first };
    }
    default:
      return Object.hasOwn(forms, name) && forms[name as Free].test(text) ? { [name]: text } : null;
  }
}

/** What people can read in an address stays as it is. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/%(?:3A|2C|5B|5D|2F)/g, decodeURIComponent)
    .replace(/%20/g, '+');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
