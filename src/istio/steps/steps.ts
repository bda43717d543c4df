/**
 * How Istio builds the rules of a sidecar: the steps, in the order in which they add rules, each with what it
 * did from release to release. A change of Istio's is one entry in the timeline of the step that it touched, and
 * its record may stand in that entry: whatever lists releases and changes takes them from the timelines. Records
 * that several timelines share stand in `changes.ts`.
 * Source: tools/istio-iptables/pkg/capture/run.go, before 1.13 tools/istio-iptables/pkg/cmd/run.go.
 */
import type { Family, TableName } from '../../netfilter/index.ts';
import { changes } from '../history/changes.ts';
import { at, type ReleaseNumber, type Timeline } from '../history/release.ts';
import { type OptionName, type Options, splitList } from '../options/options.ts';
import { namesLoopback, rangesOf } from '../options/ranges.ts';
import { portOf } from '../pod/ports.ts';
import type { Role } from './roles.ts';

/** One rule, as Istio hands it to iptables. */
export interface Command {
  readonly table: TableName;
  readonly chain: string;
  /** Set where the rule is inserted: its position, counted from 1, at that moment. */
  readonly insertAt?: number;
  /** `-o lo -s 127.0.0.6/32 -j RETURN` */
  readonly words: string;
  readonly role: Role;
  /** The option whose value made this rule, where there is one, and the part of the value. */
  readonly from?: { readonly option: OptionName; readonly value: string };
}

/** What a step builds rules from. */
export interface Building {
  readonly release: ReleaseNumber;
  readonly family: Family;
  /** Complete, and without what this release or this family does not heed. */
  readonly options: Options;
}

export type Step = Timeline<(building: Building) => readonly Command[]>;

/** The address that Envoy binds to for what it hands to the app. Source: 127.0.0.6 of InboundPassthroughCluster. */
const passthrough: Readonly<Record<Family, string>> = { v4: '127.0.0.6/32', v6: '::6/128' };

const agentPort = portOf('agent-dns');
export const selfCallMark = '1338';

function loopback({ family, options }: Building): string {
  return family === 'v4' ? options.hostIPv4LoopbackCidr : '::1/128';
}

function isTproxy({ options }: Building): boolean {
  return options.inboundInterceptionMode === 'TPROXY';
}

function nat(chain: string, words: string, role: Role, from?: Command['from']): Command {
  return { table: 'nat', chain, words, role, ...(from === undefined ? {} : { from }) };
}

function mangle(chain: string, words: string, role: Role, from?: Command['from']): Command {
  return { ...nat(chain, words, role, from), table: 'mangle' };
}

function raw(chain: string, words: string, role: Role, from?: Command['from']): Command {
  return { ...nat(chain, words, role, from), table: 'raw' };
}

/** One command, or more, for each part of a list. */
function each(
  { options }: Building,
  option: OptionName,
  commands: (value: string, from: NonNullable<Command['from']>) => readonly Command[],
): readonly Command[] {
  const list = options[option];
  const parts = typeof list === 'string' ? splitList(list) : Array.isArray(list) ? (list as string[]) : [];
  return parts.flatMap((value) => commands(value, { option, value }));
}

const start = changes.start;

// --- Interfaces ---------------------------------------------------------------------------------------------

const excludedInterfaces: Step = [
  {
    by: start,
    is: (building) => [
      ...each(building, 'excludeInterfaces', (name, from) => [
        nat('PREROUTING', `-i ${name} -j RETURN`, 'interface.excluded-in', from),
        nat('OUTPUT', `-o ${name} -j RETURN`, 'interface.excluded-out', from),
      ]),
      ...(isTproxy(building)
        ? each(building, 'excludeInterfaces', (name, from) => [
            mangle('PREROUTING', `-i ${name} -j RETURN`, 'interface.excluded-in', from),
            mangle('OUTPUT', `-o ${name} -j RETURN`, 'interface.excluded-out', from),
          ])
        : []),
    ],
  },
];

function virtualReturn(building: Building): readonly Command[] {
  return each(building, 'rerouteVirtualInterfaces', (name, from) => [
    { ...nat('PREROUTING', `-i ${name} -j RETURN`, 'interface.virtual-return', from), insertAt: 1 },
  ]);
}

const virtualInterfacesFirst: Step = [{ by: changes.virtualFirst, is: virtualReturn }];

const virtualInterfacesLate: Step = [
  { by: start, family: 'v4', is: virtualReturn },
  { by: changes.virtualFirst, is: () => [] },
];

/** The old builder of IPv6 returned where it should have captured. */
const virtualCapture: Timeline<{ readonly target: string; readonly role: Role }> = [
  { by: start, is: { target: 'ISTIO_REDIRECT', role: 'interface.virtual-capture' } },
  { by: start, family: 'v6', is: { target: 'RETURN', role: 'interface.virtual-return' } },
  { by: changes.oneBuilder, is: { target: 'ISTIO_REDIRECT', role: 'interface.virtual-capture' } },
];

// --- Inbound ------------------------------------------------------------------------------------------------

const dropInvalid: Step = [
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

const tunnel: Step = [
  {
    by: changes.tunnelPort,
    is: ({ options }) => [
      nat('ISTIO_INBOUND', `-p tcp --dport ${options.inboundTunnelPort} -j RETURN`, 'inbound.tunnel'),
    ],
  },
];

const tcpDnsInRedirect: Step = [
  {
    by: changes.tcpDns,
    is: ({ options }) =>
      options.redirectDNS
        ? [nat('ISTIO_REDIRECT', `-p tcp --dport 53 -j REDIRECT --to-ports ${agentPort}`, 'redirect.dns-tcp')]
        : [],
  },
  { by: changes.resolvConf, is: () => [] },
];

const redirect: Step = [
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

const redirectInbound: Step = [
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

const tproxy: Step = [
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

const inboundJump: Step = [
  {
    by: start,
    is: (building) =>
      capturesInbound(building)
        ? [inbound(building, 'PREROUTING', '-p tcp -j ISTIO_INBOUND', 'inbound.jump')]
        : [],
  },
];

const inboundSsh: Step = [
  {
    by: start,
    is: (building) =>
      building.options.inboundPortsInclude === '*'
        ? [inbound(building, 'ISTIO_INBOUND', '-p tcp --dport 22 -j RETURN', 'inbound.ssh')]
        : [],
  },
  { by: changes.noSsh, is: () => [] },
];

const inboundExclude: Step = [
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

const establishedMatch: Timeline<string> = [
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

const inboundCapture: Step = [
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

// --- Outbound -----------------------------------------------------------------------------------------------

const outputJump: Step = [
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

const outputExclude: Step = [
  { by: start, is: (building) => excludePorts(building, ['tcp']) },
  { by: changes.cruft, is: (building) => excludePorts(building, ['tcp', 'udp']) },
];

const outputPassthrough: Step = [
  {
    by: start,
    is: ({ family }) => [
      nat('ISTIO_OUTPUT', `-o lo -s ${passthrough[family]} -j RETURN`, 'output.passthrough'),
    ],
  },
];

const dnsWanted: Timeline<(options: Options) => boolean> = [
  { by: start, is: ({ redirectDNS }) => redirectDNS },
  {
    by: changes.cruft,
    is: ({ redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6 }) =>
      redirectDNS && (captureAllDNS || dnsServersV4.length > 0 || dnsServersV6.length > 0),
  },
];

function capturesDns({ release, family, options }: Building): boolean {
  return at(dnsWanted, release, family)?.(options) ?? false;
}

/** What the rule for calls of the proxy to its own pod asks of the port. */
const selfCallPorts: Timeline<(owner: Owner, dns: boolean, tunnelPort: string) => string> = [
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
const appCallPorts: Timeline<(dns: boolean) => string> = [
  { by: start, is: () => '' },
  { by: changes.fixedTcpDns, is: (dns) => (dns ? ' -p tcp ! --dport 53' : '') },
];

const appCallReturns: Timeline<(options: Options) => boolean> = [
  { by: start, is: () => true },
  {
    by: changes.loopbackInclude,
    family: 'v4',
    is: ({ outboundIPRangesInclude }) => !namesLoopback(outboundIPRangesInclude),
  },
  { by: changes.oneBuilder, is: ({ outboundIPRangesInclude }) => !namesLoopback(outboundIPRangesInclude) },
];

type Owner = 'uid' | 'gid';

const ownerOptions = { uid: 'proxyUID', gid: 'proxyGID' } as const;

/** The role of a rule by uid, or of its twin by gid. */
function ownerRole(
  owner: Owner,
  role:
    | 'output.proxy-self-call'
    | 'output.app-self-call'
    | 'output.proxy-bypass'
    | 'dns.proxy-bypass'
    | 'tproxy.mark-proxy'
    | 'zone.proxy-query'
    | 'zone.proxy-answer',
): Role {
  return owner === 'uid' ? role : `${role}-gid`;
}

function proxyRules(building: Building, owner: Owner): readonly Command[] {
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

const outputProxy: Step = [
  { by: start, is: (building) => [...proxyRules(building, 'uid'), ...proxyRules(building, 'gid')] },
];

/** Groups that are left alone: one rule for each excluded one, or one rule for all that are not included. */
function groupRules(
  building: Building,
  chain: string,
  match: string,
  kind: 'output' | 'dns',
): readonly Command[] {
  const { ownerGroupsInclude } = building.options;
  if (ownerGroupsInclude === '*') {
    return each(building, 'ownerGroupsExclude', (group, from) => [
      nat(chain, `${match}-m owner --gid-owner ${group} -j RETURN`, `${kind}.owner-group-exclude`, from),
    ]);
  }
  const others = splitList(ownerGroupsInclude).map((group) => `-m owner ! --gid-owner ${group} `);
  return [
    nat(chain, `${match}${others.join('')}-j RETURN`, `${kind}.owner-group-include`, {
      option: 'ownerGroupsInclude',
      value: ownerGroupsInclude,
    }),
  ];
}

const outputGroups: Step = [
  { by: changes.ownerGroups, is: (building) => groupRules(building, 'ISTIO_OUTPUT', '', 'output') },
];

const outputLoopback: Step = [
  {
    by: start,
    is: (building) => [nat('ISTIO_OUTPUT', `-d ${loopback(building)} -j RETURN`, 'output.loopback')],
  },
];

const outputExcludeRanges: Step = [
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

const outputIncludePorts: Step = [
  {
    by: start,
    is: (building) =>
      each(building, 'outboundPortsInclude', (port, from) => [
        nat('ISTIO_OUTPUT', `-p tcp --dport ${port} -j ISTIO_REDIRECT`, 'output.include-port', from),
      ]),
  },
];

const restReturns: Timeline<boolean> = [
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

const outputIncludeRanges: Step = [{ by: start, is: outputCapture }];

// --- DNS ----------------------------------------------------------------------------------------------------

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

function bypassUdpDns(building: Building, chain: string, owners: readonly Owner[]): readonly Command[] {
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

const answerFlag: Timeline<'-d' | '-s'> = [
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
const dnsEarly: Step = [
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

const groupsHeeded: Timeline<true> = [{ by: changes.ownerGroups, is: true }];

/** DNS after everything of ISTIO_OUTPUT: udp. */
const dnsLate: Step = [
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

// --- The end of TPROXY --------------------------------------------------------------------------------------

function saveMark({ options }: Building): Command {
  return mangle(
    'PREROUTING',
    `-p tcp -m mark --mark ${options.inboundTProxyMark} -j CONNMARK --save-mark`,
    'tproxy.save-mark',
  );
}

function restoreMark({ options }: Building): Command {
  return mangle(
    'OUTPUT',
    `-p tcp -m connmark --mark ${options.inboundTProxyMark} -j CONNMARK --restore-mark`,
    'tproxy.restore-mark',
  );
}

function skipProxied({ options }: Building): Command {
  return {
    ...mangle(
      'ISTIO_INBOUND',
      `-p tcp -m mark --mark ${options.inboundTProxyMark} -j RETURN`,
      'tproxy.skip-proxied',
    ),
    insertAt: 1,
  };
}

const tproxyEnd: Step = [
  {
    by: changes.loopbackMark,
    is: (building) =>
      isTproxy(building)
        ? [
            mangle(
              'OUTPUT',
              `-p tcp -s ${loopback(building)} ! -d ${loopback(building)} -j MARK --set-mark ${building.options.inboundTProxyMark}`,
              'tproxy.mark-loopback',
            ),
          ]
        : [],
  },
  {
    by: changes.preserveSource,
    is: (building) =>
      isTproxy(building) ? [saveMark(building), restoreMark(building), skipProxied(building)] : [],
  },
  {
    by: changes.selfCallMark,
    is: (building) =>
      isTproxy(building)
        ? [
            saveMark(building),
            mangle(
              'OUTPUT',
              `-p tcp -o lo -m mark --mark ${building.options.inboundTProxyMark} -j RETURN`,
              'tproxy.skip-marked',
            ),
            ...(['uid', 'gid'] as const).flatMap((owner) =>
              each(building, ownerOptions[owner], (id, from) => [
                mangle(
                  'OUTPUT',
                  `! -d ${loopback(building)} -p tcp -o lo -m owner --${owner}-owner ${id} -j MARK --set-mark ${selfCallMark}`,
                  ownerRole(owner, 'tproxy.mark-proxy'),
                  from,
                ),
              ]),
            ),
            restoreMark(building),
            skipProxied(building),
            {
              ...mangle(
                'ISTIO_INBOUND',
                `-p tcp -s ${passthrough[building.family]} -i lo -j RETURN`,
                'tproxy.skip-passthrough',
              ),
              insertAt: 2,
            },
            {
              ...mangle(
                'ISTIO_INBOUND',
                `-p tcp -i lo -m mark ! --mark ${selfCallMark} -j RETURN`,
                'tproxy.skip-app-self-call',
              ),
              insertAt: 3,
            },
          ]
        : [],
  },
];

/** All steps, in Istio's order. */
export const steps = {
  excludedInterfaces,
  virtualInterfacesFirst,
  dropInvalid,
  tunnel,
  tcpDnsInRedirect,
  redirect,
  redirectInbound,
  tproxy,
  inboundJump,
  inboundSsh,
  inboundExclude,
  inboundCapture,
  outputJump,
  outputExclude,
  outputPassthrough,
  outputProxy,
  outputGroups,
  dnsEarly,
  outputLoopback,
  outputExcludeRanges,
  virtualInterfacesLate,
  outputIncludePorts,
  outputIncludeRanges,
  dnsLate,
  tproxyEnd,
} as const satisfies Readonly<Record<string, Step>>;

/** What the steps ask for on their way, and the steps themselves: all that changes from release to release. */
export const timelines: readonly Timeline<unknown>[] = [
  ...Object.values(steps),
  ...[virtualCapture, establishedMatch, dnsWanted, selfCallPorts, appCallPorts, appCallReturns],
  ...[restReturns, answerFlag, groupsHeeded],
];

/** Steps by their names, in order; `steps` are Istio's. */
export type Steps = Readonly<Record<string, Step>>;
