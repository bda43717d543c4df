/**
 * What Istio changed in the rules of ambient mode, by the first release with it. Seen at the tags of Istio, in
 * cni/pkg/iptables, cni/pkg/nftables and their testdata, and in manifests/charts/istio-cni for what is a default.
 */
import type { Since } from '../history/changes.ts';

export const ambientChanges = {
  /** The pod's own network namespace, and ztunnel's sockets in it. */
  inPod: { since: '1.21.0' },
  /** ip6tables as well, and a set of addresses for each family. */
  families: { since: '1.23.0' },
  /** What comes in can be redirected in nat; TPROXY is still the default. */
  redirectInbound: { since: '1.23.1' },
  /** TPROXY only where it is asked for. */
  redirectByDefault: { since: '1.24.0' },
  ingressMode: { since: '1.24.0' },
  /** DNS over TCP as well, not what ztunnel asks, and a conntrack zone for that. */
  dnsFromPod: { since: '1.24.0' },
  noTproxy: { since: '1.25.0' },
  /** `ambient.dnsCapture` of the chart is true. */
  dnsByDefault: { since: '1.25.0' },
  /** `ambient.istio.io/dns-capture` and `istio.io/reroute-virtual-interfaces`. */
  podOverrides: { since: '1.25.0' },
  /** The jump of the node stands before those of others. */
  hostFirst: { since: '1.27.0' },
  native: { since: '1.28.0' },
  /** Rules of IPv6 in native nftables only where the pod has it. */
  nativeFamilies: { since: '1.28.1' },
  /** A pod in ingress mode has the mark of its connections kept, and so takes HBONE. */
  ingressTakesHbone: { since: '1.29.0' },
} as const satisfies Readonly<Record<string, Since>>;
