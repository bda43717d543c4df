/** Whose rules and chains stand beside Istio's, by the names that other software gives its chains. */

interface Software {
  readonly pattern: RegExp;
  readonly name: string;
  /** A mesh, which redirects the same connections; or software that programs the namespace of a node and of no pod. */
  readonly is?: 'a mesh' | 'on nodes';
}

/** The first whose pattern fits has the chain. */
const software = [
  { pattern: /^ISTIO_/, name: 'Istio' },
  { pattern: /^KUBE-ROUTER/, name: 'kube-router', is: 'on nodes' },
  { pattern: /^KUBE-/, name: 'kube-proxy', is: 'on nodes' },
  { pattern: /^PROXY_INIT_/, name: 'Linkerd', is: 'a mesh' },
  { pattern: /^CILIUM_|^OLD_CILIUM_/, name: 'Cilium', is: 'on nodes' },
  { pattern: /^cali-/, name: 'Calico', is: 'on nodes' },
  { pattern: /^FLANNEL-/, name: 'Flannel', is: 'on nodes' },
  { pattern: /^WEAVE/, name: 'Weave Net', is: 'on nodes' },
  { pattern: /^AWS-(SNAT|CONNMARK)-CHAIN/, name: 'AWS VPC CNI', is: 'on nodes' },
  { pattern: /^OVN-KUBE-/, name: 'ovn-kubernetes', is: 'on nodes' },
  { pattern: /^AZURE-NPM/, name: 'Azure NPM', is: 'on nodes' },
  { pattern: /^IP-MASQ$/, name: 'ip-masq-agent', is: 'on nodes' },
  { pattern: /^CNI-/, name: 'portmap or bandwidth' },
  { pattern: /^CONSUL_/, name: 'Consul', is: 'a mesh' },
  // MESH_ in its first releases
  { pattern: /^(KUMA|MESH)_/, name: 'Kuma', is: 'a mesh' },
  { pattern: /^OSM_/, name: 'Open Service Mesh', is: 'a mesh' },
  // The resolver of a container on a network of its own: in the container itself (moby, libnetwork/resolver_unix.go)
  { pattern: /^DOCKER_(?:OUTPUT|POSTROUTING)$/, name: 'Docker’s DNS' },
  { pattern: /^DOCKER/, name: 'Docker', is: 'on nodes' },
  { pattern: /^AWS_APPMESH|^APPMESH/, name: 'AWS App Mesh', is: 'a mesh' },
  { pattern: /^TRAEFIK/, name: 'Traefik Mesh', is: 'a mesh' },
  { pattern: /^(ufw|UFW)/, name: 'ufw' },
  { pattern: /^KUBEVIRT_/, name: 'KubeVirt' },
] as const satisfies readonly Software[];

/** Software by its own name; `src/words` knows how to speak of it. */
export type ChainOwner = (typeof software)[number]['name'];

const kinds = new Map(software.map((one): [ChainOwner, Software] => [one.name, one]));

/** Null where the name tells nothing. */
export function chainOwner(chain: string): ChainOwner | null {
  return software.find(({ pattern }) => pattern.test(chain))?.name ?? null;
}

const devices: readonly (readonly [RegExp, ChainOwner])[] = [
  [/^docker\d|^br-[0-9a-f]{12}$/, 'Docker'],
  [/^cali/, 'Calico'],
  [/^cilium_|^lxc[0-9a-f]/, 'Cilium'],
  [/^flannel/, 'Flannel'],
  [/^weave$/, 'Weave Net'],
];

/** Whose device a rule asks for, by its name; null where the name tells nothing. */
export function deviceOwner(device: string): ChainOwner | null {
  return devices.find(([pattern]) => pattern.test(device))?.[1] ?? null;
}

export function isMesh(owner: ChainOwner | null): owner is ChainOwner {
  return owner !== null && kinds.get(owner)?.is === 'a mesh';
}

export function isOfNode(owner: ChainOwner | null): owner is ChainOwner {
  return owner !== null && kinds.get(owner)?.is === 'on nodes';
}
