/**
 * Which filter chain a match tree names: of each of these both Envoys were asked, by `conditions`. What they were not asked is
 * no verdict.
 */
import { describe, expect, test } from 'vitest';
import { connect, readEnvoyConfig } from '../../src/envoy/index.ts';
import { act, here, input, list, map, matcherTrees } from './conditions/matchers.ts';

const port = 14_100;

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
          filter_chain_matcher: JSON.parse(JSON.stringify(matcher).replaceAll('<port>', `${port}`)),
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

test.each(Object.entries(matcherTrees))('%s', (_, [matcher, chain]) => {
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
