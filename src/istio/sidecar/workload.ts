/** The pod that istiod speaks to. */
import { type Family, familyOf } from '../../netfilter/index.ts';
import { passthroughSource } from '../pod/behaviour.ts';
import { portOf } from '../pod/ports.ts';
import type { Labels } from './raw.ts';
import type { RegistryService, ServiceTarget } from './registry.ts';
import { unspecified } from './registry.ts';

export type OutboundPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';

export interface ProxyWorkload {
  readonly mode: 'REDIRECT' | 'TPROXY' | 'NONE';
  readonly addresses: readonly string[];
  readonly families: readonly Family[];
  readonly namespace: string;
  readonly labels: Labels;
  /** Where it is not set, a Service has one address for all. */
  readonly clusterId: string;
  readonly inboundPolicy: 'PASSTHROUGH' | 'LOCALHOST';
  readonly targets: readonly ServiceTarget[];
}

export const proxyListenPort = portOf('envoy-outbound');
export const proxyInboundListenPort = portOf('envoy-inbound');
/** Envoy listens there for others than the app. */
const staticPorts: readonly number[] = [portOf('envoy-ready'), portOf('envoy-prometheus')];

export function isDualStack({ families }: ProxyWorkload): boolean {
  return families.length > 1;
}

export const wildcardOf = { v4: '0.0.0.0', v6: '::' } as const;
export const loopbackOf = { v4: '127.0.0.1', v6: '::1' } as const;

/** listener_address.go: the first is the listener's own, what follows stands in `additional_addresses`. */
export function wildcardsOf({ families }: ProxyWorkload): readonly string[] {
  return families.map((family) => wildcardOf[family]);
}

export function localhostsOf({ families }: ProxyWorkload): readonly string[] {
  return families.map((family) => loopbackOf[family]);
}

/** From where the app is dialled, so that the rules know whose the connection is. */
export function passthroughsOf({ families }: ProxyWorkload): readonly string[] {
  return families.map((family) => passthroughSource[family]);
}

/** pilot/pkg/model/context.go CanBindToPort: ports of the proxy's own are left to it. */
export function isReserved(
  workload: ProxyWorkload,
  bind: string,
  port: number,
  isHttpPort: boolean,
  alsoVirtual = true,
): boolean {
  const isWildcard = bind === '' ? isHttpPort : bind === wildcardsOf(workload)[0];
  if (!isWildcard) return false;
  return (
    staticPorts.includes(port) ||
    (alsoVirtual && (port === proxyListenPort || port === proxyInboundListenPort))
  );
}

function ofFamilies(addresses: readonly string[], families: readonly Family[]): readonly string[] {
  return addresses.filter((address) => families.includes(familyOf(address)));
}

/** service.go GetAddressForProxy. */
export function addressFor(service: RegistryService, workload: ProxyWorkload): string {
  const own = workload.clusterId === '' ? [] : ofFamilies(service.clusterAddresses, workload.families);
  return own[0] ?? service.defaultAddress;
}

/** service.go getAllAddressesForProxy. */
export function addressesFor(service: RegistryService, workload: ProxyWorkload): readonly string[] {
  const all = workload.clusterId === '' ? [] : service.clusterAddresses;
  const own = isDualStack(workload) ? all : ofFamilies(all, workload.families);
  if (own.length > 0) return own;
  if (service.defaultAddress === '') return [];
  if (service.clusterAddresses.length > 0) return ofFamilies([service.defaultAddress], workload.families);
  return [service.defaultAddress];
}

/** For a Service that has no address, that of the family; `extra` are more addresses of the same listener. */
export function listenAddressesFor(
  service: RegistryService,
  workload: ProxyWorkload,
): { readonly address: string; readonly extra: readonly string[] } {
  const address = addressFor(service, workload);
  const extra = addressesFor(service, workload).slice(1);
  if (service.registry !== 'External' || address !== unspecified) return { address, extra };
  if (isDualStack(workload)) return { address, extra: [...extra, wildcardOf.v6] };
  return { address: workload.families[0] === 'v6' ? wildcardOf.v6 : address, extra };
}

/** In which families a name server is asked. */
export function lookupFamilyOf(workload: ProxyWorkload): string {
  if (isDualStack(workload)) return 'ALL';
  return workload.families[0] === 'v6' ? 'V6_ONLY' : 'V4_ONLY';
}
