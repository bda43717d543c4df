/** What a Sidecar's `ingress` says of connections to the pod: pilot/pkg/networking/core/listener_inbound.go. */
import type { ClusterPort, InboundIngress, PortChains } from '../inbound.ts';
import { listenerProtocol, type PortProtocol } from '../protocol.ts';
import { inboundCluster } from '../registry.ts';
import type { IngressListener, SidecarScope } from '../scope.ts';
import { isReserved, localhostsOf, type ProxyWorkload, wildcardsOf } from '../workload.ts';

/** Null where the pod has no Sidecar, or one without `ingress`. */
export function ingressOf(workload: ProxyWorkload, scope: SidecarScope): InboundIngress | null {
  const { ingress } = scope;
  if (ingress.length === 0) return null;
  return {
    chains: chainsOf(workload, scope),
    declared: ingress.map(({ port }) => port),
    clusters: ingress.flatMap((one) => clusterOf(workload, one)),
  };
}

function chainsOf(
  workload: ProxyWorkload,
  { name, namespace, ingress }: SidecarScope,
): readonly PortChains[] {
  const [address] = workload.addresses;
  return ingress
    .filter(
      ({ bind, port, protocol }) =>
        !isReserved(workload, bind, port, listenerProtocol(protocol) === 'HTTP', false),
    )
    .map((one) => ({
      cluster: inboundCluster(one.port),
      port: one.port,
      servicePort: one.port,
      protocol: one.hasTls ? afterTls(one.protocol) : one.protocol,
      host: `${name}.${namespace}`,
      binds: one.bind !== '' ? [one.bind] : address === undefined ? wildcardsOf(workload) : [address],
      bindsToPort: one.captureMode === 'DEFAULT' ? workload.mode === 'NONE' : one.captureMode === 'NONE',
      isPassthrough: false,
      ownTls: one.hasTls,
    }));
}

function clusterOf(workload: ProxyWorkload, one: IngressListener): readonly ClusterPort[] {
  const { bind, target } = endpointOf(workload, one.defaultEndpoint);
  const isBroken = one.defaultEndpoint !== '' && bind === '' && target === 0;
  return isBroken ? [] : [{ port: one.port, target, bind, protocol: one.protocol }];
}

function afterTls(protocol: PortProtocol): PortProtocol {
  return protocol === 'HTTPS' ? 'HTTP' : protocol === 'TLS' ? 'TCP' : protocol;
}

/** `127.0.0.1:8080`, `0.0.0.0:8080` for the address of the pod, `unix:///path`. */
function endpointOf(
  workload: ProxyWorkload,
  text: string,
): { readonly bind: string; readonly target: number } {
  if (text === '') return { bind: '', target: 0 };
  if (text.startsWith('unix://')) return { bind: text, target: 0 };
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(text) ?? [];
  const target = Number(port);
  const { addresses } = workload;
  const localhosts = localhostsOf(workload);
  const of = (list: readonly string[], isV6: boolean) => list.find((one) => one.includes(':') === isV6);
  switch (host) {
    case '0.0.0.0':
      return { bind: of(addresses, false) ?? '127.0.0.1', target };
    case '::':
      return { bind: of(addresses, true) ?? '::1', target };
    case '127.0.0.1':
      return { bind: of(localhosts, false) ?? (localhosts[0] as string), target };
    case '::1':
      return { bind: of(localhosts, true) ?? (localhosts[0] as string), target };
    default:
      return { bind: '', target };
  }
}
