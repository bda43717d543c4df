/**
 * The one setting that the handbook speaks of: the release, the options and the pod of `handbook.config.ts`,
 * and the small mesh around that pod which the examples need.
 */
import handbook from '../../../handbook.config.ts';
import { type Options, portOf, type Service, type Workload } from '../../istio/index.ts';
import { type Pod, podOf, type Seen } from '../../journey/index.ts';

export interface Setting {
  readonly release: string;
  readonly options: Partial<Options>;
}

export const handbookSetting: Setting = {
  release: handbook.release,
  options: handbook.options as Partial<Options>,
};

/** A release under some options, beside those of the handbook. */
export function settingWith(release: string, options: Partial<Options> = {}): Setting {
  return { release, options: { ...handbookSetting.options, ...options } };
}

const podAddress = handbook.pod.address.split('/')[0] as string;

/** Addresses of the examples, outside the pod. */
export const peers = {
  remote: { name: 'remote pod', address: '10.244.2.9' },
  prometheus: { name: 'Prometheus', address: '10.244.3.7' },
  kubelet: { name: 'kubelet', address: '10.244.1.1' },
} as const;

/** The remote pod's address where it has IPv6, too. */
export const remoteAddressV6 = 'fd00:10:244:2::9';

/** Services that the examples call. */
export const services = {
  remote: {
    name: 'reviews',
    address: '10.96.0.7',
    port: 80,
    endpoints: [{ address: peers.remote.address, port: 9080 }],
  },
  own: {
    name: 'own',
    address: '10.96.0.20',
    port: 80,
    endpoints: [{ address: podAddress, port: handbook.pod.port }],
  },
  istiod: {
    name: 'istiod',
    address: '10.96.0.10',
    port: portOf('istiod-xds'),
    endpoints: [{ address: '10.244.3.2', port: portOf('istiod-xds') }],
  },
} as const satisfies Record<string, Service>;

/** The address of the pod where it has IPv6, too. */
export const podAddressV6 = 'fd00:10:244:1::5';

/** Where a network beside the pod's own is attached to it: the pod's address there, and another one of it. */
export const secondNetwork = { address: '172.30.1.5/24', peer: '172.30.1.9' } as const;

/** The app's own metrics port. */
export const metricsPort = 9100;

export const workload: Workload = {
  addresses: [handbook.pod.address],
  uid: handbook.pod.uid,
  gid: handbook.pod.gid,
  ports: [{ port: handbook.pod.port }, { port: metricsPort }],
  metricsPort,
  services: Object.values(services),
  outboundTrafficPolicy: 'ALLOW_ANY',
};

export const pod = { name: handbook.pod.name, address: podAddress, port: handbook.pod.port } as const;

/** The handbook's pod under a setting, or with what is known of a real one. */
export function podUnder(setting: Setting, seen: Seen = {}, uses: Workload = workload): Pod {
  return podOf(setting.release, setting.options, uses, seen);
}
