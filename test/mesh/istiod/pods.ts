/**
 * The pods that istiod is asked about: the handbook's own, under the settings that change what Envoy is told. Their
 * resources are written as JSON, which is YAML.
 */
import type { Family } from '../../../src/netfilter/index.ts';
import { handbookPod, type MeshService, services, twin } from '../world.ts';

type MutualTls = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** What is chosen of a pod; what is absent is Istio's default, but for mutual TLS, which is DISABLE. */
interface Choice {
  readonly mode?: 'REDIRECT' | 'TPROXY';
  readonly families?: readonly Family[];
  readonly mutualTls?: MutualTls;
  readonly outbound?: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly inbound?: 'PASSTHROUGH' | 'LOCALHOST';
  /** A Sidecar that says where the app listens. */
  readonly sidecar?: boolean;
}

const choices = {
  redirect: {},
  permissive: { mutualTls: 'PERMISSIVE' },
  strict: { mutualTls: 'STRICT' },
  'registry-only': { outbound: 'REGISTRY_ONLY' },
  localhost: { inbound: 'LOCALHOST' },
  sidecar: { sidecar: true },
  v6: { families: ['v6'] },
  dual: { families: ['v4', 'v6'] },
  tproxy: { mode: 'TPROXY' },
  'tproxy-permissive': { mode: 'TPROXY', mutualTls: 'PERMISSIVE' },
  'tproxy-registry-only': { mode: 'TPROXY', outbound: 'REGISTRY_ONLY' },
  'tproxy-v6': { mode: 'TPROXY', families: ['v6'] },
  'tproxy-dual': { mode: 'TPROXY', families: ['v4', 'v6'] },
} as const satisfies Record<string, Choice>;

export type PodName = keyof typeof choices;
export const podNames = Object.keys(choices) as readonly PodName[];

/** As `question_test.go` reads it. */
export interface AskedPod {
  readonly name: PodName;
  readonly mode: 'REDIRECT' | 'TPROXY';
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly inbound: 'PASSTHROUGH' | 'LOCALHOST';
  readonly istio: string;
  readonly objects: string;
}

const labels = { app: 'own' };

/** The families of a pod, in the order of its addresses. */
export function familiesOf(name: PodName): readonly Family[] {
  return (choices[name] as Choice).families ?? ['v4'];
}

/** What istiod is asked about a pod. */
export function askedPod(name: PodName): AskedPod {
  const choice: Choice = choices[name];
  const families = familiesOf(name);
  return {
    name,
    mode: choice.mode ?? 'REDIRECT',
    addresses: families.map((family) => twin(handbookPod.address, family)),
    labels,
    outbound: choice.outbound ?? 'ALLOW_ANY',
    inbound: choice.inbound ?? 'PASSTHROUGH',
    istio: documents([
      peerAuthentication(choice.mutualTls ?? 'DISABLE'),
      ...(choice.sidecar === true ? [sidecar] : []),
    ]),
    objects: documents(services.flatMap((service) => objectsOf(service, families))),
  };
}

function documents(all: readonly object[]): string {
  return all.map((one) => JSON.stringify(one)).join('\n---\n');
}

function peerAuthentication(mode: MutualTls) {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'istio-system' },
    spec: { mtls: { mode } },
  };
}

const sidecar = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'own', namespace: 'default' },
  spec: {
    workloadSelector: { labels },
    ingress: [
      {
        port: { number: handbookPod.port, protocol: 'HTTP', name: 'http' },
        defaultEndpoint: `127.0.0.1:${handbookPod.port}`,
      },
      { port: { number: 8081, protocol: 'HTTP', name: 'http-local' }, defaultEndpoint: '127.0.0.1:8081' },
      { port: { number: 9000, protocol: 'TCP', name: 'tcp' }, defaultEndpoint: '0.0.0.0:9000' },
    ],
  },
};

function objectsOf(service: MeshService, families: readonly Family[]): readonly object[] {
  const { name, namespace, address, ports, endpoints } = service;
  const selector = { app: name };
  const clusterIPs = families.map((family) => (address === null ? 'None' : twin(address, family)));
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: {
        clusterIP: clusterIPs[0],
        clusterIPs: address === null ? ['None'] : clusterIPs,
        ipFamilies: families.map(kubernetesFamily),
        selector,
        ports: ports.map(({ name: port, port: number, target }) => ({
          name: port,
          port: number,
          targetPort: target,
          protocol: 'TCP',
        })),
      },
    },
    ...families.map((family) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${family}`,
        namespace,
        labels: { 'kubernetes.io/service-name': name },
      },
      addressType: kubernetesFamily(family),
      endpoints: endpoints.map((endpoint, index) => ({
        addresses: [twin(endpoint, family)],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: `${name}-${index}`, namespace },
      })),
      ports: ports.map(({ name: port, target }) => ({ name: port, port: target, protocol: 'TCP' })),
    })),
    ...endpoints.map((endpoint, index) => podObject(service, endpoint, index, families)),
  ];
}

function podObject(
  { name, namespace }: MeshService,
  endpoint: string,
  index: number,
  families: readonly Family[],
) {
  const podIPs = families.map((family) => ({ ip: twin(endpoint, family) }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-${index}`, namespace, labels: { app: name } },
    spec: { containers: [{ name: 'app', image: 'app' }] },
    status: {
      podIP: podIPs[0]?.ip,
      podIPs,
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function kubernetesFamily(family: Family): 'IPv4' | 'IPv6' {
  return family === 'v4' ? 'IPv4' : 'IPv6';
}
