/** What an option looks like, and the releases that heed it: what the rules need to know. The rest is in `option-table.ts`. */
import { type Change, changes } from '../history/changes.ts';
import type { Timeline } from '../history/release.ts';
import { portOf } from '../pod/ports.ts';
import type { OptionName } from './options.ts';

/** What an option looks like, for checking it and for a form to fill in. */
export type OptionKind =
  | 'port'
  | 'ports'
  | 'ports or all'
  | 'users'
  | 'groups'
  | 'groups or all'
  | 'mode'
  | 'number'
  | 'ranges'
  | 'ranges or all'
  | 'interfaces'
  | 'servers'
  | 'loopback'
  | 'switch';

export const interceptionModes = ['REDIRECT', 'TPROXY', 'NONE'] as const;

export interface OptionShape {
  readonly kind: OptionKind;
  /** Absent: known to every release here. */
  readonly since?: Timeline<true>;
  /** The value that stands for "not there" in a release that does not know the option. */
  readonly off?: string | boolean | readonly string[];
}

function since(by: Change): Timeline<true> {
  return [{ by, is: true }];
}

export const optionKinds: Readonly<Record<OptionName, OptionShape>> = {
  proxyPort: {
    kind: 'port',
  },
  inboundCapturePort: {
    kind: 'port',
  },
  inboundTunnelPort: {
    kind: 'port',
    since: since(changes.tunnelPort),
    off: String(portOf('hbone')),
  },
  proxyUID: {
    kind: 'users',
  },
  proxyGID: {
    kind: 'users',
  },
  inboundInterceptionMode: {
    kind: 'mode',
  },
  inboundTProxyMark: {
    kind: 'number',
  },
  inboundTProxyRouteTable: {
    kind: 'number',
  },
  inboundPortsInclude: {
    kind: 'ports or all',
  },
  inboundPortsExclude: {
    kind: 'ports',
  },
  ownerGroupsInclude: {
    kind: 'groups or all',
    since: since(changes.ownerGroups),
    off: '*',
  },
  ownerGroupsExclude: {
    kind: 'groups',
    since: since(changes.ownerGroups),
    off: '',
  },
  outboundPortsInclude: {
    kind: 'ports',
    since: [
      { by: changes.outboundPorts, family: 'v4', is: true },
      { by: changes.outboundPortsV6, is: true },
    ],
    off: '',
  },
  outboundPortsExclude: {
    kind: 'ports',
  },
  outboundIPRangesInclude: {
    kind: 'ranges or all',
  },
  outboundIPRangesExclude: {
    kind: 'ranges',
  },
  rerouteVirtualInterfaces: {
    kind: 'interfaces',
  },
  excludeInterfaces: {
    kind: 'interfaces',
    since: since(changes.excludeInterfaces),
    off: '',
  },
  redirectDNS: {
    kind: 'switch',
    since: [
      { by: changes.firstDns, family: 'v4', is: true },
      { by: changes.tproxyAndDnsV6, is: true },
    ],
    off: false,
  },
  captureAllDNS: {
    kind: 'switch',
    since: since(changes.cniDns),
    off: false,
  },
  dnsServersV4: {
    kind: 'servers',
    since: since(changes.resolvConf),
    off: [],
  },
  dnsServersV6: {
    kind: 'servers',
    since: since(changes.tproxyAndDnsV6),
    off: [],
  },
  dnsConntrackZone: {
    kind: 'switch',
    since: since(changes.zones),
    off: false,
  },
  dropInvalid: {
    kind: 'switch',
    since: since(changes.dropInvalid),
    off: false,
  },
  enableIPv6: {
    kind: 'switch',
  },
  dualStack: {
    kind: 'switch',
  },
  hostIPv4LoopbackCidr: {
    kind: 'loopback',
    since: since(changes.loopbackCidr),
    off: '127.0.0.1/32',
  },
  cni: {
    kind: 'switch',
  },
  nativeNftables: {
    kind: 'switch',
    since: since(changes.native),
    off: false,
  },
};
