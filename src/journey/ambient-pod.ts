/**
 * An enrolled pod of ambient mode: its rules, the sockets in it, and what of the mesh ztunnel knows.
 */
import {
  type AmbientOptions,
  ambientRulesFor,
  behaveInMesh,
  type EnrolledWorkload,
  socketsOf,
  ztunnelMark,
  ztunnelOwner,
} from '../istio/index.ts';
import { addressValue, familyOf, type Host, readPrefix, withBuiltInChains } from '../netfilter/index.ts';
import type { Inhabited } from './walk.ts';

/** The pod as a release of Istio sets it up. What is known of a real one, as its rules, is handed in. */
export function enrolledPodOf(
  release: string,
  options: Partial<AmbientOptions>,
  workload: EnrolledWorkload,
  rulesets?: Host['rulesets'],
): Inhabited {
  const { pod, routes, rules } = ambientRulesFor(release, options);
  const { guest, isLoV4 } = workload;
  const gateway = (family: 'v4' | 'v6') =>
    workload.addresses.some((address) => address.includes(':') === (family === 'v6'))
      ? [{ destination: 'default', family, dev: 'eth0' }]
      : [];
  return {
    proxy: 'ztunnel',
    processes: [
      { name: 'app', uid: workload.uid, gid: workload.gid },
      { name: 'ztunnel', ...ztunnelOwner, mark: ztunnelMark },
    ],
    behave: (accepted) => behaveInMesh(workload, accepted),
    entry: (source) => (guest !== undefined && isOnLink(guest.address, source) ? guest.interface : 'eth0'),
    host: {
      rulesets: rulesets ?? {
        v4: withBuiltInChains(pod.v4),
        ...(pod.v6 === null ? {} : { v6: withBuiltInChains(pod.v6) }),
        ...(pod.nft === null ? {} : { nft: pod.nft }),
      },
      interfaces: [
        { name: 'lo', addresses: ['127.0.0.1/8', ...(isLoV4 === true ? [] : ['::1/128'])] },
        ...(guest === undefined ? [] : [{ name: guest.interface, addresses: [guest.address] }]),
        { name: 'eth0', addresses: workload.addresses },
      ],
      routes: [...gateway('v4'), ...gateway('v6'), ...routes],
      rules,
      sockets: socketsOf(workload),
    },
  };
}

/** Whether an interface with this address, `10.0.2.1/24`, has another on its own link. */
export function isOnLink(own: string, address: string): boolean {
  const prefix = readPrefix(own);
  const family = familyOf(address);
  return (
    prefix?.family === family && (addressValue(address) & prefix.mask) === (prefix.address & prefix.mask)
  );
}
