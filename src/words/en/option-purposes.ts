/**
 * What each option is for, and where Istio finds its value by itself, in a sentence.
 */
import type { OptionName } from '../../istio/index.ts';

export const optionPurposes: Readonly<Record<OptionName, string>> = {
  proxyPort: "The port of Envoy's outbound listener: where what leaves the pod is redirected to.",
  inboundCapturePort: "The port of Envoy's inbound listener: where what arrives at the pod is redirected to.",
  inboundTunnelPort: "The port of Envoy's listener for tunnelled traffic (HBONE), which is not redirected.",
  proxyUID: 'The users that count as the proxy: what they send is not captured.',
  proxyGID: 'The groups that count as the proxy: what they send is not captured.',
  inboundInterceptionMode:
    'How what arrives is handed to Envoy: REDIRECT rewrites its destination, TPROXY keeps both addresses, NONE programs no rules at all.',
  inboundTProxyMark: 'The mark on packets that TPROXY sends to Envoy; a routing rule looks for it.',
  inboundTProxyRouteTable: 'The routing table that sends marked packets to lo.',
  inboundPortsInclude:
    'The ports of the pod whose traffic goes through Envoy: * for all of them, a list, or nothing.',
  inboundPortsExclude: 'The ports of the pod whose traffic goes to the app directly.',
  ownerGroupsInclude: 'The groups whose outbound traffic goes through Envoy; that of all others does not.',
  ownerGroupsExclude: 'The groups whose outbound traffic does not go through Envoy.',
  outboundPortsInclude: 'Destination ports that are captured whatever the address.',
  outboundPortsExclude: 'Destination ports that are not captured, whatever the address.',
  outboundIPRangesInclude: 'The destination ranges that are captured: * for all of them, a list, or nothing.',
  outboundIPRangesExclude: 'The destination ranges that are not captured.',
  rerouteVirtualInterfaces:
    'Interfaces of virtual machines in the pod: what comes in by them is treated as if the pod itself had sent it.',
  excludeInterfaces: 'Interfaces whose traffic is left alone, in both directions.',
  redirectDNS: "DNS queries of the app go to pilot-agent, which answers for the mesh's hosts itself.",
  captureAllDNS: 'DNS capture takes the queries to every server, and not only to those of resolv.conf.',
  dnsServersV4: "The IPv4 DNS servers of the pod's resolv.conf.",
  dnsServersV6: "The IPv6 DNS servers of the pod's resolv.conf.",
  dnsConntrackZone:
    'Keeps the DNS queries of the app and of pilot-agent apart in conntrack. Since 1.11 that is always so.',
  dropInvalid:
    'Drops packets that conntrack can place in no connection, so that the kernel does not answer them with a reset.',
  enableIPv6: 'IPv6 is captured as IPv4 is.',
  dualStack:
    'Istio looks at all addresses of the pod to find out whether there is IPv6, and not only at the first.',
  hostIPv4LoopbackCidr: 'The IPv4 range that counts as localhost.',
  cni: "Istio's CNI plugin programs the pod from the node, and no init container does.",
  nativeNftables: 'The rules are made with nft, in tables of their own, and none with iptables.',
};

/** Of options that nobody has to set. */
export const optionFoundWords: Readonly<Partial<Record<OptionName, string>>> = {
  proxyUID: 'The injector writes it; since 1.20, on OpenShift, the last uid of the namespace.',
  proxyGID: 'Where it is not given it is the same number as the uid.',
  captureAllDNS: 'The CNI plugin turns it on by itself.',
  dnsServersV4: 'istio-init reads them from /etc/resolv.conf in the pod.',
  dnsServersV6: 'istio-init reads them from /etc/resolv.conf in the pod.',
  enableIPv6: "istio-init looks at the pod's first address, or at all of them with ISTIO_DUAL_STACK.",
};
