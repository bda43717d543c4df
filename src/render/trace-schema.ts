/**
 * The JSON Schema of `trace.json` (draft 2020-12). It follows `json` of `src/render` and the events of
 * `src/netfilter`; a test holds every scenario's trace to it. Objects are open: a trace grows, and a field keeps
 * its meaning.
 */
import { outcomeKinds } from '../journey/index.ts';
import { jsonVersion } from './texts.ts';

const text = { type: 'string' } as const;
const number = { type: 'integer' } as const;
const yesOrNo = { type: 'boolean' } as const;
const list = (items: object) => ({ type: 'array', items });
const one = (name: string) => ({ $ref: `#/$defs/${name}` });

/** An object: the fields that are always there, and those that may be. */
function object(required: Readonly<Record<string, object>>, others: Readonly<Record<string, object>> = {}) {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...others } };
}

/** One of several objects, told apart by their `kind`. */
function kinds(all: Readonly<Record<string, object>>) {
  return { oneOf: Object.values(all) };
}

function kind(name: string, required: Readonly<Record<string, object>>, others = {}) {
  return object({ kind: { const: name }, ...required }, others);
}

const inTable = { table: one('table') };
const inChain = { ...inTable, chain: text };

function event(name: string, required: Readonly<Record<string, object>>, others = {}) {
  return kind(name, { hook: one('hook'), packet: one('packet'), ...required }, others);
}

const definitions = {
  hook: { enum: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] },
  /** A table of iptables, or one of nft with its family: `inet istio-proxy-nat`. */
  table: {
    anyOf: [
      { enum: ['raw', 'mangle', 'nat', 'filter', 'security'] },
      { type: 'string', pattern: '^(ip|ip6|inet|arp|bridge|netdev) .' },
    ],
  },
  owner: object({ uid: number, gid: number }, { groups: list(number) }),
  origin: {
    anyOf: [
      one('owner'),
      object({ interface: text }),
      object({ kernel: { enum: ['control socket', 'no socket'] } }),
    ],
  },
  icmp: object({ type: number, code: number, id: number }),
  tuple: object(
    { protocol: text, source: text, destination: text },
    { sourcePort: number, destinationPort: number, icmp: one('icmp') },
  ),
  packet: object(
    { protocol: text, source: text, destination: text, from: one('origin') },
    {
      sourcePort: number,
      destinationPort: number,
      flags: list({ enum: ['SYN', 'ACK', 'FIN', 'RST', 'URG', 'PSH'] }),
      mark: number,
      icmp: one('icmp'),
      about: one('tuple'),
      ttl: number,
      tos: number,
      length: number,
      mss: { type: ['integer', 'null'] },
      mac: text,
      boundTo: text,
    },
  ),
  socket: object(
    { protocol: text, address: text, port: number, uid: number, gid: number },
    {
      groups: list(number),
      remoteAddress: text,
      remotePort: number,
      transparent: yesOrNo,
      process: text,
    },
  ),
  verdict: kinds({
    plain: object({ kind: { enum: ['accept', 'drop', 'return', 'continue'] } }),
    reject: kind('reject', { with: text }),
    jump: object({ kind: { enum: ['jump', 'goto'] }, chain: text }),
  }),
  /** A value of a packet or of a condition: its form is the field's own. */
  value: {
    anyOf: [
      { type: ['string', 'integer', 'boolean', 'null'] },
      list(one('value')),
      object(
        {},
        {
          address: text,
          length: number,
          mask: one('value'),
          first: text,
          last: text,
          value: number,
          flags: list(text),
          type: { type: ['integer', 'null'] },
          code: { type: ['integer', 'null'] },
          types: list(text),
          interface: text,
          kind: text,
          source: text,
          name: text,
          port: number,
          is: text,
        },
      ),
    ],
  },
  condition: object({
    code: { enum: ['holds', 'fails', 'not told'] },
    field: text,
    found: one('value'),
    wanted: one('value'),
    negated: yesOrNo,
  }),
  /** Of a rule of nft. */
  'nft condition': object(
    {
      code: { enum: ['nft holds', 'nft fails', 'nft not told'] },
      looks: { type: 'object' },
      found: { type: ['array', 'null'], items: text },
      asks: { type: 'object' },
    },
    { unknown: text },
  ),
  /** Why a rule matched or did not. */
  reason: {
    oneOf: [
      one('condition'),
      object({ code: { enum: ['no condition', 'not read'] } }),
      one('nft condition'),
      object({ code: { const: 'nft all hold' }, of: list(one('nft condition')) }),
      object({ code: { const: 'all hold' }, of: list(one('condition')) }),
      object({ code: { const: 'unknown match' }, match: text }),
      object({ code: { const: 'unknown option' }, option: text }),
      object({ code: { const: 'not at this hook' }, match: text, hooks: list(one('hook')) }),
    ],
  },
  /** What a target made of the packet, or why that cannot be told. */
  effect: object(
    { code: text },
    {
      interface: text,
      protocol: text,
      socket: object({ address: text }, { port: number }),
      target: text,
      places: list(text),
    },
  ),
  /** Why the way went as it did, where no rule decided; which fields there are is the code's own. */
  wayReason: object(
    { code: text },
    {
      direction: { enum: ['original', 'reply'] },
      original: one('tuple'),
      reply: one('tuple'),
      family: { enum: ['v4', 'v6'] },
      side: { enum: ['source', 'destination'] },
      lot: list(number),
      after: { enum: ['mangle', 'nat'] },
      reason: one('wayReason'),
      table: text,
      chain: text,
      source: text,
      destination: text,
      address: text,
      interface: text,
      type: text,
      mode: number,
      back: { type: ['string', 'null'] },
      first: text,
      last: text,
      protocol: text,
      port: number,
      sysctl: text,
      ttl: number,
    },
  ),
  /** What a rule did to a packet that goes no further, or why that cannot be told. */
  decision: object(
    {
      ...inChain,
      position: number,
      code: {
        enum: [
          'rejects',
          'drops',
          'condition not told',
          'target not told',
          'no such chain',
          'loop',
          'too deep',
          'too many events',
        ],
      },
    },
    {
      condition: one('reason'),
      target: one('effect'),
      to: text,
      chains: list(text),
      depth: number,
      most: number,
      times: number,
    },
  ),
  ending: { anyOf: [one('decision'), one('wayReason')] },
  outcome: kinds({
    delivered: kind('delivered', { socket: { anyOf: [one('socket'), { type: 'null' }] } }),
    sent: kind('sent', { interface: text }, { via: text }),
    dropped: kind('dropped', { because: text, reason: one('ending') }),
    rejected: kind('rejected', { with: text, because: text, reason: one('ending') }),
    refused: kind('refused', { because: text, reason: one('ending') }),
    cannotTell: kind(
      'cannot tell',
      { because: text, reason: one('ending') },
      { question: object({ ...inChain, position: number, condition: text }) },
    ),
  }),
  event: kinds({
    hook: event('hook', {}, { in: text, out: text }),
    conntrack: event('conntrack', {
      state: { enum: ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] },
      direction: { enum: ['original', 'reply', null] },
      because: text,
      reason: one('wayReason'),
    }),
    skip: event('skip', { ...inTable, because: text, reason: one('wayReason') }),
    table: event('table', inChain, {
      like: { enum: ['raw', 'mangle', 'nat', 'filter', 'security'] },
    }),
    rule: event(
      'rule',
      {
        ...inChain,
        position: number,
        matched: { type: ['boolean', 'null'] },
        because: text,
        reason: one('reason'),
        rule: text,
      },
      {
        failed: object({ condition: text, found: text }),
        answered: yesOrNo,
        effect: one('effect'),
        verdict: one('verdict'),
      },
    ),
    return: event('return', { ...inChain, to: text }),
    policy: event('policy', { ...inChain, verdict: one('verdict') }),
    rewrite: event('rewrite', { ...inTable, before: one('packet'), because: text, reason: one('wayReason') }),
    route: event('route', { out: { type: ['string', 'null'] }, because: text, reason: one('wayReason') }),
    outcome: event('outcome', { outcome: one('outcome') }),
  }),
  party: kinds({
    process: kind('process', { name: text, uid: number, gid: number }, { port: number }),
    network: kind('network', { name: text, address: text }, { port: number }),
  }),
  dialReason: object(
    { code: text },
    { service: text, source: text, address: text, does: { enum: ['dial', 'probe'] }, since: text },
  ),
  behaviourReason: object({ code: text }, { service: text, process: text, port: number }),
  decidingRule: object({ ...inChain, position: number, leg: number, event: number }),
  journeyOutcome: object(
    { kind: { enum: outcomeKinds } },
    {
      leg: number,
      decided: { anyOf: [one('decidingRule'), { type: 'null' }] },
      by: { enum: ['no listener', 'a rule', 'a process'] },
      again: { type: ['number', 'null'] },
    },
  ),
  passage: object({
    direction: { enum: ['request', 'reply'] },
    outcome: one('outcome'),
    events: { ...list(one('event')), minItems: 1 },
  }),
  leg: object(
    {
      client: one('party'),
      server: { anyOf: [one('party'), { type: 'null' }] },
      dialled: one('tuple'),
      because: text,
      reason: { anyOf: [one('dialReason'), { type: 'null' }] },
      modelled: yesOrNo,
      passages: list(one('passage')),
    },
    { afterwards: text, behaviour: one('behaviourReason'), closes: yesOrNo, on: { enum: ['node'] } },
  ),
} as const;

export const traceSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A trace of Sidetrack',
  description:
    'One request through a pod: its legs, and every event of every packet, in order. Positions count from 1.',
  ...object({
    version: { const: jsonVersion },
    path: list(text),
    arrived: yesOrNo,
    outcome: one('journeyOutcome'),
    ending: text,
    legs: list(one('leg')),
  }),
  $defs: definitions,
};
