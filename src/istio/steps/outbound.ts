/**
 * The steps for what a process of the pod sends: the chain ISTIO_OUTPUT.
 */
import { changes } from '../history/changes.ts';
import { at, type Timeline } from '../history/release.ts';
import type { Options } from '../options/options.ts';
import { namesLoopback, rangesOf } from '../options/ranges.ts';
import {
  type Building,
  type BuildStep,
  type Command,
  each,
  groupRules,
  loopback,
  nat,
  type OwnerKind,
  ownerOptions,
  ownerRole,
  passthrough,
  start,
} from './command.ts';
import { capturesDns } from './dns.ts';
import { virtualCapture } from './interfaces.ts';

export const outputJump: BuildStep = [
  { by: start, is: () => [nat('OUTPUT', '-p tcp -j ISTIO_OUTPUT', 'output.jump')] },
  { by: changes.cruft, is: () => [nat('OUTPUT', '-j ISTIO_OUTPUT', 'output.jump')] },
];

function excludePorts(building: Building, protocols: readonly string[]): readonly Command[] {
  return each(building, 'outboundPortsExclude', (port, from) =>
    protocols.map((protocol) =>
      nat('ISTIO_OUTPUT', `-p ${protocol} --dport ${port} -j RETURN`, 'output.exclude-port', from),
    ),
  );
}

export const outputExclude: BuildStep = [
  { by: start, is: (building) => excludePorts(building, ['tcp']) },
  { by: changes.cruft, is: (building) => excludePorts(building, ['tcp', 'udp']) },
];

export const outputPassthrough: BuildStep = [
  {
    by: start,
    is: ({ family }) => [
      nat('ISTIO_OUTPUT', `-o lo -s ${passthrough[family]} -j RETURN`, 'output.passthrough'),
    ],
  },
];

/** What the rule for calls of the proxy to its own pod asks of the port. */
export const selfCallPorts: Timeline<(owner: OwnerKind, dns: boolean, tunnelPort: string) => string> = [
  { by: start, is: () => '' },
  { by: changes.fixedTcpDns, is: (owner, dns) => (dns && owner === 'uid' ? ' -p tcp ! --dport 53' : '') },
  {
    by: changes.ambient,
    is: (owner, dns, tunnelPort) =>
      dns && owner === 'uid'
        ? ` -p tcp -m multiport ! --dports 53,${tunnelPort}`
        : ` -p tcp ! --dport ${tunnelPort}`,
  },
];

/** What the rule for calls within the pod asks of the port. */
export const appCallPorts: Timeline<(dns: boolean) => string> = [
  { by: start, is: () => '' },
  { by: changes.fixedTcpDns, is: (dns) => (dns ? ' -p tcp ! --dport 53' : '') },
];

export const appCallReturns: Timeline<(options: Options) => boolean> = [
  { by: start, is: () => true },
  {
    by: changes.loopbackInclude,
    family: 'v4',
    is: ({ outboundIPRangesInclude }) => !namesLoopback(outboundIPRangesInclude),
  },
  { by: changes.oneBuilder, is: ({ outboundIPRangesInclude }) => !namesLoopback(outboundIPRangesInclude) },
];

function proxyRules(building: Building, owner: OwnerKind): readonly Command[] {
  const { release, family, options } = building;
  const dns = capturesDns(building);
  const selfCall = at(selfCallPorts, release, family)?.(owner, dns, options.inboundTunnelPort) ?? '';
  const appCall = at(appCallPorts, release, family)?.(dns) ?? '';
  const returns = at(appCallReturns, release, family)?.(options) ?? true;
  return each(building, ownerOptions[owner], (id, from) => [
    nat(
      'ISTIO_OUTPUT',
      `-o lo ! -d ${loopback(building)}${selfCall} -m owner --${owner}-owner ${id} -j ISTIO_IN_REDIRECT`,
      ownerRole(owner, 'output.proxy-self-call'),
      from,
    ),
    ...(returns
      ? [
          nat(
            'ISTIO_OUTPUT',
            `-o lo${appCall} -m owner ! --${owner}-owner ${id} -j RETURN`,
            ownerRole(owner, 'output.app-self-call'),
            from,
          ),
        ]
      : []),
    nat(
      'ISTIO_OUTPUT',
      `-m owner --${owner}-owner ${id} -j RETURN`,
      ownerRole(owner, 'output.proxy-bypass'),
      from,
    ),
  ]);
}

export const outputProxy: BuildStep = [
  { by: start, is: (building) => [...proxyRules(building, 'uid'), ...proxyRules(building, 'gid')] },
];

export const outputGroups: BuildStep = [
  { by: changes.ownerGroups, is: (building) => groupRules(building, 'ISTIO_OUTPUT', '', 'output') },
];

export const outputLoopback: BuildStep = [
  {
    by: start,
    is: (building) => [nat('ISTIO_OUTPUT', `-d ${loopback(building)} -j RETURN`, 'output.loopback')],
  },
];

export const outputExcludeRanges: BuildStep = [
  {
    by: start,
    is: ({ options, family }) =>
      rangesOf(options.outboundIPRangesExclude, family).prefixes.map((value) =>
        nat('ISTIO_OUTPUT', `-d ${value} -j RETURN`, 'output.exclude-range', {
          option: 'outboundIPRangesExclude',
          value,
        }),
      ),
  },
];

export const outputIncludePorts: BuildStep = [
  {
    by: start,
    is: (building) =>
      each(building, 'outboundPortsInclude', (port, from) => [
        nat('ISTIO_OUTPUT', `-p tcp --dport ${port} -j ISTIO_REDIRECT`, 'output.include-port', from),
      ]),
  },
];

export const restReturns: Timeline<boolean> = [
  { by: start, is: true },
  { by: changes.noTrailingReturn, is: false },
];

function outputCapture(building: Building): readonly Command[] {
  const { release, family, options } = building;
  const ranges = rangesOf(options.outboundIPRangesInclude, family);
  const virtual = at(virtualCapture, release, family);
  if (ranges.all) {
    return [
      nat('ISTIO_OUTPUT', '-j ISTIO_REDIRECT', 'output.capture'),
      ...(virtual === null
        ? []
        : each(building, 'rerouteVirtualInterfaces', (name, from) => [
            { ...nat('PREROUTING', `-i ${name} -j ${virtual.target}`, virtual.role, from), insertAt: 1 },
          ])),
    ];
  }
  if (ranges.prefixes.length === 0) return [];
  return [
    ...ranges.prefixes.flatMap((value) => [
      ...each(building, 'rerouteVirtualInterfaces', (name, from) => [
        {
          ...nat('PREROUTING', `-i ${name} -d ${value} -j ISTIO_REDIRECT`, 'interface.virtual-capture', from),
          insertAt: 1,
        },
      ]),
      nat('ISTIO_OUTPUT', `-d ${value} -j ISTIO_REDIRECT`, 'output.include-range', {
        option: 'outboundIPRangesInclude',
        value,
      }),
    ]),
    ...(at(restReturns, release, family) === true ? [nat('ISTIO_OUTPUT', '-j RETURN', 'output.rest')] : []),
  ];
}

export const outputIncludeRanges: BuildStep = [{ by: start, is: outputCapture }];
