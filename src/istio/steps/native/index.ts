/** A sidecar's rules in native nftables. */
import { type NftRuleset, parseNft } from '../../../netfilter/index.ts';
import type { ReleaseNumber } from '../../history/release.ts';
import type { Options } from '../../options/options.ts';
import { type NativePlace, nativeScript } from './script.ts';

export type { NativePlace } from './script.ts';

export interface NativeRules {
  readonly ruleset: NftRuleset;
  /** What Istio hands to `nft -f`. */
  readonly text: string;
  readonly roles: readonly NativePlace[];
  /** Why nft takes nothing of it, so that the pod does not start; null where it does. */
  readonly refused: 'place not there' | 'chain not there' | null;
}

export type NativeBuilder = (release: ReleaseNumber, options: Options) => NativeRules;

/** What a release, since 1.27, programs with these complete options. */
export const nativeRules: NativeBuilder | null = (release, options) => {
  const script = nativeScript(release, options);
  return { ...script, ruleset: parseNft(script.text).ruleset };
};
