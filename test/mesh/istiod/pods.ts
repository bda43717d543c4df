/**
 * The pods that istiod is asked about: the handbook's own, under the settings that change what Envoy is told. Their
 * resources are written by the handbook itself.
 */
import { type MeshChoice, sidecarPodOf } from '../../../src/handbook/envoy/mesh.ts';
import { pod as handbookPod, services } from '../../../src/handbook/scenarios/setting.ts';
import type { Family } from '../../../src/netfilter/index.ts';

/** What is chosen of a pod; mutual TLS is DISABLE where it is absent. */
const choices = {
  redirect: {},
  permissive: { mutualTls: 'PERMISSIVE' },
  strict: { mutualTls: 'STRICT' },
  'registry-only': { outbound: 'REGISTRY_ONLY' },
  localhost: { inbound: 'LOCALHOST' },
  sidecar: { sidecar: 'ingress 127.0.0.1' },
  egress: { sidecar: 'egress istio-system/*' },
  'egress-registry-only': { sidecar: 'egress istio-system/*', outbound: 'REGISTRY_ONLY' },
  v6: { families: ['v6'] },
  dual: { families: ['v4', 'v6'] },
  tproxy: { mode: 'TPROXY' },
  'tproxy-permissive': { mode: 'TPROXY', mutualTls: 'PERMISSIVE' },
  'tproxy-registry-only': { mode: 'TPROXY', outbound: 'REGISTRY_ONLY' },
  'tproxy-v6': { mode: 'TPROXY', families: ['v6'] },
  'tproxy-dual': { mode: 'TPROXY', families: ['v4', 'v6'] },
  'sidecar-other-port': {},
  none: {},
  'none-sidecar': {},
} as const satisfies Record<string, MeshChoice>;

export type PodName = keyof typeof choices;
export const podNames = Object.keys(choices) as readonly PodName[];

/** What istiod is told of a pod beside what the handbook chooses from. */
const resources: { readonly [Name in PodName]?: object } = {
  'sidecar-other-port': {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'own', namespace: 'default' },
    spec: {
      workloadSelector: { labels: { app: 'own' } },
      ingress: [
        {
          port: { number: services.own.port, protocol: 'HTTP', name: 'http' },
          defaultEndpoint: `127.0.0.1:${handbookPod.port}`,
        },
      ],
    },
  },
  // As whoever has no rules has it: ports beside the app's own, towards it and from it.
  'none-sidecar': {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'own', namespace: 'default' },
    spec: {
      workloadSelector: { labels: { app: 'own' } },
      ingress: [
        {
          port: { number: 9080, protocol: 'HTTP', name: 'http' },
          defaultEndpoint: `127.0.0.1:${handbookPod.port}`,
        },
        { port: { number: 9110, protocol: 'TCP', name: 'tcp' }, defaultEndpoint: '127.0.0.1:9001' },
        {
          bind: '0.0.0.0',
          port: { number: 9101, protocol: 'TCP', name: 'tcp-first' },
          defaultEndpoint: '127.0.0.1:3306',
        },
      ],
      egress: [
        {
          port: { number: 5432, protocol: 'TCP', name: 'tcp' },
          hosts: ['default/database.default.svc.cluster.local'],
        },
        {
          bind: '127.0.0.2',
          port: { number: 6379, protocol: 'TCP', name: 'tcp-redis' },
          hosts: ['default/undeclared.default.svc.cluster.local'],
        },
        {
          port: { number: 80, protocol: 'HTTP', name: 'http' },
          hosts: ['default/reviews.default.svc.cluster.local'],
        },
      ],
    },
  },
};

/** Pods of the mode NONE, which the handbook leaves nobody to choose. */
const uncaptured: readonly PodName[] = ['none', 'none-sidecar'];

/** Whether no rule hands a connection to the pod's Envoy. */
export function isUncaptured(name: PodName): boolean {
  return uncaptured.includes(name);
}

/** As `question_test.go` reads it. */
export interface AskedPod {
  readonly name: PodName;
  readonly mode: 'REDIRECT' | 'TPROXY' | 'NONE';
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  readonly inbound: 'PASSTHROUGH' | 'LOCALHOST';
  readonly istio: string;
  readonly objects: string;
}

/** The families of a pod, in the order of its addresses. */
export function familiesOf(name: PodName): readonly Family[] {
  return (choices[name] as MeshChoice).families ?? ['v4'];
}

/** What istiod is asked about a pod. */
export function askedPod(name: PodName): AskedPod {
  const choice: MeshChoice = { mutualTls: 'DISABLE', ...choices[name] };
  const { Mode, Policy, Inbound = 'PASSTHROUGH', Config, Objects, IPs, Labels } = sidecarPodOf(choice);
  return {
    name,
    mode: isUncaptured(name) ? 'NONE' : (Mode as 'REDIRECT' | 'TPROXY'),
    addresses: IPs,
    labels: Labels,
    outbound: Policy as 'ALLOW_ANY' | 'REGISTRY_ONLY',
    inbound: Inbound,
    istio: [Config, ...(name in resources ? [JSON.stringify(resources[name])] : [])].join('\n---\n'),
    objects: Objects,
  };
}
