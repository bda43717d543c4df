/** Which page tells of an option, and what the table of options shows of each. */

import {
  type Change,
  completeOptions,
  defaultOptions,
  type OptionEntry,
  type OptionName,
  optionTable,
  releases,
  rulesFor,
} from '../../istio/index.ts';
import { handbookSetting, type Setting } from '../scenarios/setting.ts';
import { routingDifference, rulesDifference } from './rules-compared.ts';

/** The pages of content/options, each with its options in its order. */
export const optionPages: Readonly<
  Record<string, { readonly title: string; readonly options: readonly OptionName[] }>
> = {
  inbound: { title: 'Inbound ports', options: ['inboundPortsInclude', 'inboundPortsExclude'] },
  outbound: {
    title: 'Outbound ranges and ports',
    options: [
      'outboundIPRangesInclude',
      'outboundIPRangesExclude',
      'outboundPortsInclude',
      'outboundPortsExclude',
    ],
  },
  processes: {
    title: 'Users and groups',
    options: ['proxyUID', 'proxyGID', 'ownerGroupsInclude', 'ownerGroupsExclude'],
  },
  interfaces: { title: 'Interfaces', options: ['excludeInterfaces', 'rerouteVirtualInterfaces'] },
  dns: {
    title: 'DNS capture',
    options: ['redirectDNS', 'captureAllDNS', 'dnsServersV4', 'dnsServersV6', 'dnsConntrackZone'],
  },
  mode: {
    title: 'Interception mode',
    options: ['inboundInterceptionMode', 'inboundTProxyMark', 'inboundTProxyRouteTable'],
  },
  addresses: { title: 'IPv6 and localhost', options: ['enableIPv6', 'dualStack', 'hostIPv4LoopbackCidr'] },
  setup: {
    title: 'Ports, CNI, nftables and invalid packets',
    options: ['proxyPort', 'inboundCapturePort', 'inboundTunnelPort', 'cni', 'nativeNftables', 'dropInvalid'],
  },
};

/** `/options/inbound/#inboundPortsExclude`, below the base path. */
export function optionAddress(option: OptionName): string {
  const page = Object.entries(optionPages).find(([, { options }]) => options.includes(option));
  return `/options/${page?.[0] ?? ''}/#${option}`;
}

/** A value as one would write it; none for an empty list. */
export function valueWords(value: string | boolean | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const text = typeof value === 'string' ? value : value.join(',');
  return text === '' ? 'none' : text;
}

export function defaultWords(option: OptionName): string {
  return valueWords(defaultOptions[option]);
}

/** Since when it is heeded: `1.14`, or for each family where they differ. */
export function sinceOf(option: OptionName): readonly { readonly text: string; readonly by: Change }[] {
  const { since = [] } = optionTable[option];
  const one = since.length === 1;
  return since.map(({ by, family }) => ({
    by,
    text: `${by.since.replace(/\.0$/, '')}${one ? '' : family === undefined ? ' for IPv6' : ` for IP${family}`}`,
  }));
}

/** The example of an option under the release that shows it: the handbook's, or the newest one in which it does anything. */
export function exampleOf(option: OptionName): {
  readonly before: Setting;
  readonly after: Setting;
  readonly entry: OptionEntry;
} {
  const entry = optionTable[option];
  const among = { ...handbookSetting.options, ...entry.among };
  const older = releases.map(({ name }) => name).reverse();
  const candidates = [handbookSetting.release, ...older];
  const setting = (release: string) => ({
    before: { release, options: among },
    after: { release, options: { ...among, ...entry.example } },
  });
  const shows = candidates.find((release) => {
    const { before, after } = setting(release);
    const one = rulesFor(release, before.options);
    const other = rulesFor(release, after.options);
    const routing = routingDifference(one, other);
    return rulesDifference(one, other).length + routing.come.length > 0;
  });
  return { ...setting(shows ?? handbookSetting.release), entry };
}

/** The example's values that differ from what it is compared with, as the option's own name says them. */
export function exampleWords(option: OptionName): string {
  const { after } = exampleOf(option);
  return valueWords(completeOptions(after.options)[option]);
}
