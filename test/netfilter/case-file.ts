/**
 * Engine cases as text: a host, rules as `iptables-save` prints them, packets, and behind `==>` what happens.
 *
 * The format is told in `cases/README.md`. Pure: the kernel tests read the same files.
 */
import type {
  Host,
  IpSet,
  Origin,
  Packet,
  Route,
  RoutingRule,
  Socket,
  TcpFlag,
} from '../../src/netfilter/index.ts';

export interface Case {
  readonly title: string;
  /** Of the title, counted from 1. */
  readonly line: number;
  /** Without its rulesets; the usual pod where the case names no interface. */
  readonly host: Omit<Host, 'rulesets'>;
  readonly rules: { readonly v4?: RulesText; readonly v6?: RulesText };
  readonly steps: readonly Step[];
  /** Rules that did not match are lines of the trace too, with their reasons. */
  readonly showsEveryRule: boolean;
}

export interface RulesText {
  readonly text: string;
  /** Where its first line stands in the file. */
  readonly line: number;
}

export interface Step {
  /** What is asked. */
  readonly question: Ask;
  /** The reader's answers to the questions that the packet comes to, in turn: whether the rule matches. */
  readonly answers: readonly boolean[];
  readonly line: number;
  /** The line as it is written. */
  readonly text: string;
  readonly expected: readonly string[];
}

export type Ask =
  | { readonly kind: 'packet'; readonly packet: Packet }
  /** The first packet once more, the same with ACK alone, or an answer to the last one. */
  | { readonly kind: 'again' | 'next' | 'reply'; readonly changes: Partial<Packet> }
  | { readonly kind: 'problems' | 'print' };

/** The pod that a case is about where it names no interface. */
export const usualHost: Omit<Host, 'rulesets'> = {
  interfaces: [
    { name: 'lo', addresses: ['127.0.0.1/8', '::1/128', '::6/128'] },
    { name: 'eth0', addresses: ['10.244.1.5/24', 'fd00:10:244:1::5/64'] },
  ],
  routes: [
    { destination: 'default', via: '10.244.1.1', dev: 'eth0' },
    { destination: 'default', via: 'fd00:10:244:1::1', dev: 'eth0' },
  ],
};

/** A case file that breaks its own format. */
export class CaseFileError extends Error {}

/** Reads a case file. Throws a CaseFileError that names file and line where the format is broken. */
export function readCaseFile(name: string, text: string): readonly Case[] {
  const fail = (line: number, message: string): never => {
    throw new CaseFileError(`${name}:${line}: ${message}`);
  };
  const lines = text.split('\n');
  if (!lines.includes('==>')) fail(1, 'found no line "==>"; a case says what it expects behind one');
  const cases: Case[] = [];
  let open = newCase();
  let rules: { lines: string[]; line: number } | null = null;
  let step: (Omit<Step, 'expected'> & { expected: string[] | null }) | null = null;

  const endStep = (at: number) => {
    if (step === null) return;
    const { expected, ...rest } = step;
    if (expected === null) fail(at, `found no "==>" behind "${step.text}"`);
    open.steps.push({ ...rest, expected: trimEmpty(expected as string[]) });
    step = null;
  };
  const endCase = (at: number) => {
    endStep(at);
    if (open.title === '' && open.steps.length === 0) return;
    if (open.title === '') fail(open.line, 'found a case without a title; begin it with "# What it shows"');
    if (open.steps.length === 0) fail(open.line, `found no "==>" in the case "${open.title}"`);
    cases.push(finish(open));
    open = newCase();
    rules = null;
  };

  for (const [index, line] of lines.entries()) {
    const at = index + 1;
    const word = /^\S*/.exec(line)?.[0] ?? '';
    if (word === '#' && open.steps.length + (step?.expected ? 1 : 0) > 0) endCase(at);
    if (word === '#' && open.title === '') {
      open.title = line.slice(1).trim();
      open.line = at;
      continue;
    }
    if (line === '==>') {
      if (step === null || step.expected !== null) fail(at, 'found "==>" behind no packet and no question');
      else step.expected = [];
      continue;
    }
    if (isStep(word)) {
      endStep(at);
      rules = null;
      const [asks = '', given] = line.split(' answered ');
      step = {
        question: readStep(asks, (message) => fail(at, message)),
        answers: readAnswers(given, (message) => fail(at, message)),
        line: at,
        text: line,
        expected: null,
      };
      continue;
    }
    if (step !== null) {
      if (step.expected !== null) step.expected.push(line);
      else if (line.trim() !== '') fail(at, `found "${line}" where "==>" was expected`);
      continue;
    }
    const save = /^(ip6?tables)-save$/.exec(line)?.[1];
    if (save !== undefined || (rules === null && line.startsWith('*'))) {
      rules = { lines: [], line: save === undefined ? at : at + 1 };
      open.rules[save === 'ip6tables' ? 'v6' : 'v4'] = rules;
      if (save !== undefined) continue;
    }
    if (rules !== null) rules.lines.push(line);
    else if (line.trim() !== '' && word !== '#') readHostLine(open, line, (message) => fail(at, message));
  }
  endCase(lines.length);
  return cases;
}

interface OpenCase {
  title: string;
  line: number;
  interfaces: Host['interfaces'][number][];
  routes: Route[];
  routingRules: RoutingRule[];
  sockets: Socket[] | null;
  sysctls: Record<string, number>;
  sets: Record<string, IpSet>;
  backend: Host['backend'];
  rules: { v4?: { lines: string[]; line: number }; v6?: { lines: string[]; line: number } };
  steps: Step[];
  showsEveryRule: boolean;
}

function newCase(): OpenCase {
  return {
    title: '',
    line: 1,
    interfaces: [],
    routes: [],
    routingRules: [],
    sockets: null,
    sysctls: {},
    sets: {},
    backend: undefined,
    rules: {},
    steps: [],
    showsEveryRule: false,
  };
}

function finish(open: OpenCase): Case {
  const isUsual = open.interfaces.length === 0;
  const text = (rules: { lines: string[]; line: number }): RulesText => ({
    text: trimEmpty(rules.lines).join('\n'),
    line: rules.line,
  });
  const { v4, v6 } = open.rules;
  return {
    title: open.title,
    line: open.line,
    host: {
      interfaces: isUsual ? usualHost.interfaces : open.interfaces,
      routes: [...(isUsual ? (usualHost.routes ?? []) : []), ...open.routes],
      rules: open.routingRules,
      ...(open.sockets === null ? {} : { sockets: open.sockets }),
      sysctls: open.sysctls,
      ...(Object.keys(open.sets).length === 0 ? {} : { sets: open.sets }),
      ...(open.backend === undefined ? {} : { backend: open.backend }),
    },
    rules: {
      ...(v4 === undefined ? {} : { v4: text(v4) }),
      ...(v6 === undefined ? {} : { v6: text(v6) }),
    },
    steps: open.steps,
    showsEveryRule: open.showsEveryRule,
  };
}

type Fail = (message: string) => never;

function isStep(word: string): boolean {
  return ['packet', 'again', 'next', 'reply', 'problems', 'print'].includes(word);
}

function readStep(line: string, fail: Fail): Ask {
  const words = line.trim().split(/\s+/);
  const kind = words.shift();
  if (kind === 'problems' || kind === 'print') return { kind };
  if (kind === 'again' || kind === 'next' || kind === 'reply')
    return { kind, changes: readPacketWords(words, fail) };
  const [protocol, source, arrow, destination, ...rest] = words;
  if (protocol === undefined || source === undefined || arrow !== '>' || destination === undefined)
    return fail(
      `found "${line}", expected "packet tcp 10.244.1.5:40000 > 10.96.0.7:80 from uid 1000 gid 1000"`,
    );
  const from = readEndpoint(source);
  const to = readEndpoint(destination);
  const changes = readPacketWords(rest, fail);
  if (changes.from === undefined) return fail(`found "${line}" with neither "from …" nor "in eth0"`);
  return {
    kind: 'packet',
    packet: {
      protocol,
      source: from.address,
      destination: to.address,
      ...(from.port === undefined ? {} : { sourcePort: from.port }),
      ...(to.port === undefined ? {} : { destinationPort: to.port }),
      ...changes,
      from: changes.from,
    },
  };
}

/** `match,miss` */
function readAnswers(text: string | undefined, fail: Fail): readonly boolean[] {
  return (text?.split(',') ?? []).map((answer) =>
    answer === 'match' || answer === 'miss'
      ? answer === 'match'
      : fail(`found "${answer}" where match or miss was expected`),
  );
}

/** `10.0.0.1:80`, `[::1]:80`, `10.0.0.1`, `::1` */
function readEndpoint(text: string): { readonly address: string; readonly port?: number } {
  const v6 = /^\[(.*)\](?::(\d+))?$/.exec(text);
  const v4 = /^([^:]*):(\d+)$/.exec(text);
  const [, address, port] = v6 ?? v4 ?? [undefined, text, undefined];
  return { address: address ?? text, ...(port === undefined ? {} : { port: Number(port) }) };
}

type Words = string[];

function readPacketWords(words: Words, fail: Fail): Partial<Packet> {
  let packet: Partial<Packet> = {};
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    packet = { ...packet, ...readPacketWord(word, words, fail) };
  }
  return packet;
}

function readPacketWord(word: string, words: Words, fail: Fail): Partial<Packet> {
  const value = () => words.shift() ?? fail(`found nothing behind "${word}"`);
  const number = () => {
    const text = value();
    return Number.isNaN(Number(text)) ? fail(`found "${text}" where a number was expected`) : Number(text);
  };
  switch (word) {
    case 'from':
      return { from: readOrigin(words, fail) };
    case 'in':
      return { from: { interface: value() } };
    case 'flags':
      return { flags: value().split(',') as TcpFlag[] };
    case 'bound':
      return { boundTo: value() };
    case 'mark':
    case 'ttl':
    case 'tos':
    case 'length':
    case 'mss':
      return { [word]: number() };
    case 'mac':
      return { mac: value() };
    case 'icmp': {
      const [type, code, id] = value().split('/').map(Number);
      return { icmp: { type: type ?? 0, code: code ?? 0, id: id ?? 0 } };
    }
    case 'about': {
      const [protocol, source, , destination] = [value(), value(), value(), value()];
      const from = readEndpoint(source);
      const to = readEndpoint(destination);
      return {
        about: {
          protocol,
          source: from.address,
          destination: to.address,
          ...(from.port === undefined ? {} : { sourcePort: from.port }),
          ...(to.port === undefined ? {} : { destinationPort: to.port }),
        },
      };
    }
    default:
      return fail(
        `found "${word}", expected from, in, flags, bound, mark, ttl, tos, length, mss, mac, icmp or about`,
      );
  }
}

function readOrigin(words: Words, fail: Fail): Origin {
  const kind = words.shift();
  if (kind === 'kernel') return { kernel: 'control socket' };
  if (kind === 'nobody') return { kernel: 'no socket' };
  const [uid, gidWord, gid] = words.splice(0, 3);
  if (kind !== 'uid' || gidWord !== 'gid')
    return fail('expected "from uid 1000 gid 1000", "from kernel" or "from nobody"');
  return { uid: Number(uid), gid: Number(gid) };
}

function readHostLine(open: OpenCase, line: string, fail: Fail): void {
  const words = line.trim().split(/\s+/);
  const word = words.shift();
  switch (word) {
    case 'interface':
      open.interfaces.push({ name: words[0] ?? '', addresses: words.slice(1) });
      return;
    case 'route':
      open.routes.push(readRoute(words));
      return;
    case 'rule':
      open.routingRules.push(readRoutingRule(words, fail));
      return;
    case 'sockets':
      open.sockets ??= [];
      return;
    case 'socket':
      open.sockets = [...(open.sockets ?? []), readSocket(words)];
      return;
    case 'sysctl':
      open.sysctls[words[0] ?? ''] = Number(words.at(-1));
      return;
    case 'set':
      open.sets[words[0] ?? ''] = readSet(words.slice(1));
      return;
    case 'backend':
      open.backend = words[0] === 'nft' ? 'nft' : 'legacy';
      return;
    case 'every':
      open.showsEveryRule = true;
      return;
    default:
      fail(
        `found "${line}", expected interface, route, rule, socket, sysctl, set, backend, every rule, a table such as "*nat" or a packet`,
      );
  }
}

/** `hash:ip 10.0.0.1 10.0.0.2`, `hash:net inet6 fd00::/8 fd00::/16 nomatch` */
function readSet(words: Words): IpSet {
  const [type = '', ...rest] = words;
  const isV6 = rest[0] === 'inet6';
  const members = (isV6 ? rest.slice(1) : rest).join(' ').replaceAll(' nomatch', '\0nomatch').split(' ');
  return {
    type,
    ...(isV6 ? { family: 'v6' } : {}),
    members: members.filter((one) => one !== '').map((one) => one.replace('\0', ' ')),
  };
}

/** As `ip route` prints one: `local default dev lo table 133`. */
function readRoute(words: Words): Route {
  const types = ['unicast', 'local', 'blackhole', 'unreachable', 'prohibit', 'throw'] as const;
  const type = types.find((one) => one === words[0]);
  const rest = type === undefined ? words : words.slice(1);
  const after = (name: string) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
  const pick = <K extends string>(name: string, key: K): { readonly [k in K]?: string } => {
    const value = after(name);
    return (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: string };
  };
  const metric = after('metric');
  return {
    destination: rest[0] ?? 'default',
    ...(type === undefined ? {} : { type }),
    ...pick('dev', 'dev'),
    ...pick('via', 'via'),
    ...pick('src', 'src'),
    ...pick('table', 'table'),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
  };
}

/** As `ip rule` prints one: `100: from all fwmark 0x539/0xffffffff lookup 133`. */
function readRoutingRule(words: Words, fail: Fail): RoutingRule {
  const after = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [from, to, iif, oif, fwmark, table] = ['from', 'to', 'iif', 'oif', 'fwmark', 'lookup'].map(after);
  const priority = Number.parseInt(words[0] ?? '', 10);
  if (Number.isNaN(priority) || table === undefined)
    return fail('expected "rule 100: from all fwmark 0x539 lookup 133"');
  const [value, mask] = (fwmark ?? '').split('/');
  return {
    priority,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(iif === undefined ? {} : { iif }),
    ...(oif === undefined ? {} : { oif }),
    ...(fwmark === undefined ? {} : { fwmark: { value: Number(value), mask: Number(mask ?? 0xffffffff) } }),
    table,
  };
}

/** `tcp 0.0.0.0:15001 uid 1337 gid 1337 transparent`; `… > 10.0.0.1:80` for a connected one. */
function readSocket(words: Words): Socket {
  const { address, port } = readEndpoint(words[1] ?? '');
  const remote = words.includes('>') ? readEndpoint(words[words.indexOf('>') + 1] ?? '') : null;
  const number = (name: string) => (words.includes(name) ? Number(words[words.indexOf(name) + 1]) : 0);
  return {
    protocol: words[0] ?? 'tcp',
    address,
    port: port ?? 0,
    uid: number('uid'),
    gid: number('gid'),
    ...(remote === null ? {} : { remoteAddress: remote.address, remotePort: remote.port ?? 0 }),
    ...(words.includes('transparent') ? { transparent: true } : {}),
  };
}

function trimEmpty(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}
