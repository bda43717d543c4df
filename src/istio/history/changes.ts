/**
 * Which changes there were to the rules of a sidecar, and the release that brought each. What each did is in
 * `change-words.ts`. The rules themselves stand in `src/istio/steps`, at the step that the change touched; the options that a
 * change brought stand in `options/kinds.ts`.
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
  /** What it did to the rules. */
  readonly effect: string;
}

/** Keyed by a name of ours, oldest first. */
export const changes = {
  start: { since: '1.5.0' },
  conntrackDivert: {
    // Merged a day after 1.5.1 and brought back to 1.5; the first 1.5 patch after that day is 1.5.2.
    since: '1.5.2',
  },
  always15006: { since: '1.6.0' },
  loopbackMark: { since: '1.6.0' },
  firstDns: { since: '1.6.0' },
  agentDns: { since: '1.7.0' },
  outboundPorts: { since: '1.7.0' },
  loopbackInclude: { since: '1.7.0' },
  tunnelPort: { since: '1.7.0' },
  virtualFirst: { since: '1.8.0' },
  tcpDns: { since: '1.8.0' },
  preserveSource: { since: '1.9.0' },
  fixedTcpDns: { since: '1.9.0' },
  resolvConf: { since: '1.9.0' },
  zones: { since: '1.10.3' },
  zonesAlways: { since: '1.11.0' },
  selfCallMark: { since: '1.11.0' },
  cniDns: { since: '1.11.0' },
  outboundPortsV6: { since: '1.11.0', backports: ['1.9.6', '1.10.2'] },
  excludeInterfaces: { since: '1.11.3' },
  oneBuilder: { since: '1.12.0' },
  tproxyAndDnsV6: { since: '1.12.0' },
  dropInvalid: { since: '1.12.2' },
  noSsh: { since: '1.13.0' },
  ownerGroups: { since: '1.14.0' },
  ambient: { since: '1.18.0' },
  zoneOfAnswers: { since: '1.20.0' },
  loopbackCidr: { since: '1.21.0' },
  noTrailingReturn: { since: '1.23.0' },
  dnsInOutput: { since: '1.23.0' },
  dropChain: { since: '1.24.0' },
  cruft: { since: '1.25.0' },
  native: { since: '1.27.0' },
  nativeCounters: { since: '1.28.0' },
  nativeAppends: { since: '1.28.1', backports: ['1.27.4'] },
} as const satisfies Readonly<Record<string, Since>>;
