/**
 * The options that shape a sidecar's rules: Istio's own fields and values, and their defaults.
 */
import { portOf } from '../pod/ports.ts';

/**
 * Istio's own field names in camelCase. A list is a comma-separated string: '' is none, '*' is all. What is
 * not given is as in `defaultOptions`, or as in `defaultCniOptions` with `cni`.
 */
export interface Options {
  /** Envoy's outbound listener. */
  readonly proxyPort: string;
  /** Envoy's inbound listener. */
  readonly inboundCapturePort: string;
  /** Envoy's listener for tunnelled traffic. */
  readonly inboundTunnelPort: string;
  /** The uids of the proxy: its own traffic is not captured. */
  readonly proxyUID: string;
  /** The gids of the proxy. */
  readonly proxyGID: string;
  readonly inboundInterceptionMode: string;
  /** The firewall mark of TPROXY, in decimal. */
  readonly inboundTProxyMark: string;
  /** The routing table of TPROXY, in decimal. */
  readonly inboundTProxyRouteTable: string;
  readonly inboundPortsInclude: string;
  /** Heeded only with '*' among the included ones. */
  readonly inboundPortsExclude: string;
  /** Groups whose traffic is captured, by gid or name. */
  readonly ownerGroupsInclude: string;
  /** Groups whose traffic is not. Heeded only with '*' among the included ones. */
  readonly ownerGroupsExclude: string;
  readonly outboundPortsInclude: string;
  readonly outboundPortsExclude: string;
  readonly outboundIPRangesInclude: string;
  readonly outboundIPRangesExclude: string;
  /** Interfaces of virtual machines in the pod, once `kubevirtInterfaces`. */
  readonly rerouteVirtualInterfaces: string;
  readonly excludeInterfaces: string;
  readonly redirectDNS: boolean;
  /** DNS to any server, and not only to those of resolv.conf. */
  readonly captureAllDNS: boolean;
  /** The servers of resolv.conf, as the rule builder finds them in the pod. */
  readonly dnsServersV4: readonly string[];
  readonly dnsServersV6: readonly string[];
  /** Only in 1.10.3 to 1.10.6: a release after that always has the zones. Istio's ISTIO_META_DNS_CONNTRACK_ZONE. */
  readonly dnsConntrackZone: boolean;
  readonly dropInvalid: boolean;
  /** True where the pod has an IPv6 address: Istio finds out by itself. */
  readonly enableIPv6: boolean;
  /** How Istio looks for the pod's addresses. Changes no rule by itself. */
  readonly dualStack: boolean;
  readonly hostIPv4LoopbackCidr: string;
  /**
   * Ours: true where Istio's CNI plugin programs the pod and not the init container. The plugin brings its own
   * defaults, always excludes inbound 15020, 15021 and 15090, and captures the DNS of all servers or none.
   */
  readonly cni: boolean;
  /** The rules are made with nft, and not with iptables. */
  readonly nativeNftables: boolean;
}

/** What `rulesFor` is asked for. */
export type RulesOptions = Partial<Options>;

export type OptionName = keyof Options;

/**
 * The inbound ports that end up excluded: the injection template's own, those that are asked for, and the status port.
 * Source: the injection template and excludeInboundPort of pkg/kube/inject.
 */
export function excludedInbound(asked: string, statusPort = String(portOf('agent-metrics'))): string {
  const own = [portOf('envoy-prometheus'), portOf('envoy-ready')];
  const ports = splitList(asked);
  const status = statusPort === '' || statusPort === '0' || ports.includes(statusPort) ? [] : [statusPort];
  return [...own, ...ports, ...status].join(',');
}

/** The inbound ports that the CNI plugin never captures. Source: cni/pkg/plugin/sidecar_redirect.go. */
export const cniPorts = [portOf('agent-metrics'), portOf('envoy-ready'), portOf('envoy-prometheus')].join(
  ',',
);

/** The default sidecar, as the injection template sets it up. */
export const defaultOptions: Options = {
  proxyPort: String(portOf('envoy-outbound')),
  inboundCapturePort: String(portOf('envoy-inbound')),
  inboundTunnelPort: String(portOf('hbone')),
  proxyUID: '1337',
  proxyGID: '1337',
  inboundInterceptionMode: 'REDIRECT',
  inboundTProxyMark: '1337',
  inboundTProxyRouteTable: '133',
  inboundPortsInclude: '*',
  inboundPortsExclude: excludedInbound(''),
  ownerGroupsInclude: '*',
  ownerGroupsExclude: '',
  outboundPortsInclude: '',
  outboundPortsExclude: '',
  outboundIPRangesInclude: '*',
  outboundIPRangesExclude: '',
  rerouteVirtualInterfaces: '',
  excludeInterfaces: '',
  redirectDNS: false,
  captureAllDNS: false,
  dnsServersV4: [],
  dnsServersV6: [],
  dnsConntrackZone: false,
  dropInvalid: false,
  enableIPv6: false,
  dualStack: false,
  hostIPv4LoopbackCidr: '127.0.0.1/32',
  cni: false,
  nativeNftables: false,
};

/** The default sidecar of the CNI plugin. Source: cni/pkg/plugin/sidecar_redirect.go. */
export const defaultCniOptions: Options = {
  ...defaultOptions,
  inboundPortsExclude: cniPorts,
  outboundPortsExclude: String(portOf('agent-metrics')),
  cni: true,
};

export const optionNames = Object.keys(defaultOptions) as readonly OptionName[];

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(defaultOptions, name);
}

/** The parts of a comma-separated list. Empty ones do not count: Istio drops them as well. */
export function splitList(list: string): readonly string[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Partial options over the defaults. Fields that are undefined count as not given. */
export function completeOptions(options: Partial<Options>): Options {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...(options.cni ? defaultCniOptions : defaultOptions), ...given };
}
