/**
 * The rules of ambient mode in native nftables, and the script that hands them to nft.
 * Source: cni/pkg/nftables/nftables.go and host_sets.go, since 1.28.
 */
import type { Family } from '../../netfilter/index.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { ambientChanges } from './changes.ts';
import { ambientMask, returnMark, ztunnelMark, ztunnelPorts } from './marks.ts';
import { type PodSet, setName } from './node.ts';
import { type AmbientOptionName, type AmbientOptions, redirectsDns } from './options.ts';
import { eachInterface } from './pod.ts';
import type { AmbientRole } from './roles.ts';

type Table = 'nat' | 'mangle' | 'raw';

interface NativeRule {
  readonly table: Table;
  readonly chain: string;
  readonly match: string;
  readonly action: string;
  readonly role: AmbientRole;
  readonly from?: { readonly option: AmbientOptionName; readonly value: string };
}

/** A rule's place in native nftables. */
export interface AmbientNativePlace {
  readonly role: AmbientRole;
  /** `istio-ambient-nat` */
  readonly table: string;
  readonly chain: string;
  /** Counted from 1 in its chain. */
  readonly position: number;
  readonly from?: NativeRule['from'];
}

export interface AmbientScript {
  /** Commands, one a line. */
  readonly text: string;
  readonly roles: readonly AmbientNativePlace[];
}

type Chains = readonly (readonly [chain: string, base?: string])[];

/** The chains of a table, with rules or without, in the order in which they are made. */
const podChains: Readonly<Record<Table, Chains>> = {
  nat: [
    ['prerouting', 'type nat hook prerouting priority -100'],
    ['output', 'type nat hook output priority -100'],
    ['istio-prerouting'],
    ['istio-output'],
  ],
  mangle: [
    ['prerouting', 'type filter hook prerouting priority -150'],
    ['output', 'type route hook output priority -150'],
    ['istio-prerouting'],
    ['istio-output'],
  ],
  raw: [
    ['prerouting', 'type filter hook prerouting priority -300'],
    ['output', 'type filter hook output priority -300'],
    ['istio-prerouting'],
    ['istio-output'],
  ],
};

const nodeChains: Readonly<Record<Table, Chains>> = {
  nat: [['postrouting', 'type nat hook postrouting priority 100']],
  mangle: [],
  raw: [],
};

const tcp = 'meta l4proto tcp';
const masked = `mark and 0x${ambientMask.toString(16)}`;
const unmarked = `${masked} != 0x${ztunnelMark.toString(16)}`;
const marked = `${masked} == 0x${ztunnelMark.toString(16)}`;
const returned = `${masked} == 0x${returnMark.toString(16)}`;
/** All of a mark but Istio's bits. */
const others = `0x${(0xffffffff - ambientMask).toString(16)}`;

function inChain(chain: 'istio-prerouting' | 'istio-output', table: Table = 'nat') {
  return (match: string, action: string, role: AmbientRole, from?: NativeRule['from']): NativeRule => ({
    table,
    chain,
    match,
    action,
    role,
    ...(from === undefined ? {} : { from }),
  });
}

const pre = inChain('istio-prerouting');
const out = inChain('istio-output');

function jump(table: Table, hook: 'prerouting' | 'output'): NativeRule {
  return {
    table,
    chain: hook,
    match: '',
    action: `jump istio-${hook}`,
    role: hook === 'output' ? 'pod.jump-out' : 'pod.jump-in',
  };
}

/** For which families there are rules: 1.28.0 has those of IPv6 in every pod. */
function familiesOf(release: ReleaseNumber, { enableIPv6 }: AmbientOptions): readonly Family[] {
  return enableIPv6 || !isSince(release, ambientChanges.nativeFamilies) ? ['v4', 'v6'] : ['v4'];
}

const elsewhere: Readonly<Record<Family, string>> = {
  v4: 'ip daddr != 127.0.0.1/32',
  v6: 'ip6 daddr != ::1/128',
};
const keyword: Readonly<Record<Family, string>> = { v4: 'ip', v6: 'ip6' };

/** The rules in a pod. */
export function nativePod(release: ReleaseNumber, options: AmbientOptions): AmbientScript {
  const families = familiesOf(release, options);
  const probe = { v4: options.hostProbeSNATAddress, v6: options.hostProbeV6SNATAddress };
  const each = (make: (family: Family) => NativeRule): readonly NativeRule[] => families.map(make);
  const hasDns = redirectsDns(options);
  const { ingressMode } = options;
  return script(podChains, [
    jump('mangle', 'prerouting'),
    jump('mangle', 'output'),
    jump('nat', 'output'),
    ...(hasDns ? [jump('raw', 'prerouting'), jump('raw', 'output')] : []),
    jump('nat', 'prerouting'),
    ...eachInterface(options, (name, from) => [
      pre(`iifname ${name} ${tcp}`, `redirect to :${ztunnelPorts.outbound}`, 'pod.virtual-capture', from),
      pre(`iifname ${name} ${tcp}`, 'return', 'pod.virtual-return', from),
    ]),
    ...(ingressMode && !isSince(release, ambientChanges.ingressTakesHbone)
      ? []
      : [
          inChain('istio-prerouting', 'mangle')(
            `meta mark & 0x${ambientMask.toString(16)} == 0x${ztunnelMark.toString(16)}`,
            `ct mark set ct mark & ${others} | 0x${returnMark.toString(16)}`,
            'pod.mark-connection',
          ),
        ]),
    ...(ingressMode
      ? []
      : each((family) => pre(`${tcp} ${keyword[family]} saddr ${probe[family]}`, 'accept', 'pod.probe'))),
    ...each((family) =>
      out(`${tcp} ${keyword[family]} daddr ${probe[family]}`, 'accept', 'pod.probe-address'),
    ),
    ...(ingressMode
      ? []
      : each((family) =>
          pre(
            `${elsewhere[family]} tcp dport != ${ztunnelPorts.hbone} ${unmarked}`,
            `redirect to :${ztunnelPorts.inbound}`,
            'pod.inbound',
          ),
        )),
    inChain('istio-output', 'mangle')(`ct ${returned}`, 'meta mark set ct mark', 'pod.restore-mark'),
    ...(hasDns ? dns(families) : []),
    out(`${tcp} ${returned}`, 'accept', 'pod.marked'),
    ...each((family) => out(`oifname lo ${elsewhere[family]}`, 'accept', 'pod.own-address')),
    ...each((family) =>
      out(`${tcp} ${elsewhere[family]} ${unmarked}`, `redirect to :${ztunnelPorts.outbound}`, 'pod.outbound'),
    ),
  ]);
}

function dns(families: readonly Family[]): readonly NativeRule[] {
  const captured = `redirect to :${ztunnelPorts.dns}`;
  return [
    out(`oifname != lo ${unmarked} udp dport 53`, captured, 'pod.dns-udp'),
    ...families.map((family) =>
      out(`${elsewhere[family]} tcp dport 53 ${unmarked}`, captured, 'pod.dns-tcp'),
    ),
    inChain('istio-output', 'raw')(`udp dport 53 meta ${marked}`, 'ct zone set 1', 'pod.zone-question'),
    inChain('istio-prerouting', 'raw')(`udp sport 53 meta ${unmarked}`, 'ct zone set 1', 'pod.zone-answer'),
  ];
}

/** The rules on a node: who asks is told by the uid of its process. */
export function nativeNode(release: ReleaseNumber, options: AmbientOptions): AmbientScript {
  const probe = { v4: options.hostProbeSNATAddress, v6: options.hostProbeV6SNATAddress };
  return script(
    nodeChains,
    familiesOf(release, options).map((family) => ({
      table: 'nat',
      chain: 'postrouting',
      match: `${tcp} skuid ${options.kubeletUID} ${keyword[family]} daddr @${setName(release, family)}`,
      action: `snat to ${probe[family]}`,
      role: 'node.probe',
    })),
  );
}

/** The sets that the node's rules name, in their table. 1.28.0 has no set of IPv6 in a node without, and nft refuses its rule. */
export function nativeSets(release: ReleaseNumber, { enableIPv6 }: AmbientOptions): readonly PodSet[] {
  const table = 'istio-ambient-nat';
  return (enableIPv6 ? (['v4', 'v6'] as const) : (['v4'] as const)).map((family) => {
    const name = setName(release, family);
    const type = family === 'v4' ? 'ipv4_addr' : 'ipv6_addr';
    const made = `add set inet ${table} ${name} { type ${type} ; comment "UUID of the pods that are part of ambient mesh" ; }`;
    return { name, family, table, made };
  });
}

/** Tables with rules, each emptied before. Source: addIstioTableRules. No jump has a counter. */
function script(chains: Readonly<Record<Table, Chains>>, rules: readonly NativeRule[]): AmbientScript {
  const lines: string[] = [];
  const roles: AmbientNativePlace[] = [];
  for (const kind of ['nat', 'mangle', 'raw'] as const) {
    const own = rules.filter((rule) => rule.table === kind);
    if (own.length === 0) continue;
    const table = `istio-ambient-${kind}`;
    lines.push(`add table inet ${table}`, `flush table inet ${table}`);
    for (const [chain, base] of chains[kind])
      lines.push(`add chain inet ${table} ${chain}${base === undefined ? '' : ` { ${base} ; }`}`);
    const counts = new Map<string, number>();
    for (const { chain, match, action, role, from } of own) {
      const position = (counts.get(chain) ?? 0) + 1;
      counts.set(chain, position);
      const words = match === '' ? action : `${match} counter ${action}`;
      lines.push(`add rule inet ${table} ${chain} ${words}`);
      roles.push({ role, table, chain, position, ...(from === undefined ? {} : { from }) });
    }
  }
  return { text: lines.map((line) => `${line}\n`).join(''), roles };
}
