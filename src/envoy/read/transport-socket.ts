/** Transport sockets: whether TLS is spoken, and with which names. Keys and certificates are nobody's business here. */
import type { TransportSocket } from '../model/config.ts';
import { keptOf, type MessageFields, typedConfigOf } from './fields.ts';

/** `transport_socket`; before v3 it stood in `tls_context`. */
export function readSocketIn(fields: MessageFields): TransportSocket | null {
  const socket = fields.message('transport_socket');
  if (socket !== null) return readTransportSocket(socket);
  const tls = fields.message('tls_context');
  return tls === null ? null : { ...socketOf(tls, 'tls'), kind: 'tls' };
}

export function readTransportSocket(fields: MessageFields): TransportSocket {
  const name = fields.text('name');
  const config = typedConfigOf(fields);
  const type = config.text('@type') || name;
  const socket = socketOf(config, name);
  return { ...socket, kind: kindOf(type), rest: keptOf(socket.rest, fields.rest()) };
}

function socketOf(config: MessageFields, name: string): Omit<TransportSocket, 'kind'> {
  const common = config.message('common_tls_context');
  return {
    name,
    alpn: common?.texts('alpn_protocols') ?? [],
    sni: config.text('sni'),
    requiresClientCertificate: config.truth('require_client_certificate'),
    rest: config.rest(),
  };
}

function kindOf(type: string): TransportSocket['kind'] {
  if (/tls(context)?$/i.test(type)) return 'tls';
  return /raw_?buffer$/i.test(type) ? 'raw_buffer' : 'other';
}
