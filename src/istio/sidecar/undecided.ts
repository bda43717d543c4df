/**
 * What resources decide that are not followed here: routes of VirtualServices, what DestinationRules set, patches of
 * EnvoyFilters, policies of requests. Where one of them has a say, the answer names it, and nothing is told.
 */
import { rootNamespace } from './peer-authentication.ts';
import {
  hasLabels,
  type Labels,
  type Resource,
  rawAt,
  rawLabels,
  rawList,
  rawNumber,
  rawText,
  rawTexts,
} from './raw.ts';
import { isMatchingHost, isSubsetOf, type RegistryService } from './registry.ts';

export type Direction = 'inbound' | 'outbound';

/** A resource that has a say. */
export interface UndecidedBy {
  readonly kind: string;
  readonly name: string;
}

/** What is asked of those that have a say. */
export type HavingSay = Pick<Undecided, keyof Undecided>;

/** A mesh in which nobody has. */
export const nobodyHasSay: HavingSay = {
  all: () => [],
  httpRouteOf: () => null,
  hostsOutside: () => [],
  streamRouteOf: () => null,
  clusterOf: () => null,
  listenerPatchAt: () => null,
  httpPatchAt: () => null,
  clusterPatchAt: () => null,
  connectionFilters: () => [],
  requestFilters: () => [],
};

export class Undecided {
  readonly #resources: readonly Resource[];
  readonly #namespace: string;
  readonly #labels: Labels;

  constructor(resources: readonly Resource[], namespace: string, labels: Labels) {
    this.#resources = resources;
    this.#namespace = namespace;
    this.#labels = labels;
  }

  /** All that may have a say in what this pod is told. */
  all(): readonly UndecidedBy[] {
    return [
      ...this.#virtualServices(),
      ...this.#of('DestinationRule'),
      ...this.#patches(),
      ...this.#policies(),
    ].map(({ kind, namespace, name }) => ({ kind, name: `${namespace}/${name}` }));
  }

  /** The VirtualService that has a Service's HTTP. */
  httpRouteOf(service: RegistryService): string | null {
    return named(
      this.#virtualServices().find(
        (one) =>
          rawList(one.spec.http).length > 0 &&
          hostsOf(one).some((host) => isMatchingHost(host, service.hostname)),
      ),
    );
  }

  /** Hosts of VirtualServices that no Service has: they are served at port 80. */
  hostsOutside(
    services: readonly RegistryService[],
    port: number,
  ): readonly { readonly host: string; readonly by: string }[] {
    if (port !== 80) return [];
    return this.#virtualServices()
      .filter(({ spec }) => rawList(spec.http).length > 0)
      .flatMap((one) =>
        hostsOf(one)
          .filter((host) => !services.some(({ hostname }) => isSubsetOf(hostname, host)))
          .map((host) => ({ host, by: named(one) as string })),
      );
  }

  /** The VirtualService that has a Service's TCP or TLS, and the names that it asks for. */
  streamRouteOf(
    service: RegistryService,
    isTlsPort: boolean,
  ): { readonly by: string; readonly names: readonly string[] } | null {
    const field = isTlsPort ? 'tls' : 'tcp';
    const found = this.#virtualServices().find(
      (one) =>
        rawList(one.spec[field]).length > 0 &&
        hostsOf(one).some((host) => isMatchingHost(host, service.hostname)),
    );
    if (found === undefined) return null;
    const names = rawList(found.spec.tls).flatMap((route) =>
      rawList(rawAt(route, 'match')).flatMap((match) => rawTexts(rawAt(match, 'sniHosts'))),
    );
    return { by: named(found) as string, names: isTlsPort ? [...new Set(names)].sort() : [] };
  }

  /** The DestinationRule that sets something for a Service. */
  clusterOf(service: RegistryService): string | null {
    return named(
      this.#of('DestinationRule').find(
        ({ spec, namespace }) =>
          spec.trafficPolicy !== undefined &&
          isSubsetOf(service.hostname, fullHost(rawText(spec.host), namespace)),
      ),
    );
  }

  /** The first EnvoyFilter that patches listeners, chains or network filters at this port. */
  listenerPatchAt(direction: Direction, port: number): string | null {
    return this.#patchOf(['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'LISTENER_FILTER'], direction, port);
  }

  httpPatchAt(direction: Direction, port: number): string | null {
    return this.#patchOf(
      ['HTTP_FILTER', 'ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'],
      direction,
      port,
    );
  }

  clusterPatchAt(direction: Direction): string | null {
    return this.#patchOf(['CLUSTER'], direction, 0);
  }

  /** Filters of policies that look at requests to the pod. */
  requestFilters(): readonly string[] {
    const kinds = this.#policies().map(({ kind }) => kind);
    return [
      ...(kinds.includes('RequestAuthentication') ? ['envoy.filters.http.jwt_authn'] : []),
      ...(kinds.includes('AuthorizationPolicy') ? ['envoy.filters.http.rbac'] : []),
    ];
  }

  connectionFilters(): readonly string[] {
    const has = this.#policies().some(({ kind }) => kind === 'AuthorizationPolicy');
    return has ? ['envoy.filters.network.rbac'] : [];
  }

  #of(kind: string): readonly Resource[] {
    return this.#resources.filter((one) => one.kind === kind);
  }

  /** Those for sidecars, which `mesh` stands for. */
  #virtualServices(): readonly Resource[] {
    return this.#of('VirtualService').filter(({ spec }) => {
      const gateways = rawTexts(spec.gateways);
      return gateways.length === 0 || gateways.includes('mesh');
    });
  }

  #policies(): readonly Resource[] {
    return this.#resources.filter(
      (one) =>
        ['AuthorizationPolicy', 'RequestAuthentication'].includes(one.kind) &&
        this.#isFor(one, rawLabels(rawAt(one.spec, 'selector', 'matchLabels'))),
    );
  }

  #patches(): readonly Resource[] {
    return this.#of('EnvoyFilter').filter((one) =>
      this.#isFor(one, rawLabels(rawAt(one.spec, 'workloadSelector', 'labels'))),
    );
  }

  #isFor({ namespace }: Resource, selector: Labels): boolean {
    return (
      (namespace === this.#namespace || namespace === rootNamespace) && hasLabels(selector, this.#labels)
    );
  }

  #patchOf(kinds: readonly string[], direction: Direction, port: number): string | null {
    const contexts = ['', 'ANY', direction === 'inbound' ? 'SIDECAR_INBOUND' : 'SIDECAR_OUTBOUND'];
    const found = this.#patches().find(({ spec }) =>
      rawList(spec.configPatches).some((patch) => {
        const asked = rawNumber(rawAt(patch, 'match', 'listener', 'portNumber'));
        return (
          kinds.includes(rawText(rawAt(patch, 'applyTo'))) &&
          contexts.includes(rawText(rawAt(patch, 'match', 'context'))) &&
          (asked === 0 || asked === port)
        );
      }),
    );
    return named(found);
  }
}

function hostsOf({ spec, namespace }: Resource): readonly string[] {
  return rawTexts(spec.hosts).map((host) => fullHost(host, namespace));
}

/** A short name is that of a Service in the resource's own namespace. */
function fullHost(host: string, namespace: string): string {
  const isShort = !host.includes('.') && !host.startsWith('*');
  return isShort ? `${host}.${namespace}.svc.cluster.local` : host.toLowerCase();
}

function named(resource: Resource | undefined): string | null {
  return resource === undefined ? null : `${resource.kind} ${resource.namespace}/${resource.name}`;
}
