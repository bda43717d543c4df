/** Values that a release takes for other ones, before it makes rules of them. */
import { printAddress } from '../../netfilter/index.ts';
import type { Since } from '../history/changes.ts';
import { isSince, type ReleaseNumber } from '../history/release.ts';
import { defaultOptions, type Options } from './options.ts';
import { readRange } from './ranges.ts';

/** Until then an empty variable of the environment was one that is not set: viper read it. */
export const emptyVariables: Since = { since: '1.20.1', backports: ['1.19.5'] };

/** Since then ranges are read by Go's netip and not by its net: separateV4V6 of tools/istio-iptables/pkg/capture. */
export const strictRanges = '1.16.0';

/** Complete options as the release's program understands them. Source: FillConfigFromEnvironment, constructConfig. */
export function understoodOptions(options: Options, release: ReleaseNumber): Options {
  // An empty uid is the one of the user istio-proxy, an empty gid is the uid.
  const proxyUID = options.proxyUID === '' ? defaultOptions.proxyUID : options.proxyUID;
  const allGroups = options.ownerGroupsInclude === '' && !isSince(release, emptyVariables);
  return {
    ...options,
    proxyUID,
    proxyGID: options.proxyGID === '' ? proxyUID : options.proxyGID,
    ownerGroupsInclude: allGroups ? defaultOptions.ownerGroupsInclude : options.ownerGroupsInclude,
    ...(isSince(release, strictRanges)
      ? {}
      : {
          outboundIPRangesInclude: unmapped(options.outboundIPRangesInclude),
          outboundIPRangesExclude: unmapped(options.outboundIPRangesExclude),
        }),
  };
}

const mappedLength = 96;

/** Go's net takes `::ffff:10.0.0.0/104` for 10.0.0.0/8. */
function unmapped(list: string): string {
  return list
    .split(',')
    .map((part) => {
      const range = readRange(part.trim());
      const length = Number(part.slice(part.indexOf('/') + 1));
      if (range === null || range.address >> 32n !== 0xffffn || length < mappedLength) return part;
      return `${printAddress('v4', range.address & 0xffffffffn)}/${length - mappedLength}`;
    })
    .join(',');
}
