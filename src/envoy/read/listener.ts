/** Listeners, with their filters and filter chains. */
import type {
  FilterChain,
  FilterChainMatch,
  Listener,
  ListenerFilter,
  ListenerFilterKind,
  Predicate,
  ResourceState,
  SourceType,
} from '../model/config.ts';
import { keptOf, type MessageFields } from './fields.ts';
import { readMatcher } from './matcher.ts';
import { readNetworkFilter } from './network-filter.ts';
import { readPlace, readPrefixes } from './places.ts';
import { readSocketIn } from './transport-socket.ts';

/** Envoy's own, in milliseconds. */
const usualFiltersTimeout = 15_000;

export function readListener(fields: MessageFields, state: ResourceState): Listener {
  const first = readPlace(fields.message('address'));
  const more = fields.messages('additional_addresses').map((one) => readPlace(one.message('address')));
  const defaultChain = fields.message('default_filter_chain');
  const matcher = fields.message('filter_chain_matcher');
  const boundBefore = fields.message('deprecated_v1')?.truth('bind_to_port', true) ?? true;
  return {
    name: fields.text('name') || `${first.address}:${first.port}`,
    state,
    addresses: [first, ...more],
    bindToPort: fields.truth('bind_to_port', boundBefore),
    useOriginalDst: fields.truth('use_original_dst'),
    transparent: fields.truth('transparent'),
    listenerFilters: fields.messages('listener_filters').map(readListenerFilter),
    listenerFiltersTimeout: fields.duration('listener_filters_timeout', usualFiltersTimeout),
    continueOnListenerFiltersTimeout: fields.truth('continue_on_listener_filters_timeout'),
    filterChains: fields.messages('filter_chains').map(readFilterChain),
    defaultFilterChain: defaultChain === null ? null : readFilterChain(defaultChain),
    matcher: matcher === null ? null : readMatcher(matcher),
    trafficDirection: fields.text('traffic_direction'),
    rest: fields.rest(),
  };
}

const filterTypes: readonly (readonly [type: string, kind: ListenerFilterKind])[] = [
  ['originaldst', 'original_dst'],
  ['originalsrc', 'original_src'],
  ['tlsinspector', 'tls_inspector'],
  ['httpinspector', 'http_inspector'],
  ['proxyprotocol', 'proxy_protocol'],
];

/** A filter is what its configuration says, and where there is none what it is called. */
function readListenerFilter(fields: MessageFields): ListenerFilter {
  const name = fields.text('name');
  const config = fields.message('typed_config');
  const disabled = fields.message('filter_disabled');
  const type = (config?.text('@type') || name).split(/[./]/).at(-1) ?? '';
  const found = filterTypes.find(([one]) => type.toLowerCase().replaceAll('_', '') === one);
  return {
    kind: found?.[1] ?? 'other',
    name,
    disabled: disabled === null ? null : readPredicate(disabled),
    rest: config === null ? fields.rest() : keptOf(config.rest(), fields.rest()),
  };
}

function readPredicate(fields: MessageFields): Predicate {
  const range = fields.message('destination_port_range');
  if (range !== null) return { kind: 'ports', start: range.number('start', 0), end: range.number('end', 0) };
  if (fields.has('any_match')) return { kind: 'any' };
  const not = fields.message('not_match');
  if (not !== null) return { kind: 'not', of: readPredicate(not) };
  for (const kind of ['and', 'or'] as const) {
    const several = fields.message(`${kind}_match`);
    if (several !== null) return { kind, all: several.messages('rules').map(readPredicate) };
  }
  return { kind: 'unknown', fields: Object.keys(fields.rest()) };
}

function readFilterChain(fields: MessageFields): FilterChain {
  return {
    name: fields.text('name'),
    match: readMatch(fields.inner('filter_chain_match')),
    filters: fields.messages('filters').map(readNetworkFilter),
    transportSocket: readSocketIn(fields),
    rest: fields.rest(),
  };
}

const sourceTypes: readonly string[] = ['ANY', 'SAME_IP_OR_LOOPBACK', 'EXTERNAL'];

function readMatch(fields: MessageFields): FilterChainMatch {
  const sourceType = fields.text('source_type', 'ANY');
  return {
    destinationPort: fields.number('destination_port', null),
    prefixRanges: readPrefixes(fields, 'prefix_ranges'),
    serverNames: fields.texts('server_names').map((name) => name.toLowerCase()),
    transportProtocol: fields.text('transport_protocol'),
    applicationProtocols: fields.texts('application_protocols'),
    directSourcePrefixRanges: readPrefixes(fields, 'direct_source_prefix_ranges'),
    sourceType: (sourceTypes.includes(sourceType) ? sourceType : 'ANY') as SourceType,
    sourcePrefixRanges: readPrefixes(fields, 'source_prefix_ranges'),
    sourcePorts: fields.list('source_ports').map(Number),
    rest: fields.rest(),
  };
}
