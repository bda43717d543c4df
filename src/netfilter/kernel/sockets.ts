/** Which socket of the host a packet belongs to. */
import type { Socket } from '../model/host.ts';
import type { Packet } from '../model/packet.ts';

/** A connected socket before a listening one, and an address before a wildcard (__inet_lookup). */
export function socketFor(sockets: readonly Socket[], packet: Packet): Socket | null {
  const { protocol, source, destination, sourcePort, destinationPort } = packet;
  const here = sockets.filter((one) => one.protocol === protocol && one.port === destinationPort);
  const connected = here.find(
    (one) => one.remoteAddress === source && one.remotePort === sourcePort && one.address === destination,
  );
  const listening = here.filter((one) => one.remoteAddress === undefined);
  const wildcards = destination.includes(':') ? ['::'] : ['0.0.0.0', '::'];
  return (
    connected ??
    listening.find((one) => one.address === destination) ??
    wildcards
      .map((wildcard) => listening.find((one) => one.address === wildcard))
      .find((one) => one !== undefined) ??
    null
  );
}
