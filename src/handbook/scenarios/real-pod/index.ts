/**
 * A real pod, as far as a pasted text tells of it, in the place of the handbook's: its rules, network and app.
 */
import type { Workload } from '../../../istio/index.ts';
import type { Seen } from '../../../journey/index.ts';
import type { NftRuleset } from '../../../netfilter/index.ts';
import { metricsPort, podAddressV6, type Setting, services, workload } from '../setting.ts';

export interface RealPod extends Seen {
  /** The release and the options that its rules come from; absent: the handbook's. */
  readonly setting?: Setting;
  /** A sidecar's rules in native nftables, as they are compared; `rulesets` has them too, beside what there is of iptables. */
  readonly native?: NftRuleset;
  /** What of the app is known. Addresses have their prefix lengths. */
  readonly app?: Partial<Pick<Workload, 'addresses' | 'uid' | 'gid' | 'ports' | 'netBindService'>>;
}

/** The workload of a real pod; what is not known of it is as in the handbook. */
export function workloadOf({ app = {}, network, rulesets }: RealPod, hasV6: boolean): Workload {
  const known = network?.interfaces
    ?.filter(({ name }) => name !== 'lo')
    .flatMap(({ addresses }) => addresses)
    .filter((address) => !/^fe[89ab]/i.test(address));
  const addresses = known !== undefined && known.length > 0 ? known : (app.addresses ?? workload.addresses);
  const isAssumed = addresses === workload.addresses;
  const hasOne = addresses.some((address) => address.includes(':'));
  const isV6 = isAssumed && !hasOne && (hasV6 || rulesets?.v6 !== undefined);
  const uses: Workload = {
    ...workload,
    ...app,
    addresses: isV6 ? [...addresses, `${podAddressV6}/64`] : addresses,
    ports:
      app.ports === undefined || app.ports.length === 0
        ? workload.ports
        : [
            ...app.ports,
            ...(app.ports.some(({ port }) => port === metricsPort) ? [] : [{ port: metricsPort }]),
          ],
  };
  const own = uses.addresses[0]?.split('/')[0];
  const port = uses.ports[0]?.port;
  if (own === undefined || port === undefined) return uses;
  return {
    ...uses,
    services: workload.services.map((service) =>
      service === services.own ? { ...service, endpoints: [{ address: own, port }] } : service,
    ),
  };
}
