/**
 * What a release, or Istio's CNI plugin, makes of the options that it is given: which it heeds, and which it ignores.
 */
import type { Family } from '../../netfilter/index.ts';
import { changes, type Since } from '../history/changes.ts';
import { at, beginningFor, isSince, type ReleaseNumber, type Timeline } from '../history/release.ts';
import { optionKinds } from './kinds.ts';
import {
  cniPorts,
  defaultOptions,
  type OptionName,
  type Options,
  optionNames,
  splitList,
} from './options.ts';

/** Why an option is not heeded. `since` is the first release that does. */
export type IgnoredReason =
  | {
      readonly code: 'unknown to the release';
      readonly release: string;
      readonly since?: string;
      readonly family?: Family;
    }
  | {
      readonly code: 'no TPROXY for IPv6' | 'unknown to CNI';
      readonly release: string;
      readonly since: string;
    }
  | { readonly code: OwnOfCni | 'CNI captures all or none' };

/** Why the CNI plugin has a value of its own. */
type OwnOfCni = 'in the environment of CNI' | 'no resolv.conf with CNI' | 'fixed with CNI';

/** An option that a release, or the CNI plugin, does not heed, and why. */
export interface Ignored {
  readonly option: OptionName;
  readonly value: string;
  /** The family that does not heed it, where the other one does. */
  readonly family?: Family;
  readonly reason: IgnoredReason;
}

function ignored(option: OptionName, value: string, reason: IgnoredReason, family?: Family): Ignored {
  return { option, value, ...(family === undefined ? {} : { family }), reason };
}

/** Since when an option is heeded, for one family, as the first change that says so. */
function firstChange(timeline: Timeline<true>, family: Family): Since | undefined {
  return timeline.find((entry) => (entry.family ?? family) === family)?.by;
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : String(value);
}

/** Complete options as one release and one family heed them, and what of them it ignores. */
export function heededOptions(
  release: ReleaseNumber,
  releaseName: string,
  options: Options,
  family: Family,
): { readonly options: Options; readonly ignored: readonly Ignored[] } {
  const found: Ignored[] = [];
  const heeded: { [name in OptionName]: unknown } = { ...options };
  for (const name of optionNames) {
    const { since: timeline, off } = optionKinds[name];
    if (timeline === undefined || off === undefined || at(timeline, release, family) === true) continue;
    if (printed(options[name]) === printed(off)) continue;
    heeded[name] = off;
    const first = firstChange(timeline, family);
    const differs = timeline.some((entry) => entry.family !== undefined);
    const reason: IgnoredReason = {
      code: 'unknown to the release',
      release: releaseName,
      ...(first === undefined ? {} : { since: beginningFor(release, first) }),
      ...(differs ? { family } : {}),
    };
    found.push(ignored(name, printed(options[name]), reason, differs ? family : undefined));
  }
  if (
    options.inboundInterceptionMode === 'TPROXY' &&
    family === 'v6' &&
    at(tproxyV6, release, family) !== true
  ) {
    heeded.inboundInterceptionMode = 'REDIRECT';
    const { since } = changes.tproxyAndDnsV6;
    const reason = { code: 'no TPROXY for IPv6', release: releaseName, since } as const;
    found.push(ignored('inboundInterceptionMode', 'TPROXY', reason, family));
  }
  return { options: heeded as Options, ignored: found };
}

const tproxyV6: Timeline<true> = [{ by: changes.tproxyAndDnsV6, is: true }];

/** Why the plugin takes the default: its ports, its mark and its table are its own, Program begins with DefaultConfig. */
function ownOfCni(name: OptionName): OwnOfCni | undefined {
  const { kind } = optionKinds[name];
  if (kind === 'port' || kind === 'number') return 'fixed with CNI';
  if (kind === 'servers') return 'no resolv.conf with CNI';
  return /^owner|Cidr/.test(name) ? 'in the environment of CNI' : undefined;
}

/**
 * What the CNI plugin makes of its options before it builds the rules, and what it ignores of them.
 * Source: NewRedirect and Program of cni/pkg/plugin.
 */
export function throughCni(
  release: ReleaseNumber,
  releaseName: string,
  options: Options,
): { readonly options: Options; readonly ignored: readonly Ignored[] } {
  const found: Ignored[] = [];
  const redirectDNS = options.redirectDNS && isSince(release, changes.cniDns);
  if (options.redirectDNS && !redirectDNS) {
    const { since } = changes.cniDns;
    found.push(ignored('redirectDNS', 'true', { code: 'unknown to CNI', release: releaseName, since }));
  }
  const own: { [name in OptionName]?: unknown } = {};
  for (const name of optionNames) {
    const code = ownOfCni(name);
    if (code === undefined) continue;
    own[name] = defaultOptions[name];
    const value = printed(options[name]);
    if (value !== printed(own[name])) found.push(ignored(name, value, { code }));
  }
  if (options.captureAllDNS && !options.redirectDNS) {
    found.push(ignored('captureAllDNS', 'true', { code: 'CNI captures all or none' }));
  }
  return {
    options: {
      ...options,
      ...(own as Partial<Options>),
      inboundPortsExclude: [
        ...new Set([...splitList(options.inboundPortsExclude), ...splitList(cniPorts)]),
      ].join(','),
      redirectDNS,
      captureAllDNS: redirectDNS,
      // The plugin takes a uid of 0 for one that was not given.
      proxyUID: options.proxyUID === '0' ? defaultOptions.proxyUID : options.proxyUID,
      proxyGID: options.proxyGID === '0' ? defaultOptions.proxyGID : options.proxyGID,
    },
    ignored: found,
  };
}
