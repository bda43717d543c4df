/** Addresses, prefixes and what stands around them. */
import { familyOf, printPrefix, readAddress, readPrefix } from '../../netfilter/index.ts';
import type { BindConfig, ListenerAddress } from '../model/config.ts';
import type { MessageFields } from './fields.ts';

/** `address` of a listener or an endpoint. */
export function readPlace(fields: MessageFields | null): ListenerAddress {
  if (fields === null) return none;
  const socket = fields.message('socket_address');
  if (socket !== null)
    return {
      kind: 'ip',
      address: socket.text('address'),
      port: readPort(socket),
      ipv4Compat: socket.truth('ipv4_compat'),
    };
  const pipe = fields.message('pipe');
  if (pipe !== null) return { ...none, kind: 'pipe', address: pipe.text('path') };
  const internal = fields.message('envoy_internal_address');
  return internal === null ? none : { ...none, address: internal.text('server_listener_name') };
}

function readPort(socket: MessageFields): number {
  const port = socket.number('port_value', 0);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  socket.unreadable('port_value', port, 'port');
  return 0;
}

const none: ListenerAddress = { kind: 'internal', address: '', port: 0, ipv4Compat: false };

/** Prefixes as `10.0.0.0/8`, their host bits cleared. */
export function readPrefixes(fields: MessageFields, name: string): readonly string[] {
  return fields.messages(name).flatMap((range) => {
    const address = range.text('address_prefix');
    const text = `${address}/${range.number('prefix_len', 0)}`;
    const prefix = readPrefix(text);
    if (prefix === null) {
      fields.unreadable(name, text, 'prefix');
      return [];
    }
    return [printPrefix(prefix)];
  });
}

/** `upstream_bind_config`: the first address, and that of the other family. */
export function readBind(fields: MessageFields | null): BindConfig | null {
  if (fields === null) return null;
  const own = fields.message('source_address')?.text('address');
  const more = fields.messages('extra_source_addresses').map((one) => one.inner('address').text('address'));
  const older = fields.messages('additional_source_addresses').map((one) => one.text('address'));
  const addresses = [own ?? '', ...more, ...older].filter((address) => address !== '');
  return { addresses, rest: fields.rest() };
}

/** Addresses as they are compared: `::1` and `0:0::1` are one. */
export function isSameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  // An IPv4 address is written in one way only.
  if (familyOf(a) === 'v4' || familyOf(b) === 'v4') return false;
  const [one, other] = [readAddress(a), readAddress(b)];
  return one !== null && other !== null && one.value === other.value;
}
