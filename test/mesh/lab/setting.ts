/** A pod of the mesh tests for the engine and for the kernel: one description for both. */
import { settingWith, workload } from '../../../src/handbook/scenarios/index.ts';
import type { Options, Service, Workload } from '../../../src/istio/index.ts';
import { type Pod, podOf } from '../../../src/journey/index.ts';
import type { Family } from '../../../src/netfilter/index.ts';
import type { PodPlan } from '../../kernel/pod-plan.ts';
import { askedPod, familiesOf, type PodName } from '../istiod/pods.ts';
import { callers, elsewhere, handbookPod, services, twin } from '../world.ts';

/** The release whose rules are loaded: 1.31 has those of 1.30. */
export const rulesOf = '1.30';

/** By what calls are handed to Envoy. */
export const backEnds = ['iptables', 'nft'] as const;
export type BackEnd = (typeof backEnds)[number];

/** The pod as the model has it, with the rules of a release. */
export function modelOf(
  name: PodName,
  more: Partial<Workload> = {},
  backEnd: BackEnd = 'iptables',
  otherwise: Partial<Options> = {},
): Pod {
  const families = familiesOf(name);
  const { mode, outbound } = askedPod(name);
  const options: Partial<Options> = {
    inboundInterceptionMode: mode,
    ...(families.includes('v6') ? { enableIPv6: true } : {}),
    ...(backEnd === 'nft' ? { nativeNftables: true } : {}),
    ...otherwise,
  };
  const setting = settingWith(rulesOf, options);
  return podOf(setting.release, setting.options, {
    ...workload,
    addresses: families.map((family) => `${twin(handbookPod.address, family)}/${family === 'v4' ? 24 : 64}`),
    services: families.flatMap((family) => workload.services.map((service) => inFamily(service, family))),
    outboundTrafficPolicy: outbound,
    ...more,
  });
}

/** A Service by its addresses of a family. */
function inFamily(service: Service, family: Family): Service {
  return {
    ...service,
    address: twin(service.address, family),
    endpoints: service.endpoints.map((endpoint) => ({
      ...endpoint,
      address: twin(endpoint.address, family),
    })),
  };
}

const gateway = '10.244.1.1';

/** The same pod for the kernel: the world at the other end of `eth0` has all other addresses. */
export function planOf(name: PodName, { host }: Pod): PodPlan {
  const families = familiesOf(name);
  const links = { v4: 24, v6: 64 } as const;
  const alone = { v4: 32, v6: 128 } as const;
  const others = new Set([
    ...elsewhere.map(({ address }) => address),
    ...Object.values(callers),
    ...services.flatMap(({ address, endpoints }) => [
      ...(address === null ? [] : [address]),
      ...endpoints.filter((endpoint) => endpoint !== handbookPod.address),
    ]),
  ]);
  return {
    interfaces: host.interfaces,
    routes: [
      ...families.map((family) => ({ destination: 'default', via: twin(gateway, family), dev: 'eth0' })),
      ...(host.routes ?? []).filter(({ table = 'main' }) => table !== 'main'),
    ],
    ...(host.rules === undefined ? {} : { rules: host.rules }),
    peers: {
      eth0: families.flatMap((family) => [
        `${twin(gateway, family)}/${links[family]}`,
        ...[...others].map((address) => `${twin(address, family)}/${alone[family]}`),
      ]),
    },
  };
}
