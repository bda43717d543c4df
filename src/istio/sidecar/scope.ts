/** What of the mesh a pod is told. pilot/pkg/model/sidecar.go. */
import type { PortProtocol } from './protocol.ts';
import { byAge } from './raw.ts';
import type { RegistryService } from './registry.ts';
import type { OutboundPolicy } from './workload.ts';

export interface EgressListener {
  /** Null: one for each port of the Services. */
  readonly port: { readonly number: number; readonly name: string; readonly protocol: PortProtocol } | null;
  readonly bind: string;
  /** The app calls it, nothing is redirected. */
  readonly isUncaptured: boolean;
  readonly services: readonly RegistryService[];
}

export interface IngressListener {
  readonly port: number;
  readonly name: string;
  readonly protocol: PortProtocol;
  readonly bind: string;
  readonly captureMode: string;
  readonly defaultEndpoint: string;
  readonly hasTls: boolean;
}

export interface SidecarScope {
  readonly name: string;
  readonly namespace: string;
  readonly egress: readonly EgressListener[];
  readonly ingress: readonly IngressListener[];
  readonly outboundPolicy: OutboundPolicy;
  /** What its listeners lead to, each host once. */
  readonly services: readonly RegistryService[];
}

/** That of a pod without a Sidecar, in a mesh of Kubernetes' Services: each has a host of its own. */
export function wholeScope(
  services: readonly RegistryService[],
  namespace: string,
  outboundPolicy: OutboundPolicy,
): SidecarScope {
  const told = visibleFrom(services, namespace).filter(({ ports }) => ports.length > 0);
  const egress: EgressListener = { port: null, bind: '', isUncaptured: false, services: told };
  return {
    name: 'default-sidecar',
    namespace,
    egress: [egress],
    ingress: [],
    outboundPolicy,
    services: told,
  };
}

/** By `exportTo`: those of this namespace alone, then the public ones, the oldest first. */
export function visibleFrom(
  services: readonly RegistryService[],
  namespace: string,
): readonly RegistryService[] {
  const sorted = byAge(services);
  const isPublic = ({ exportTo }: RegistryService) => exportTo.length === 0 || exportTo.includes('*');
  const isFor = ({ exportTo, namespace: own }: RegistryService) =>
    !exportTo.includes('~') &&
    (exportTo.includes(namespace) || (exportTo.includes('.') && own === namespace));
  return [...sorted.filter((one) => !isPublic(one) && isFor(one)), ...sorted.filter(isPublic)];
}
