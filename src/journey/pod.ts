/**
 * A pod with a sidecar: its rules, its processes and their sockets, and what of the mesh they know.
 */
import {
  completeOptions,
  listenersOf,
  type Options,
  type Process,
  processesOf,
  type ReleaseNumber,
  readRelease,
  rulesFor,
  type SidecarRules,
  type Workload,
} from '../istio/index.ts';
import {
  familyOf,
  type Host,
  type Interface,
  type Network,
  type Route,
  type RoutingRule,
  withBuiltInChains,
} from '../netfilter/index.ts';

export interface Pod {
  readonly release: ReleaseNumber;
  readonly options: Options;
  readonly workload: Workload;
  readonly processes: readonly Process[];
  readonly host: Host;
}

/** The rules of both families, in one language or in both. */
export type Rulesets = Host['rulesets'];

/** What is known of a real pod; what is absent is as Istio and the workload make it. */
export interface Seen {
  readonly rulesets?: Rulesets;
  readonly network?: Network;
  /** What the kernel has beside rules and routes. */
  readonly state?: Pick<Host, 'connections' | 'sets' | 'sysctls'>;
}

/**
 * The pod as a release of Istio sets it up, with what is known of a real one in the place of that.
 * Throws a TypeError for a text that is no release.
 */
export function podOf(release: string, partial: Partial<Options>, workload: Workload, seen: Seen = {}): Pod {
  const number = readRelease(release);
  if (number === null) throw new TypeError(`found release "${release}" where one such as 1.30 was expected`);
  const options = completeOptions(partial);
  const rules = rulesFor(release, partial);
  const own: Rulesets =
    rules.nft === null
      ? {
          v4: withBuiltInChains(rules.v4),
          ...(rules.v6 === null ? {} : { v6: withBuiltInChains(rules.v6) }),
        }
      : { nft: rules.nft };
  const added = rules.addresses.filter((one) => one.interface === 'lo').map(({ address }) => address);
  const hasV6 = options.enableIPv6 || workload.addresses.some((address) => address.includes(':'));
  const loopback = ['127.0.0.1/8', ...(hasV6 ? ['::1/128'] : [])];
  const interfaces = seen.network?.interfaces ?? [{ name: 'eth0', addresses: workload.addresses }];
  const lo = interfaces.find(({ name }) => name === 'lo')?.addresses ?? [...loopback, ...added];
  const others = interfaces.filter(({ name }) => name !== 'lo');
  const { routes, routingRules } = routingOf(rules, others, seen.network);
  const host: Host = {
    rulesets: seen.rulesets ?? own,
    interfaces: [{ name: 'lo', addresses: lo }, ...others],
    ...(routes.length === 0 ? {} : { routes }),
    ...(routingRules.length === 0 ? {} : { rules: routingRules }),
    sockets: listenersOf(number, options, workload),
    ...seen.state,
  };
  return { release: number, options, workload, processes: processesOf(options, workload), host };
}

/** What was told of routes and routing rules, and what Istio adds in the families and tables that were not. */
function routingOf(own: SidecarRules, interfaces: readonly Interface[], network: Network | undefined) {
  const told = network?.told ?? { routes: [], rules: [] };
  const isTold = ({ destination, table = 'main' }: Route) =>
    told.routes.includes(familyOf(destination)) &&
    (network?.tables === null || network?.tables.includes(table) === true);
  // Istio's own may have been told as the commands that add them, which tell of no other.
  const isAdded = ({ destination, type, table }: Route) =>
    network?.routes?.some(
      (one) =>
        one.type === type &&
        one.table === table &&
        (one.family === undefined || one.family === familyOf(destination)) &&
        (one.destination === destination || (one.destination === 'default' && /\/0$/.test(destination))),
    ) === true;
  const routes = [...(network?.routes ?? []), ...own.routes.filter((one) => !isTold(one) && !isAdded(one))];
  const lacking = ({ fwmark, table }: RoutingRule) =>
    (['v4', 'v6'] as const).filter(
      (family) =>
        !told.rules.includes(family) &&
        network?.rules?.some(
          (one) => one.family === family && one.table === table && one.fwmark?.value === fwmark?.value,
        ) !== true,
    );
  return {
    routes: routes.length === 0 ? [] : [...routes, ...missingDefaults(interfaces, network)],
    routingRules: [
      ...(network?.rules ?? []),
      ...own.routingRules.flatMap((one) => {
        const [only, other] = lacking(one);
        return only === undefined ? [] : other !== undefined ? [one] : [{ ...one, family: only }];
      }),
    ],
  };
}

/** Where no route of main was told for a family, its default route is taken to be on the first interface with an address. */
function missingDefaults(interfaces: readonly Interface[], network: Network | undefined): readonly Route[] {
  return (['v4', 'v6'] as const).flatMap((family): readonly Route[] => {
    const isTold = network?.routes?.some(
      ({ table = 'main', family: own, destination }) =>
        table === 'main' &&
        own === family &&
        (destination === 'default' || network.told.routes.includes(family)),
    );
    const first = interfaces.find(({ addresses }) =>
      addresses.some((address) => familyOf(address.split('/')[0] as string) === family),
    );
    return isTold || first === undefined ? [] : [{ destination: 'default', family, dev: first.name }];
  });
}

/** The pod's own address of a family, without its prefix length, or undefined. */
export function addressOf({ workload }: Pod, family: 'v4' | 'v6'): string | undefined {
  return workload.addresses
    .map((address) => address.split('/')[0] as string)
    .find((address) => address.includes(':') === (family === 'v6'));
}
