/**
 * What the processes of a sidecar pod do with a connection once they have it: whom they dial next, and from
 * which address. This is a model of Envoy and pilot-agent; no kernel can judge it.
 */

import { familyOf, type Owner, readAddress } from '../../netfilter/index.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import type { Options } from '../options/options.ts';
import { portOf } from './ports.ts';
import { subject } from './processes.ts';

export type ProcessName = 'app' | 'Envoy' | 'pilot-agent';

/** A Service of the mesh, as Envoy knows it from istiod. */
export interface Service {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Envoy picks one; the model takes the first. */
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
}

/** The workload beside its sidecar, and what of the mesh concerns it. */
export interface Workload {
  /** With prefix lengths: `10.244.1.5/24`. */
  readonly addresses: readonly string[];
  readonly uid: number;
  readonly gid: number;
  /** What the app listens on; `0.0.0.0` and `::` where no address is given. */
  readonly ports: readonly { readonly port: number; readonly address?: string }[];
  /** The app's own metrics port, which pilot-agent merges into its answer on 15020. */
  readonly metricsPort?: number;
  readonly services: readonly Service[];
  /**
   * True where the proxy may listen below 1024 (NET_BIND_SERVICE, the annotation sidecar.istio.io/capNetBindService)
   * and runs as root for it, with the group that it always has.
   */
  readonly netBindService?: boolean;
  /** Whom the proxy's container runs as, where somebody has set another user than the one that the rules know. */
  readonly proxyRunsAs?: Owner;
  /** False where neither Envoy nor pilot-agent runs: before the sidecar has started, or after it has ended. */
  readonly proxyRuns?: boolean;
  /** meshConfig.outboundTrafficPolicy.mode: what Envoy does with a destination that it does not know. */
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
}

/** A connection that a process has accepted. */
export interface Accepted {
  readonly process: string;
  readonly port: number;
  /** What SO_ORIGINAL_DST tells: where the client meant to go. */
  readonly originalAddress: string;
  readonly originalPort: number;
  /** True where the packet was redirected, so that the original destination differs from the socket. */
  readonly wasRedirected: boolean;
  /** What is asked for over HTTP, where what the process does next depends on it: `/healthz/ready`. */
  readonly path?: string;
}

export interface Dial {
  readonly process: ProcessName;
  readonly address: string;
  readonly port: number;
  /** The address that the socket is bound to first; the kernel chooses where there is none. */
  readonly source?: string;
  /** What it asks for over HTTP, where that matters to whoever takes the connection. */
  readonly path?: string;
  readonly because: string;
}

export interface Behaviour {
  readonly because: string;
  readonly dials: readonly Dial[];
  /** True where the process closes the connection instead. */
  readonly closes: boolean;
}

/** The addresses that Envoy and pilot-agent dial the app from, so that rule `output.passthrough` knows them. */
export const passthroughSource = { v4: '127.0.0.6', v6: '::6' } as const;

const loopback = { v4: '127.0.0.1', v6: '::1' } as const;

/** What the readiness of the sidecar is asked by, on 15021 and behind it. */
export const readinessPath = '/healthz/ready';
/** What a rewritten probe of the app begins with; the container and the kind of the probe follow. */
export const probePath = '/app-health/';

/** The release from which Envoy dials the app on the pod's address, as a remote client would. */
export const inboundByPodAddressSince = '1.10.0';

/** What the process does next with the connection. */
export function behave(
  release: ReleaseNumber,
  options: Options,
  workload: Workload,
  accepted: Accepted,
): Behaviour {
  if (accepted.process === 'Envoy') return behaveAsEnvoy(release, options, workload, accepted);
  if (accepted.process === 'pilot-agent') return behaveAsAgent(release, workload, accepted);
  return answers(`${subject(accepted.process)} answers.`);
}

function behaveAsEnvoy(
  release: ReleaseNumber,
  options: Options,
  workload: Workload,
  accepted: Accepted,
): Behaviour {
  switch (accepted.port) {
    case Number(options.proxyPort):
      return isTproxied(options, accepted)
        ? handIn(release, options, accepted)
        : routeOut(workload, accepted);
    case Number(options.inboundCapturePort):
      return handIn(release, options, accepted);
    case portOf('envoy-prometheus'):
      return dials('Envoy fetches its statistics from its admin port.', {
        process: 'Envoy',
        address: loopback.v4,
        port: portOf('envoy-admin'),
        because: 'The Prometheus listener forwards to the admin port.',
      });
    case portOf('envoy-ready'):
      return dials('Envoy forwards the readiness probe to pilot-agent.', {
        process: 'Envoy',
        address: loopback.v4,
        port: portOf('agent-metrics'),
        path: readinessPath,
        because: 'The health listener forwards to pilot-agent.',
      });
    case portOf('envoy-admin'):
      return answers("Envoy's admin port answers.");
    default:
      return answers(`Envoy answers on ${accepted.port}.`);
  }
}

/** The outbound listener: by original destination to a Service's endpoint, or straight on. */
function routeOut(workload: Workload, { originalAddress, originalPort, wasRedirected }: Accepted): Behaviour {
  if (!wasRedirected) {
    return closes('The connection was made to the outbound listener itself and has no other destination.');
  }
  const service = workload.services.find(
    ({ address, port }) => sameAddress(address, originalAddress) && port === originalPort,
  );
  const endpoint = service?.endpoints[0];
  if (service !== undefined && endpoint !== undefined) {
    return dials(`Envoy knows the Service ${service.name} and picks an endpoint.`, {
      process: 'Envoy',
      ...endpoint,
      because: `An endpoint of ${service.name}.`,
    });
  }
  if (workload.outboundTrafficPolicy === 'REGISTRY_ONLY') {
    return closes('Envoy knows no such Service, and REGISTRY_ONLY sends it to BlackHoleCluster.');
  }
  return dials('Envoy knows no such Service and passes the connection on (PassthroughCluster).', {
    process: 'Envoy',
    address: originalAddress,
    port: originalPort,
    because: 'The original destination, unchanged.',
  });
}

/** True where TPROXY handed the connection over: it has its destination still, and that is no port of Envoy's. */
function isTproxied(options: Options, { originalPort, wasRedirected }: Accepted): boolean {
  const own = [options.proxyPort, options.inboundCapturePort];
  return (
    options.inboundInterceptionMode === 'TPROXY' && !wasRedirected && !own.includes(String(originalPort))
  );
}

/**
 * The inbound listener: to the app, from an address that the rules know. In TPROXY mode Envoy can also keep the
 * client's address and mark what it sends (original_src); that is not told here, and 1.10, which has no rule for
 * 127.0.0.6 in that mode, goes round in a circle without it.
 */
function handIn(release: ReleaseNumber, options: Options, accepted: Accepted): Behaviour {
  const { originalAddress, originalPort, wasRedirected } = accepted;
  const cameToEnvoy = wasRedirected || isTproxied(options, accepted);
  if (!cameToEnvoy || String(originalPort) === options.inboundCapturePort) {
    return closes(
      'The connection was made to the inbound listener itself, which would go round in a circle.',
    );
  }
  const family = familyOf(originalAddress);
  const byPodAddress = isSince(release, inboundByPodAddressSince);
  return dials('Envoy takes the request in and hands it to the app.', {
    process: 'Envoy',
    address: byPodAddress ? originalAddress : loopback[family],
    port: originalPort,
    ...(byPodAddress ? { source: passthroughSource[family] } : {}),
    because: byPodAddress
      ? `The app, by the address of the pod, from ${passthroughSource[family]}.`
      : `The app on ${loopback[family]}: releases before 1.10 dial it there.`,
  });
}

function behaveAsAgent(
  release: ReleaseNumber,
  workload: Workload,
  { port, path, originalAddress }: Accepted,
): Behaviour {
  if (port !== portOf('agent-metrics')) return answers(`pilot-agent answers on ${port}.`);
  if (path === readinessPath) {
    return dials('pilot-agent asks Envoy whether it is ready.', {
      process: 'pilot-agent',
      address: loopback.v4,
      port: portOf('envoy-admin'),
      because: "Envoy's own statistics say whether it has its configuration.",
    });
  }
  if (path?.startsWith(probePath) === true) return probe(release, workload, originalAddress);
  return {
    because: 'pilot-agent collects the metrics of Envoy and of the app and answers with both.',
    closes: false,
    dials: [
      {
        process: 'pilot-agent',
        address: loopback.v4,
        port: portOf('envoy-prometheus'),
        because: "Envoy's statistics.",
      },
      ...(workload.metricsPort === undefined
        ? []
        : [
            {
              process: 'pilot-agent' as const,
              address: loopback.v4,
              port: workload.metricsPort,
              because: "The app's own metrics.",
            },
          ]),
    ],
  };
}

/** A rewritten probe, to the app. Source: pilot/cmd/pilot-agent/status/server.go. */
function probe(release: ReleaseNumber, { ports }: Workload, podAddress: string): Behaviour {
  const app = ports[0];
  if (app === undefined) return answers('pilot-agent knows of no port of the app.');
  const family = familyOf(podAddress);
  const byPodAddress = isSince(release, inboundByPodAddressSince);
  return dials('pilot-agent puts the probe to the app.', {
    process: 'pilot-agent',
    address: byPodAddress ? podAddress : loopback[family],
    port: app.port,
    ...(byPodAddress ? { source: passthroughSource[family] } : {}),
    because: byPodAddress
      ? `The app, by the address of the pod, from ${passthroughSource[family]}.`
      : `The app on ${loopback[family]}: releases before 1.10 probe it there.`,
  });
}

function sameAddress(a: string, b: string): boolean {
  return readAddress(a)?.value === readAddress(b)?.value && familyOf(a) === familyOf(b);
}

function answers(because: string): Behaviour {
  return { because, dials: [], closes: false };
}

function closes(because: string): Behaviour {
  return { because, dials: [], closes: true };
}

function dials(because: string, dial: Dial): Behaviour {
  return { because, dials: [dial], closes: false };
}
