/**
 * The processes of a sidecar's pod and whom they run as: what the owner match of the rules sees.
 */
import type { Owner } from '../../netfilter/index.ts';
import { completeOptions, type Options, splitList } from '../options/options.ts';

/** A process by the name that the rest of this folder gives it. */
export interface ProcessEntry {
  readonly name: 'app' | 'Envoy' | 'pilot-agent';
  readonly container: string;
  /** Its uid and gid in a pod with the default options. */
  readonly owner: Owner;
}

/** The owner of an app that does not ask for another. */
export const defaultApp: Owner = { uid: 1000, gid: 1000 };

/** The owner of Envoy and pilot-agent, which run in one container. */
export const defaultProxy: Owner = { uid: 1337, gid: 1337 };

/** All processes of the pod. */
export const processes: readonly ProcessEntry[] = [
  { name: 'app', container: 'app', owner: defaultApp },
  { name: 'Envoy', container: 'istio-proxy', owner: defaultProxy },
  { name: 'pilot-agent', container: 'istio-proxy', owner: defaultProxy },
];

/**
 * Whom Envoy and pilot-agent run as: the first uid and gid of the proxy that are numbers. In TPROXY mode, and
 * with NET_BIND_SERVICE (to listen below 1024), the uid is 0, and the rules know the proxy by its gid alone.
 */
export function proxyOwner(options: Partial<Options> = {}, netBindService = false): Owner {
  const { proxyUID, proxyGID, inboundInterceptionMode } = completeOptions(options);
  const asRoot = inboundInterceptionMode === 'TPROXY' || netBindService;
  return {
    uid: asRoot ? 0 : firstNumber(proxyUID, defaultProxy.uid),
    gid: firstNumber(proxyGID, defaultProxy.gid),
  };
}

function firstNumber(list: string, otherwise: number): number {
  const first = splitList(list).find((part) => /^\d+$/.test(part));
  return first === undefined ? otherwise : Number(first);
}
