/**
 * The processes of a sidecar pod, and the sockets that they listen on.
 */
import type { Socket } from '../../netfilter/index.ts';
import type { Options } from '../options/options.ts';
import type { ProcessName, Workload } from './behaviour.ts';
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
export function listenersOf(options: Options, workload: Workload): readonly Socket[] {
  const transparent = options.inboundInterceptionMode === 'TPROXY';
  const proxy: readonly Listener[] = [
    // Before 1.9 TPROXY hands what arrives to the outbound listener, so that both have IP_TRANSPARENT.
    { process: 'Envoy', port: Number(options.proxyPort), address: '0.0.0.0', transparent },
    { process: 'Envoy', port: Number(options.inboundCapturePort), address: '0.0.0.0', transparent },
    { process: 'Envoy', port: 15000, address: '127.0.0.1' },
    { process: 'Envoy', port: 15021, address: '0.0.0.0' },
    { process: 'Envoy', port: 15090, address: '0.0.0.0' },
    { process: 'pilot-agent', port: 15004, address: '127.0.0.1' },
    { process: 'pilot-agent', port: 15020, address: '::' },
    ...(options.redirectDNS
      ? ['tcp', 'udp'].map(
          (protocol): Listener => ({ process: 'pilot-agent', port: 15053, address: '127.0.0.1', protocol }),
        )
      : []),
  ];
  const listeners = [
    ...(workload.proxyRuns === false ? [] : proxy),
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
      ...(isTransparent === true ? { transparent: true } : {}),
    };
  });
}
