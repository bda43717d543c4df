/**
 * What ztunnel does with a connection, and why it dials, in sentences.
 */
import { type ZtunnelDial, type ZtunnelDoes, ztunnelPorts } from '../../../istio/index.ts';

/** What ztunnel does with the connection that it took: `ztunnel ends the tunnel and calls the app.` */
export function ztunnelWords(does: ZtunnelDoes): string {
  switch (does.code) {
    case 'ends a tunnel':
      return "ztunnel ends the peer's tunnel and calls the app from the address of that peer.";
    case 'takes plain text':
      return 'ztunnel takes the plain text and calls the app from the address of the caller.';
    case 'refuses plain text':
      return 'STRICT: ztunnel closes what comes in plain text.';
    case 'its own port':
      return 'ztunnel would call itself, and closes the connection.';
    case 'no port is asked for':
      return 'Nothing asks for a port of the app through the tunnel, so ztunnel closes it.';
    case 'knows nobody there':
      return 'ztunnel knows nobody at this address and goes on as it was dialled.';
    case 'knows the peer':
      return 'ztunnel knows the pod at this address.';
    case 'forwards a question':
      return "ztunnel does not know the name and asks the server of its own resolv.conf, not the pod's.";
    case 'answers a question':
      return 'ztunnel knows the name and answers itself.';
    case 'knows the address of':
      return `ztunnel knows the Service ${does.service}.`;
    case 'no endpoint of':
      return `ztunnel knows no endpoint of ${does.service} for this port and closes the connection.`;
  }
}

/** Why ztunnel dials, without a full stop: `A tunnel to 10.244.2.9:9080`. */
export function ztunnelDialWords(dial: ZtunnelDial): string {
  switch (dial.code) {
    case 'app of a tunnel':
    case 'app in plain text':
      return dial.source === null
        ? 'The app, by the address of the pod'
        : `The app, from the address of the caller, ${dial.source}`;
    case 'tunnel to a peer':
      return `A tunnel (HBONE) for ${dial.of}, to port ${ztunnelPorts.hbone} of that pod`;
    case 'tunnel to a waypoint':
      return `A tunnel (HBONE) to the waypoint of ${dial.of}`;
    case 'plain text to a peer':
      return 'The peer takes no tunnel, so in plain text';
    case 'as it was dialled':
      return 'The original destination, unchanged';
    case 'asks upstream':
      return 'The server to which questions are forwarded';
  }
}

/** What it means for a call that ztunnel has it, or makes it. */
export function ztunnelMeans(isOwnCall: boolean, isCaptured: boolean): string {
  if (isOwnCall) return 'It has mutual TLS where its destination is in the mesh.';
  return isCaptured
    ? 'It has mutual TLS where both ends are in the mesh; policy and telemetry apply as they are configured.'
    : `On port ${ztunnelPorts.hbone} it has mutual TLS, and policy and telemetry apply to it as they are configured.`;
}
