/**
 * TPROXY: the packet is handed to a transparent socket of this host, unchanged but for its mark; without such a
 * socket it is dropped (net/netfilter/xt_TPROXY.c, tproxy_tg4 and tproxy_tg6_v1).
 */
import { addressValue, printAddress, readAddress } from '../../model/address.ts';
import type { Socket } from '../../model/host.ts';
import type { Packet } from '../../model/packet.ts';
import type { TargetReason } from '../../model/rule-reason.ts';
import { optionValue, type Settle, type TargetExtension, targetOption, withDefault } from '../extension.ts';
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
function listenerAddress(given: bigint, { host, family, packet, ...devices }: Situation): string {
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

/** What TPROXY hands a packet to, or why it does not. */
export type Handed =
  | { readonly socket: Socket | null; readonly reason: TargetReason }
  | { readonly socket?: undefined; readonly reason: TargetReason };

/** The socket for an address and a port that are given, or for the packet's own where they are 0. */
export function handedTo(given: bigint, givenPort: number, situation: Situation): Handed {
  const { packet, host } = situation;
  const port = givenPort === 0 ? packet.destinationPort : givenPort;
  const at = listenerAddress(given, situation);
  const socket = host.sockets === undefined ? null : socketOf(host.sockets, packet, at, port);
  if (host.sockets !== undefined && socket?.transparent !== true) {
    return {
      reason:
        socket === null
          ? { code: 'no socket', protocol: packet.protocol, socket: { address: at, port } }
          : { code: 'socket not transparent', socket: { address: socket.address, port: socket.port } },
    };
  }
  const reached = { address: socket?.address ?? at, port: socket?.port ?? port };
  return { socket, reason: { code: 'handed to a socket', socket: reached } };
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
    const { packet } = situation;
    const given = optionValue<bigint>(options, '--on-ip') ?? 0n;
    const { socket, reason } = handedTo(given, optionValue<number>(options, '--on-port') ?? 0, situation);
    if (socket === undefined) return { verdict: { kind: 'drop' }, reason };
    const change = optionValue<Masked>(options, '--tproxy-mark') ?? { value: 0, mask: 0 };
    const mark = marked(packet.mark ?? 0, change);
    return {
      verdict: { kind: 'accept' },
      packet: { ...packet, ...(mark === 0 && packet.mark === undefined ? {} : { mark }) },
      socket,
      reason,
    };
  },
};
