/**
 * The options that shape a sidecar's rules: Istio's own fields and values, and the releases that know them.
 */
import type { Family } from '../../netfilter/index.ts';
import { changes, type Since } from '../history/changes.ts';
import { at, beginningFor, isSince, type ReleaseNumber, type Timeline } from '../history/release.ts';
import { portOf } from '../pod/ports.ts';
import { optionKinds } from './kinds.ts';

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
}

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
  return { ...(options.cni === true ? defaultCniOptions : defaultOptions), ...given };
}

/** An option that a release, or the CNI plugin, does not heed, and why, in a sentence. */
export interface Ignored {
  readonly option: OptionName;
  readonly value: string;
  /** The family that does not heed it, where the other one does. */
  readonly family?: Family;
  readonly because: string;
}

/** Since when an option is heeded, for one family, as the first change that says so. */
function firstChange(timeline: Timeline<true>, family: Family): Since | undefined {
  return timeline.find((entry) => (entry.family ?? family) === family)?.by;
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : String(value);
}

/** Complete options as one release and one family heed them, and what of them it ignores. */
export function heededOptions(
  release: ReleaseNumber,
  releaseName: string,
  options: Options,
  family: Family,
): { readonly options: Options; readonly ignored: readonly Ignored[] } {
  const ignored: Ignored[] = [];
  const heeded: { [name in OptionName]: unknown } = { ...options };
  for (const name of optionNames) {
    const { since: timeline, off } = optionKinds[name];
    if (timeline === undefined || off === undefined || at(timeline, release, family) === true) continue;
    if (printed(options[name]) === printed(off)) continue;
    heeded[name] = off;
    const first = firstChange(timeline, family);
    const differs = timeline.some((entry) => entry.family !== undefined);
    const what = differs ? `it for IP${family}` : 'it';
    ignored.push({
      option: name,
      value: printed(options[name]),
      ...(differs ? { family } : {}),
      because: `Istio ${releaseName} does not know ${what}${first === undefined ? '' : `: it came with ${beginningFor(release, first)}`}.`,
    });
  }
  if (
    options.inboundInterceptionMode === 'TPROXY' &&
    family === 'v6' &&
    at(tproxyV6, release, family) !== true
  ) {
    heeded.inboundInterceptionMode = 'REDIRECT';
    ignored.push({
      option: 'inboundInterceptionMode',
      value: 'TPROXY',
      family,
      because: `Istio ${releaseName} redirects IPv6 in TPROXY mode too: TPROXY for IPv6 came with ${changes.tproxyAndDnsV6.since}.`,
    });
  }
  return { options: heeded as Options, ignored };
}

const tproxyV6: Timeline<true> = [{ by: changes.tproxyAndDnsV6, is: true }];

/**
 * What the CNI plugin makes of its options before it builds the rules, and what it ignores of them.
 * Source: NewRedirect and Program of cni/pkg/plugin.
 */
export function throughCni(
  release: ReleaseNumber,
  releaseName: string,
  options: Options,
): { readonly options: Options; readonly ignored: readonly Ignored[] } {
  const ignored: Ignored[] = [];
  const redirectDNS = options.redirectDNS && isSince(release, changes.cniDns);
  if (options.redirectDNS && !redirectDNS) {
    ignored.push({
      option: 'redirectDNS',
      value: 'true',
      because: `the CNI plugin of Istio ${releaseName} does not know it: it came with ${changes.cniDns.since}.`,
    });
  }
  for (const name of ['ownerGroupsInclude', 'ownerGroupsExclude', 'hostIPv4LoopbackCidr'] as const) {
    if (options[name] === defaultOptions[name]) continue;
    ignored.push({
      option: name,
      value: options[name],
      because: 'the CNI plugin reads it from its own environment and not from the pod.',
    });
  }
  if (options.captureAllDNS && !options.redirectDNS) {
    ignored.push({
      option: 'captureAllDNS',
      value: 'true',
      because: 'the CNI plugin captures the DNS of all servers where redirectDNS is on, and none otherwise.',
    });
  }
  for (const name of ['dnsServersV4', 'dnsServersV6'] as const) {
    if (options[name].length === 0) continue;
    ignored.push({
      option: name,
      value: options[name].join(','),
      because: 'the CNI plugin does not read resolv.conf: it captures the DNS of all servers or none.',
    });
  }
  return {
    options: {
      ...options,
      inboundPortsExclude: [
        ...new Set([...splitList(options.inboundPortsExclude), ...splitList(cniPorts)]),
      ].join(','),
      ownerGroupsInclude: defaultOptions.ownerGroupsInclude,
      ownerGroupsExclude: defaultOptions.ownerGroupsExclude,
      hostIPv4LoopbackCidr: defaultOptions.hostIPv4LoopbackCidr,
      redirectDNS,
      captureAllDNS: redirectDNS,
      dnsServersV4: [],
      dnsServersV6: [],
      // The plugin takes a uid of 0 for one that was not given.
      proxyUID: options.proxyUID === '0' ? defaultOptions.proxyUID : options.proxyUID,
      proxyGID: options.proxyGID === '0' ? defaultOptions.proxyGID : options.proxyGID,
    },
    ignored,
  };
}
