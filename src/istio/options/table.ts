/**
 * What there is to know of each option beside its rules: where it is set and by which names, and a value to show it
 * by; with its kind and the releases that heed it, from `kinds.ts`. Whoever reads a pod or writes a page takes it from
 * here. What it is for, in a sentence, is in `src/words/en/option-purposes.ts`, which the types ask for.
 */
import { type OptionShape, optionKinds } from './kinds.ts';
import { excludedInbound, type OptionName, type Options } from './options.ts';

/** Where an option is set, and what it is called there. */
export interface Sources {
  /** Annotations of the pod: the one to write, then its older names. */
  readonly annotations?: readonly string[];
  /** The release that brought the first of the annotations, where the older names were there before. */
  readonly annotationSince?: string;
  /** Variables of the proxy's environment: proxyMetadata of proxy.istio.io/config or of meshConfig.defaultConfig. */
  readonly metadata?: readonly string[];
  /** A field of ProxyConfig, in proxy.istio.io/config or in meshConfig.defaultConfig. */
  readonly proxyConfig?: string;
  /** Paths in the values of the Helm chart istiod: the one to write, then its older names. */
  readonly helm?: readonly string[];
  /** The flag of istio-iptables, long and short, as istio-init has it among its arguments. */
  readonly flag?: readonly [long: string, short?: string];
}

export interface OptionEntry extends OptionShape {
  readonly sources: Sources;
  /** The name by which a pod sets it: its annotation, or its proxy metadata. Absent where a pod cannot. */
  readonly setBy?: string;
  /** A value that shows what it does, over `among`. */
  readonly example: Partial<Options>;
  /** Other options that it needs to do anything. */
  readonly among?: Partial<Options>;
}

const traffic = 'traffic.sidecar.istio.io';
const tproxy: Partial<Options> = { inboundInterceptionMode: 'TPROXY' };
const dns: Partial<Options> = { redirectDNS: true, dnsServersV4: ['10.96.0.10'] };

const entries: Readonly<Record<OptionName, Omit<OptionEntry, 'setBy' | keyof OptionShape>>> = {
  proxyPort: {
    sources: { helm: ['meshConfig.proxyListenPort'], flag: ['envoy-port', 'p'] },
    example: { proxyPort: '25001' },
  },
  inboundCapturePort: {
    sources: { helm: ['meshConfig.proxyInboundListenPort'], flag: ['inbound-capture-port', 'z'] },
    example: { inboundCapturePort: '25006' },
  },
  inboundTunnelPort: {
    sources: { flag: ['inbound-tunnel-port', 'e'] },
    example: { inboundTunnelPort: '25008' },
  },
  proxyUID: {
    sources: {
      flag: ['proxy-uid', 'u'],
    },
    example: { proxyUID: '1000650001' },
  },
  proxyGID: {
    sources: { flag: ['proxy-gid', 'g'] },
    example: { proxyGID: '1000650001' },
  },
  inboundInterceptionMode: {
    sources: {
      annotations: ['sidecar.istio.io/interceptionMode'],
      proxyConfig: 'interceptionMode',
      flag: ['istio-inbound-interception-mode', 'm'],
    },
    example: tproxy,
  },
  inboundTProxyMark: {
    sources: { metadata: ['ISTIO_INBOUND_TPROXY_MARK'], flag: ['istio-inbound-tproxy-mark', 't'] },
    example: { inboundTProxyMark: '2337' },
    among: tproxy,
  },
  inboundTProxyRouteTable: {
    sources: {
      metadata: ['ISTIO_INBOUND_TPROXY_ROUTE_TABLE'],
      flag: ['istio-inbound-tproxy-route-table', 'r'],
    },
    example: { inboundTProxyRouteTable: '233' },
    among: tproxy,
  },
  inboundPortsInclude: {
    sources: {
      annotations: [`${traffic}/includeInboundPorts`],
      helm: ['global.proxy.includeInboundPorts'],
      flag: ['istio-inbound-ports', 'b'],
    },
    example: { inboundPortsInclude: '8080,8443' },
  },
  inboundPortsExclude: {
    sources: {
      annotations: [`${traffic}/excludeInboundPorts`],
      helm: ['global.proxy.excludeInboundPorts'],
      flag: ['istio-local-exclude-ports', 'd'],
    },
    example: { inboundPortsExclude: excludedInbound('9100') },
  },
  ownerGroupsInclude: {
    sources: { metadata: ['ISTIO_OUTBOUND_OWNER_GROUPS'] },
    example: { ownerGroupsInclude: '1000,2000' },
  },
  ownerGroupsExclude: {
    sources: { metadata: ['ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE'] },
    example: { ownerGroupsExclude: '888' },
  },
  outboundPortsInclude: {
    sources: {
      annotations: [`${traffic}/includeOutboundPorts`],
      helm: ['global.proxy.includeOutboundPorts'],
      flag: ['istio-outbound-ports', 'q'],
    },
    example: { outboundPortsInclude: '8443' },
    among: { outboundIPRangesInclude: '' },
  },
  outboundPortsExclude: {
    sources: {
      annotations: [`${traffic}/excludeOutboundPorts`],
      helm: ['global.proxy.excludeOutboundPorts'],
      flag: ['istio-local-outbound-ports-exclude', 'o'],
    },
    example: { outboundPortsExclude: '3306' },
  },
  outboundIPRangesInclude: {
    sources: {
      annotations: [`${traffic}/includeOutboundIPRanges`],
      helm: ['global.proxy.includeIPRanges'],
      flag: ['istio-service-cidr', 'i'],
    },
    example: { outboundIPRangesInclude: '10.96.0.0/12' },
  },
  outboundIPRangesExclude: {
    sources: {
      annotations: [`${traffic}/excludeOutboundIPRanges`],
      helm: ['global.proxy.excludeIPRanges'],
      flag: ['istio-service-exclude-cidr', 'x'],
    },
    example: { outboundIPRangesExclude: '169.254.169.254/32' },
  },
  rerouteVirtualInterfaces: {
    sources: {
      annotations: ['istio.io/reroute-virtual-interfaces', `${traffic}/kubevirtInterfaces`],
      // "Support "inbound-as-outbound" for virtual interfaces in ambient mode. (#53933)"
      annotationSince: '1.25.0',
      flag: ['kube-virt-interfaces', 'k'],
    },
    example: { rerouteVirtualInterfaces: 'net1' },
  },
  excludeInterfaces: {
    sources: { annotations: [`${traffic}/excludeInterfaces`], flag: ['istio-exclude-interfaces', 'c'] },
    example: { excludeInterfaces: 'net1' },
  },
  redirectDNS: {
    sources: { metadata: ['ISTIO_META_DNS_CAPTURE'], flag: ['redirect-dns'] },
    example: { redirectDNS: true },
    among: { dnsServersV4: ['10.96.0.10'] },
  },
  captureAllDNS: {
    sources: {
      metadata: ['CAPTURE_ALL_DNS'],
      flag: ['capture-all-dns'],
    },
    example: { captureAllDNS: true },
    among: dns,
  },
  dnsServersV4: {
    sources: {},
    example: { dnsServersV4: ['10.96.0.10', '169.254.20.10'] },
    among: dns,
  },
  dnsServersV6: {
    sources: {},
    example: { dnsServersV6: ['fd00:10:96::a'] },
    among: { ...dns, enableIPv6: true },
  },
  dnsConntrackZone: {
    sources: { metadata: ['ISTIO_META_DNS_CONNTRACK_ZONE'] },
    example: { dnsConntrackZone: true },
    among: dns,
  },
  dropInvalid: {
    sources: { metadata: ['INVALID_DROP'], flag: ['drop-invalid'] },
    example: { dropInvalid: true },
  },
  enableIPv6: {
    sources: {},
    example: { enableIPv6: true },
  },
  dualStack: {
    sources: { metadata: ['ISTIO_DUAL_STACK', 'ISTIO_AGENT_DUAL_STACK'], flag: ['dual-stack'] },
    example: { dualStack: true },
    among: { enableIPv6: true },
  },
  hostIPv4LoopbackCidr: {
    sources: { metadata: ['ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR'] },
    example: { hostIPv4LoopbackCidr: '127.0.0.0/8' },
  },
  cni: {
    sources: { helm: ['pilot.cni.enabled', 'istio_cni.enabled'] },
    example: { cni: true },
  },
  nativeNftables: {
    sources: { helm: ['global.nativeNftables'], flag: ['native-nftables'] },
    example: { nativeNftables: true },
  },
};

/** All options by their names. */
export const optionTable = Object.fromEntries(
  Object.entries(entries).map(([name, entry]): readonly [string, OptionEntry] => {
    const { annotations, metadata } = entry.sources;
    const setBy = annotations?.[0] ?? metadata?.[0];
    const whole = { ...optionKinds[name as OptionName], ...entry };
    return [name, setBy === undefined ? whole : { ...whole, setBy }];
  }),
) as Readonly<Record<OptionName, OptionEntry>>;
