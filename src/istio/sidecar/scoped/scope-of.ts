/** What of the mesh a pod is told by its Sidecar, or all of it where it has none. pilot/pkg/model/sidecar.go. */
import { rootNamespace } from '../peer-authentication.ts';
import { protocolNamed } from '../protocol.ts';
import {
  byAge,
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
} from '../raw.ts';
import { isSubsetOf, type RegistryService } from '../registry.ts';
import { type EgressListener, type IngressListener, type SidecarScope, visibleFrom } from '../scope.ts';
import type { OutboundPolicy } from '../workload.ts';

export function scopeOf(
  resources: readonly Resource[],
  services: readonly RegistryService[],
  namespace: string,
  labels: Labels,
  policy: OutboundPolicy,
): SidecarScope {
  const sidecar = sidecarOf(resources, namespace, labels);
  const spec = sidecar?.spec ?? {};
  const visible = visibleFrom(services, namespace);
  const raw = rawList(spec.egress);
  const egress = (raw.length === 0 ? [{ hosts: ['*/*'] }] : raw).map((one) =>
    readEgress(one, visible, namespace),
  );
  const own = rawText(rawAt(spec, 'outboundTrafficPolicy', 'mode'));
  return {
    name: sidecar?.name ?? 'default-sidecar',
    namespace,
    egress,
    ingress: rawList(spec.ingress).map(readIngress),
    // A policy that is there and says nothing is REGISTRY_ONLY, which is 0 in the API.
    outboundPolicy:
      spec.outboundTrafficPolicy === undefined ? policy : ((own || 'REGISTRY_ONLY') as OutboundPolicy),
    services: merged(egress.flatMap((one) => one.services)),
  };
}

/** Those with a selector first, then that of the namespace, then that of the mesh. */
function sidecarOf(resources: readonly Resource[], namespace: string, labels: Labels): Resource | undefined {
  const all = byAge(resources.filter(({ kind, group }) => kind === 'Sidecar' && group !== ''));
  const selectorOf = (one: Resource) => one.spec.workloadSelector;
  const own = all.filter((one) => one.namespace === namespace);
  return (
    own.find(
      (one) =>
        selectorOf(one) !== undefined && hasLabels(rawLabels(rawAt(selectorOf(one), 'labels')), labels),
    ) ??
    own.find((one) => selectorOf(one) === undefined) ??
    all.find((one) => one.namespace === rootNamespace && selectorOf(one) === undefined)
  );
}

interface HostList {
  readonly hosts: string[];
  readonly excluded: string[];
}

function readEgress(value: unknown, visible: readonly RegistryService[], namespace: string): EgressListener {
  const raw = rawObject(value);
  const number = rawNumber(rawAt(raw, 'port', 'number'));
  const port =
    raw.port === undefined
      ? null
      : {
          number,
          name: rawText(rawAt(raw, 'port', 'name')),
          protocol: protocolNamed(rawText(rawAt(raw, 'port', 'protocol'))),
        };
  const bind = rawText(raw.bind);
  const byNamespace = hostsByNamespace(rawTexts(raw.hosts), namespace);
  const matchesPort = port !== null && number !== 0 && port.protocol !== 'HTTP_PROXY';
  return {
    port,
    bind,
    isUncaptured: rawText(raw.captureMode) === 'NONE' || bind.startsWith('unix://'),
    services: imported(visible, byNamespace, matchesPort ? number : null),
  };
}

function hostsByNamespace(hosts: readonly string[], own: string): ReadonlyMap<string, HostList> {
  const lists = new Map<string, HostList>();
  for (const text of hosts) {
    const [first = '', host, ...more] = text.split('/');
    if (host === undefined || more.length > 0) continue;
    const isExcluded = first.startsWith('~');
    const named = isExcluded ? first.slice(1) || '*' : first;
    const namespace = named === '.' ? own : named;
    const list = lists.get(namespace) ?? { hosts: [], excluded: [] };
    (isExcluded ? list.excluded : list.hosts).push(host);
    lists.set(namespace, list);
  }
  return lists;
}

function imported(
  visible: readonly RegistryService[],
  byNamespace: ReadonlyMap<string, HostList>,
  port: number | null,
): readonly RegistryService[] {
  const everywhere = byNamespace.get('*');
  const has = (list: HostList | undefined, host: string) =>
    list?.hosts.some((one) => isSubsetOf(host, one)) === true;
  const excludes = (list: HostList | undefined, host: string) =>
    list?.excluded.some((one) => isSubsetOf(host, one)) === true;
  const found = visible.flatMap((service): readonly RegistryService[] => {
    const own = byNamespace.get(service.namespace);
    const { hostname } = service;
    if (excludes(own, hostname) || excludes(everywhere, hostname)) return [];
    const list = has(own, hostname) ? own : has(everywhere, hostname) ? everywhere : undefined;
    const ports = port === null ? service.ports : service.ports.filter((one) => one.port === port);
    if (list === undefined || ports.length === 0) return [];
    const aliases = service.aliases.filter((alias) => has(list, alias));
    return [{ ...service, ports: ports.length === service.ports.length ? service.ports : ports, aliases }];
  });
  // A host of several namespaces is that of one.
  const namespaceOf = new Map<string, string>();
  for (const { hostname, namespace } of found)
    if (!namespaceOf.has(hostname)) namespaceOf.set(hostname, namespace);
  return found.filter(({ hostname, namespace }) => namespaceOf.get(hostname) === namespace);
}

/** appendSidecarServices: of one host the ports are put together, and one of Kubernetes goes before others. */
function merged(services: readonly RegistryService[]): readonly RegistryService[] {
  const byHost = new Map<string, RegistryService>();
  for (const service of services) {
    const before = byHost.get(service.hostname);
    if (before === undefined || (before.registry !== 'Kubernetes' && service.registry === 'Kubernetes')) {
      byHost.set(service.hostname, service);
      continue;
    }
    const isOther =
      before.registry !== service.registry ||
      before.namespace !== service.namespace ||
      before.resolution !== service.resolution;
    if (isOther) continue;
    const more = service.ports.filter(({ port }) => before.ports.every((one) => one.port !== port));
    byHost.set(service.hostname, { ...before, ports: [...before.ports, ...more] });
  }
  return [...byHost.values()];
}

function readIngress(value: unknown): IngressListener {
  return {
    port: rawNumber(rawAt(value, 'port', 'number')),
    name: rawText(rawAt(value, 'port', 'name')),
    protocol: protocolNamed(rawText(rawAt(value, 'port', 'protocol'))),
    bind: rawText(rawAt(value, 'bind')),
    captureMode: rawText(rawAt(value, 'captureMode')) || 'DEFAULT',
    defaultEndpoint: rawText(rawAt(value, 'defaultEndpoint')),
    hasTls: rawAt(value, 'tls') !== undefined,
  };
}
