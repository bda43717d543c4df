/**
 * Which changes there were to the rules of a sidecar: the release that brought each, its commit, and what it did. The
 * rules themselves stand in `src/istio/steps`, at the step that the change touched; the options that a change brought
 * stand in `options/kinds.ts`. Of a page's worker, which walks and tells nothing of this, `src/site/delivery/lean-scripts.ts`
 * keeps all but the releases away.
 */

/** When a change came. */
export interface Since {
  /** The first release with it: `1.11.0`, or a patch, `1.11.3`, where that minor began without it. */
  readonly since: string;
  /** Older minors to which it was brought back: the first patch with it of each, `1.9.6` and `1.10.2`. */
  readonly backports?: readonly string[];
}

/** A change as Istio's history and the pages tell it. */
export interface Change extends Since {
  /** Where the commit is known. */
  readonly commit?: string;
  readonly date?: string;
  /** Istio's own subject line, where it is known. */
  readonly subject?: string;
  /** What it did to the rules, in the words of a changelog: a release to come is one entry. */
  readonly effect: string;
}

/** Keyed by a name of ours, oldest first. */
export const changes = {
  start: {
    since: '1.5.0',
    commit: 'b48ff15218b',
    date: '2020-01-06',
    subject: 'Disable redirect calls to app itself via envoy (#19308)',
    effect: 'Three rules for each uid and gid of the proxy in ISTIO_OUTPUT: the first release told here',
  },
  conntrackDivert: {
    // Merged a day after 1.5.1 and brought back to 1.5; the first 1.5 patch after that day is 1.5.2.
    since: '1.5.2',
    commit: '1cb72bc03d5',
    date: '2020-03-26',
    subject: 'istio-iptables: Replace "socket" match with conntrack match (#22527)',
    effect: 'TPROXY diverts by conntrack state RELATED,ESTABLISHED, no longer by the socket match',
  },
  always15006: {
    since: '1.6.0',
    commit: '2098c38bffd',
    date: '2020-04-02',
    subject: 'always redirect inbound traffic to 15006 port (#22686)',
    effect:
      'ISTIO_IN_REDIRECT goes to the inbound capture port, also where inbound ports are listed one by one',
  },
  loopbackMark: {
    since: '1.6.0',
    effect: 'TPROXY marks packets from 127.0.0.1 to elsewhere in mangle OUTPUT',
  },
  firstDns: {
    since: '1.6.0',
    subject: 'Initial DNS support in Istiod (#22369)',
    effect: 'DNS capture: udp 53 is redirected to 15013',
  },
  agentDns: {
    since: '1.7.0',
    date: '2020-06-26',
    subject: 'Cleanup current IPtables dns capture (#25035)',
    effect: 'DNS capture: DNAT to 127.0.0.1:15053 and SNAT, no longer a redirect to 15013',
  },
  outboundPorts: {
    since: '1.7.0',
    commit: '70593c448e5',
    date: '2020-05-27',
    subject: 'Add support for explicit outbound port inclusion (#23941)',
    effect: 'outboundPortsInclude, for IPv4',
  },
  loopbackInclude: {
    since: '1.7.0',
    commit: '1dee4e99ada',
    date: '2020-05-28',
    subject: 'Allow configuring loopback IP in OutboundIPRangesInclude (#24143)',
    effect:
      'A loopback range among the included ones leaves out the rules that return the calls of the app to itself',
  },
  tunnelPort: {
    since: '1.7.0',
    commit: '7405e49a014',
    date: '2020-07-09',
    subject: 'networking: add better transport security iptables rules (#25392)',
    effect: 'ISTIO_INBOUND begins with a RETURN for port 15008',
  },
  virtualFirst: {
    since: '1.8.0',
    date: '2020-07-23',
    subject: 'iptables: fix v6 on shortcircuit internal interfaces (#25781)',
    effect: 'The RETURN of virtual interfaces is inserted before everything else, and for IPv6 too',
  },
  tcpDns: {
    since: '1.8.0',
    date: '2020-09-04',
    subject: 'Local DNS: add support for DNS over TCP (#27081)',
    effect: 'DNS capture: tcp 53 in ISTIO_REDIRECT goes to 15053',
  },
  preserveSource: {
    since: '1.9.0',
    commit: '5ea614d48ee',
    date: '2020-12-14',
    subject: 'Preserve original src ip (#28457)',
    effect:
      'TPROXY goes to 15006; marks are kept in the connection; ISTIO_INBOUND returns packets with mark 1337',
  },
  fixedTcpDns: {
    since: '1.9.0',
    commit: 'e0558027c99',
    date: '2021-01-26',
    subject: 'Fix, and test, TCP DNS capture (#30314)',
    effect: 'DNS capture: tcp 53 is redirected in ISTIO_OUTPUT, and left out of the rules for calls over lo',
  },
  resolvConf: {
    since: '1.9.0',
    commit: '267d46fd3ef',
    date: '2021-02-05',
    subject: 'Fix DNS loop when there is a local DNS proxy (#30647)',
    effect: 'DNS capture: only the servers of resolv.conf, by REDIRECT',
  },
  zones: {
    since: '1.10.3',
    commit: '2f0d8d80e8d',
    date: '2021-06-29',
    subject: 'Address UDP DNS issues due to conntrack (#33572)',
    effect: 'DNS capture: conntrack zones in raw, where ISTIO_META_DNS_CONNTRACK_ZONE asks for them',
  },
  zonesAlways: {
    since: '1.11.0',
    commit: '2f0d8d80e8d',
    date: '2021-06-29',
    subject: 'Address UDP DNS issues due to conntrack (#33572)',
    effect: 'DNS capture: conntrack zones in raw, always',
  },
  selfCallMark: {
    since: '1.11.0',
    commit: '3823c14599b',
    date: '2021-04-21',
    subject: 'Fix app call itself by podip in tproxy mode intercepted by envoy inbo... (#31165)',
    effect: 'TPROXY marks what the proxy sends over lo with 1338',
  },
  cniDns: {
    since: '1.11.0',
    commit: '22efe35d7df',
    date: '2021-05-04',
    subject: 'Add DNS capture into CNI. (#32416)',
    effect: 'captureAllDNS',
  },
  outboundPortsV6: {
    since: '1.11.0',
    backports: ['1.9.6', '1.10.2'],
    date: '2021-06-02',
    subject: 'Fixes #30868. Added the missing IPv6 rule. (#33221)',
    effect: 'outboundPortsInclude, for IPv6',
  },
  excludeInterfaces: {
    since: '1.11.3',
    commit: '437970b95b6',
    date: '2021-08-25',
    subject: 'iptables: add exclude nic (#34832)',
    effect: 'excludeInterfaces',
  },
  oneBuilder: {
    since: '1.12.0',
    commit: 'c907abd96f4',
    date: '2021-07-23',
    subject: 'Refactor ipv6 iptables to reduce code duplication (#34272)',
    effect: 'IPv6 rules are made as the IPv4 ones are',
  },
  tproxyAndDnsV6: {
    since: '1.12.0',
    commit: '48f036a2965',
    date: '2021-08-31',
    subject: 'Add ip6tables support for TPROXY and DNS (#34274)',
    effect: 'TPROXY and DNS capture, for IPv6',
  },
  dropInvalid: {
    since: '1.12.2',
    commit: '82aa122cdc0',
    date: '2021-12-29',
    subject: 'Drop packets in INVALID state to avoid intermittent connection reset from sidecar (#36566)',
    effect: 'dropInvalid',
  },
  noSsh: {
    since: '1.13.0',
    commit: 'f1f7487b9cb',
    date: '2021-12-06',
    subject: 'iptables: do not hardcode exclude 22, but explicitly opt out for VMs (#36312)',
    effect: 'No RETURN for inbound port 22 any more',
  },
  ownerGroups: {
    since: '1.14.0',
    commit: '740afb01913',
    date: '2022-02-25',
    subject:
      'istio-iptables: support constraints on groups outgoing traffic from which should be redirected to Envoy (#37057)',
    effect: 'ownerGroupsInclude and ownerGroupsExclude',
  },
  ambient: {
    since: '1.18.0',
    commit: '57f3b2bab3c',
    date: '2023-02-16',
    subject: 'ambient upsteam: upstream most of the misc stuff (#43414)',
    effect: 'The rules for calls of the proxy to its own pod leave out port 15008',
  },
  zoneOfAnswers: {
    since: '1.20.0',
    commit: '8a0ca290b81',
    date: '2023-09-26',
    subject: 'Correctly assign conntrack zone to return packets from upstream DNS resolvers. (#46937)',
    effect: 'DNS capture: the zone of answers goes by the resolver as source, no longer as destination',
  },
  loopbackCidr: {
    since: '1.21.0',
    commit: 'e04959458a2',
    date: '2023-11-27',
    subject: 'allow configuration of outbound IPv4 loopback CIDR (#48045)',
    effect: 'hostIPv4LoopbackCidr',
  },
  noTrailingReturn: {
    since: '1.23.0',
    commit: 'fa8b7af93f8',
    date: '2024-06-05',
    subject: 'iptables - fix redirection for UDP calls (#51352)',
    effect: 'No RETURN after the included ranges any more',
  },
  dnsInOutput: {
    since: '1.23.0',
    commit: 'b2e7ae058ef',
    date: '2024-05-13',
    subject: 'iptables: use `ISTIO_OUTPUT` chain for DNS UDP rules (#50915)',
    effect: 'DNS capture: the rules for udp are in ISTIO_OUTPUT, no longer in OUTPUT',
  },
  dropChain: {
    since: '1.24.0',
    commit: '9a85305ec04',
    date: '2024-09-25',
    subject: 'iptables: always use restore format (#53066)',
    effect: 'dropInvalid drops in a chain of its own, ISTIO_DROP',
  },
  cruft: {
    since: '1.25.0',
    commit: 'f4d72e7fc52',
    date: '2025-01-15',
    subject: 'Sidecar iptables cruft removal, handle DNS chains better. (#53998)',
    effect:
      'OUTPUT jumps for every protocol; excluded outbound ports for udp too; DNS capture in ISTIO_OUTPUT_DNS and raw ISTIO_INBOUND, and none without servers',
  },
  native: {
    since: '1.27.0',
    commit: '6263d09ec0c',
    date: '2025-07-14',
    subject: 'Native nftables support for sidecar mode (#56487)',
    effect: 'The same rules can be made with native nftables, where that is asked for',
  },
  nativeCounters: {
    since: '1.28.0',
    commit: '45a7170bad4',
    date: '2025-08-01',
    subject: 'Add counters in the nftable rules (#57216)',
    effect: 'Each rule of native nftables counts what it meets',
  },
  nativeAppends: {
    since: '1.28.1',
    backports: ['1.27.4'],
    commit: 'aa17d3013f6',
    date: '2025-11-06',
    subject: 'Fix nftables TPROXY rules when includeInboundPorts is empty (#58175)',
    effect: 'Native nftables with TPROXY and no included inbound port: the pod starts',
  },
} as const satisfies Readonly<Record<string, Change>>;
