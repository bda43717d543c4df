/** Trees that name a filter chain: what is done where a tree below comes to nothing, and what each input is. */
import { chain, inspector, raw, type Sketch, tcpTo } from './sketch.ts';

export const act = (chain: string) => ({
  action: {
    name: chain,
    typed_config: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: chain },
  },
});
export const input = (type: string) => ({
  name: type,
  typed_config: {
    '@type': `type.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.${type}`,
  },
});
const otherwise = (to: object | undefined) => (to === undefined ? {} : { on_no_match: to });
export const map = (kind: 'exact' | 'prefix', type: string, keys: object, none?: object) => ({
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
export const list = (...matchers: readonly object[]) => ({
  matcher_list: { matchers },
  on_no_match: act('B'),
});
const is = (type: string, exact: string) => ({
  single_predicate: { input: input(type), value_match: { exact } },
});
const never = { matcher: map('exact', 'SourcePortInput', { 1: act('A') }) };
export const here = is('DestinationPortInput', '<port>');
const there = is('DestinationPortInput', '1');

/** By what is asked: the tree, and the chain that it names; null where there is none of that name. */
export const matcherTrees: Readonly<Record<string, readonly [matcher: object, chain: string | null]>> = {
  'a value': [map('exact', 'DestinationPortInput', { '<port>': act('A') }, act('B')), 'A'],
  'another value': [map('exact', 'DestinationPortInput', { 1: act('A') }, act('B')), 'B'],
  'another value, and nothing otherwise': [map('exact', 'DestinationPortInput', { 1: act('A') }), 'D'],
  'a value that leads to nothing': [map('exact', 'DestinationPortInput', { '<port>': never }, act('B')), 'B'],
  'the longest beginning': [map('prefix', 'DestinationPortInput', { '<port>': act('A'), 14: act('C') }), 'A'],
  'a beginning that leads to nothing': [
    map('prefix', 'DestinationPortInput', { '<port>': never, 14: act('C') }, act('B')),
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
  'a chain that is not there': [map('exact', 'DestinationPortInput', { '<port>': act('Z') }, act('B')), null],
  'to another address, in an or, in a not': [
    list({
      predicate: { not_matcher: { or_matcher: { predicate: [here, there] } } },
      on_match: act('A'),
    }),
    'B',
  ],
  'an and of which one does not hold': [
    list({ predicate: { and_matcher: { predicate: [here, there] } }, on_match: act('A') }),
    'B',
  ],
  'an or of which none holds': [
    list({ predicate: { or_matcher: { predicate: [there, there] } }, on_match: act('A') }),
    'B',
  ],
  'the second of a list': [
    list({ predicate: there, on_match: act('A') }, { predicate: here, on_match: act('C') }),
    'C',
  ],
  'the source address': [map('exact', 'SourceIPInput', { '127.0.0.1': act('A') }, act('B')), 'A'],
  'the address of the peer': [map('exact', 'DirectSourceIPInput', { '127.0.0.1': act('A') }, act('B')), 'A'],
  'the source address, by its beginning': [
    map('prefix', 'SourceIPInput', { '127.': act('A') }, act('B')),
    'A',
  ],
  'a beginning that is none': [map('prefix', 'SourceIPInput', { '27.': act('A') }, act('B')), 'B'],
  'a prefix that does not hold the address': [ranges(range('127.0.0.2/32', act('A'))), 'B'],
  'a prefix of everything': [ranges(range('0.0.0.0/0', act('A'))), 'A'],
  'a prefix of the other family': [ranges(range('::/0', act('A'))), 'B'],
  'an exclusive prefix alone': [ranges(range('127.0.0.0/8', act('A'), true)), 'A'],
  'a list in a map that leads to nothing, and nothing otherwise': [
    map('exact', 'DestinationPortInput', { '<port>': never }),
    'D',
  ],
};

const chains = ['A', 'B', 'C', 'D'].map((name, at) => chain(name, null, tcpTo(`server ${at}`)));

export const matcherCases: readonly Sketch[] = Object.entries(matcherTrees).map(([title, [matcher]]) => ({
  title: `a tree: ${title}`,
  listener: {
    listener_filters: [inspector('tls_inspector')],
    filter_chain_matcher: matcher,
    filter_chains: chains.slice(0, 3),
    default_filter_chain: chains[3],
  },
  calls: [raw('hello there')],
}));
