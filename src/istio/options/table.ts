/**
 * What there is to know of each option beside its rules: what it is for, where it is set and by which names, and a
 * value to show it by; with its kind and the releases that heed it, from `option-kinds.ts`. Whoever reads a pod or
 * writes a page takes it from here.
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
  /** Where Istio finds the value by itself, in a sentence. */
  readonly found?: string;
}

export interface OptionEntry extends OptionShape {
  /** What it is for, in a sentence. */
  readonly what: string;
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
    what: "The port of Envoy's outbound listener: where what leaves the pod is redirected to.",
    sources: { helm: ['meshConfig.proxyListenPort'], flag: ['envoy-port', 'p'] },
    example: { proxyPort: '25001' },
  },
  inboundCapturePort: {
    what: "The port of Envoy's inbound listener: where what arrives at the pod is redirected to.",
    sources: { helm: ['meshConfig.proxyInboundListenPort'], flag: ['inbound-capture-port', 'z'] },
    example: { inboundCapturePort: '25006' },
  },
  inboundTunnelPort: {
    what: "The port of Envoy's listener for tunnelled traffic (HBONE), which is not redirected.",
    sources: { flag: ['inbound-tunnel-port', 'e'] },
    example: { inboundTunnelPort: '25008' },
  },
  proxyUID: {
    what: 'The users that count as the proxy: what they send is not captured.',
    sources: {
      flag: ['proxy-uid', 'u'],
      found: 'The injector writes it; on OpenShift it takes the first uid of the namespace and adds 1.',
    },
    example: { proxyUID: '1000650001' },
  },
  proxyGID: {
    what: 'The groups that count as the proxy: what they send is not captured.',
    sources: { flag: ['proxy-gid', 'g'], found: 'Where it is not given it is the same number as the uid.' },
    example: { proxyGID: '1000650001' },
  },
  inboundInterceptionMode: {
    what: 'How what arrives is handed to Envoy: REDIRECT rewrites its destination, TPROXY keeps both addresses, NONE programs no rules at all.',
    sources: {
      annotations: ['sidecar.istio.io/interceptionMode'],
      proxyConfig: 'interceptionMode',
      flag: ['istio-inbound-interception-mode', 'm'],
    },
    example: tproxy,
  },
  inboundTProxyMark: {
    what: 'The mark on packets that TPROXY sends to Envoy; a routing rule looks for it.',
    sources: { metadata: ['ISTIO_INBOUND_TPROXY_MARK'], flag: ['istio-inbound-tproxy-mark', 't'] },
    example: { inboundTProxyMark: '2337' },
    among: tproxy,
  },
  inboundTProxyRouteTable: {
    what: 'The routing table that sends marked packets to lo.',
    sources: {
      metadata: ['ISTIO_INBOUND_TPROXY_ROUTE_TABLE'],
      flag: ['istio-inbound-tproxy-route-table', 'r'],
    },
    example: { inboundTProxyRouteTable: '233' },
    among: tproxy,
  },
  inboundPortsInclude: {
    what: 'The ports of the pod whose traffic goes through Envoy: * for all of them, a list, or nothing.',
    sources: {
      annotations: [`${traffic}/includeInboundPorts`],
      helm: ['global.proxy.includeInboundPorts'],
      flag: ['istio-inbound-ports', 'b'],
    },
    example: { inboundPortsInclude: '8080,8443' },
  },
  inboundPortsExclude: {
    what: 'The ports of the pod whose traffic goes to the app directly.',
    sources: {
      annotations: [`${traffic}/excludeInboundPorts`],
      helm: ['global.proxy.excludeInboundPorts'],
      flag: ['istio-local-exclude-ports', 'd'],
    },
    example: { inboundPortsExclude: excludedInbound('9100') },
  },
  ownerGroupsInclude: {
    what: 'The groups whose outbound traffic goes through Envoy; that of all others does not.',
    sources: { metadata: ['ISTIO_OUTBOUND_OWNER_GROUPS'] },
    example: { ownerGroupsInclude: '1000,2000' },
  },
  ownerGroupsExclude: {
    what: 'The groups whose outbound traffic does not go through Envoy.',
    sources: { metadata: ['ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE'] },
    example: { ownerGroupsExclude: '888' },
  },
  outboundPortsInclude: {
    what: 'Destination ports that are captured whatever the address.',
    sources: {
      annotations: [`${traffic}/includeOutboundPorts`],
      helm: ['global.proxy.includeOutboundPorts'],
      flag: ['istio-outbound-ports', 'q'],
    },
    example: { outboundPortsInclude: '8443' },
    among: { outboundIPRangesInclude: '' },
  },
  outboundPortsExclude: {
    what: 'Destination ports that are not captured, whatever the address.',
    sources: {
      annotations: [`${traffic}/excludeOutboundPorts`],
      helm: ['global.proxy.excludeOutboundPorts'],
      flag: ['istio-local-outbound-ports-exclude', 'o'],
    },
    example: { outboundPortsExclude: '3306' },
  },
  outboundIPRangesInclude: {
    what: 'The destination ranges that are captured: * for all of them, a list, or nothing.',
    sources: {
      annotations: [`${traffic}/includeOutboundIPRanges`],
      helm: ['global.proxy.includeIPRanges'],
      flag: ['istio-service-cidr', 'i'],
    },
    example: { outboundIPRangesInclude: '10.96.0.0/12' },
  },
  outboundIPRangesExclude: {
    what: 'The destination ranges that are not captured.',
    sources: {
      annotations: [`${traffic}/excludeOutboundIPRanges`],
      helm: ['global.proxy.excludeIPRanges'],
      flag: ['istio-service-exclude-cidr', 'x'],
    },
    example: { outboundIPRangesExclude: '169.254.169.254/32' },
  },
  rerouteVirtualInterfaces: {
    what: 'Interfaces of virtual machines in the pod: what comes in by them is treated as if the pod itself had sent it.',
    sources: {
      annotations: ['istio.io/reroute-virtual-interfaces', `${traffic}/kubevirtInterfaces`],
      // "Support "inbound-as-outbound" for virtual interfaces in ambient mode. (#53933)"
      annotationSince: '1.25.0',
      flag: ['kube-virt-interfaces', 'k'],
    },
    example: { rerouteVirtualInterfaces: 'net1' },
  },
  excludeInterfaces: {
    what: 'Interfaces whose traffic is left alone, in both directions.',
    sources: { annotations: [`${traffic}/excludeInterfaces`], flag: ['istio-exclude-interfaces', 'c'] },
    example: { excludeInterfaces: 'net1' },
  },
  redirectDNS: {
    what: "DNS queries of the app go to pilot-agent, which answers for the mesh's hosts itself.",
    sources: { metadata: ['ISTIO_META_DNS_CAPTURE'], flag: ['redirect-dns'] },
    example: { redirectDNS: true },
    among: { dnsServersV4: ['10.96.0.10'] },
  },
  captureAllDNS: {
    what: 'DNS capture takes the queries to every server, and not only to those of resolv.conf.',
    sources: {
      metadata: ['CAPTURE_ALL_DNS'],
      flag: ['capture-all-dns'],
      found: 'The CNI plugin turns it on by itself.',
    },
    example: { captureAllDNS: true },
    among: dns,
  },
  dnsServersV4: {
    what: "The IPv4 DNS servers of the pod's resolv.conf.",
    sources: { found: 'istio-init reads them from /etc/resolv.conf in the pod.' },
    example: { dnsServersV4: ['10.96.0.10', '169.254.20.10'] },
    among: dns,
  },
  dnsServersV6: {
    what: "The IPv6 DNS servers of the pod's resolv.conf.",
    sources: { found: 'istio-init reads them from /etc/resolv.conf in the pod.' },
    example: { dnsServersV6: ['fd00:10:96::a'] },
    among: { ...dns, enableIPv6: true },
  },
  dnsConntrackZone: {
    what: 'Keeps the DNS queries of the app and of pilot-agent apart in conntrack. Since 1.11 that is always so.',
    sources: { metadata: ['ISTIO_META_DNS_CONNTRACK_ZONE'] },
    example: { dnsConntrackZone: true },
    among: dns,
  },
  dropInvalid: {
    what: 'Drops packets that conntrack can place in no connection, so that the kernel does not answer them with a reset.',
    sources: { metadata: ['INVALID_DROP'], flag: ['drop-invalid'] },
    example: { dropInvalid: true },
  },
  enableIPv6: {
    what: 'IPv6 is captured as IPv4 is.',
    sources: {
      found: "istio-init looks at the pod's first address, or at all of them with ISTIO_DUAL_STACK.",
    },
    example: { enableIPv6: true },
  },
  dualStack: {
    what: 'Istio looks at all addresses of the pod to find out whether there is IPv6, and not only at the first.',
    sources: { metadata: ['ISTIO_DUAL_STACK', 'ISTIO_AGENT_DUAL_STACK'], flag: ['dual-stack'] },
    example: { dualStack: true },
    among: { enableIPv6: true },
  },
  hostIPv4LoopbackCidr: {
    what: 'The IPv4 range that counts as localhost.',
    sources: { metadata: ['ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR'] },
    example: { hostIPv4LoopbackCidr: '127.0.0.0/8' },
  },
  cni: {
    what: "Istio's CNI plugin programs the pod from the node, and no init container does.",
    sources: { helm: ['pilot.cni.enabled', 'istio_cni.enabled'] },
    example: { cni: true },
  },
  nativeNftables: {
    what: 'The rules are made with nft, in tables of their own, and none with iptables.',
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
