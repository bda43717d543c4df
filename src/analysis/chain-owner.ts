/** Whose rules and chains stand beside Istio's, by the names that other software gives its chains. */

const owners: readonly (readonly [pattern: RegExp, owner: string])[] = [
  [/^ISTIO_/, 'Istio'],
  [/^KUBE-/, 'kube-proxy'],
  [/^PROXY_INIT_/, 'Linkerd'],
  [/^CILIUM_|^OLD_CILIUM_/, 'Cilium'],
  [/^cali-/, 'Calico'],
  [/^FLANNEL-/, 'Flannel'],
  [/^WEAVE/, 'Weave Net'],
  [/^AWS-(SNAT|CONNMARK)-CHAIN/, 'the AWS VPC CNI plugin'],
  [/^KUBE-ROUTER/, 'kube-router'],
  [/^CNI-/, 'a CNI plugin (portmap or bandwidth)'],
  [/^CONSUL_/, 'Consul'],
  [/^KUMA_/, 'Kuma'],
  [/^(MESH|OSM)_/, 'Open Service Mesh'],
  [/^DOCKER/, 'Docker'],
  [/^AWS_APPMESH|^APPMESH/, 'AWS App Mesh'],
  [/^TRAEFIK/, 'Traefik Mesh'],
  [/^(ufw|UFW)/, 'ufw'],
];

const meshes = new Set(['Linkerd', 'Consul', 'Kuma', 'Open Service Mesh', 'AWS App Mesh', 'Traefik Mesh']);

/** Software that programs the network namespace of a node, and of no pod. */
const onNodes = new Set([
  'kube-proxy',
  'Cilium',
  'Calico',
  'Flannel',
  'Weave Net',
  'kube-router',
  'the AWS VPC CNI plugin',
  'Docker',
]);

/** Null where the name tells nothing. */
export function chainOwner(chain: string): string | null {
  return owners.find(([pattern]) => pattern.test(chain))?.[1] ?? null;
}

export function isMesh(owner: string | null): boolean {
  return owner !== null && meshes.has(owner);
}

export function isOfNode(owner: string | null): boolean {
  return owner !== null && onNodes.has(owner);
}
