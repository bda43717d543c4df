/**
 * TPROXY: the packet is handed to a transparent socket of this host, unchanged but for its mark; without such a
 * socket it is dropped (net/netfilter/xt_TPROXY.c, tproxy_tg4 and tproxy_tg6_v1).
 */
import { addressValue, printAddress, readAddress } from '../../model/address.ts';
import type { Socket } from '../../model/host.ts';
import type { Packet } from '../../model/packet.ts';
import type { TargetReason } from '../../model/rule-reason.ts';
import {
  type Option,
  optionValue,
  type Settle,
  type TargetExtension,
  targetOption,
  withDefault,
} from '../extension.ts';
import type { Situation } from '../situation.ts';
import { type Masked, maskedInFull, oneWord, readNumber } from '../values.ts';
import { marked } from './MARK.ts';

const address = oneWord<bigint>(
  'local address',
  (text, family) => {
    const read = readAddress(text);
    return read?.family === family ? read.value : null;
  },
  (value, family) => printAddress(family, value),
);

const settle: Settle = (options) =>
  withDefault(withDefault(options, '--on-ip', 0n), '--tproxy-mark', { value: 0, mask: 0 });

/** Where a listener is looked for: the address given, or the first one of the interface, or the packet's own. */
function listenerAddress(
  options: readonly Option[],
  { host, family, packet, ...devices }: Situation,
): string {
  const given = optionValue<bigint>(options, '--on-ip') ?? 0n;
  if (given !== 0n) return printAddress(family, given);
  const device = host.interfaces.find(({ name }) => name === devices.in);
  const own = device?.addresses
    .map((text) => text.split('/')[0] ?? '')
    .find((text) => readAddress(text)?.family === family);
  return own ?? packet.destination;
}

function isAt(socket: Socket, at: string): boolean {
  const wildcards = at.includes(':') ? ['::'] : ['0.0.0.0', '::'];
  if (wildcards.includes(socket.address)) return true;
  const own = readAddress(socket.address);
  return own !== null && own.value === addressValue(at) && socket.address.includes(':') === at.includes(':');
}

/** A connected socket of the packet's own tuple comes before one that listens. */
function socketOf(
  sockets: readonly Socket[],
  packet: Packet,
  at: string,
  port: number | undefined,
): Socket | null {
  const { protocol, source, sourcePort, destination, destinationPort } = packet;
  const ofProtocol = sockets.filter((one) => one.protocol === protocol);
  const connected = ofProtocol.find(
    (one) =>
      one.remoteAddress === source &&
      one.remotePort === sourcePort &&
      one.address === destination &&
      one.port === destinationPort,
  );
  if (connected !== undefined) return connected;
  const listening = ofProtocol.filter(
    (one) => one.remoteAddress === undefined && one.port === port && isAt(one, at),
  );
  return listening.find((one) => one.address !== '0.0.0.0' && one.address !== '::') ?? listening[0] ?? null;
}

export const TPROXY: TargetExtension = {
  name: 'TPROXY',
  tables: ['mangle'],
  hooks: ['PREROUTING'],
  options: [
    targetOption<number>({
      name: '--on-port',
      negatable: false,
      value: oneWord<number>('port', (text) => readNumber(text, 65535), String),
    }),
    targetOption<bigint>({ name: '--on-ip', negatable: false, value: address }),
    targetOption<Masked>({ name: '--tproxy-mark', negatable: false, value: maskedInFull }),
  ],
  settle,
  act: (options, situation) => {
    const { packet, host } = situation;
    const given = optionValue<number>(options, '--on-port') ?? 0;
    const port = given === 0 ? packet.destinationPort : given;
    const at = listenerAddress(options, situation);
    const change = optionValue<Masked>(options, '--tproxy-mark') ?? { value: 0, mask: 0 };
    const socket = host.sockets === undefined ? null : socketOf(host.sockets, packet, at, port);
    if (host.sockets !== undefined && socket?.transparent !== true) {
      const reason: TargetReason =
        socket === null
          ? { code: 'no socket', protocol: packet.protocol, socket: { address: at, port } }
          : { code: 'socket not transparent', socket: { address: socket.address, port: socket.port } };
      return { verdict: { kind: 'drop' }, reason };
    }
    const mark = marked(packet.mark ?? 0, change);
    return {
      verdict: { kind: 'accept' },
      packet: { ...packet, ...(mark === 0 && packet.mark === undefined ? {} : { mark }) },
      socket,
      reason: {
        code: 'handed to a socket',
        socket: { address: socket?.address ?? at, port: socket?.port ?? port },
      },
    };
  },
};
