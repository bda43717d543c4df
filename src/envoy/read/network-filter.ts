/** Network filters: the two that decide where a connection goes, and what stands before them. */
import type { HttpFilter, HttpProxy, NetworkFilter } from '../model/config.ts';
import { keptOf, type MessageFields, typedConfigOf } from './fields.ts';
import { isPassingHttp, isPassingNetwork, lastWord } from './passing.ts';
import { readRouteTable } from './routes.ts';
import { readClusters } from './weighted-clusters.ts';

export function readNetworkFilter(fields: MessageFields): NetworkFilter {
  const name = fields.text('name');
  const config = typedConfigOf(fields);
  const type = lastWord(config.text('@type') || name);
  if (type === 'tcpproxy' || type === 'tcp_proxy') return readTcpProxy(name, config);
  if (type === 'httpconnectionmanager' || type === 'http_connection_manager') return readHttp(name, config);
  const passes = isPassingNetwork(name, config.text('@type'), config.text('type_url'));
  return { kind: passes ? 'passing' : 'other', name, rest: keptOf(config.rest(), fields.rest()) };
}

function readTcpProxy(name: string, config: MessageFields): NetworkFilter {
  return {
    kind: 'tcp_proxy',
    name,
    clusters: readClusters(config),
    connectMode: config.text('upstream_connect_mode', 'IMMEDIATE'),
    rest: config.rest(),
  };
}

const codecs: readonly string[] = ['AUTO', 'HTTP1', 'HTTP2', 'HTTP3'];

function readHttp(name: string, config: MessageFields): HttpProxy {
  const table = config.message('route_config');
  const rds = config.message('rds');
  const codec = config.text('codec_type', 'AUTO');
  const matching = config.truth('strip_matching_host_port');
  return {
    kind: 'http',
    name,
    routes:
      table !== null ? readRouteTable(table) : rds === null ? null : { rds: rds.text('route_config_name') },
    codec: (codecs.includes(codec) ? codec : 'AUTO') as HttpProxy['codec'],
    httpFilters: config.messages('http_filters').map(readHttpFilter),
    upgrades: config.messages('upgrade_configs').flatMap((one) => {
      const type = one.text('upgrade_type').toLowerCase();
      return one.truth('enabled', true) ? [type] : [];
    }),
    acceptHttp10: config.inner('http_protocol_options').truth('accept_http_10'),
    stripPort: config.truth('strip_any_host_port') ? 'any' : matching ? 'matching' : 'none',
    stripTrailingHostDot: config.truth('strip_trailing_host_dot'),
    normalizePath: config.truth('normalize_path'),
    rest: config.rest(),
  };
}

function readHttpFilter(fields: MessageFields): HttpFilter {
  const name = fields.text('name');
  const config = typedConfigOf(fields);
  const type = lastWord(config.text('@type') || name);
  const own = config.rest();
  // Without a fault that is set here, faults stand at the routes.
  const isFault = type === 'httpfault' && Object.keys(own).length === 0;
  const known = isPassingHttp(name, config.text('@type'), config.text('type_url'));
  return {
    name,
    isPassing: known || isFault || fields.truth('disabled'),
    rest: keptOf(own, fields.rest()),
  };
}
