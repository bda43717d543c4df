/** Pods of each kind, as `kubectl get pod -o json` has them: which containers they have, and of which images. */

import { podKindNames } from '../../../src/words/index.ts';

/** Those that a fence can name. */
export const podKinds = podKindNames;

export type PodKind = string;

export interface Container {
  readonly name: string;
  /** As `--image` would have it; null: the reader's own. */
  readonly image: string | null;
  readonly isInit: boolean;
  readonly runs: boolean;
}

export interface Pod {
  readonly kind: PodKind;
  /** Who writes its rules. */
  readonly rulesBy: 'istio-init' | 'istio-cni' | 'nobody';
  readonly containers: readonly Container[];
  readonly object: unknown;
}

const proxy = 'registry.istio.io/release/proxyv2:1.31.0';

function container(name: string, image: string | null, isInit = false, runs = true): Container {
  return { name, image, isInit, runs };
}

const probe = { httpGet: { port: 15021, path: '/healthz/ready' } };

function objectOf({ kind, containers }: Omit<Pod, 'object'>): unknown {
  const spec = ({ name, image, isInit, runs }: Container) => ({
    name,
    image: image ?? 'registry.example/app:1',
    securityContext:
      name === 'istio-init'
        ? { runAsUser: 0, runAsGroup: 0 }
        : { runAsUser: image === null ? 1000 : 1337, runAsGroup: 1337 },
    ...(isInit && runs ? { restartPolicy: 'Always' } : {}),
    ...(runs ? { readinessProbe: probe, startupProbe: probe } : {}),
  });
  const status = ({ name, runs }: Container) => ({
    name,
    ready: true,
    restartCount: 0,
    state: runs
      ? { running: { startedAt: '2026-11-29T00:00:00Z' } }
      : { terminated: { exitCode: 0, reason: 'Completed' } },
  });
  const [init, main] = [
    containers.filter(({ isInit }) => isInit),
    containers.filter(({ isInit }) => !isInit),
  ];
  return {
    metadata: {
      name: 'POD',
      namespace: 'NAMESPACE',
      labels: { app: 'APP' },
      annotations: {
        'sidecar.istio.io/status': '{}',
        'traffic.sidecar.istio.io/excludeInboundPorts': '8080',
        ...(kind === 'ambient' ? { 'ambient.istio.io/redirection': 'enabled' } : {}),
      },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'APP' }],
    },
    spec: {
      nodeName: 'NODE',
      hostNetwork: false,
      securityContext: { fsGroup: 1337 },
      ...(init.length === 0 ? {} : { initContainers: init.map(spec) }),
      containers: main.map(spec),
    },
    status: {
      podIP: '10.244.1.5',
      podIPs: [{ ip: '10.244.1.5' }, { ip: 'fd00:10:244:1::5' }],
      ...(init.length === 0 ? {} : { initContainerStatuses: init.map(status) }),
      containerStatuses: main.map(status),
    },
  };
}

function pod(kind: PodKind, rulesBy: Pod['rulesBy'], containers: readonly Container[]): Pod {
  const made = { kind, rulesBy, containers };
  return { ...made, object: objectOf(made) };
}

/** By whom its rules are written, a pod with a sidecar has one init container or the other. */
function withSidecar(kind: PodKind, image: string, isNative: boolean): readonly Pod[] {
  return (['istio-init', 'istio-cni'] as const).map((rulesBy) =>
    pod(kind, rulesBy, [
      container(rulesBy === 'istio-init' ? 'istio-init' : 'istio-validation', image, true, false),
      container('istio-proxy', image, isNative),
      container('INIT_CONTAINER', null, true, false),
      container('APP', null),
    ]),
  );
}

export const pods: readonly Pod[] = [
  ...withSidecar('sidecar', proxy, false),
  ...withSidecar('native-sidecar', proxy, true),
  ...withSidecar('distroless', `${proxy}-distroless`, true),
  ...withSidecar('distroless', `${proxy}-distroless`, false),
  pod('ambient', 'istio-cni', [container('INIT_CONTAINER', null, true, false), container('APP', null)]),
  pod('gateway', 'nobody', [container('istio-proxy', proxy)]),
];

/** What answers within a pod, by port: each with the paths that pilot-agent and Envoy have there. */
export const answers: Readonly<Record<number, RegExp>> = {
  15000:
    /^\/?(?:server_info|config_dump|clusters|listeners|stats|stats\/prometheus|certs|logging|ready)(?:\?.*)?$/,
  15020:
    /^\/?(?:stats\/prometheus|metrics|debug\/ndsz|app-health\/\S+|app-lifecycle\/\S+|healthz\/ready|quitquitquit|drain)$/,
  15021: /^\/?healthz\/ready$/,
  15090: /^\/?stats\/prometheus$/,
};
