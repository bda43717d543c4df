/**
 * The steps for what arrives at the pod, and the chains that hand a connection to Envoy.
 */
import { changes } from '../history/changes.ts';
import { at, type Timeline } from '../history/release.ts';
import {
  agentPort,
  type Building,
  type BuildStep,
  type Command,
  each,
  isTproxy,
  loopback,
  mangle,
  nat,
  start,
} from './command.ts';
import type { Role } from './roles.ts';

export const dropInvalid: BuildStep = [
  {
    by: changes.dropInvalid,
    is: ({ options }) =>
      options.dropInvalid
        ? [mangle('PREROUTING', '-m conntrack --ctstate INVALID -j DROP', 'invalid.match')]
        : [],
  },
  {
    by: changes.dropChain,
    is: ({ options }) =>
      options.dropInvalid
        ? [
            mangle('PREROUTING', '-m conntrack --ctstate INVALID -j ISTIO_DROP', 'invalid.match'),
            mangle('ISTIO_DROP', '-j DROP', 'invalid.drop'),
          ]
        : [],
  },
];

export const tunnel: BuildStep = [
  {
    by: changes.tunnelPort,
    is: ({ options }) => [
      nat('ISTIO_INBOUND', `-p tcp --dport ${options.inboundTunnelPort} -j RETURN`, 'inbound.tunnel'),
    ],
  },
];

export const tcpDnsInRedirect: BuildStep = [
  {
    by: changes.tcpDns,
    is: ({ options }) =>
      options.redirectDNS
        ? [nat('ISTIO_REDIRECT', `-p tcp --dport 53 -j REDIRECT --to-ports ${agentPort}`, 'redirect.dns-tcp')]
        : [],
  },
  { by: changes.resolvConf, is: () => [] },
];

export const redirect: BuildStep = [
  {
    by: start,
    is: ({ options }) => [
      nat('ISTIO_REDIRECT', `-p tcp -j REDIRECT --to-ports ${options.proxyPort}`, 'redirect.outbound'),
    ],
  },
];

function inRedirect(port: string): readonly Command[] {
  return [nat('ISTIO_IN_REDIRECT', `-p tcp -j REDIRECT --to-ports ${port}`, 'redirect.inbound')];
}

export const redirectInbound: BuildStep = [
  {
    by: start,
    is: ({ options }) =>
      inRedirect(options.inboundPortsInclude === '*' ? options.inboundCapturePort : options.proxyPort),
  },
  { by: changes.always15006, is: ({ options }) => inRedirect(options.inboundCapturePort) },
];

function capturesInbound({ options }: Building): boolean {
  return options.inboundPortsInclude !== '';
}

function tproxyChains(building: Building, port: string): readonly Command[] {
  if (!capturesInbound(building) || !isTproxy(building)) return [];
  const mark = building.options.inboundTProxyMark;
  return [
    mangle('ISTIO_DIVERT', `-j MARK --set-mark ${mark}`, 'divert.mark'),
    mangle('ISTIO_DIVERT', '-j ACCEPT', 'divert.accept'),
    mangle(
      'ISTIO_TPROXY',
      `! -d ${loopback(building)} -p tcp -j TPROXY --tproxy-mark ${mark}/0xffffffff --on-port ${port}`,
      'tproxy.redirect',
    ),
  ];
}

export const tproxy: BuildStep = [
  { by: start, is: (building) => tproxyChains(building, building.options.proxyPort) },
  {
    by: changes.preserveSource,
    is: (building) => tproxyChains(building, building.options.inboundCapturePort),
  },
];

function inbound(
  building: Building,
  chain: string,
  words: string,
  role: Role,
  from?: Command['from'],
): Command {
  return isTproxy(building) ? mangle(chain, words, role, from) : nat(chain, words, role, from);
}

export const inboundJump: BuildStep = [
  {
    by: start,
    is: (building) =>
      capturesInbound(building)
        ? [inbound(building, 'PREROUTING', '-p tcp -j ISTIO_INBOUND', 'inbound.jump')]
        : [],
  },
];

export const inboundSsh: BuildStep = [
  {
    by: start,
    is: (building) =>
      building.options.inboundPortsInclude === '*'
        ? [inbound(building, 'ISTIO_INBOUND', '-p tcp --dport 22 -j RETURN', 'inbound.ssh')]
        : [],
  },
  { by: changes.noSsh, is: () => [] },
];

export const inboundExclude: BuildStep = [
  {
    by: start,
    is: (building) =>
      building.options.inboundPortsInclude === '*'
        ? each(building, 'inboundPortsExclude', (port, from) => [
            inbound(
              building,
              'ISTIO_INBOUND',
              `-p tcp --dport ${port} -j RETURN`,
              'inbound.exclude-port',
              from,
            ),
          ])
        : [],
  },
];

export const establishedMatch: Timeline<string> = [
  { by: start, is: '-m socket' },
  { by: changes.conntrackDivert, is: '-m conntrack --ctstate RELATED,ESTABLISHED' },
];

function capture(building: Building, match: string, role: Role, from?: Command['from']): readonly Command[] {
  if (!isTproxy(building)) return [nat('ISTIO_INBOUND', `-p tcp${match} -j ISTIO_IN_REDIRECT`, role, from)];
  const established = at(establishedMatch, building.release, building.family);
  return [
    mangle('ISTIO_INBOUND', `-p tcp${match} ${established} -j ISTIO_DIVERT`, 'inbound.established', from),
    mangle('ISTIO_INBOUND', `-p tcp${match} -j ISTIO_TPROXY`, role, from),
  ];
}

export const inboundCapture: BuildStep = [
  {
    by: start,
    is: (building) =>
      building.options.inboundPortsInclude === '*'
        ? capture(building, '', 'inbound.capture')
        : each(building, 'inboundPortsInclude', (port, from) =>
            capture(building, ` --dport ${port}`, 'inbound.include-port', from),
          ),
  },
];
