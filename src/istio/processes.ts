/**
 * The processes of a sidecar's pod and whom they run as: what the owner match of the rules sees.
 */
import type { Owner } from '../netfilter/index.ts';
import { completeOptions, type Options, splitList } from './options.ts';

export type ProcessName = 'app' | 'envoy' | 'pilot-agent';

export interface Process extends Owner {
  readonly name: ProcessName;
  readonly container: string;
  readonly what: string;
}

/** The owner of an app that does not ask for another. */
export const defaultApp: Owner = { uid: 1000, gid: 1000 };

/** The owner of Envoy and pilot-agent, which run in one container. */
export const defaultProxy: Owner = { uid: 1337, gid: 1337 };

/** What decides whom the processes run as, beside the options. */
export interface PodOwners {
  readonly app?: Owner;
  /** True where the proxy has NET_BIND_SERVICE to listen below 1024, and so runs as root. */
  readonly netBindService?: boolean;
}

/**
 * The processes of a pod with these options. The proxy runs as its first uid and gid that are numbers; in
 * TPROXY mode and with NET_BIND_SERVICE its uid is 0, and the rules know it by its gid alone.
 */
export function processesOf(options: Partial<Options> = {}, owners: PodOwners = {}): readonly Process[] {
  const { proxyUID, proxyGID, inboundInterceptionMode } = completeOptions(options);
  const asRoot = inboundInterceptionMode === 'TPROXY' || owners.netBindService === true;
  const uid = asRoot ? 0 : firstNumber(proxyUID, defaultProxy.uid);
  const gid = firstNumber(proxyGID, defaultProxy.gid);
  return [
    { name: 'app', container: 'app', ...(owners.app ?? defaultApp), what: 'The application.' },
    {
      name: 'envoy',
      container: 'istio-proxy',
      uid,
      gid,
      what: 'The proxy: takes captured connections on 15001 and 15006, and dials on.',
    },
    {
      name: 'pilot-agent',
      container: 'istio-proxy',
      uid,
      gid,
      what: "Starts Envoy, speaks to istiod for it, answers probes, metrics and the pod's DNS.",
    },
  ];
}

function firstNumber(list: string, otherwise: number): number {
  const first = splitList(list).find((part) => /^\d+$/.test(part));
  return first === undefined ? otherwise : Number(first);
}
