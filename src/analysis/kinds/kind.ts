/**
 * What a pasted text can be of, and what may be said of each. Only the rules of a sidecar's iptables are compared with
 * Istio's, walked, and given fixes; of the others it is told what they are, by what evidence, and what to do next.
 */

/** For good: tests and words hang on them. */
export const kinds = {
  sidecar: { isJudged: true },
  'ambient pod': { isJudged: false },
  'ambient node': { isJudged: false },
  'native nftables': { isJudged: false },
  'other nftables': { isJudged: false },
  gateway: { isJudged: false },
  node: { isJudged: false },
  'another mesh': { isJudged: false },
  KubeVirt: { isJudged: false },
  'a virtual machine': { isJudged: false },
  /** Rules of which no chain tells whose they are, and that redirect. */
  'own redirection': { isJudged: false },
  /** Rules in a pod, none of them of a mesh. */
  'other rules': { isJudged: true },
  /** Tables were printed, and there is no rule in them. */
  'empty tables': { isJudged: true },
  'run that failed': { isJudged: false },
  'listing for people': { isJudged: false },
  'pod as YAML': { isJudged: false },
  'settings as YAML': { isJudged: false },
  'state of the network': { isJudged: false },
  'errors alone': { isJudged: false },
  nothing: { isJudged: false },
} as const satisfies Readonly<Record<string, { readonly isJudged: boolean }>>;

export type Kind = keyof typeof kinds;

/** What shows it; `line` as it stands in the text, from 1, where it stands there. */
export type Sign =
  | { readonly code: 'chain'; readonly chain: string }
  | { readonly code: 'rule'; readonly table: string; readonly chain: string; readonly rule: string }
  | { readonly code: 'table of nft'; readonly table: string; readonly line: number }
  | { readonly code: 'line'; readonly text: string; readonly line: number };

export interface Recognised {
  readonly kind: Kind;
  /** Whose, where the kind is of some software. */
  readonly owner: string | null;
  /** The first that show it. */
  readonly signs: readonly Sign[];
}
