/** `filter_chain_matcher` of a listener: a tree that names a filter chain, in the place of the chains' own conditions. */
import type { StringMatch } from './string-match.ts';

/** What of a connection is asked, by the names of envoy/extensions/matching/common_inputs/network/v3. */
export const matcherInputs = [
  'DestinationIPInput',
  'DestinationPortInput',
  'SourceIPInput',
  'SourcePortInput',
  'DirectSourceIPInput',
  'SourceTypeInput',
  'ServerNameInput',
  'TransportProtocolInput',
  'ApplicationProtocolInput',
] as const;

export type MatcherInput =
  | { readonly kind: (typeof matcherInputs)[number] }
  /** It is not modelled. */
  | { readonly kind: 'other'; readonly name: string };

/** In the order in which they are tried; what comes to nothing below leads on to the next, and in the end to `noMatch`. */
export type Matcher =
  | {
      readonly kind: 'list';
      readonly matchers: readonly { readonly predicate: MatcherPredicate; readonly onMatch: OnMatch }[];
      readonly noMatch: OnMatch | null;
    }
  | {
      readonly kind: 'exact' | 'prefix';
      readonly input: MatcherInput;
      readonly map: ReadonlyMap<string, OnMatch>;
      readonly noMatch: OnMatch | null;
    }
  | {
      readonly kind: 'ranges';
      readonly input: MatcherInput;
      readonly ranges: readonly MatcherRange[];
      readonly noMatch: OnMatch | null;
    }
  | { readonly kind: 'other'; readonly name: string };

export interface MatcherRange {
  readonly prefixes: readonly string[];
  readonly onMatch: OnMatch;
  /** It is tried as the longest alone. */
  readonly exclusive: boolean;
}

export type OnMatch =
  | { readonly kind: 'chain'; readonly name: string }
  | { readonly kind: 'matcher'; readonly matcher: Matcher }
  | { readonly kind: 'other'; readonly name: string };

export type MatcherPredicate =
  | { readonly kind: 'single'; readonly input: MatcherInput; readonly value: StringMatch }
  | { readonly kind: 'and' | 'or'; readonly all: readonly MatcherPredicate[] }
  | { readonly kind: 'not'; readonly of: MatcherPredicate }
  | { readonly kind: 'other'; readonly name: string };
