/** Services of Kubernetes: pilot/pkg/serviceregistry/kube/conversion.go, controller/endpointslice.go. */
import { declaredProtocol } from './protocol.ts';
import {
  byText,
  hasLabels,
  type Labels,
  type Resource,
  rawAt,
  rawLabels,
  rawList,
  rawNumber,
  rawObject,
  rawText,
  rawTexts,
} from './raw.ts';
import {
  type RegistryEndpoint,
  type RegistryPort,
  type RegistryService,
  type ServiceTarget,
  unspecified,
} from './registry.ts';

export interface PodObject {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  /** Ports of its containers, by name. */
  readonly namedPorts: Readonly<Record<string, number>>;
}

export const tlsModeLabel = 'security.istio.io/tlsMode';

export function tlsModeOf(labels: Labels): string {
  return labels[tlsModeLabel] ?? 'disabled';
}

export function readPods(resources: readonly Resource[]): readonly PodObject[] {
  return resources
    .filter(({ kind }) => kind === 'Pod')
    .map(({ name, namespace, labels, spec, object }) => {
      const first = rawText(rawAt(object, 'status', 'podIP'));
      const all = rawList(rawAt(object, 'status', 'podIPs')).map((one) => rawText(rawAt(one, 'ip')));
      const addresses = [...new Set([first, ...all])].filter((address) => address !== '');
      const ports = rawList(spec.containers).flatMap((container) => rawList(rawAt(container, 'ports')));
      const namedPorts = Object.fromEntries(
        ports.map((port) => [rawText(rawAt(port, 'name')), rawNumber(rawAt(port, 'containerPort'))]),
      );
      return { name, namespace, labels, addresses, namedPorts };
    });
}

export function readServices(
  resources: readonly Resource[],
  pods: readonly PodObject[],
  isDualStack: boolean,
): readonly RegistryService[] {
  return resources
    .filter(({ kind, group }) => kind === 'Service' && group === '')
    .map((resource) => readService(resource, resources, pods, isDualStack));
}

const exportAnnotation = 'networking.istio.io/exportTo';

function readService(
  { name, namespace, spec, annotations, created }: Resource,
  resources: readonly Resource[],
  pods: readonly PodObject[],
  isDualStack: boolean,
): RegistryService {
  const isAlias = spec.type === 'ExternalName' && rawText(spec.externalName) !== '';
  const clusterIP = rawText(spec.clusterIP);
  const isHeadless = clusterIP === 'None';
  const several = rawTexts(spec.clusterIPs);
  const clusterAddresses =
    isHeadless || clusterIP === '' ? [unspecified] : several.length > 1 ? several : [clusterIP];
  return {
    hostname: `${name}.${namespace}.svc.cluster.local`,
    name,
    namespace,
    registry: 'Kubernetes',
    resolution: isHeadless ? 'passthrough' : isAlias ? 'alias' : 'EDS',
    defaultAddress: clusterAddresses[0] ?? unspecified,
    clusterAddresses,
    ports: rawList(spec.ports).map(readPort),
    isExternal: isAlias,
    selector: Object.keys(rawObject(spec.selector)).length === 0 ? null : rawLabels(spec.selector),
    exportTo: (annotations[exportAnnotation] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    created,
    publishesNotReady: spec.publishNotReadyAddresses === true,
    passedPorts: {},
    endpoints: endpointsFor(name, namespace, several.length > 1 && isDualStack, resources, pods),
    aliases: [],
    externalName: rawText(spec.externalName),
  };
}

function readPort(port: unknown): RegistryPort {
  const name = rawText(rawAt(port, 'name'));
  const number = rawNumber(rawAt(port, 'port'));
  const transport = rawText(rawAt(port, 'protocol'));
  const protocol = declaredProtocol(number, name, transport, rawText(rawAt(port, 'appProtocol')));
  return { name, port: number, protocol };
}

function endpointsFor(
  service: string,
  namespace: string,
  hasBothFamilies: boolean,
  resources: readonly Resource[],
  pods: readonly PodObject[],
): readonly RegistryEndpoint[] {
  const slices = resources.filter(
    (one) =>
      one.kind === 'EndpointSlice' &&
      one.namespace === namespace &&
      one.labels['kubernetes.io/service-name'] === service,
  );
  return slices.flatMap(({ object }) => {
    const type = rawText(object.addressType);
    if (type === 'FQDN') return [];
    return rawList(object.endpoints).flatMap((endpoint) =>
      rawTexts(rawAt(endpoint, 'addresses')).flatMap((address): readonly RegistryEndpoint[] => {
        const isOfPod = rawText(rawAt(endpoint, 'targetRef', 'kind')) === 'Pod';
        const pod = podAt(address, endpoint, namespace, pods);
        if (isOfPod && pod === undefined) return [];
        const isOfBoth = hasBothFamilies && isOfPod && pod !== undefined && pod.addresses.length > 1;
        // The addresses of both families are those of one endpoint.
        if (isOfBoth && type === 'IPv6') return [];
        return rawList(object.ports).map((port) => ({
          addresses: isOfBoth ? pod.addresses : [address],
          port: rawNumber(rawAt(port, 'port')),
          portName: rawText(rawAt(port, 'name')),
          namespace: pod?.namespace ?? namespace,
          labels: pod?.labels ?? {},
          tlsMode: tlsModeOf(pod?.labels ?? {}),
          weight: 1,
          health: rawAt(endpoint, 'conditions', 'ready') === false ? 'not ready' : 'HEALTHY',
        }));
      }),
    );
  });
}

function podAt(
  address: string,
  endpoint: unknown,
  namespace: string,
  pods: readonly PodObject[],
): PodObject | undefined {
  const name = rawText(rawAt(endpoint, 'targetRef', 'name'));
  return (
    pods.find((pod) => pod.addresses.includes(address)) ??
    pods.find((pod) => pod.name === name && pod.namespace === namespace)
  );
}

/** The ports of a pod that Services lead to: those that select it, else those whose endpoint it is. */
export function targetsOf(
  services: readonly RegistryService[],
  resources: readonly Resource[],
  pod: PodObject,
): readonly ServiceTarget[] {
  const own = services.filter((one) => one.registry === 'Kubernetes' && one.namespace === pod.namespace);
  const selecting = own.filter(({ selector }) => selector !== null && hasLabels(selector, pod.labels));
  if (selecting.length > 0) return selecting.flatMap((service) => selectedTargets(service, resources, pod));
  return own.flatMap((service) =>
    service.endpoints.flatMap((endpoint): readonly ServiceTarget[] => {
      const port = service.ports.find(({ name }) => name === endpoint.portName);
      const isOwn = endpoint.addresses[0] === pod.addresses[0];
      return port === undefined || !isOwn ? [] : [{ service, port, targetPort: endpoint.port }];
    }),
  );
}

function selectedTargets(
  service: RegistryService,
  resources: readonly Resource[],
  pod: PodObject,
): readonly ServiceTarget[] {
  const resource = resources.find(
    (one) => one.kind === 'Service' && one.name === service.name && one.namespace === service.namespace,
  );
  const targets = rawList(resource?.spec.ports).flatMap((raw, at): readonly ServiceTarget[] => {
    const port = service.ports[at] as RegistryPort;
    const wanted = rawText(rawAt(raw, 'targetPort'));
    const targetPort =
      wanted === ''
        ? port.port
        : /^\d+$/.test(wanted)
          ? Number(wanted)
          : Object.hasOwn(pod.namedPorts, wanted)
            ? pod.namedPorts[wanted]
            : undefined;
    return targetPort === undefined ? [] : [{ service, port, targetPort }];
  });
  // Ports that lead to the same one, and speak the same, are one.
  return targets.filter(
    (one, at) =>
      targets.findIndex(
        (other) => other.targetPort === one.targetPort && other.port.protocol === one.port.protocol,
      ) === at,
  );
}

/** Services that stand for another one by its name: resolveServiceAliases of push_context.go. */
export function withAliases(services: readonly RegistryService[]): readonly RegistryService[] {
  const next = new Map(
    services
      .filter(({ resolution }) => resolution === 'alias')
      .map((one) => [one.hostname, one.externalName]),
  );
  if (next.size === 0) return services;
  const concreteOf = (alias: string): string | null => {
    const seen = new Set([alias]);
    let at = next.get(alias) ?? '';
    for (let further = next.get(at); further !== undefined; further = next.get(at)) {
      if (seen.has(further)) return null;
      seen.add(at);
      at = further;
    }
    return at;
  };
  const concrete = [...next.keys()].map((alias) => [alias, concreteOf(alias)] as const);
  return services.map((service) => ({
    ...service,
    aliases: concrete
      .filter(([, name]) => name === service.hostname && service.resolution !== 'alias')
      .map(([alias]) => alias)
      .sort(byText),
  }));
}
