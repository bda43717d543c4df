/**
 * Options that work against each other, or that do nothing without another one.
 */
import { changes } from '../history/changes.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { checks, mostInOneLine, mostWithDns } from './one-option.ts';
import { defaultOptions, type OptionName, type Options, splitList } from './options.ts';
import { error, type Fault, warning } from './problem.ts';
import { isLoopback, type PrefixRange, readRange } from './ranges.ts';

type Combination = readonly [OptionName, (options: Options, release: ReleaseNumber) => readonly Fault[]];

export const combinations: readonly Combination[] = [
  [
    'inboundCapturePort',
    ({ inboundCapturePort, proxyPort }) =>
      inboundCapturePort === proxyPort
        ? [
            warning({
              code: 'one port for both directions',
              value: inboundCapturePort,
              write: defaultOptions.inboundCapturePort,
            }),
          ]
        : [],
  ],
  [
    'inboundInterceptionMode',
    ({ inboundInterceptionMode, cni }) =>
      inboundInterceptionMode === 'NONE' && cni
        ? [error({ code: 'mode unknown to CNI', value: 'NONE' })]
        : [],
  ],
  [
    'inboundTProxyMark',
    // Source: OriginalSrc of pilot/pkg/xds/filters/filters.go. Some marks have a warning of their own.
    ({ inboundTProxyMark, inboundInterceptionMode, inboundPortsInclude }, release) =>
      inboundInterceptionMode === 'TPROXY' &&
      inboundPortsInclude !== '' &&
      inboundTProxyMark !== defaultOptions.inboundTProxyMark &&
      checks.number(inboundTProxyMark, inboundTProxyMark, 'inboundTProxyMark', release).length === 0
        ? [
            warning({
              code: 'not the mark of Envoy',
              value: inboundTProxyMark,
              write: defaultOptions.inboundTProxyMark,
            }),
          ]
        : [],
  ],
  [
    'inboundTProxyRouteTable',
    ({ inboundTProxyRouteTable, inboundInterceptionMode, inboundPortsInclude, enableIPv6 }, release) =>
      inboundTProxyRouteTable === '0' &&
      inboundPortsInclude !== '' &&
      inboundInterceptionMode === 'TPROXY' &&
      enableIPv6 &&
      isSince(release, changes.tproxyAndDnsV6)
        ? [error({ code: 'no table for IPv6', value: '0', write: defaultOptions.inboundTProxyRouteTable })]
        : [],
  ],
  [
    'inboundPortsExclude',
    ({ inboundPortsInclude, inboundPortsExclude }) => {
      const own = splitList(defaultOptions.inboundPortsExclude);
      const added = splitList(inboundPortsExclude).filter((port) => !own.includes(port));
      if (inboundPortsInclude === '*' || added.length === 0) return [];
      return [
        warning({ code: 'only with all included', value: added.join(','), captured: inboundPortsInclude }),
      ];
    },
  ],
  [
    'ownerGroupsInclude',
    ({ ownerGroupsInclude }) =>
      splitList(ownerGroupsInclude).length === 0
        ? [warning({ code: 'no group included', value: ownerGroupsInclude })]
        : [],
  ],
  [
    'ownerGroupsInclude',
    ({ ownerGroupsInclude, redirectDNS }, release) => {
      const count = splitList(ownerGroupsInclude).length;
      const most = redirectDNS && !isSince(release, changes.cruft) ? mostWithDns : mostInOneLine;
      return ownerGroupsInclude !== '*' && count > most
        ? [error({ code: 'too many groups for a line', value: ownerGroupsInclude, count, most })]
        : [];
    },
  ],
  [
    'ownerGroupsExclude',
    ({ ownerGroupsInclude, ownerGroupsExclude }) =>
      ownerGroupsExclude !== '' && ownerGroupsInclude !== '*'
        ? [warning({ code: 'only with all included', value: ownerGroupsExclude, captured: null })]
        : [],
  ],
  [
    'outboundPortsInclude',
    ({ outboundPortsInclude, outboundIPRangesInclude, outboundPortsExclude }) => {
      const ports = splitList(outboundPortsInclude);
      const both = ports.filter((port) => splitList(outboundPortsExclude).includes(port));
      return [
        ...(ports.length > 0 && outboundIPRangesInclude === '*'
          ? [warning({ code: 'all included anyway', value: outboundPortsInclude })]
          : []),
        ...both.map((port) => warning({ code: 'excluded too', value: port })),
      ];
    },
  ],
  [
    'outboundIPRangesInclude',
    (options) => [
      ...familyOff(options, options.outboundIPRangesInclude),
      ...ranges(options.outboundIPRangesInclude)
        .filter(([, range]) =>
          ranges(options.outboundIPRangesExclude).some(([, other]) => holds(other, range)),
        )
        .map(([text]) => warning({ code: 'excluded too', value: text })),
    ],
  ],
  [
    'outboundIPRangesInclude',
    ({ outboundIPRangesInclude }, release) =>
      isSince(release, changes.loopbackInclude)
        ? ranges(outboundIPRangesInclude)
            .filter(([, range]) => isLoopback(range))
            .map(([text]) => warning({ code: 'loopback included', value: text }))
        : [],
  ],
  ['outboundIPRangesExclude', (options) => familyOff(options, options.outboundIPRangesExclude)],
  [
    'rerouteVirtualInterfaces',
    ({ rerouteVirtualInterfaces, excludeInterfaces }, release) =>
      isSince(release, changes.excludeInterfaces)
        ? splitList(rerouteVirtualInterfaces)
            .filter((name) => splitList(excludeInterfaces).includes(name))
            .map((name) => warning({ code: 'excluded too', value: name }))
        : [],
  ],
  [
    'redirectDNS',
    ({ redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6, cni }, release) =>
      redirectDNS &&
      !captureAllDNS &&
      !cni &&
      dnsServersV4.length + dnsServersV6.length === 0 &&
      isSince(release, changes.resolvConf)
        ? [warning({ code: 'no servers', value: 'true', leavesRules: !isSince(release, changes.cruft) })]
        : [],
  ],
  [
    'captureAllDNS',
    ({ redirectDNS, captureAllDNS }) =>
      captureAllDNS && !redirectDNS ? [warning({ code: 'only with DNS capture', value: 'true' })] : [],
  ],
  ['dnsServersV4', (options) => unusedServers(options, options.dnsServersV4)],
  [
    'dnsServersV6',
    (options) => [
      ...unusedServers(options, options.dnsServersV6),
      ...(options.dnsServersV6.length > 0 && !options.enableIPv6
        ? [warning({ code: 'no IPv6', value: options.dnsServersV6.join(',') })]
        : []),
    ],
  ],
  [
    'dnsConntrackZone',
    ({ dnsConntrackZone }, release) =>
      dnsConntrackZone && isSince(release, changes.zonesAlways)
        ? [warning({ code: 'always on', value: 'true', since: changes.zonesAlways.since })]
        : [],
  ],
  [
    'dualStack',
    ({ dualStack, enableIPv6 }) =>
      dualStack && !enableIPv6 ? [warning({ code: 'no rule by itself', value: 'true' })] : [],
  ],
];

function ranges(list: string): readonly (readonly [string, PrefixRange])[] {
  return splitList(list).flatMap((text) => {
    const range = readRange(text);
    return range === null ? [] : [[text, range] as const];
  });
}

/** True where every address of `inner` is one of `outer`. */
function holds(outer: PrefixRange, inner: PrefixRange): boolean {
  return (
    outer.prefix.family === inner.prefix.family &&
    outer.prefix.mask <= inner.prefix.mask &&
    (inner.prefix.address & outer.prefix.mask) === outer.prefix.address
  );
}

function familyOff({ enableIPv6 }: Options, list: string): readonly Fault[] {
  if (enableIPv6) return [];
  return ranges(list)
    .filter(([, range]) => range.prefix.family === 'v6')
    .map(([text]) => warning({ code: 'no IPv6', value: text }));
}

function unusedServers(
  { redirectDNS, captureAllDNS }: Options,
  servers: readonly string[],
): readonly Fault[] {
  if (servers.length === 0 || (redirectDNS && !captureAllDNS)) return [];
  return [
    redirectDNS
      ? warning({ code: 'all servers anyway', value: servers.join(',') })
      : warning({ code: 'only with DNS capture', value: servers.join(',') }),
  ];
}
