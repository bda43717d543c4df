/**
 * The mesh around the handbook's pod, as istiod is told of it: its Services, and some of the kinds that Envoy treats
 * otherwise. Resources are written as JSON, which is YAML. Each address has its twin in IPv6.
 */
import type { SidecarPod } from '../../istio/sidecar/index.ts';
import type { Family } from '../../netfilter/index.ts';
import { pod as handbookPod, services as handbookServices } from '../scenarios/setting.ts';
import type { inboundPolicies, mutualTlsModes, outboundPolicies, sidecarKinds } from './policies.ts';

export interface MeshService {
  readonly name: string;
  readonly namespace: string;
  /** Null: headless. */
  readonly address: string | null;
  /** A port's name declares its protocol to Istio. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly target: number }[];
  readonly endpoints: readonly string[];
}

/** What is chosen of a pod and its mesh; what is absent is Istio's default. */
export interface MeshChoice {
  readonly mode?: 'REDIRECT' | 'TPROXY';
  readonly families?: readonly Family[];
  readonly mutualTls?: (typeof mutualTlsModes)[number];
  readonly outbound?: (typeof outboundPolicies)[number];
  readonly inbound?: (typeof inboundPolicies)[number];
  readonly sidecar?: (typeof sidecarKinds)[number];
  /** The Services of the mesh, where they are others than the handbook's. */
  readonly services?: readonly MeshService[];
}

/** `10.244.2.9` is `fd00:10:244:2::9` in IPv6, and `10.96.0.7` is `fd00:10:96::7`, as in the handbook. */
export function twin(address: string, family: Family): string {
  if (family === 'v4' || address.includes(':')) return address;
  const [a, b, c, d] = address.split('.');
  return c === '0' ? `fd00:${a}:${b}::${d}` : `fd00:${a}:${b}:${c}::${d}`;
}

const { remote, own, istiod } = handbookServices;

/** A declared port that the app does not listen on. */
export const closedPort = 9999;

export const meshServices: readonly MeshService[] = [
  {
    name: remote.name,
    namespace: 'default',
    address: remote.address,
    ports: [{ name: 'http', port: remote.port, target: remote.endpoints[0].port }],
    endpoints: [remote.endpoints[0].address],
  },
  {
    name: own.name,
    namespace: 'default',
    address: own.address,
    ports: [
      { name: 'http', port: own.port, target: own.endpoints[0].port },
      { name: 'http-local', port: 8081, target: 8081 },
      { name: 'tcp', port: 9000, target: 9000 },
      { name: 'tcp-local', port: 9001, target: 9001 },
      { name: 'mysql', port: 3306, target: 3306 },
      { name: 'plain', port: 7777, target: 7777 },
      { name: 'tcp-closed', port: closedPort, target: closedPort },
      { name: 'http-closed', port: closedPort - 1, target: closedPort - 1 },
    ],
    endpoints: [handbookPod.address],
  },
  {
    name: istiod.name,
    namespace: 'istio-system',
    address: istiod.address,
    ports: [{ name: 'https-dns', port: istiod.port, target: istiod.endpoints[0].port }],
    endpoints: [istiod.endpoints[0].address],
  },
  {
    name: 'database',
    namespace: 'default',
    address: '10.96.0.30',
    ports: [
      { name: 'tcp', port: 5432, target: 5432 },
      { name: 'mysql', port: 3306, target: 3306 },
      { name: 'tcp-closed', port: closedPort, target: closedPort },
      { name: 'http-closed', port: closedPort - 1, target: closedPort - 1 },
    ],
    endpoints: ['10.244.2.30'],
  },
  {
    // A port whose name declares nothing: Envoy has to look at the first bytes.
    name: 'undeclared',
    namespace: 'default',
    address: '10.96.0.40',
    ports: [{ name: 'plain', port: 6379, target: 6379 }],
    endpoints: ['10.244.2.40'],
  },
  {
    name: 'headless',
    namespace: 'default',
    address: null,
    ports: [{ name: 'tcp', port: 9092, target: 9092 }],
    endpoints: ['10.244.2.50'],
  },
  {
    name: 'empty',
    namespace: 'default',
    address: '10.96.0.60',
    ports: [
      { name: 'tcp', port: 7000, target: 7000 },
      { name: 'http', port: 80, target: 8080 },
    ],
    endpoints: [],
  },
];

const labels = { app: 'own' };

/** The resources of Istio and of Kubernetes around the pod. */
export function resourcesOf(choice: MeshChoice): Readonly<Record<'config' | 'objects', readonly object[]>> {
  const { families = ['v4'], mutualTls = 'PERMISSIVE', services = meshServices } = choice;
  return {
    config: [peerAuthentication(mutualTls), ...sidecarOf(choice.sidecar)],
    objects: services.flatMap((service) => objectsOf(service, families)),
  };
}

/** What istiod is told of the pod and the mesh around it. */
export function sidecarPodOf(choice: MeshChoice): SidecarPod & { readonly Labels: typeof labels } {
  const { config, objects } = resourcesOf(choice);
  return { ...proxyOf(choice), Config: documents(config), Objects: documents(objects) };
}

/** The pod's own Envoy, without the mesh around it. */
export function proxyOf(choice: MeshChoice) {
  const families = choice.families ?? ['v4'];
  return {
    Mode: choice.mode ?? 'REDIRECT',
    Policy: choice.outbound ?? 'ALLOW_ANY',
    Inbound: choice.inbound ?? 'PASSTHROUGH',
    IPs: families.map((family) => twin(handbookPod.address, family)),
    Labels: labels,
    ClusterID: 'Kubernetes',
  } as const;
}

function documents(all: readonly object[]): string {
  return all.map((one) => JSON.stringify(one)).join('\n---\n');
}

function peerAuthentication(mode: MeshChoice['mutualTls']) {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: 'istio-system' },
    spec: { mtls: { mode } },
  };
}

function sidecarOf(kind: MeshChoice['sidecar'] = 'none'): readonly object[] {
  if (kind === 'none') return [];
  const says = kind === 'ingress 127.0.0.1' ? onLoopback : { egress: [{ hosts: ['istio-system/*'] }] };
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'own', namespace: 'default' },
      spec: { workloadSelector: { labels }, ...says },
    },
  ];
}

const onLoopback = {
  ingress: [
    {
      port: { number: handbookPod.port, protocol: 'HTTP', name: 'http' },
      defaultEndpoint: `127.0.0.1:${handbookPod.port}`,
    },
    { port: { number: 8081, protocol: 'HTTP', name: 'http-local' }, defaultEndpoint: '127.0.0.1:8081' },
    { port: { number: 9000, protocol: 'TCP', name: 'tcp' }, defaultEndpoint: '0.0.0.0:9000' },
  ],
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
