/**
 * What an object of Kubernetes or Istio has to do with the rules in a pod. Source: pkg/kube/inject, where annotations,
 * the mesh's settings and ProxyConfig become the arguments and the environment of istio-init.
 */
export type InterceptionPart =
  /** Envoy is told by it what to do with a connection that it has; the rules do not depend on it. */
  | 'told to Envoy'
  | 'listeners of Envoy'
  | 'environment of the proxy'
  | 'who gets a sidecar'
  | 'settings of the mesh'
  | 'addresses of services'
  | 'network policy'
  | 'no part';

const parts: ReadonlyMap<string, InterceptionPart> = new Map<string, InterceptionPart>([
  ...[
    ...['DestinationRule', 'VirtualService', 'ServiceEntry', 'EnvoyFilter', 'Telemetry', 'WasmPlugin'],
    ...['AuthorizationPolicy', 'RequestAuthentication', 'PeerAuthentication'],
    ...['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'ReferenceGrant', 'BackendTLSPolicy'],
  ].map((kind) => [kind, 'told to Envoy'] as const),
  ['Gateway', 'told to Envoy'],
  ['Sidecar', 'listeners of Envoy'],
  ['ProxyConfig', 'environment of the proxy'],
  ['Namespace', 'who gets a sidecar'],
  ['MutatingWebhookConfiguration', 'who gets a sidecar'],
  ['IstioOperator', 'settings of the mesh'],
  ['Istio', 'settings of the mesh'],
  ['IstioCNI', 'settings of the mesh'],
  ['ConfigMap', 'settings of the mesh'],
  // They hold values of charts.
  ['HelmRelease', 'settings of the mesh'],
  ['Application', 'settings of the mesh'],
  ['ApplicationSet', 'settings of the mesh'],
  ['Service', 'addresses of services'],
  ['Endpoints', 'addresses of services'],
  ['EndpointSlice', 'addresses of services'],
  ...['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'GlobalNetworkPolicy'].map(
    (kind) => [kind, 'network policy'] as const,
  ),
]);

/** By the object's kind. */
export function interceptionPart(kind: string): InterceptionPart {
  return parts.get(kind) ?? 'no part';
}
