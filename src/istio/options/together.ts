/**
 * Options that work against each other, or that do nothing without another one.
 */
import { changes } from '../history/changes.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { mostInOneLine, mostWithDns } from './one-option.ts';
import { defaultOptions, type OptionName, type Options, splitList } from './options.ts';
import { error, type Fault, warning } from './problem.ts';
import { isLoopback, type Range, readRange } from './ranges.ts';

type Combination = readonly [OptionName, (options: Options, release: ReleaseNumber) => readonly Fault[]];

export const combinations: readonly Combination[] = [
  [
    'inboundCapturePort',
    ({ inboundCapturePort, proxyPort }) =>
      inboundCapturePort === proxyPort
        ? [
            warning(
              'one port for both directions',
              inboundCapturePort,
              (called) =>
                `It is the ${called('proxyPort')} too: what comes in and what goes out end at one listener, which cannot tell them apart.`,
              `Write '${defaultOptions.inboundCapturePort}'.`,
            ),
          ]
        : [],
  ],
  [
    'inboundInterceptionMode',
    ({ inboundInterceptionMode, cni }) =>
      inboundInterceptionMode === 'NONE' && cni
        ? [
            error(
              'mode unknown to CNI',
              'NONE',
              'The CNI plugin knows only REDIRECT and TPROXY in the annotation, and refuses the pod.',
              (called) => `Set ${called('cni')} to false, or leave the pod out of the injection.`,
            ),
          ]
        : [],
  ],
  [
    'inboundPortsExclude',
    ({ inboundPortsInclude, inboundPortsExclude }) => {
      const own = splitList(defaultOptions.inboundPortsExclude);
      const added = splitList(inboundPortsExclude).filter((port) => !own.includes(port));
      if (inboundPortsInclude === '*' || added.length === 0) return [];
      return [
        warning(
          'only with all included',
          added.join(','),
          (called) =>
            `Istio heeds it only where ${called('inboundPortsInclude')} is "*"; here only ${inboundPortsInclude === '' ? 'nothing' : inboundPortsInclude} is captured anyway.`,
          (called) => `Leave it out, or set ${called('inboundPortsInclude')} to '*'.`,
        ),
      ];
    },
  ],
  [
    'ownerGroupsInclude',
    ({ ownerGroupsInclude }) =>
      splitList(ownerGroupsInclude).length === 0
        ? [
            warning(
              'no group included',
              ownerGroupsInclude,
              'No group is included: Istio writes ISTIO_OUTPUT -j RETURN, and nothing that leaves is captured.',
              "Write '*' for all groups.",
            ),
          ]
        : [],
  ],
  [
    'ownerGroupsInclude',
    ({ ownerGroupsInclude, redirectDNS }, release) => {
      const count = splitList(ownerGroupsInclude).length;
      const most = redirectDNS && !isSince(release, changes.cruft) ? mostWithDns : mostInOneLine;
      return ownerGroupsInclude !== '*' && count > most
        ? [
            error(
              'too many groups for a line',
              ownerGroupsInclude,
              `Istio lets ${count} groups pass, but iptables-restore reads at most 255 words in a line, and all included groups go into one: more than ${most} are refused.`,
              (called) =>
                `Include at most ${most}, or set it to * and name the other groups in ${called('ownerGroupsExclude')}.`,
            ),
          ]
        : [];
    },
  ],
  [
    'ownerGroupsExclude',
    ({ ownerGroupsInclude, ownerGroupsExclude }) =>
      ownerGroupsExclude !== '' && ownerGroupsInclude !== '*'
        ? [
            warning(
              'only with all included',
              ownerGroupsExclude,
              (called) => `Istio heeds it only where ${called('ownerGroupsInclude')} is "*".`,
              (called) => `Leave it out, or set ${called('ownerGroupsInclude')} to '*'.`,
            ),
          ]
        : [],
  ],
  [
    'outboundPortsInclude',
    ({ outboundPortsInclude, outboundIPRangesInclude, outboundPortsExclude }) => {
      const ports = splitList(outboundPortsInclude);
      const both = ports.filter((port) => splitList(outboundPortsExclude).includes(port));
      return [
        ...(ports.length > 0 && outboundIPRangesInclude === '*'
          ? [
              warning(
                'all included anyway',
                outboundPortsInclude,
                (called) =>
                  `${called('outboundIPRangesInclude')} is "*", so every port is captured, these and all others.`,
                (called) => `Set ${called('outboundIPRangesInclude')} to '' to capture these ports alone.`,
              ),
            ]
          : []),
        ...both.map((port) =>
          warning(
            'excluded too',
            port,
            (called) =>
              `It is in ${called('outboundPortsExclude')} too, and the excluded ports come first: it is not captured.`,
            'Take it out of one of the two.',
          ),
        ),
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
        .map(([text]) =>
          warning(
            'excluded too',
            text,
            (called) =>
              `${called('outboundIPRangesExclude')} holds all of it, and the excluded ranges come first: it is not captured.`,
            'Take it out of one of the two.',
          ),
        ),
    ],
  ],
  [
    'outboundIPRangesInclude',
    ({ outboundIPRangesInclude }, release) =>
      isSince(release, changes.loopbackInclude)
        ? ranges(outboundIPRangesInclude)
            .filter(([, range]) => isLoopback(range))
            .map(([text]) =>
              warning(
                'loopback included',
                text,
                'With a loopback range Istio leaves out the rules that return what processes of the pod say to each other over lo, in both families.',
                'Include it only where the app is to reach itself through Envoy.',
              ),
            )
        : [],
  ],
  ['outboundIPRangesExclude', (options) => familyOff(options, options.outboundIPRangesExclude)],
  [
    'rerouteVirtualInterfaces',
    ({ rerouteVirtualInterfaces, excludeInterfaces }, release) =>
      isSince(release, changes.excludeInterfaces)
        ? splitList(rerouteVirtualInterfaces)
            .filter((name) => splitList(excludeInterfaces).includes(name))
            .map((name) =>
              warning(
                'excluded too',
                name,
                (called) =>
                  `It is in ${called('excludeInterfaces')} too, and the rules for virtual interfaces are inserted before those: what comes in by it is captured.`,
                'Take it out of one of the two.',
              ),
            )
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
        ? [
            warning(
              'no servers',
              'true',
              isSince(release, changes.cruft)
                ? (called) =>
                    `Without DNS servers and without ${called('captureAllDNS')} Istio captures no DNS at all.`
                : (called) =>
                    `Without DNS servers and without ${called('captureAllDNS')} Istio writes the rules around DNS capture, and none that captures.`,
              (called) =>
                `Give the servers of the pod's resolv.conf in ${called('dnsServersV4')} and ${called('dnsServersV6')}.`,
            ),
          ]
        : [],
  ],
  [
    'captureAllDNS',
    ({ redirectDNS, captureAllDNS }) =>
      captureAllDNS && !redirectDNS
        ? [
            warning(
              'only with DNS capture',
              'true',
              (called) => `Istio heeds it only where ${called('redirectDNS')} is on.`,
              (called) => `Set ${called('redirectDNS')} to true.`,
            ),
          ]
        : [],
  ],
  ['dnsServersV4', (options) => unusedServers(options, options.dnsServersV4)],
  [
    'dnsServersV6',
    (options) => [
      ...unusedServers(options, options.dnsServersV6),
      ...(options.dnsServersV6.length > 0 && !options.enableIPv6
        ? [
            warning(
              'no IPv6',
              options.dnsServersV6.join(','),
              'The pod has no IPv6, so Istio writes no IPv6 rules.',
              (called) => `Set ${called('enableIPv6')} to true where the pod has an IPv6 address.`,
            ),
          ]
        : []),
    ],
  ],
  [
    'dnsConntrackZone',
    ({ dnsConntrackZone }, release) =>
      dnsConntrackZone && isSince(release, changes.zonesAlways)
        ? [
            warning(
              'always on',
              'true',
              (called) =>
                `Since ${changes.zonesAlways.since} the zones come with ${called('redirectDNS')}, and nothing turns them off.`,
              'Leave it out.',
            ),
          ]
        : [],
  ],
  [
    'dualStack',
    ({ dualStack, enableIPv6 }) =>
      dualStack && !enableIPv6
        ? [
            warning(
              'no rule by itself',
              'true',
              'It changes no rule by itself: with it Istio looks at all addresses of the pod and not only at the first, to find out whether there is IPv6.',
              (called) => `Set ${called('enableIPv6')} to true where the pod has an IPv6 address.`,
            ),
          ]
        : [],
  ],
];

function ranges(list: string): readonly (readonly [string, Range])[] {
  return splitList(list).flatMap((text) => {
    const range = readRange(text);
    return range === null ? [] : [[text, range] as const];
  });
}

/** True where every address of `inner` is one of `outer`. */
function holds(outer: Range, inner: Range): boolean {
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
    .map(([text]) =>
      warning(
        'no IPv6',
        text,
        'The pod has no IPv6, so Istio writes no IPv6 rules.',
        (called) => `Set ${called('enableIPv6')} to true where the pod has an IPv6 address.`,
      ),
    );
}

function unusedServers(
  { redirectDNS, captureAllDNS }: Options,
  servers: readonly string[],
): readonly Fault[] {
  if (servers.length === 0 || (redirectDNS && !captureAllDNS)) return [];
  return [
    redirectDNS
      ? warning(
          'all servers anyway',
          servers.join(','),
          (called) =>
            `${called('captureAllDNS')} is on, so DNS to every server is captured, these and all others.`,
          (called) => `Set ${called('captureAllDNS')} to false to capture DNS to these servers alone.`,
        )
      : warning(
          'only with DNS capture',
          servers.join(','),
          (called) => `Istio heeds it only where ${called('redirectDNS')} is on.`,
          (called) => `Set ${called('redirectDNS')} to true.`,
        ),
  ];
}
