/**
 * The processes of a sidecar pod, and the sockets that they listen on.
 */
import type { Socket } from '../../netfilter/index.ts';
import { changes } from '../history/changes.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import type { Options } from '../options/options.ts';
import { localhostOf, type ProcessName, type Workload } from './behaviour.ts';
import { type PortEntry, portsOf } from './ports.ts';
import { proxyOwner } from './processes.ts';

export interface Process {
  readonly name: ProcessName;
  readonly uid: number;
  readonly gid: number;
}

/** The app, and the two of the proxy's container. */
export function processesOf(options: Options, workload: Workload): readonly Process[] {
  const proxy = workload.proxyRunsAs ?? proxyOwner(options, workload.netBindService === true);
  return [
    { name: 'app', uid: workload.uid, gid: workload.gid },
    { name: 'Envoy', ...proxy },
    { name: 'pilot-agent', ...proxy },
  ];
}

interface Listener {
  readonly process: ProcessName;
  readonly port: number;
  readonly address: string;
  readonly protocol?: string;
  readonly transparent?: boolean;
}

/** All listening sockets of the pod. */
export function listenersOf(release: ReleaseNumber, options: Options, workload: Workload): readonly Socket[] {
  const listeners = [
    ...(workload.proxyRuns === false
      ? []
      : portsOf(release)
          .toSorted(byProcess)
          .flatMap((entry) => listenersOn(entry, release, options, workload))),
    ...workload.ports.map(
      ({ port, address }): Listener => ({ process: 'app', port, address: address ?? '::' }),
    ),
  ];
  const processes = processesOf(options, workload);
  return listeners.flatMap((listener): readonly Socket[] => {
    const { uid, gid } = processes.find(({ name }) => name === listener.process) as Process;
    const socket = { protocol: 'tcp', ...listener, uid, gid };
    const isOfBoth = options.enableIPv6 && socket.address === '0.0.0.0';
    return isOfBoth ? [socket, { ...socket, address: '::' }] : [socket];
  });
}

/** What the proxy's container has on one of its ports: a listener for each protocol, or none. */
function listenersOn(
  { port, listener, protocols, address, open, option }: PortEntry,
  release: ReleaseNumber,
  options: Options,
  workload: Workload,
): readonly Listener[] {
  const isDns = open === 'with DNS capture';
  const isOpen = isDns ? options.redirectDNS : open !== 'elsewhere';
  if (!isOpen || (listener !== 'Envoy' && listener !== 'pilot-agent')) return [];
  // Without interception istiod tells Envoy of no listener that would take what is captured.
  if (option !== undefined && options.inboundInterceptionMode === 'NONE') return [];
  // NewLocalDNSServer in pkg/dns/client/dns.go has a listener for each family of which resolv.conf has a server.
  const hasV6 = isDns && options.dnsServersV6.length > 0 && isSince(release, changes.tproxyAndDnsV6.since);
  const addresses = hasV6
    ? [...(options.dnsServersV4.length > 0 ? [address] : []), '::1' as const]
    : [address];
  return addresses.flatMap((one) =>
    protocols.map((protocol) => ({
      process: listener,
      port: option === undefined ? port : Number(options[option]),
      address: addressOf(listener, one, workload),
      protocol,
      // Before 1.9 TPROXY hands what arrives to the outbound listener, so that both have IP_TRANSPARENT.
      ...(option !== undefined && options.inboundInterceptionMode === 'TPROXY' ? { transparent: true } : {}),
    })),
  );
}

function addressOf(
  listener: 'Envoy' | 'pilot-agent',
  address: PortEntry['address'] | '::1',
  workload: Workload,
): string {
  if (listener === 'Envoy') return address === '127.0.0.1' ? localhostOf(workload) : address;
  // Go opens one socket for both families where it is given no address.
  return address === '0.0.0.0' ? '::' : address;
}

/** Envoy's listeners first, and of those the two that the rules hand connections to. */
function byProcess(one: PortEntry, other: PortEntry): number {
  const rank = ({ listener, option }: PortEntry) => (listener !== 'Envoy' ? 2 : option === undefined ? 1 : 0);
  return rank(one) - rank(other);
}
