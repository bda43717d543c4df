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
  type Workload,
} from '../istio/index.ts';
import { type Host, withBuiltInChains } from '../netfilter/index.ts';

export interface Pod {
  readonly release: ReleaseNumber;
  readonly options: Options;
  readonly workload: Workload;
  readonly processes: readonly Process[];
  readonly host: Host;
}

/** The rulesets of a real pod, where they are known. */
export type Rulesets = Host['rulesets'];

/**
 * The pod as a release of Istio sets it up; with `rulesets`, a real pod's rules in the place of those.
 * Throws a TypeError for a text that is no release.
 */
export function podOf(
  release: string,
  partial: Partial<Options>,
  workload: Workload,
  rulesets?: Rulesets,
): Pod {
  const number = readRelease(release);
  if (number === null) throw new TypeError(`found release "${release}" where one such as 1.30 was expected`);
  const options = completeOptions(partial);
  const rules = rulesFor(release, partial);
  const own: Rulesets = {
    v4: withBuiltInChains(rules.v4),
    ...(rules.v6 === null ? {} : { v6: withBuiltInChains(rules.v6) }),
  };
  const added = rules.addresses.filter((one) => one.interface === 'lo').map(({ address }) => address);
  const host: Host = {
    rulesets: rulesets ?? own,
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8', ...(options.enableIPv6 ? ['::1/128'] : []), ...added] },
      { name: 'eth0', addresses: workload.addresses },
    ],
    ...(rules.routes.length === 0 ? {} : { routes: [...rules.routes, ...defaultRoutes(workload)] }),
    ...(rules.routingRules.length === 0 ? {} : { rules: rules.routingRules }),
    sockets: listenersOf(options, workload),
  };
  return { release: number, options, workload, processes: processesOf(options, workload), host };
}

function defaultRoutes({ addresses }: Workload) {
  return addresses.length === 0 ? [] : [{ destination: 'default', dev: 'eth0' }];
}

/** The pod's own address of a family, without its prefix length, or undefined. */
export function addressOf({ workload }: Pod, family: 'v4' | 'v6'): string | undefined {
  return workload.addresses
    .map((address) => address.split('/')[0] as string)
    .find((address) => address.includes(':') === (family === 'v6'));
}
