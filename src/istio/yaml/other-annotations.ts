/**
 * Annotations of a pod that shape no rule, and the releases whose programs read them. Source: annotation/annotations.gen.go
 * of istio/api, of all releases from 1.5 to 1.31, and where Istio's own code or its templates ask for the name.
 */

interface ReadIn {
  /** The first minor that reads it; without it, the oldest here. */
  readonly since?: string;
  /** The first minor that does not read it any more. */
  readonly before?: string;
}

const always: ReadIn = {};
const since = (minor: string): ReadIn => ({ since: minor });
const before = (minor: string): ReadIn => ({ before: minor });

const ofTheSidecar: Readonly<Record<string, ReadIn | null>> = {
  agentLogLevel: since('1.9'),
  bootstrapOverride: always,
  componentLogLevel: always,
  controlPlaneAuthPolicy: before('1.6'),
  discoveryAddress: always,
  enableCoreDump: before('1.24'),
  extraStatTags: always,
  logLevel: always,
  nativeSidecar: since('1.24'),
  proxyCPU: always,
  proxyCPULimit: always,
  proxyImage: always,
  proxyImageType: since('1.13'),
  proxyMemory: always,
  proxyMemoryLimit: always,
  rewriteAppHTTPProbers: always,
  statsCompression: { since: '1.21', before: '1.29' },
  statsEvictionInterval: since('1.28'),
  statsFlushInterval: since('1.28'),
  statsHistogramBins: null,
  statsHistogramBuckets: since('1.19'),
  statsInclusionPrefixes: always,
  statsInclusionRegexps: always,
  statsInclusionSuffixes: always,
  status: always,
  userVolume: always,
  userVolumeMount: always,
};

const names: Readonly<Record<string, ReadIn | null>> = {
  'alpha.istio.io/identity': before('1.8'),
  'ambient.istio.io/bypass-inbound-capture': since('1.24'),
  'ambient.istio.io/dns-capture': since('1.25'),
  'ambient.istio.io/redirection': since('1.18'),
  'galley.istio.io/analyze-suppress': always,
  'inject.istio.io/templates': since('1.9'),
  'istio.io/rev': always,
  'networking.istio.io/exportTo': always,
  'networking.istio.io/traffic-distribution': since('1.24'),
  'networking.istio.io/tunnel': always,
  'policy.istio.io/check': before('1.8'),
  'policy.istio.io/checkBaseRetryWaitTime': before('1.8'),
  'policy.istio.io/checkMaxRetryWaitTime': before('1.8'),
  'policy.istio.io/checkRetries': before('1.8'),
  'policy.istio.io/lang': before('1.8'),
  'prometheus.istio.io/merge-metrics': since('1.6'),
  'prometheus.istio.io/scrape-targets': since('1.31'),
  'prometheus.istio.io/secure-port': since('1.31'),
  'proxy.istio.io/overrides': since('1.9'),
  'readiness.status.sidecar.istio.io/applicationPorts': null,
  'readiness.status.sidecar.istio.io/failureThreshold': always,
  'readiness.status.sidecar.istio.io/initialDelaySeconds': always,
  'readiness.status.sidecar.istio.io/periodSeconds': always,
  ...Object.fromEntries(
    Object.entries(ofTheSidecar).map(([name, read]) => [`sidecar.istio.io/${name}`, read]),
  ),
  'topology.istio.io/controlPlaneClusters': since('1.15'),
  'topology.istio.io/network': always,
  'topology.istio.io/subzone': always,
};

/** Null where the name is listed and no release has ever read it. */
export const otherAnnotations: ReadonlyMap<string, ReadIn | null> = new Map(Object.entries(names));
