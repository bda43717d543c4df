/** What is said of an Envoy's configuration that cannot be read, and of what an Envoy does with a connection. */
import type {
  Awaited,
  ChainMiss,
  Closing,
  ConfigProblem,
  Doubt,
  EnvoyEvent,
  EnvoyOutcome,
  RouteMiss,
  SeenByClient,
} from '../../envoy/index.ts';
import { printEndpoint } from '../../netfilter/index.ts';

/** What is the matter with a text, in one sentence. */
export function configProblemWords(problem: ConfigProblem): string {
  switch (problem.code) {
    case 'text empty':
      return 'The text is empty.';
    case 'text too long':
      return `The text has ${problem.length} characters, and at most ${problem.most} are read.`;
    case 'text cut off':
      return `The text ends too early, in line ${problem.line}: what is whole before that was read.`;
    case 'text begins too late':
      return `The text begins within something, of which the beginning is not there: in line ${problem.line} stands what belongs to it.`;
    case 'left out':
      return `In line ${problem.line} something was left out, where "..." stands.`;
    case 'not JSON':
      return `Line ${problem.line}, column ${problem.column}: what stands here is no JSON, and what is whole before it was read.`;
    case 'not YAML':
      return `Line ${problem.line}, column ${problem.column}: this is no YAML.`;
    case 'not a configuration':
      return problem.fields.length === 0
        ? `A ${problem.found} that holds nothing of an Envoy's configuration: a config_dump, listeners, clusters, routes or endpoints were expected.`
        : `${problem.fields.map(quoted).join(', ')}: this is no config_dump, and no listener, cluster, route table or endpoint.`;
    case 'older API':
      return `${quoted(problem.type)} is of an older API than v3, and was not read.`;
    case 'nested too deep':
      return 'It holds itself, or is nested more than 200 deep, and was not read to its end.';
    case 'another dump':
      return `The text has another dump behind the first${problem.node === '' ? '' : `, of ${quoted(problem.node)}`}, which was not read: give each by itself.`;
    case 'named twice':
      return `Two ${problem.part}s have the name ${quoted(problem.name)}: give each dump by itself.`;
    case 'dump of another program':
      return `This dump, with ${problem.fields.map(quoted).join(', ')}, is not that of an Envoy.`;
    case 'part unknown':
      return `${quoted(problem.part)} is no part of a config_dump that is known here, and was not read.`;
    case 'part failed':
      return `The last update of ${quoted(problem.part)} failed: ${problem.details}`;
    case 'value unreadable':
      return `${problem.where}: found ${quoted(problem.found)}, expected ${wantedWords[problem.wanted]}.`;
  }
}

const wantedWords = {
  message: 'a message',
  list: 'a list',
  text: 'a text',
  'whole number': 'a number',
  port: 'a port from 0 to 65535',
  'true or false': 'true or false',
  duration: 'a duration such as "5s"',
  address: 'an address',
  prefix: 'an address with the length of its prefix',
} as const;

function quoted(text: string): string {
  return `"${text}"`;
}

/** One step of a connection, in one sentence. */
export function envoyEventWords(event: EnvoyEvent): string {
  switch (event.kind) {
    case 'listener': {
      const place = printEndpoint(event.address.address, event.address.port);
      if (event.by === 'bound') return `The listener ${event.listener} accepts at ${place}.`;
      return event.by === 'exact'
        ? `The listener ${event.listener} has the address ${place}, and takes over.`
        : `The listener ${event.listener} has every address at port ${event.address.port}, and takes over.`;
    }
    case 'not handed over':
      return `No listener has ${printEndpoint(event.destination.address, event.destination.port)}: it stays with ${event.listener}.`;
    case 'listener filter':
      return `${event.filter}: ${doingWords(event.did)}.`;
    case 'filter chain':
      return event.missed === null
        ? `Chain ${event.position}${named(event.chain)} takes it.`
        : `Chain ${event.position}${named(event.chain)} does not: ${chainMissWords(event.missed)}.`;
    case 'default filter chain':
      return event.chain === null
        ? 'No chain takes it, and there is no default one.'
        : `No chain takes it, so the default one${named(event.chain)} does.`;
    case 'network filter':
      return event.does === 'passes' ? `${event.filter} lets it pass.` : `${event.filter} decides.`;
    case 'virtual host':
      return event.name === null
        ? `No virtual host has the name ${quoted(event.host)}.`
        : `The virtual host ${event.name} has ${quoted(event.host)}, by ${quoted(event.domain ?? '')}.`;
    case 'route':
      return event.missed === null
        ? `Route ${event.position}${named(event.name)} takes it.`
        : `Route ${event.position}${named(event.name)} does not: ${routeMissWords(event.missed)}.`;
    case 'cluster':
      return event.type === null
        ? `The cluster is ${event.cluster}.`
        : `The cluster is ${event.cluster}, of type ${event.type}.`;
    case 'dial':
      return `It dials ${event.hosts.join(' or ')}${event.source === null ? '' : ` from ${event.source}`}${event.tls ? ', with TLS' : ''}.`;
  }
}

function named(name: string): string {
  return name === '' ? '' : ` (${name})`;
}

type Doing = Extract<EnvoyEvent, { kind: 'listener filter' }>['did'];

function doingWords(did: Doing): string {
  switch (did.code) {
    case 'disabled':
      return `disabled at port ${did.port}`;
    case 'restored':
      return `the client called ${printEndpoint(did.destination.address, did.destination.port)}`;
    case 'not restored':
      return 'the kernel knows of no other destination';
    case 'keeps source':
      return `whoever is dialled will see ${did.source}`;
    case 'TLS':
      return `TLS${did.serverName === '' ? ' without a server name' : ` for ${did.serverName}`}${did.alpn.length === 0 ? '' : `, ALPN ${did.alpn.join(', ')}`}`;
    case 'not TLS':
      return 'not TLS';
    case 'HTTP':
      return did.protocol;
    case 'not HTTP':
      return 'not HTTP';
    case 'not asked':
      return 'not asked, since it is TLS';
    case 'waits':
      return `waits for ${awaitedWords[did.for]}`;
    case 'too late':
      return `waits no longer than ${secondsWords(did.after)}`;
  }
}

const awaitedWords: Readonly<Record<Awaited, string>> = {
  '5 bytes': 'the first 5 bytes',
  'the whole ClientHello': 'the whole ClientHello',
  'a byte': 'the first byte',
  'the end of the first line': 'the end of the first line',
  'the whole preface of HTTP/2': 'the rest of the preface of HTTP/2',
  'the head of a request': 'the head of a request',
};

function secondsWords(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}

/** Why a chain is not taken: the condition, what it asks for, and what the connection has. */
export function chainMissWords({ condition, wanted, found, hiddenBy }: ChainMiss): string {
  const asked = wanted.length === 0 ? `asks for no ${condition}` : `${condition} is ${wanted.join(', ')}`;
  const has = found.length === 0 ? 'the connection has none' : `the connection has ${found.join(', ')}`;
  return hiddenBy === null
    ? `its ${asked}, ${has}`
    : `it ${wanted.length === 0 ? asked : `has ${condition} ${wanted.join(', ')}`}, and another chain has ${hiddenBy}, which is nearer`;
}

function routeMissWords({ condition, name, wanted, found }: RouteMiss): string {
  const what = condition === 'path' ? `the path is not ${name}` : `${condition} ${name} is not`;
  return `${what} ${quoted(wanted)}${found === null ? '' : `, it is ${quoted(found)}`}`;
}

/** What becomes of a connection, in one sentence. */
export function envoyOutcomeWords(outcome: EnvoyOutcome): string {
  switch (outcome.kind) {
    case 'dials':
      return `It goes to ${outcome.hosts.join(' or ')}, by the cluster ${outcome.cluster}.`;
    case 'responds':
      return outcome.status === undefined
        ? `Envoy begins ${outcome.with}, and waits for a request.`
        : `Envoy answers ${outcome.status}${flagsWords(outcome.flags)}.`;
    case 'closed':
      return `It is closed: ${closingWords[outcome.because]}${flagsWords(outcome.flags)}.`;
    case 'waits':
      return outcome.timeout === null
        ? `It waits for ever, for ${awaitedWords[outcome.for]}.`
        : `It waits for ${awaitedWords[outcome.for]}, ${secondsWords(outcome.timeout)} at most.`;
    case 'cannot tell':
      return `Nobody can tell from here: ${doubtWords(outcome.because)}.`;
  }
}

/** What the client sees in the end, and what the access log has of it, in a sentence each. */
export function seenWords({
  outcome,
  seen,
}: {
  readonly outcome: EnvoyOutcome;
  readonly seen: SeenByClient | null;
}): string {
  if (seen === null) return '';
  const details = 'details' in outcome && outcome.details !== undefined ? ` ${outcome.details}` : '';
  const log = seen.flags === undefined ? '' : ` The access log has ${seen.flags}${details}.`;
  return `${clientWords(seen)}${log}`;
}

function clientWords({ client, status }: SeenByClient): string {
  switch (client) {
    case 'answer':
      return status === undefined ? 'The client gets its answer.' : `The client gets ${status}.`;
    case 'closed':
      return 'The client is connected, and then closed.';
    case 'reset':
      return 'The client is connected, and then reset.';
    case 'waits':
      return 'The client is connected, and nothing comes.';
  }
}

function flagsWords(flags: string | undefined): string {
  return flags === undefined ? '' : ` (${flags})`;
}

const closingWords: Readonly<Record<Closing, string>> = {
  'nobody listens': 'no listener is bound to this port',
  'no filter chain': 'no filter chain fits',
  'no filters': 'the filter chain has no filters',
  'listener filters timed out': 'the client was too slow for the listener filters',
  'not TLS': 'the filter chain wants TLS, and the client sends something else',
  'not HTTP/2': 'the connection manager takes HTTP/2 alone, and the client sends something else',
  'no healthy host': 'the cluster has no host to dial',
  'cluster unknown': 'there is no such cluster',
  'source address of another family': 'the source address is of another family than the host',
};

function doubtWords(doubt: Doubt): string {
  switch (doubt.code) {
    case 'not in the text':
      return `the text has no ${doubt.section}, and ${doubt.name} would be one`;
    case 'not modelled':
      return `${doubt.what} of ${doubt.name} decides, and is not known here`;
    case 'accepted address unknown':
      return `it hangs on the address at which ${doubt.listener} accepted it`;
    case 'several listeners':
      return `${doubt.listeners.join(' and ')} listen on port ${doubt.port}`;
    case 'several chains':
      return `${doubt.chains.length} filter chains have the same conditions`;
    case 'weights':
      return `chance decides between ${doubt.clusters.join(' and ')}`;
    case 'regular expression':
      return `the regular expression ${quoted(doubt.pattern)} cannot be tried here`;
  }
}
