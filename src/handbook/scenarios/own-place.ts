/**
 * The requests of the scenarios and examples, with the addresses of the pod that is walked on.
 */
import { addressOf, type Pod } from '../../journey/index.ts';
import { familyOf } from '../../netfilter/index.ts';
import { pod as handbookPod, podAddressV6 } from './setting.ts';

/** A request of a scenario or an example, with the pod's own address and port in the place of the handbook's pod's. */
export function requestOn<Asked extends { readonly address: string; readonly port: number }>(
  pod: Pod,
  request: Asked,
): Asked {
  return { ...request, ...ownPlace(pod, request) };
}

function ownPlace(pod: Pod, { address, port }: { readonly address: string; readonly port: number }) {
  const isOwn = address === handbookPod.address || address === podAddressV6;
  const isLoopback = address === '127.0.0.1' || address === '::1';
  const own = isOwn ? (addressOf(pod, familyOf(address)) ?? address) : address;
  const first = pod.workload.ports[0]?.port ?? port;
  return { address: own, port: (isOwn || isLoopback) && port === handbookPod.port ? first : port };
}
