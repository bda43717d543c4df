/**
 * Which filter chain a match tree names, as Envoy 1.38.3 and 1.39.3 said of each of these: both were asked by a listener
 * whose chains answer with their names, `D` the default one.
 */
import { describe, expect, test } from 'vitest';
import { connect, readEnvoyConfig } from '../../src/envoy/index.ts';

const port = 34_100;

const act = (chain: string) => ({
  action: {
    name: chain,
    typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: chain },
  },
});
const input = (type: string) => ({
  name: type,
  typed_config: {
    '@type': `type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.${type}`,
  },
});
const otherwise = (to: object | undefined) => (to === undefined ? {} : { on_no_match: to });
const map = (kind: 'exact' | 'prefix', type: string, keys: object, none?: object) => ({
  matcher_tree: { input: input(type), [`${kind}_match_map`]: { map: keys } },
  ...otherwise(none),
});
const range = (prefix: string, onMatch: object, exclusive = false) => {
  const [address, length] = prefix.split('/');
  return {
    ranges: [{ address_prefix: address, prefix_len: Number(length) }],
    on_match: onMatch,
    exclusive,
  };
};
const ranges = (...all: readonly object[]) => ({
  matcher_tree: {
    input: input('DestinationIPInput'),
    custom_match: {
      name: 'ip',
      typed_config: { '@type': 'type.googleapis.com/xds.type.matcher.v3.IPMatcher', range_matchers: all },
    },
  },
  on_no_match: act('B'),
});
const list = (...matchers: readonly object[]) => ({ matcher_list: { matchers }, on_no_match: act('B') });
const is = (type: string, exact: string) => ({
  single_predicate: { input: input(type), value_match: { exact } },
});
const never = { matcher: map('exact', 'SourcePortInput', { 1: act('A') }) };
const here = is('DestinationPortInput', `${port}`);
const there = is('DestinationPortInput', '1');

const cases: Readonly<Record<string, readonly [matcher: object, chain: string | null]>> = {
  'a value': [map('exact', 'DestinationPortInput', { [port]: act('A') }, act('B')), 'A'],
  'another value': [map('exact', 'DestinationPortInput', { 1: act('A') }, act('B')), 'B'],
  'another value, and nothing otherwise': [map('exact', 'DestinationPortInput', { 1: act('A') }), 'D'],
  'a value that leads to nothing': [map('exact', 'DestinationPortInput', { [port]: never }, act('B')), 'B'],
  'the longest beginning': [map('prefix', 'DestinationPortInput', { 341: act('A'), 34: act('C') }), 'A'],
  'a beginning that leads to nothing': [
    map('prefix', 'DestinationPortInput', { [port]: never, 34: act('C') }, act('B')),
    'C',
  ],
  'the first of a list that leads to nothing': [
    list({ predicate: here, on_match: never }, { predicate: here, on_match: act('C') }),
    'C',
  ],
  'all of a list lead to nothing': [list({ predicate: here, on_match: never }), 'B'],
  'the longest prefix': [ranges(range('127.0.0.0/8', act('A')), range('127.0.0.1/32', act('C'))), 'C'],
  'a prefix that leads to nothing': [
    ranges(range('127.0.0.0/8', act('A')), range('127.0.0.1/32', never)),
    'A',
  ],
  'a prefix that leads to nothing, before an exclusive one': [
    ranges(range('127.0.0.0/8', act('A'), true), range('127.0.0.1/32', never)),
    'B',
  ],
  'a prefix twice': [ranges(range('127.0.0.0/8', act('A')), range('127.0.0.0/8', act('C'))), 'A'],
  'a prefix with host bits': [ranges(range('127.9.9.9/8', act('A'))), 'A'],
  'and, or, not': [
    list({
      predicate: {
        and_matcher: {
          predicate: [
            here,
            { not_matcher: there },
            {
              or_matcher: {
                predicate: [is('DestinationIPInput', '1.1.1.1'), is('DestinationIPInput', '127.0.0.1')],
              },
            },
          ],
        },
      },
      on_match: act('A'),
    }),
    'A',
  ],
  'not, of what the connection does not have': [
    list({ predicate: { not_matcher: is('ServerNameInput', 'a') }, on_match: act('A') }),
    'A',
  ],
  'from the same address': [map('exact', 'SourceTypeInput', { local: act('A') }, act('B')), 'A'],
  'the transport protocol': [map('exact', 'TransportProtocolInput', { raw_buffer: act('A') }, act('B')), 'A'],
  'an ALPN, and the connection has none': [
    map('exact', 'ApplicationProtocolInput', { "'http/1.1'": act('A') }, act('B')),
    'B',
  ],
  'a server name, and the connection has none': [
    map('exact', 'ServerNameInput', { a: act('A') }, act('B')),
    'B',
  ],
  'a chain that is not there': [map('exact', 'DestinationPortInput', { [port]: act('Z') }, act('B')), null],
};

function outcomeOf(matcher: object, serverName?: string) {
  const chain = (name: string) => ({
    name,
    filters: [
      {
        name: 'envoy.filters.network.tcp_proxy',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
          cluster: name,
        },
      },
    ],
  });
  const { config, problems } = readEnvoyConfig([
    {
      listeners: [
        {
          name: 'one',
          address: { socket_address: { address: '127.0.0.1', port_value: port } },
          listener_filters: [{ name: 'envoy.filters.listener.tls_inspector' }],
          filter_chain_matcher: matcher,
          filter_chains: ['A', 'B', 'C'].map(chain),
          default_filter_chain: chain('D'),
        },
      ],
      clusters: ['A', 'B', 'C', 'D'].map((name) => ({ name, type: 'STATIC' })),
    },
  ]);
  expect(problems).toEqual([]);
  const sends = serverName === undefined ? { bytes: 'hello there' } : { tls: { serverName, alpn: ['h2'] } };
  return connect(config, {
    source: '127.0.0.1',
    sourcePort: 40_000,
    destination: '127.0.0.1',
    destinationPort: port,
    listener: port,
    sends,
  }).outcome;
}

test.each(Object.entries(cases))('%s', (_, [matcher, chain]) => {
  const outcome = outcomeOf(matcher);
  expect(outcome).toMatchObject(
    chain === null ? { kind: 'closed', flags: 'NR' } : { kind: 'closed', cluster: chain },
  );
});

describe('what is not known here is no verdict', () => {
  const unknown = {
    name: 'envoy.matching.inputs.filter_state',
    typed_config: { '@type': 'a.FilterStateInput' },
  };
  test.each<[string, object]>([
    ['an input', { matcher_tree: { input: unknown, exact_match_map: { map: { a: act('A') } } } }],
    ['a matcher', { matcher_tree: { input: input('ServerNameInput'), custom_match: { name: 'trie' } } }],
    ['keep_matching', list({ predicate: here, on_match: { ...act('A'), keep_matching: true } })],
    [
      'a predicate',
      list({ predicate: { single_predicate: { input: input('ServerNameInput') } }, on_match: act('A') }),
    ],
    ['nothing at all', {}],
  ])('%s', (_, matcher) => {
    expect(outcomeOf(matcher)).toMatchObject({ kind: 'cannot tell', because: { name: 'one' } });
  });

  test('several ALPNs as one text', () => {
    const matcher = map('exact', 'ApplicationProtocolInput', { "'h2'": act('A') }, act('B'));
    expect(outcomeOf(matcher, 'a.example').kind).toBe('cannot tell');
    const byName = map('exact', 'ServerNameInput', { 'a.example': act('A') }, act('B'));
    expect(outcomeOf(byName, 'A.example')).toMatchObject({ cluster: 'A' });
  });
});
