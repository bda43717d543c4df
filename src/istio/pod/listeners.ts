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
      : [...portsOf(release)]
          .sort(byProcess)
          .flatMap((entry) => listenersOn(entry, release, options, workload))),
    ...workload.ports.map(
      ({ port, address }): Listener => ({ process: 'app', port, address: address ?? '::' }),
    ),
  ];
  const wildcards = options.enableIPv6
    ? listeners.flatMap((one) => (one.address === '0.0.0.0' ? [one, { ...one, address: '::' }] : [one]))
    : listeners;
  const processes = processesOf(options, workload);
  return wildcards.map(({ process, port, address, protocol, transparent: isTransparent }): Socket => {
    const { uid, gid } = processes.find(({ name }) => name === process) as Process;
    return {
      protocol: protocol ?? 'tcp',
      address,
      port,
      uid,
      gid,
      process,
      ...(isTransparent ? { transparent: true } : {}),
    };
  });
}

/** What the proxy's container has on one of its ports: a listener for each protocol, or none. */
function listenersOn(
  entry: PortEntry,
  release: ReleaseNumber,
  options: Options,
  workload: Workload,
): readonly Listener[] {
  const { port, listener, protocols, open, option } = entry;
  const isOpen = open === 'always' || (open === 'with DNS capture' && options.redirectDNS);
  if (!isOpen || (listener !== 'Envoy' && listener !== 'pilot-agent')) return [];
  // Without interception istiod tells Envoy of no listener that would take what is captured.
  if (option !== undefined && options.inboundInterceptionMode === 'NONE') return [];
  const addresses = open === 'with DNS capture' ? dnsAddresses(release, options) : [entry.address];
  return addresses.flatMap((address) =>
    protocols.map((protocol) => ({
      process: listener,
      port: option === undefined ? port : Number(options[option]),
      address: addressOf(listener, address, workload),
      protocol,
      // Before 1.9 TPROXY hands what arrives to the outbound listener, so that both have IP_TRANSPARENT.
      transparent: option !== undefined && options.inboundInterceptionMode === 'TPROXY',
    })),
  );
}

/**
 * NewLocalDNSServer in pkg/dns/client/dns.go listens for each family of which resolv.conf has a server, and where it has
 * none for the one that Go takes localhost for, as all releases before this change.
 */
function dnsAddresses(
  release: ReleaseNumber,
  { dnsServersV4, dnsServersV6 }: Options,
): readonly ('127.0.0.1' | '::1')[] {
  if (dnsServersV6.length === 0 || !isSince(release, changes.tproxyAndDnsV6.since)) return ['127.0.0.1'];
  return dnsServersV4.length === 0 ? ['::1'] : ['127.0.0.1', '::1'];
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
