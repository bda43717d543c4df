/**
 * What a release, or Istio's CNI plugin, makes of the options that it is given: which it heeds, and which it ignores.
 */
import type { Family } from '../../netfilter/index.ts';
import { changes } from '../history/changes.ts';
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

function printed(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : String(value);
}

type Drop = (option: OptionName, heeded: unknown, why: Pick<Ignored, 'reason' | 'family'>) => void;

/** Options, of which `drop` takes one away for what is heeded in its place; where that is the same, nothing is ignored. */
function dropping(options: Options) {
  const ignored: Ignored[] = [];
  const heeded: { [name in OptionName]: unknown } = { ...options };
  const drop: Drop = (option, instead, why) => {
    const value = printed(options[option]);
    if (value === printed(instead)) return;
    heeded[option] = instead;
    ignored.push({ option, value, ...why });
  };
  return { options: heeded as Options, ignored, drop };
}

/** Complete options as one release and one family heed them, and what of them it ignores. */
export function heededOptions(
  release: ReleaseNumber,
  releaseName: string,
  options: Options,
  family: Family,
): { readonly options: Options; readonly ignored: readonly Ignored[] } {
  const { drop, ...heeded } = dropping(options);
  for (const name of optionNames) {
    const { since: timeline, off } = optionKinds[name];
    if (timeline === undefined || off === undefined || at(timeline, release, family) === true) continue;
    const first = timeline.find((entry) => (entry.family ?? family) === family)?.by;
    const ofFamily = timeline.some((entry) => entry.family !== undefined) ? { family } : {};
    const reason: IgnoredReason = {
      code: 'unknown to the release',
      release: releaseName,
      ...(first === undefined ? {} : { since: beginningFor(release, first) }),
      ...ofFamily,
    };
    drop(name, off, { reason, ...ofFamily });
  }
  if (
    options.inboundInterceptionMode === 'TPROXY' &&
    family === 'v6' &&
    at(tproxyV6, release, family) !== true
  ) {
    const { since } = changes.tproxyAndDnsV6;
    const reason = { code: 'no TPROXY for IPv6', release: releaseName, since } as const;
    drop('inboundInterceptionMode', 'REDIRECT', { reason, family });
  }
  return heeded;
}

const tproxyV6: Timeline<true> = [{ by: changes.tproxyAndDnsV6, is: true }];

/** Why the plugin takes the default: its ports, its mark and its table are its own, Program begins with DefaultConfig. */
function ownOfCni(name: OptionName): OwnOfCni | undefined {
  const { kind } = optionKinds[name];
  if (kind === 'servers') return 'no resolv.conf with CNI';
  if (/^owner|Cidr/.test(name)) return 'in the environment of CNI';
  return /^(?:port|number)$/.test(kind) ? 'fixed with CNI' : undefined;
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
  const { drop, ignored, options: heeded } = dropping(options);
  if (!isSince(release, changes.cniDns)) {
    const { since } = changes.cniDns;
    drop('redirectDNS', false, { reason: { code: 'unknown to CNI', release: releaseName, since } });
  }
  for (const name of optionNames) {
    const code = ownOfCni(name);
    if (code !== undefined) drop(name, defaultOptions[name], { reason: { code } });
  }
  if (!options.redirectDNS) drop('captureAllDNS', false, { reason: { code: 'CNI captures all or none' } });
  return {
    options: {
      ...heeded,
      inboundPortsExclude: [
        ...new Set([...splitList(options.inboundPortsExclude), ...splitList(cniPorts)]),
      ].join(','),
      captureAllDNS: heeded.redirectDNS,
      // The plugin takes a uid of 0 for one that was not given.
      proxyUID: options.proxyUID === '0' ? defaultOptions.proxyUID : options.proxyUID,
      proxyGID: options.proxyGID === '0' ? defaultOptions.proxyGID : options.proxyGID,
    },
    ignored,
  };
}
