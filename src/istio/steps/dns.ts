/**
 * The steps of DNS capture: queries go to pilot-agent, and conntrack keeps those of the app and of pilot-agent apart.
 */
import { changes } from '../history/changes.ts';
import { at, type Timeline } from '../history/release.ts';
import type { Options } from '../options/options.ts';
import { portOf } from '../pod/ports.ts';
import {
  agentPort,
  type Building,
  type BuildStep,
  type Command,
  each,
  groupRules,
  nat,
  type OwnerKind,
  ownerOptions,
  ownerRole,
  raw,
  start,
} from './command.ts';

export const dnsWanted: Timeline<(options: Options) => boolean> = [
  { by: start, is: ({ redirectDNS }) => redirectDNS },
  {
    by: changes.cruft,
    is: ({ redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6 }) =>
      redirectDNS && (captureAllDNS || dnsServersV4.length > 0 || dnsServersV6.length > 0),
  },
];

export function capturesDns({ release, family, options }: Building): boolean {
  return at(dnsWanted, release, family)?.(options) ?? false;
}

/** One command, or more, for each server of the family; for all of them, with null, where all are captured. */
function eachServer(
  building: Building,
  commands: (server: string | null, from: Command['from']) => readonly Command[],
): readonly Command[] {
  if (building.options.captureAllDNS) return commands(null, { option: 'captureAllDNS', value: 'true' });
  const [option, length] =
    building.family === 'v4' ? (['dnsServersV4', 32] as const) : (['dnsServersV6', 128] as const);
  return each(building, option, (server, from) => commands(`${server}/${length}`, from));
}

function by(flag: '-d' | '-s', server: string | null): string {
  return server === null ? '' : ` ${flag} ${server}`;
}

function redirectTcpDns(building: Building, chain: string): readonly Command[] {
  return eachServer(building, (server, from) => [
    nat(
      chain,
      `-p tcp --dport 53${by('-d', server)} -j REDIRECT --to-ports ${agentPort}`,
      'dns.redirect-tcp',
      from,
    ),
  ]);
}

function redirectUdpDns(building: Building, chain: string): readonly Command[] {
  return eachServer(building, (server, from) => [
    nat(
      chain,
      `-p udp --dport 53${by('-d', server)} -j REDIRECT --to-port ${agentPort}`,
      'dns.redirect-udp',
      from,
    ),
  ]);
}

function bypassUdpDns(building: Building, chain: string, owners: readonly OwnerKind[]): readonly Command[] {
  return owners.flatMap((owner) =>
    each(building, ownerOptions[owner], (id, from) => [
      nat(
        chain,
        `-p udp --dport 53 -m owner --${owner}-owner ${id} -j RETURN`,
        ownerRole(owner, 'dns.proxy-bypass'),
        from,
      ),
    ]),
  );
}

export const answerFlag: Timeline<'-d' | '-s'> = [
  { by: start, is: '-d' },
  { by: changes.zoneOfAnswers, is: '-s' },
];

interface ZoneChains {
  readonly out: string;
  readonly in: string;
}

function proxyZones(building: Building, chain: string): readonly Command[] {
  return (['uid', 'gid'] as const).flatMap((owner) =>
    each(building, ownerOptions[owner], (id, from) => [
      raw(
        chain,
        `-p udp --dport 53 -m owner --${owner}-owner ${id} -j CT --zone 1`,
        ownerRole(owner, 'zone.proxy-query'),
        from,
      ),
      raw(
        chain,
        `-p udp --sport ${agentPort} -m owner --${owner}-owner ${id} -j CT --zone 2`,
        ownerRole(owner, 'zone.proxy-answer'),
        from,
      ),
    ]),
  );
}

function serverZones(building: Building, chains: ZoneChains): readonly Command[] {
  const flag = at(answerFlag, building.release, building.family) ?? '-s';
  return eachServer(building, (server, from) => [
    raw(chains.out, `-p udp --dport 53${by('-d', server)} -j CT --zone 2`, 'zone.app-query', from),
    raw(chains.in, `-p udp --sport 53${by(flag, server)} -j CT --zone 1`, 'zone.server-answer', from),
  ]);
}

function zones(building: Building, chains: ZoneChains): readonly Command[] {
  return [...proxyZones(building, chains.out), ...serverZones(building, chains)];
}

function dnsInOwnChain(building: Building): readonly Command[] {
  if (!capturesDns(building)) return [];
  const some = eachServer(building, () => [nat('ISTIO_OUTPUT', '-j ISTIO_OUTPUT_DNS', 'dns.jump')]).slice(
    0,
    1,
  );
  return [
    raw('OUTPUT', '-j ISTIO_OUTPUT_DNS', 'zone.output-jump'),
    ...some,
    ...redirectTcpDns(building, 'ISTIO_OUTPUT_DNS'),
    ...redirectUdpDns(building, 'ISTIO_OUTPUT_DNS'),
    ...proxyZones(building, 'ISTIO_OUTPUT_DNS'),
    ...(some.length > 0 ? [raw('PREROUTING', '-j ISTIO_INBOUND', 'zone.prerouting-jump')] : []),
    ...serverZones(building, { out: 'ISTIO_OUTPUT_DNS', in: 'ISTIO_INBOUND' }),
  ];
}

/** DNS before the rule for localhost: at first only tcp. */
export const dnsEarly: BuildStep = [
  {
    by: changes.resolvConf,
    is: (building) => (capturesDns(building) ? redirectTcpDns(building, 'ISTIO_OUTPUT') : []),
  },
  { by: changes.cruft, is: dnsInOwnChain },
];

function udpDns(building: Building, chain: string): readonly Command[] {
  return [
    ...bypassUdpDns(building, chain, ['uid', 'gid']),
    ...(at(groupsHeeded, building.release, building.family) === true
      ? groupRules(building, chain, '-p udp --dport 53 ', 'dns')
      : []),
    ...redirectUdpDns(building, chain),
  ];
}

export const groupsHeeded: Timeline<true> = [{ by: changes.ownerGroups, is: true }];

/** DNS after everything of ISTIO_OUTPUT: udp. */
export const dnsLate: BuildStep = [
  {
    by: changes.firstDns,
    is: (building) =>
      capturesDns(building)
        ? [
            ...bypassUdpDns(building, 'OUTPUT', ['gid']),
            nat(
              'OUTPUT',
              `-p udp --dport 53 -j REDIRECT --to-ports ${portOf('agent-dns-old')}`,
              'dns.redirect-udp',
            ),
          ]
        : [],
  },
  {
    by: changes.agentDns,
    is: (building) =>
      capturesDns(building)
        ? [
            ...bypassUdpDns(building, 'OUTPUT', ['uid', 'gid']),
            nat(
              'OUTPUT',
              `-p udp --dport 53 -j DNAT --to-destination 127.0.0.1:${agentPort}`,
              'dns.redirect-udp',
            ),
            nat(
              'POSTROUTING',
              `-p udp --dport ${agentPort} -j SNAT --to-source 127.0.0.1`,
              'dns.rewrite-source',
            ),
          ]
        : [],
  },
  { by: changes.resolvConf, is: (building) => (capturesDns(building) ? udpDns(building, 'OUTPUT') : []) },
  {
    by: changes.zones,
    is: (building) =>
      capturesDns(building)
        ? [
            ...udpDns(building, 'OUTPUT'),
            ...(building.options.dnsConntrackZone
              ? zones(building, { out: 'OUTPUT', in: 'PREROUTING' })
              : []),
          ]
        : [],
  },
  {
    by: changes.zonesAlways,
    is: (building) =>
      capturesDns(building)
        ? [...udpDns(building, 'OUTPUT'), ...zones(building, { out: 'OUTPUT', in: 'PREROUTING' })]
        : [],
  },
  {
    by: changes.dnsInOutput,
    is: (building) =>
      capturesDns(building)
        ? [
            nat('OUTPUT', '-p udp -j ISTIO_OUTPUT', 'dns.jump'),
            raw('OUTPUT', '-p udp -j ISTIO_OUTPUT', 'zone.output-jump'),
            ...udpDns(building, 'ISTIO_OUTPUT'),
            ...zones(building, { out: 'ISTIO_OUTPUT', in: 'PREROUTING' }),
          ]
        : [],
  },
  { by: changes.cruft, is: () => [] },
];
