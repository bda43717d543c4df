/** Another mesh redirects the same connections: the one whose jump comes first gets them. */
import { findChain, printRule } from '../../netfilter/index.ts';
import { type ChainOwner, chainOwner, isMesh } from '../chain-owner.ts';
import { isIstioChain } from '../identify.ts';
import { chainCalled } from '../rule-parts.ts';
import type { ExaminedRules, FindingOf, NamedRule } from './finding.ts';

export type MeshFinding =
  | FindingOf<
      'mesh.before-istio',
      NamedRule & {
        readonly owner: ChainOwner;
        /** The position of the jump to Istio's chains, which gets nothing; 0 where there is none. */
        readonly istio: number;
      }
    >
  | FindingOf<'mesh.behind-istio', NamedRule & { readonly owner: ChainOwner }>;

/** The first jump to another mesh. */
export function meshes({ ruleset }: ExaminedRules): readonly MeshFinding[] {
  for (const hook of ['OUTPUT', 'PREROUTING'] as const) {
    const rules = findChain(ruleset, 'nat', hook)?.rules ?? [];
    const istio = rules.findIndex((rule) => isIstioChain({ name: chainCalled(rule) ?? '' }));
    for (const [index, rule] of rules.entries()) {
      const owner = chainOwner(chainCalled(rule) ?? '');
      if (!isMesh(owner)) continue;
      const named = {
        place: { table: 'nat', chain: hook, position: index + 1 },
        rule: printRule(ruleset.family, rule),
        owner,
      } as const;
      return istio < 0 || index < istio
        ? [{ id: 'mesh.before-istio', weight: 'wrong', ...named, istio: istio + 1 }]
        : [{ id: 'mesh.behind-istio', weight: 'doubtful', ...named }];
    }
  }
  return [];
}
