/** What istiod tells the Envoy of one pod, made of the resources around it. */
import { type Family, familyOf } from '../../netfilter/index.ts';
import { plainDocuments } from '../yaml/document.ts';
import { asToldBy } from './by-release.ts';
import { byName, OutboundClusters } from './clusters.ts';
import { InboundSide } from './inbound.ts';
import { readPods, readServices, targetsOf, withAliases } from './kubernetes.ts';
import type { EnvoyMessage } from './messages.ts';
import { OutboundSide } from './outbound.ts';
import { peerPolicyOf } from './peer-authentication.ts';
import { byText, type Labels, readResources } from './raw.ts';
import { type ServiceTarget, withEndpoints } from './registry.ts';
import { outboundRoutes } from './routes.ts';
import { wholeScope } from './scope.ts';
import { ingressOf, scopeOf } from './scoped/index.ts';
import { entryTargets, readServiceEntries } from './service-entry.ts';
import { type HavingSay, nobodyHasSay, Undecided, type UndecidedBy } from './undecided.ts';
import type { OutboundPolicy, ProxyWorkload } from './workload.ts';

/** A pod, and the mesh around it; resources are YAML, or JSON, which is YAML. */
export interface SidecarPod {
  readonly Mode: 'REDIRECT' | 'TPROXY' | 'NONE';
  /** meshConfig.outboundTrafficPolicy.mode */
  readonly Policy: OutboundPolicy;
  /** meshConfig.inboundTrafficPolicy.mode; PASSTHROUGH where it is not set. */
  readonly Inbound?: 'PASSTHROUGH' | 'LOCALHOST';
  /** Resources of Istio, and of Kubernetes. */
  readonly Config: string;
  readonly Objects: string;
  readonly IPs: readonly string[];
  /** Those of the Pod with its address where they are not given; without one `app: shop`. */
  readonly Labels?: Labels;
  readonly Namespace?: string;
  /** As pilot-agent tells it; a Service then has the addresses of both families. */
  readonly ClusterID?: string;
}

/** Of a pod that nobody has told of. */
const usualLabels: Labels = { app: 'shop' };

/** In Envoy's own field names; `undecided` are resources that may decide otherwise, and are not followed. */
export interface SidecarConfig {
  readonly listeners: readonly EnvoyMessage[];
  readonly clusters: readonly EnvoyMessage[];
  readonly routes: readonly EnvoyMessage[];
  readonly endpoints: readonly EnvoyMessage[];
  readonly undecided: readonly UndecidedBy[];
}

/** What istiod of this release tells the Envoy of a pod. */
export function sidecarConfig(release: string, pod: SidecarPod): SidecarConfig {
  const told = configAmong([...plainDocuments(pod.Objects), ...plainDocuments(pod.Config)], pod, {
    entries: readServiceEntries,
    entryTargets,
    withAliases,
    scopeOf,
    ingressOf,
    havingSay: (...of) => new Undecided(...of),
  });
  return asToldBy(release, pod.Policy, told);
}

/** How a Sidecar is read, see `scoped`. */
export type Scoping = Pick<BesideServices, 'scopeOf' | 'ingressOf'>;

const unscoped: Scoping = {
  scopeOf: (_resources, services, namespace, _labels, policy) => wholeScope(services, namespace, policy),
  ingressOf: () => null,
};

/**
 * The same of a mesh with Services of Kubernetes, none of them an alias, and PeerAuthentications, as plain values; with
 * Sidecars where it is told how they are read. A browser is spared the readers of YAML and of all else.
 */
export function sidecarConfigAmongServices(
  values: readonly unknown[],
  pod: SidecarProxy,
  { scopeOf, ingressOf }: Scoping = unscoped,
): SidecarConfig {
  return configAmong(values, pod, {
    entries: () => [],
    entryTargets: () => [],
    withAliases: (services) => services,
    scopeOf,
    ingressOf,
    havingSay: () => nobodyHasSay,
  });
}

/** The pod itself. */
export type SidecarProxy = Omit<SidecarPod, 'Config' | 'Objects'>;

/** What a mesh may have beside Services. */
interface BesideServices {
  readonly entries: typeof readServiceEntries;
  readonly entryTargets: typeof entryTargets;
  readonly withAliases: typeof withAliases;
  readonly scopeOf: typeof scopeOf;
  readonly ingressOf: typeof ingressOf;
  readonly havingSay: (...of: ConstructorParameters<typeof Undecided>) => HavingSay;
}

function configAmong(values: readonly unknown[], pod: SidecarProxy, beside: BesideServices): SidecarConfig {
  const resources = readResources(values);
  const families = (['v4', 'v6'] as const satisfies readonly Family[]).filter((family) =>
    pod.IPs.some((address) => familyOf(address) === family),
  );
  const pods = readPods(resources);
  const own = pods.find(({ addresses }) => addresses.some((one) => pod.IPs.includes(one)));
  const namespace = pod.Namespace ?? own?.namespace ?? 'default';
  const labels = pod.Labels ?? own?.labels ?? usualLabels;
  const services = beside.withAliases(
    withEndpoints([
      ...readServices(resources, pods, families.length > 1),
      ...beside.entries(resources, pods),
    ]),
  );
  const self = own ?? { name: '', namespace, labels, addresses: pod.IPs, namedPorts: {} };
  const workload: ProxyWorkload = {
    mode: pod.Mode,
    addresses: pod.IPs,
    families,
    namespace,
    labels,
    clusterId: pod.ClusterID ?? '',
    inboundPolicy: pod.Inbound ?? 'PASSTHROUGH',
    targets: oldestFirst([
      ...targetsOf(services, resources, self),
      ...beside.entryTargets(services, pod.IPs, namespace),
    ]),
  };
  const undecided = beside.havingSay(resources, namespace, labels);
  const scope = beside.scopeOf(resources, services, namespace, labels, pod.Policy);
  const inbound = new InboundSide(
    workload,
    beside.ingressOf(workload, scope),
    peerPolicyOf(resources, namespace, labels),
    undecided,
  );
  const outbound = new OutboundSide(workload, scope, undecided).listeners();
  const clusters = new OutboundClusters(workload, scope, resources, undecided);
  return {
    listeners: [...outbound, ...inbound.listeners()],
    clusters: [...clusters.clusters(), ...inbound.clusters()],
    routes: tableNames(outbound).map((name) => outboundRoutes(name, scope, workload, undecided)),
    endpoints: byName(clusters.endpoints()),
    undecided: undecided.all(),
  };
}

/** Of two Services that lead to one port the oldest has its say: SetServiceTargets of pilot/pkg/model/context.go. */
function oldestFirst(targets: readonly ServiceTarget[]): readonly ServiceTarget[] {
  return [...targets].sort(
    (a, b) => byText(a.service.created, b.service.created) || byText(a.service.hostname, b.service.hostname),
  );
}

/** The route tables that listeners ask for, each once. */
function tableNames(listeners: readonly EnvoyMessage[]): readonly string[] {
  const names = new Set<string>();
  const search = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(search);
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value))
        if (key === 'route_config_name') names.add(String(one));
        else search(one);
  };
  search(listeners);
  return [...names];
}
