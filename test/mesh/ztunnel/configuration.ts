/**
 * What ztunnel is told of the mesh: the model's own workloads, as the file that it takes in place of istiod
 * (LOCAL_XDS_PATH; `LocalConfig` in src/xds.rs).
 */
import { stringify } from 'yaml';
import type { EnrolledWorkload } from '../../../src/istio/index.ts';
import { familyOf } from '../../../src/netfilter/index.ts';
import { twin, waypoint } from './world.ts';

const bare = (address: string): string => address.split('/')[0] ?? '';
const onNetwork = (address: string): string => `/${address}`;

/** As istiod turns STRICT into a policy (pilot/pkg/serviceregistry/ambient/authorization.go, staticStrictPolicy). */
const strict = {
  key: 'istio-system/istio_converted_static_strict',
  text: `policies:
- name: istio_converted_static_strict
  namespace: istio-system
  scope: WorkloadSelector
  action: Deny
  rules: [[[{notPrincipals: [!Presence []]}]]]
`,
} as const;

/** Whatever the peer's account is, it may not call: an AuthorizationPolicy with DENY. */
const denies = `policies:
- name: deny-peer
  namespace: default
  scope: Namespace
  action: Deny
  rules: [[[{principals: [!Exact cluster.local/ns/default/sa/peer]}]]]
`;

/** A field that has to be there since 1.29, and must not be before. */
const dryRunOf = (tag: string): string => (tag.startsWith('1.23.') ? '' : '  dryRun: false\n');

/** A mesh of the pod that is asked about and its peer. The addresses of one host, in both families, are one workload's. */
export function configurationOf(
  asked: EnrolledWorkload,
  peer: EnrolledWorkload,
  { tag, deniesPeer = false }: { readonly tag: string; readonly deniesPeer?: boolean },
): string {
  const protocolOf = (address: string) => asked.peers.find((one) => one.address === address)?.protocol;
  const own = workload('asked', asked.addresses.map(bare), 'HBONE', asked.isStrict === true);
  const peerAddresses = peer.addresses.map(bare);
  const other = workload('peer', peerAddresses, protocolOf(peerAddresses[0] ?? '') ?? 'TCP');
  const known = new Set([...own.workloadIps, ...peerAddresses]);
  const plain = asked.peers.filter(({ address }) => !known.has(address) && familyOf(address) === 'v4');
  const others = plain.map(({ address, protocol }, at) =>
    workload(`other-${at}`, [address, twin(address, 'v6')], protocol),
  );
  const gateway = workload('waypoint', [waypoint, twin(waypoint, 'v6')], 'TCP');
  const workloads = [own, other, ...others, gateway];
  const services = asked.services.filter(({ address }) => familyOf(address) === 'v4');
  const told = stringify({
    workloads: workloads.map((one) => ({ ...one, services: endpointsIn(services, one.workloadIps) })),
    services: services.map(({ name, port, endpoints }) => ({
      name,
      namespace: 'default',
      hostname: hostnameOf(name),
      vips: asked.services.filter((one) => one.name === name).map((one) => onNetwork(one.address)),
      ports: byPort(port, endpoints[0]?.port ?? port),
      ...waypointOf(asked, name),
    })),
  });
  const policies = asked.isStrict === true ? strict.text : deniesPeer ? denies : null;
  return `${told}${policies === null ? 'policies: []\n' : `${policies}${dryRunOf(tag)}`}`;
}

/** Ports are numbers, as keys too. */
const byPort = (port: number, target: number) => new Map([[port, target]]);

const hostnameOf = (name: string): string => `${name}.default.svc.cluster.local`;

function waypointOf({ waypoints = {} }: EnrolledWorkload, name: string): object {
  const address = waypoints[name];
  if (address === undefined) return {};
  return { waypoint: { destination: onNetwork(address), hboneMtlsPort: 15008 } };
}

function endpointsIn(services: EnrolledWorkload['services'], addresses: readonly string[]): object {
  return Object.fromEntries(
    services.flatMap(({ name, port, endpoints }) =>
      endpoints
        .filter(({ address }) => addresses.includes(address))
        .map((endpoint) => [`default/${hostnameOf(name)}`, byPort(port, endpoint.port)]),
    ),
  );
}

function workload(name: string, workloadIps: readonly string[], protocol: 'HBONE' | 'TCP', isStrict = false) {
  return {
    uid: name,
    name,
    namespace: 'default',
    serviceAccount: name,
    trustDomain: 'cluster.local',
    workloadIps,
    protocol,
    node: 'node',
    network: '',
    ...(isStrict ? { authorizationPolicies: [strict.key] } : {}),
  };
}
