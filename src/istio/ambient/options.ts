/**
 * The options that shape the rules of ambient mode, in a pod and on its node: fields of Istio's AmbientConfig and
 * PodLevelOverrides in cni/pkg/config/config.go, in camelCase.
 */
import type { Since } from '../history/changes.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { ambientChanges } from './changes.ts';

export interface AmbientOptions {
  /** Helm's `ambient.ipv6`. */
  readonly enableIPv6: boolean;
  /** Helm's `ambient.dnsCapture`. */
  readonly redirectDNS: boolean;
  /** `AMBIENT_TPROXY_REDIRECTION` of the agent's ConfigMap. Until 1.23.0 it is always so, since 1.25 never. */
  readonly tproxyRedirection: boolean;
  /** The pod's annotation `ambient.istio.io/bypass-inbound-capture`. */
  readonly ingressMode: boolean;
  /** The pod's annotation `istio.io/reroute-virtual-interfaces`. */
  readonly virtualInterfaces: string;
  /** The pod's annotation `ambient.istio.io/dns-capture`: `enabled` and `disabled` win over `redirectDNS`. */
  readonly dnsProxy: string;
  /** `HOST_PROBE_SNAT_IP` of the agent. */
  readonly hostProbeSNATAddress: string;
  /** `HOST_PROBE_SNAT_IPV6` of the agent. */
  readonly hostProbeV6SNATAddress: string;
  /** The uid of the kubelet, which the agent finds on the node; only native nftables asks for it. */
  readonly kubeletUID: string;
  /** Helm's `global.nativeNftables`. */
  readonly nativeNftables: boolean;
}

export type AmbientOptionName = keyof AmbientOptions;

/** What Istio's own charts and programs set, for a release. */
export function ambientDefaults(release: ReleaseNumber): AmbientOptions {
  return {
    enableIPv6: isSince(release, ambientChanges.families),
    redirectDNS: isSince(release, ambientChanges.dnsByDefault),
    tproxyRedirection: !isSince(release, ambientChanges.redirectByDefault),
    ingressMode: false,
    virtualInterfaces: '',
    dnsProxy: 'unset',
    hostProbeSNATAddress: '169.254.7.127',
    hostProbeV6SNATAddress: 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff',
    kubeletUID: '0',
    nativeNftables: false,
  };
}

/** What stands where the release heeds no such option: what it does in any case. */
interface Span {
  readonly since: Since;
  readonly before?: Since;
  readonly value: (release: ReleaseNumber) => boolean | string;
}

/** Null for what every release of ambient mode heeds. */
const heededIn: Readonly<Record<AmbientOptionName, Span | null>> = {
  enableIPv6: { since: ambientChanges.families, value: () => false },
  redirectDNS: null,
  tproxyRedirection: {
    since: ambientChanges.redirectInbound,
    before: ambientChanges.noTproxy,
    value: (release) => !isSince(release, ambientChanges.redirectInbound),
  },
  ingressMode: { since: ambientChanges.ingressMode, value: () => false },
  virtualInterfaces: { since: ambientChanges.podOverrides, value: () => '' },
  dnsProxy: { since: ambientChanges.podOverrides, value: () => 'unset' },
  hostProbeSNATAddress: null,
  hostProbeV6SNATAddress: null,
  kubeletUID: null,
  nativeNftables: { since: ambientChanges.native, value: () => false },
};

/** An option that a release does not heed, and which releases do. */
export interface AmbientIgnored {
  readonly option: AmbientOptionName;
  readonly value: string;
  readonly reason:
    | { readonly code: 'unknown to the release'; readonly since: string; readonly before?: string }
    /** Source: CreateInpodRules of 1.24: "mutually exclusive". */
    | { readonly code: 'not with TPROXY' };
}

/** The options that a release heeds, in the order of its defaults. */
export function ambientOptionsOf(release: ReleaseNumber): readonly AmbientOptionName[] {
  const names = Object.keys(ambientDefaults(release)) as AmbientOptionName[];
  return names.filter((name) => {
    const span = heededIn[name];
    return span === null || isHeeded(release, span);
  });
}

function isHeeded(release: ReleaseNumber, { since, before }: Span): boolean {
  return isSince(release, since) && (before === undefined || !isSince(release, before));
}

/** Complete options as a release heeds them, and what of those that were given it does not. */
export function heededAmbient(
  release: ReleaseNumber,
  given: Partial<AmbientOptions>,
): { readonly options: AmbientOptions; readonly ignored: readonly AmbientIgnored[] } {
  const options: Record<string, boolean | string> = { ...ambientDefaults(release) };
  const ignored: AmbientIgnored[] = [];
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && Object.hasOwn(options, name)) options[name] = value;
  for (const [name, span] of Object.entries(heededIn)) {
    if (span === null || isHeeded(release, span)) continue;
    const { since, before, value } = span;
    const fixed = value(release);
    if (given[name as AmbientOptionName] !== undefined && options[name] !== fixed) {
      ignored.push({
        option: name as AmbientOptionName,
        value: String(options[name]),
        reason: {
          code: 'unknown to the release',
          since: since.since,
          ...(before === undefined ? {} : { before: before.since }),
        },
      });
    }
    options[name] = fixed;
  }
  if (options.ingressMode === true && options.tproxyRedirection === true) {
    ignored.push({ option: 'ingressMode', value: 'true', reason: { code: 'not with TPROXY' } });
    options.ingressMode = false;
  }
  return { options: options as unknown as AmbientOptions, ignored };
}

/** True where DNS is captured: by the pod's own annotation, else as the agent is set. */
export function redirectsDns({ redirectDNS, dnsProxy }: AmbientOptions): boolean {
  return dnsProxy === 'enabled' || (redirectDNS && dnsProxy !== 'disabled');
}
