/**
 * The rules of a sidecar in native nftables, in the order in which Istio adds them. One ruleset serves both families: what
 * does not speak of an address meets IPv6 packets too.
 * Source: tools/istio-nftables/pkg/capture/run.go, since 1.27.
 */
import { type OptionName, type Options, splitList } from '../../options/options.ts';
import { namesLoopback, rangesOf } from '../../options/ranges.ts';
import {
  agentPort,
  each,
  type OwnerKind,
  ownerOptions,
  ownerRole,
  passthrough,
  selfCallMark,
} from '../command.ts';
import type { Role } from '../roles.ts';

export const nativeTables = ['nat', 'mangle', 'raw'] as const;
/** `nat` stands for the table inet istio-proxy-nat. */
export type NativeTable = (typeof nativeTables)[number];

/** One rule, as Istio hands it to nft. */
export interface NativeCommand {
  readonly table: NativeTable;
  readonly chain: string;
  /** Set where the rule is inserted: before which one, counted from 0, at that moment. */
  readonly insertAt?: number;
  /** What stands before the counter, where the release writes one, and the verdict behind it. */
  readonly match: string;
  readonly action: string;
  readonly role: Role;
  readonly from?: { readonly option: OptionName; readonly value: string };
}

type From = NonNullable<NativeCommand['from']>;

function rule(
  [table, chain]: readonly [NativeTable, string],
  match: string,
  action: string,
  role: Role,
  from?: From,
): NativeCommand {
  return { table, chain, match, action, role, ...(from === undefined ? {} : { from }) };
}

const tcp = 'meta l4proto tcp';
const preNat = ['nat', 'prerouting'] as const;
const outNat = ['nat', 'output'] as const;
const inbound = ['nat', 'istio-inbound'] as const;
const output = ['nat', 'istio-output'] as const;
const preMangle = ['mangle', 'prerouting'] as const;
const outMangle = ['mangle', 'output'] as const;
const inboundMangle = ['mangle', 'istio-inbound'] as const;
const outRaw = ['raw', 'output'] as const;
const dnsRaw = ['raw', 'istio-output-dns'] as const;
const dnsNat = ['nat', 'istio-output-dns'] as const;
const inboundRaw = ['raw', 'istio-inbound'] as const;

const toRedirect = 'jump istio-redirect';
const toInRedirect = 'jump istio-in-redirect';
const owners: readonly OwnerKind[] = ['uid', 'gid'];
const skOwner = { uid: 'skuid', gid: 'skgid' } as const;

/** A rule for IPv4, and its twin for IPv6 where the pod has that. */
function bothFamilies(
  { enableIPv6 }: Options,
  v4: string,
  v6: string,
  make: (address: string) => NativeCommand,
): readonly NativeCommand[] {
  return enableIPv6 ? [make(v4), make(v6)] : [make(v4)];
}

function notLoopback(options: Options, make: (address: string) => NativeCommand): readonly NativeCommand[] {
  return bothFamilies(options, `ip daddr != ${options.hostIPv4LoopbackCidr}`, 'ip6 daddr != ::1/128', make);
}

/** All rules, table by table in the order of Istio's program; `options` are complete. */
export function nativeCommands(options: Options): readonly NativeCommand[] {
  return [
    ...interfaces(options),
    ...(options.dropInvalid
      ? [
          rule(preMangle, `${tcp} ct state invalid`, 'jump istio-drop', 'invalid.match'),
          rule(['mangle', 'istio-drop'], '', 'drop', 'invalid.drop'),
        ]
      : []),
    rule(inbound, `${tcp} tcp dport ${options.inboundTunnelPort}`, 'return', 'inbound.tunnel'),
    rule(['nat', 'istio-redirect'], tcp, `redirect to :${options.proxyPort}`, 'redirect.outbound'),
    rule(['nat', 'istio-in-redirect'], tcp, `redirect to :${options.inboundCapturePort}`, 'redirect.inbound'),
    ...inboundRules(options),
    rule(outNat, '', 'jump istio-output', 'output.jump'),
    ...each({ options }, 'outboundPortsExclude', (port, from) =>
      ['tcp', 'udp'].map((protocol) =>
        rule(output, `${protocol} dport ${port}`, 'return', 'output.exclude-port', from),
      ),
    ),
    ...bothFamilies(options, `ip saddr ${passthrough.v4}`, `ip6 saddr ${passthrough.v6}`, (source) =>
      rule(output, `oifname lo ${source}`, 'return', 'output.passthrough'),
    ),
    ...owners.flatMap((owner) => proxyRules(options, owner)),
    ...groups(options),
    ...dns(options),
    ...bothFamilies(options, `ip daddr ${options.hostIPv4LoopbackCidr}`, 'ip6 daddr ::1/128', (to) =>
      rule(output, to, 'return', 'output.loopback'),
    ),
    ...ranges(options, 'outboundIPRangesExclude', (to, from) => [
      rule(output, to, 'return', 'output.exclude-range', from),
    ]),
    ...each({ options }, 'outboundPortsInclude', (port, from) => [
      rule(output, `tcp dport ${port}`, toRedirect, 'output.include-port', from),
    ]),
    ...capture(options),
    ...(options.inboundInterceptionMode === 'TPROXY' ? tproxyEnd(options) : []),
  ];
}

function interfaces(options: Options): readonly NativeCommand[] {
  const isTproxy = options.inboundInterceptionMode === 'TPROXY';
  const leftAlone = (pre: typeof preNat | typeof preMangle, out: typeof outNat | typeof outMangle) =>
    each({ options }, 'excludeInterfaces', (name, from) => [
      rule(pre, `iifname ${name}`, 'return', 'interface.excluded-in', from),
      rule(out, `oifname ${name}`, 'return', 'interface.excluded-out', from),
    ]);
  return [
    ...leftAlone(preNat, outNat),
    ...(isTproxy ? leftAlone(preMangle, outMangle) : []),
    ...each({ options }, 'rerouteVirtualInterfaces', (name, from) => [
      { ...rule(preNat, `iifname ${name}`, 'return', 'interface.virtual-return', from), insertAt: 0 },
    ]),
  ];
}

function inboundRules(options: Options): readonly NativeCommand[] {
  if (options.inboundPortsInclude === '') return [];
  const isTproxy = options.inboundInterceptionMode === 'TPROXY';
  const mark = options.inboundTProxyMark;
  const chain = isTproxy ? inboundMangle : inbound;
  const divert = 'jump istio-divert';
  const chains = isTproxy
    ? [
        rule(['mangle', 'istio-divert'], '', `meta mark set ${mark}`, 'divert.mark'),
        rule(['mangle', 'istio-divert'], '', 'accept', 'divert.accept'),
        ...notLoopback(options, (to) =>
          rule(
            ['mangle', 'istio-tproxy'],
            `${tcp} ${to} tproxy ${to.split(' ')[0]} to :${options.inboundCapturePort} meta mark set ${mark}`,
            'accept',
            'tproxy.redirect',
          ),
        ),
      ]
    : [];
  const taken = isTproxy ? 'jump istio-tproxy' : toInRedirect;
  const captured =
    options.inboundPortsInclude === '*'
      ? [
          ...each({ options }, 'inboundPortsExclude', (port, from) => [
            rule(chain, `${tcp} tcp dport ${port}`, 'return', 'inbound.exclude-port', from),
          ]),
          ...(isTproxy
            ? [rule(chain, `${tcp} ct state related,established`, divert, 'inbound.established')]
            : []),
          rule(chain, tcp, taken, 'inbound.capture'),
        ]
      : each({ options }, 'inboundPortsInclude', (port, from) => [
          ...(isTproxy
            ? [
                rule(
                  chain,
                  `${tcp} ct state related,established tcp dport ${port}`,
                  divert,
                  'inbound.established',
                  from,
                ),
              ]
            : []),
          rule(chain, `${tcp} tcp dport ${port}`, taken, 'inbound.include-port', from),
        ]);
  return [
    ...chains,
    rule(isTproxy ? preMangle : preNat, tcp, 'jump istio-inbound', 'inbound.jump'),
    ...captured,
  ];
}

/** DNS is captured only where it is said from whom. */
function capturesDns({ redirectDNS, captureAllDNS, dnsServersV4, dnsServersV6 }: Options): boolean {
  return redirectDNS && (captureAllDNS || dnsServersV4.length + dnsServersV6.length > 0);
}

function proxyRules(options: Options, owner: OwnerKind): readonly NativeCommand[] {
  const isDns = capturesDns(options);
  const { inboundTunnelPort, outboundIPRangesInclude } = options;
  const ports = isDns && owner === 'uid' ? `{ 53, ${inboundTunnelPort} }` : inboundTunnelPort;
  return each({ options }, ownerOptions[owner], (id, from) => [
    ...notLoopback(options, (to) =>
      rule(
        output,
        `oifname lo ${tcp} ${to} tcp dport != ${ports} ${skOwner[owner]} ${id}`,
        toInRedirect,
        ownerRole(owner, 'output.proxy-self-call'),
        from,
      ),
    ),
    ...(namesLoopback(outboundIPRangesInclude)
      ? []
      : [
          rule(
            output,
            `oifname lo ${isDns ? `${tcp} tcp dport != 53 ` : ''}${skOwner[owner]} != ${id}`,
            'return',
            ownerRole(owner, 'output.app-self-call'),
            from,
          ),
        ]),
    rule(output, `${skOwner[owner]} ${id}`, 'return', ownerRole(owner, 'output.proxy-bypass'), from),
  ]);
}

function groups(options: Options): readonly NativeCommand[] {
  const value = options.ownerGroupsInclude;
  if (value === '*') {
    return each({ options }, 'ownerGroupsExclude', (group, from) => [
      rule(output, `skgid ${group}`, 'return', 'output.owner-group-exclude', from),
    ]);
  }
  const others = splitList(value).map((group) => `skgid != ${group}`);
  return [
    rule(output, others.join(' '), 'return', 'output.owner-group-include', {
      option: 'ownerGroupsInclude',
      value,
    }),
  ];
}

/** For each server, or once for all: the address to ask for, or none. */
function eachServer(
  options: Options,
  commands: (to: string, from: string, option?: From) => readonly NativeCommand[],
): readonly NativeCommand[] {
  if (options.captureAllDNS) return commands('', '');
  const of = (family: 'ip' | 'ip6', length: number) => (server: string, option: From) =>
    commands(`${family} daddr ${server}/${length} `, ` ${family} saddr ${server}/${length}`, option);
  return [
    ...each({ options }, 'dnsServersV4', of('ip', 32)),
    ...(options.enableIPv6 ? each({ options }, 'dnsServersV6', of('ip6', 128)) : []),
  ];
}

function dns(options: Options): readonly NativeCommand[] {
  if (!capturesDns(options)) return [];
  const toAgent = `redirect to :${agentPort}`;
  const tcpMatch = options.captureAllDNS ? `${tcp} ` : '';
  return [
    rule(outRaw, '', 'jump istio-output-dns', 'zone.output-jump'),
    rule(output, '', 'jump istio-output-dns', 'dns.jump'),
    ...eachServer(options, (to, _, from) => [
      rule(dnsNat, `${tcpMatch}${to}tcp dport 53`, toAgent, 'dns.redirect-tcp', from),
    ]),
    ...eachServer(options, (to, _, from) => [
      rule(dnsNat, `${to}udp dport 53`, toAgent, 'dns.redirect-udp', from),
    ]),
    ...owners.flatMap((owner) =>
      each({ options }, ownerOptions[owner], (id, from) => [
        rule(
          dnsRaw,
          `udp dport 53 meta ${skOwner[owner]} ${id}`,
          'ct zone set 1',
          ownerRole(owner, 'zone.proxy-query'),
          from,
        ),
        rule(
          dnsRaw,
          `udp sport ${agentPort} meta ${skOwner[owner]} ${id}`,
          'ct zone set 2',
          ownerRole(owner, 'zone.proxy-answer'),
          from,
        ),
      ]),
    ),
    rule(['raw', 'prerouting'], '', 'jump istio-inbound', 'zone.prerouting-jump'),
    ...eachServer(options, (to, by, from) => [
      rule(
        dnsRaw,
        `udp dport 53${to === '' ? '' : ` ${to.trim()}`}`,
        'ct zone set 2',
        'zone.app-query',
        from,
      ),
      rule(inboundRaw, `udp sport 53${by}`, 'ct zone set 1', 'zone.server-answer', from),
    ]),
  ];
}

/** The ranges of a list: all of IPv4, then all of IPv6, which count only where the pod has it. */
function ranges(
  options: Options,
  option: 'outboundIPRangesInclude' | 'outboundIPRangesExclude',
  commands: (to: string, from: From) => readonly NativeCommand[],
): readonly NativeCommand[] {
  return [
    ...rangesOf(options[option], 'v4').prefixes.flatMap((value) =>
      commands(`ip daddr ${value}`, { option, value }),
    ),
    ...(options.enableIPv6
      ? rangesOf(options[option], 'v6').prefixes.flatMap((value) =>
          commands(`ip6 daddr ${value}`, { option, value }),
        )
      : []),
  ];
}

function capture(options: Options): readonly NativeCommand[] {
  const virtual = (to: string) =>
    each({ options }, 'rerouteVirtualInterfaces', (name, from) => [
      { ...rule(preNat, `iifname ${name}${to}`, toRedirect, 'interface.virtual-capture', from), insertAt: 0 },
    ]);
  if (options.outboundIPRangesInclude === '*')
    return [rule(output, '', toRedirect, 'output.capture'), ...virtual('')];
  return ranges(options, 'outboundIPRangesInclude', (to, from) => [
    ...virtual(` ${to}`),
    rule(output, to, toRedirect, 'output.include-range', from),
  ]);
}

function tproxyEnd(options: Options): readonly NativeCommand[] {
  const mark = options.inboundTProxyMark;
  const insert = (insertAt: number, command: NativeCommand): NativeCommand => ({ ...command, insertAt });
  return [
    rule(preMangle, `${tcp} mark ${mark}`, 'ct mark set mark', 'tproxy.save-mark'),
    rule(outMangle, `oifname lo ${tcp} mark ${mark}`, 'return', 'tproxy.skip-marked'),
    ...owners.flatMap((owner) =>
      each({ options }, ownerOptions[owner], (id, from) =>
        notLoopback(options, (to) =>
          rule(
            outMangle,
            `oifname lo ${tcp} ${to} ${skOwner[owner]} ${id}`,
            `meta mark set ${selfCallMark}`,
            ownerRole(owner, 'tproxy.mark-proxy'),
            from,
          ),
        ),
      ),
    ),
    rule(outMangle, `${tcp} ct mark ${mark}`, 'meta mark set ct mark', 'tproxy.restore-mark'),
    insert(0, rule(inboundMangle, `${tcp} mark ${mark}`, 'return', 'tproxy.skip-proxied')),
    ...bothFamilies(options, `ip saddr ${passthrough.v4}`, `ip6 saddr ${passthrough.v6}`, (source) =>
      insert(1, rule(inboundMangle, `iifname lo ${tcp} ${source}`, 'return', 'tproxy.skip-passthrough')),
    ),
    insert(
      2,
      rule(inboundMangle, `iifname lo ${tcp} mark != ${selfCallMark}`, 'return', 'tproxy.skip-app-self-call'),
    ),
  ];
}
