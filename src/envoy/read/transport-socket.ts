/** Transport sockets: whether TLS is spoken, and with which names. Keys and certificates are nobody's business here. */
import type { TransportSocket } from '../model/config.ts';
import type { MessageFields } from './fields.ts';

export function readTransportSocket(fields: MessageFields): TransportSocket {
  const name = fields.text('name');
  const config = fields.inner('typed_config');
  const type = config.text('@type') || name;
  const common = config.message('common_tls_context');
  return {
    kind: kindOf(type),
    name,
    alpn: common?.texts('alpn_protocols') ?? [],
    sni: config.text('sni'),
    requiresClientCertificate: config.truth('require_client_certificate'),
    rest: {
      ...(common === null ? {} : { common_tls_context: common.rest() }),
      ...config.rest(),
      ...fields.rest(),
    },
  };
}

function kindOf(type: string): TransportSocket['kind'] {
  if (/tls(context)?$/i.test(type)) return 'tls';
  return /raw_?buffer$/i.test(type) ? 'raw_buffer' : 'other';
}
