/**
 * What the processes of a sidecar pod do with a connection once they have it: whom they dial next, and from
 * which address. This is a model of Envoy and pilot-agent; no kernel can judge it, but a real Envoy does
 * (`test/mesh`).
 */

import { familyOf, type Owner, readAddress } from '../../netfilter/index.ts';
import type { ZtunnelDial, ZtunnelDoes } from '../ambient/ztunnel-reasons.ts';
import { changes } from '../history/changes.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import type { Options } from '../options/options.ts';
import { portOf } from './ports.ts';

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
  /** True where mutual TLS is STRICT, and whoever calls from outside of the pod sends plain text. */
  readonly refusesPlainText?: boolean;
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
  /** Whom the socket has at its other end. */
  readonly clientAddress: string;
  /** What is asked for over HTTP, where what the process does next depends on it: `/healthz/ready`. */
  readonly path?: string;
  /** The name of a Service, or of nobody, in the Host of a request over HTTP, on a port that some Service has for HTTP. */
  readonly host?: string | undefined;
}

export interface Dial {
  readonly process: ProcessName | 'ztunnel';
  readonly address: string;
  readonly port: number;
  /** The address that the socket is bound to first; the kernel chooses where there is none. */
  readonly source?: string;
  /** The mark of the socket (SO_MARK), which rules and routes see from the first packet on. */
  readonly mark?: number;
  /** What it asks for over HTTP, where that matters to whoever takes the connection. */
  readonly path?: string;
  readonly reason: DialReason;
}

/** Why a process dials; the sentences are in `src/words`. */
export type DialReason =
  | {
      readonly code:
        | 'Prometheus listener'
        | 'health listener'
        | 'original destination'
        | 'readiness of Envoy'
        | 'statistics of Envoy'
        | 'metrics of the app';
    }
  | { readonly code: 'by ztunnel'; readonly dial: ZtunnelDial }
  /** An endpoint of a Service. */
  | { readonly code: 'endpoint'; readonly service: string }
  /** The app by the address of the pod, from an address that the rules know. */
  | { readonly code: 'app by pod address'; readonly source: string }
  /** The app, from the address of the client and with a mark that the rules know. */
  | { readonly code: 'app from client address'; readonly source: string; readonly mark: number }
  /** The app on localhost, as releases before `since` dial or probe it. */
  | {
      readonly code: 'app on localhost';
      readonly address: string;
      readonly does: 'dial' | 'probe';
      readonly since: string;
    };

/** What a process does with a connection. */
export type BehaviourReason =
  | {
      readonly code:
        | 'answers as admin'
        | 'fetches'
        | 'forwards'
        | 'outbound listener itself'
        | 'inbound listener itself'
        | 'no Service, refused'
        | 'no Service, passed on'
        | 'plain text, refused'
        | 'hands in'
        | 'asks Envoy'
        | 'collects'
        | 'no port';
    }
  /** What the kubelet would ask of the app, had the injector not rewritten it. */
  | { readonly code: 'puts'; readonly what: 'probe' | 'lifecycle hook' }
  /** It answers by itself; with the port where that is one of the proxy's. */
  | { readonly code: 'answers'; readonly process: string; readonly port?: number }
  | { readonly code: 'knows the Service' | 'no endpoint'; readonly service: string }
  | { readonly code: 'by ztunnel'; readonly does: ZtunnelDoes };

export interface Behaviour {
  readonly reason: BehaviourReason;
  readonly dials: readonly Dial[];
  /** True where the process closes the connection instead. */
  readonly closes: boolean;
}

/**
 * The addresses that Envoy and pilot-agent dial the app from, so that rule `output.passthrough` knows them.
 * Source: InboundPassthroughBindIpv4 and its like of listener_address.go, UpstreamLocalAddressIPv4 of pilot-agent.
 */
export const passthroughSource = { v4: '127.0.0.6', v6: '::6' } as const;

const loopback = { v4: '127.0.0.1', v6: '::1' } as const;

/** What the readiness of the sidecar is asked by, on 15021 and behind it. */
export const readinessPath = '/healthz/ready';
/** What a rewritten probe of the app begins with; the container and the kind of the probe follow. */
export const probePath = '/app-health/';
/** What a rewritten hook begins with; the rest is like that of a probe. Releases before `hooksSince` leave hooks as they are. */
const hookPath = '/app-lifecycle/';
const hooksSince = '1.25.0';

/**
 * The mark of what Envoy dials from the client's address. It is not an option: the original_src filter that istiod
 * gives to Envoy has this number. Source: pilot/pkg/xds/filters/filters.go, OriginalSrc.
 */
const originalSourceMark = 1337;

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
  return answers({ code: 'answers', process: accepted.process });
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
        ? handIn(release, options, workload, accepted)
        : routeOut(workload, accepted);
    case Number(options.inboundCapturePort):
      return handIn(release, options, workload, accepted);
    case portOf('envoy-prometheus'):
      return dials(
        { code: 'fetches' },
        {
          process: 'Envoy',
          address: localhostOf(workload),
          port: portOf('envoy-admin'),
          reason: { code: 'Prometheus listener' },
        },
      );
    case portOf('envoy-ready'):
      return dials(
        { code: 'forwards' },
        {
          process: 'Envoy',
          address: localhostOf(workload),
          port: portOf('agent-metrics'),
          path: readinessPath,
          reason: { code: 'health listener' },
        },
      );
    case portOf('envoy-admin'):
      return answers({ code: 'answers as admin' });
    default:
      return answers({ code: 'answers', process: 'Envoy', port: accepted.port });
  }
}

/** The outbound listener: by original destination to a Service's endpoint, or straight on. */
function routeOut(
  workload: Workload,
  { originalAddress, originalPort, wasRedirected, host }: Accepted,
): Behaviour {
  if (!wasRedirected) {
    return closes({ code: 'outbound listener itself' });
  }
  const service = workload.services.find(
    ({ name, address, port }) =>
      (host === undefined ? sameAddress(address, originalAddress) : name === host) && port === originalPort,
  );
  const endpoint = service?.endpoints[0];
  if (service !== undefined && endpoint !== undefined) {
    return dials(
      { code: 'knows the Service', service: service.name },
      {
        process: 'Envoy',
        ...endpoint,
        reason: { code: 'endpoint', service: service.name },
      },
    );
  }
  if (service !== undefined) return closes({ code: 'no endpoint', service: service.name });
  if (workload.outboundTrafficPolicy === 'REGISTRY_ONLY') {
    return closes({ code: 'no Service, refused' });
  }
  return dials(
    { code: 'no Service, passed on' },
    {
      process: 'Envoy',
      address: originalAddress,
      port: originalPort,
      reason: { code: 'original destination' },
    },
  );
}

/** True where TPROXY handed the connection over: it has its destination still, and that is no port of Envoy's. */
function isTproxied(options: Options, { originalPort, wasRedirected }: Accepted): boolean {
  const own = [options.proxyPort, options.inboundCapturePort];
  return (
    options.inboundInterceptionMode === 'TPROXY' && !wasRedirected && !own.includes(String(originalPort))
  );
}

/**
 * The inbound listener: to the app, from an address that the rules know. In TPROXY mode from the address of the
 * client: original_src is in the listener, and wins over the address that the cluster is bound to.
 */
function handIn(release: ReleaseNumber, options: Options, workload: Workload, accepted: Accepted): Behaviour {
  const { originalAddress, originalPort, wasRedirected, clientAddress } = accepted;
  const cameToEnvoy = wasRedirected || isTproxied(options, accepted);
  if (!cameToEnvoy || String(originalPort) === options.inboundCapturePort) {
    return closes({ code: 'inbound listener itself' });
  }
  const isOutside = !workload.addresses.some((own) => sameAddress(own.split('/')[0] ?? '', clientAddress));
  if (workload.refusesPlainText && isOutside) return closes({ code: 'plain text, refused' });
  const to = { process: 'Envoy', port: originalPort, ...toApp(release, originalAddress, 'dial') } as const;
  if (options.inboundInterceptionMode !== 'TPROXY' || !isSince(release, changes.preserveSource.since))
    return dials({ code: 'hands in' }, to);
  const from = { source: clientAddress, mark: originalSourceMark };
  return dials(
    { code: 'hands in' },
    { ...to, ...from, reason: { code: 'app from client address', ...from } },
  );
}

function behaveAsAgent(
  release: ReleaseNumber,
  workload: Workload,
  { port, path, originalAddress }: Accepted,
): Behaviour {
  if (port !== portOf('agent-metrics')) return answers({ code: 'answers', process: 'pilot-agent', port });
  if (path === readinessPath) {
    return dials(
      { code: 'asks Envoy' },
      {
        process: 'pilot-agent',
        address: localhostOf(workload),
        port: portOf('envoy-admin'),
        reason: { code: 'readiness of Envoy' },
      },
    );
  }
  if (path?.startsWith(probePath)) return askApp('probe', release, workload, originalAddress);
  if (path?.startsWith(hookPath))
    return isSince(release, hooksSince)
      ? askApp('lifecycle hook', release, workload, originalAddress)
      : answers({ code: 'answers', process: 'pilot-agent', port });
  return {
    reason: { code: 'collects' },
    closes: false,
    dials: [
      {
        process: 'pilot-agent',
        address: localhostOf(workload),
        port: portOf('envoy-prometheus'),
        reason: { code: 'statistics of Envoy' },
      },
      ...(workload.metricsPort === undefined
        ? []
        : [
            {
              process: 'pilot-agent' as const,
              address: localhostOf(workload),
              port: workload.metricsPort,
              reason: { code: 'metrics of the app' } as const,
            },
          ]),
    ],
  };
}

/** A rewritten probe or hook, to the app. Source: pilot/cmd/pilot-agent/status/server.go, handleAppProbe for both. */
function askApp(
  what: 'probe' | 'lifecycle hook',
  release: ReleaseNumber,
  { ports }: Workload,
  podAddress: string,
): Behaviour {
  const app = ports[0];
  if (app === undefined) return answers({ code: 'no port' });
  return dials(
    { code: 'puts', what },
    { process: 'pilot-agent', port: app.port, ...toApp(release, podAddress, 'probe') },
  );
}

/**
 * Where the processes of the proxy's container look for each other, and Envoy's admin port is: ::1 in a pod that has IPv6 alone. Source:
 * pkg/bootstrap/config.go, LocalhostIPv6; pilot/cmd/pilot-agent, localHostIPv6.
 */
export function localhostOf({ addresses }: Workload): string {
  const hasV4 = addresses.some((address) => !address.includes(':'));
  return addresses.length > 0 && !hasV4 ? loopback.v6 : loopback.v4;
}

function sameAddress(a: string, b: string): boolean {
  return readAddress(a)?.value === readAddress(b)?.value && familyOf(a) === familyOf(b);
}

/** Where the app is dialled, from which address, and why: at the pod's address, or on localhost in older releases. */
function toApp(
  release: ReleaseNumber,
  podAddress: string,
  does: 'dial' | 'probe',
): Pick<Dial, 'address' | 'source' | 'reason'> {
  const family = familyOf(podAddress);
  const [address, source] = [loopback[family], passthroughSource[family]];
  if (isSince(release, inboundByPodAddressSince))
    return { address: podAddress, source, reason: { code: 'app by pod address', source } };
  return { address, reason: { code: 'app on localhost', address, does, since: inboundByPodAddressSince } };
}

function answers(reason: BehaviourReason): Behaviour {
  return { reason, dials: [], closes: false };
}

function closes(reason: BehaviourReason): Behaviour {
  return { reason, dials: [], closes: true };
}

function dials(reason: BehaviourReason, dial: Dial): Behaviour {
  return { reason, dials: [dial], closes: false };
}
