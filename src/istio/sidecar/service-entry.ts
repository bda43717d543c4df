/** Services that a ServiceEntry adds: pilot/pkg/serviceregistry/serviceentry/conversion.go. */
import { readAddress, readPrefix } from '../../netfilter/index.ts';
import { type PodObject, tlsModeLabel, tlsModeOf } from './kubernetes.ts';
import { protocolNamed } from './protocol.ts';
import {
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
  type RegistryService,
  type Resolution,
  type ServiceTarget,
  unspecified,
} from './registry.ts';

const resolutions: ReadonlyMap<string, Resolution> = new Map([
  ['NONE', 'passthrough'],
  ['STATIC', 'EDS'],
  ['DNS', 'DNS'],
  ['DNS_ROUND_ROBIN', 'DNS round robin'],
  ['DYNAMIC_DNS', 'dynamic DNS'],
]);

/** A workload that a ServiceEntry lists or selects. */
interface ListedWorkload {
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly labels: Labels;
  readonly namespace: string;
  readonly tlsMode: string;
  readonly weight: number;
  readonly health: RegistryEndpoint['health'];
}

/** A Service for each host and address. */
export function readServiceEntries(
  resources: readonly Resource[],
  pods: readonly PodObject[],
): readonly RegistryService[] {
  return resources
    .filter(({ kind }) => kind === 'ServiceEntry')
    .flatMap((entry) => {
      const { spec, namespace, created } = entry;
      const resolution = resolutions.get(rawText(spec.resolution) || 'NONE') ?? 'passthrough';
      const ports = rawList(spec.ports);
      const passed = ports
        .map((port) => [rawNumber(rawAt(port, 'number')), rawNumber(rawAt(port, 'targetPort'))] as const)
        .filter(([, target]) => resolution === 'passthrough' && target !== 0);
      const selector = rawAt(spec, 'workloadSelector', 'labels');
      return rawTexts(spec.hosts).flatMap((hostname) =>
        addressesOf(spec).map(
          (address): RegistryService => ({
            hostname: hostname.toLowerCase(),
            name: hostname,
            namespace,
            registry: 'External',
            resolution,
            defaultAddress: address,
            clusterAddresses: [],
            ports: ports.map((port) => ({
              name: rawText(rawAt(port, 'name')),
              port: rawNumber(rawAt(port, 'number')),
              protocol: protocolNamed(rawText(rawAt(port, 'protocol'))),
            })),
            isExternal: rawText(spec.location) !== 'MESH_INTERNAL',
            selector: selector === undefined ? null : rawLabels(selector),
            exportTo: rawTexts(spec.exportTo),
            created,
            publishesNotReady: false,
            passedPorts: Object.fromEntries(passed),
            endpoints: endpointsOfEntry(entry, hostname, resolution, resources, pods),
            aliases: [],
            externalName: '',
          }),
        ),
      );
    });
}

/** Addresses and ranges; what is neither is no address. */
function addressesOf(spec: Resource['spec']): readonly string[] {
  const all = rawTexts(spec.addresses);
  if (all.length === 0) return [unspecified];
  return all.flatMap((text) => {
    if (readAddress(text) !== null) return [text];
    if (readPrefix(text) === null) return [];
    const [address = '', length] = text.split('/');
    return length === (address.includes(':') ? '128' : '32') ? [address] : [text];
  });
}

function endpointsOfEntry(
  entry: Resource,
  hostname: string,
  resolution: Resolution,
  resources: readonly Resource[],
  pods: readonly PodObject[],
): readonly RegistryEndpoint[] {
  const listed = rawList(entry.spec.endpoints);
  const hasSelector = entry.spec.workloadSelector !== undefined;
  const isDns = resolution === 'DNS' || resolution === 'DNS round robin';
  const workloads = hasSelector
    ? selectedWorkloads(entry, resources, pods)
    : listed.map((one) => workloadOf(rawObject(one), entry.namespace, {}));
  const all =
    workloads.length === 0 && !hasSelector && isDns
      ? [
          {
            address: hostname,
            ports: {},
            labels: {},
            namespace: entry.namespace,
            tlsMode: 'disabled',
            weight: 1,
            health: 'UNKNOWN' as const,
          },
        ]
      : workloads;
  return rawList(entry.spec.ports).flatMap((port) => {
    const name = rawText(rawAt(port, 'name'));
    const usual = rawNumber(rawAt(port, 'targetPort')) || rawNumber(rawAt(port, 'number'));
    return all.map(
      ({ address, ports, labels, namespace, tlsMode, weight, health }): RegistryEndpoint => ({
        addresses: [address],
        port: (Object.hasOwn(ports, name) ? ports[name] : undefined) ?? usual,
        portName: name,
        namespace,
        labels,
        tlsMode,
        weight,
        health,
      }),
    );
  });
}

function workloadOf(spec: Resource['spec'], namespace: string, more: Labels): ListedWorkload {
  const labels = { ...rawLabels(spec.labels), ...more };
  const hasAccount = rawText(spec.serviceAccount) !== '';
  return {
    address: rawText(spec.address),
    ports: Object.fromEntries(
      Object.entries(rawObject(spec.ports)).map(([name, port]) => [name, rawNumber(port)]),
    ),
    labels,
    namespace,
    tlsMode: labels[tlsModeLabel] ?? (hasAccount ? 'istio' : 'disabled'),
    weight: rawNumber(spec.weight) || 1,
    health: 'UNKNOWN',
  };
}

function selectedWorkloads(
  { spec, namespace }: Resource,
  resources: readonly Resource[],
  pods: readonly PodObject[],
): readonly ListedWorkload[] {
  const selector = rawLabels(rawAt(spec, 'workloadSelector', 'labels'));
  const entries = resources
    .filter((one) => one.kind === 'WorkloadEntry' && one.namespace === namespace)
    .map((one) => workloadOf(one.spec, namespace, one.labels));
  const ofPods = pods
    .filter((pod) => pod.namespace === namespace)
    .map(
      (pod): ListedWorkload => ({
        address: pod.addresses[0] ?? '',
        ports: {},
        labels: pod.labels,
        namespace,
        tlsMode: tlsModeOf(pod.labels),
        weight: 1,
        health: 'HEALTHY',
      }),
    );
  return [...entries, ...ofPods].filter(
    ({ labels, address }) => address !== '' && hasLabels(selector, labels),
  );
}

/** The ports of a pod that a ServiceEntry leads to. */
export function entryTargets(
  services: readonly RegistryService[],
  addresses: readonly string[],
  namespace: string,
): readonly ServiceTarget[] {
  return services
    .filter((one) => one.registry === 'External' && one.namespace === namespace)
    .flatMap((service) =>
      service.endpoints
        .filter((endpoint) => endpoint.addresses.some((address) => addresses.includes(address)))
        .flatMap((endpoint): readonly ServiceTarget[] => {
          const port = service.ports.find(({ name }) => name === endpoint.portName);
          return port === undefined ? [] : [{ service, port, targetPort: endpoint.port }];
        }),
    );
}
