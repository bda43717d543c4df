/**
 * Where the rules of ambient mode differ from those that Istio would program, in a pod or on its node. None is told to be
 * taken out: they keep the pod in mutual TLS, and the CNI agent writes them.
 */
import { ambientRulesFor } from '../../istio/index.ts';
import { type Family, familyOf, type Network } from '../../netfilter/index.ts';
import type { AmbientDifference, AmbientIdentification, AmbientSide } from '../ambient/index.ts';
import type { Examined, FindingOf } from './finding.ts';

interface OfAmbient {
  readonly side: AmbientSide;
  readonly release: string;
  readonly count: number;
  readonly first: AmbientDifference;
}

export type AmbientFinding =
  /** A sidecar's rules stand beside them, in the same tables or in the other back end, and the kernel asks both. */
  | FindingOf<'ambient.beside-sidecar', { readonly side: AmbientSide }>
  /** Rules of Istio's that are not there. */
  | FindingOf<'ambient.rules-missing', OfAmbient>
  /** Rules in a chain of Istio's that Istio does not make. */
  | FindingOf<'ambient.rules-foreign', OfAmbient>
  /** Rules of Istio's that stand elsewhere in their chain. */
  | FindingOf<'ambient.rules-moved', OfAmbient>
  /** The routing of a pod by which the app's answers come back to ztunnel. */
  | FindingOf<'ambient.routing', LostRouting>;

interface LostRouting {
  readonly family: Family;
  readonly mark: number;
  readonly mask: number;
  readonly priority: number;
  readonly table: string;
  /** At least one of the two. */
  readonly lacksRule: boolean;
  /** The destination of the local route; null where it is there, or the text does not tell. */
  readonly lacksRoute: string | null;
}

export function againstAmbient({ ambient, network, isWithSidecar }: Examined): readonly AmbientFinding[] {
  if (ambient === null) return [];
  const { side, releases } = ambient;
  if (isWithSidecar) return [{ id: 'ambient.beside-sidecar', weight: 'wrong', side }];
  const release = releases.at(-1) ?? '';
  const isMoved = (one: AmbientDifference, others: readonly AmbientDifference[]) =>
    others.some((other) => placeOf(other) === placeOf(one));
  const missing = ambient.missing.filter((one) => !isMoved(one, ambient.foreign));
  const foreign = ambient.foreign.filter((one) => !isMoved(one, ambient.missing));
  const moved = ambient.foreign.filter((one) => isMoved(one, ambient.missing));
  const about = (differing: readonly AmbientDifference[]): readonly OfAmbient[] => {
    const [first] = differing;
    return first === undefined ? [] : [{ side, release, count: differing.length, first }];
  };
  return [
    ...about(missing).map((one) => ({ id: 'ambient.rules-missing', weight: 'wrong', ...one }) as const),
    ...about(moved).map((one) => ({ id: 'ambient.rules-moved', weight: 'doubtful', ...one }) as const),
    ...about(foreign).map((one) => ({ id: 'ambient.rules-foreign', weight: 'doubtful', ...one }) as const),
    ...lostRouting(ambient, network).map(
      (one) => ({ id: 'ambient.routing', weight: 'wrong', ...one }) as const,
    ),
  ];
}

/**
 * What CreateInpodRules adds beside the rules, in every release and both modes: only where a rule of the pod marks ztunnel's
 * connections, and only where the text tells. Source: addLoopbackRoute and addInpodMarkIPRule of cni/pkg/iptables/iptables.go.
 */
function lostRouting(
  { side, releases, options }: AmbientIdentification,
  network: Network | null,
): readonly LostRouting[] {
  if (side !== 'pod' || network === null) return [];
  const { pod, routes, rules } = ambientRulesFor(releases.at(-1) ?? '', options);
  const isMarked = [...pod.roles, ...pod.nativeRoles].some(({ role }) => role === 'pod.mark-connection');
  if (!isMarked) return [];
  return rules.flatMap(({ family, fwmark, priority, table }): readonly LostRouting[] => {
    if (family === undefined || fwmark === undefined || priority === undefined) return [];
    // IPv6 may be off in the pod, and then its route is left out.
    if (family === 'v6' && network.interfaces?.every(({ addresses }) => !addresses.some(isV6)) === true)
      return [];
    const isOf = (one: { readonly family?: Family }) => (one.family ?? family) === family;
    const hasRule = network.rules?.some(
      (one) =>
        isOf(one) &&
        one.table === table &&
        one.fwmark !== undefined &&
        ((one.fwmark.value ^ fwmark.value) & one.fwmark.mask) === 0,
    );
    const hasRoute = network.routes?.some((one) => isOf(one) && one.table === table && one.type === 'local');
    const isRouteTold =
      network.told.routes.includes(family) && (network.tables === null || network.tables.includes(table));
    const lacksRule = network.told.rules.includes(family) && hasRule !== true;
    const route = routes.find(({ destination }) => familyOf(destination) === family);
    const lacksRoute = isRouteTold && hasRoute !== true ? (route?.destination ?? null) : null;
    if (!lacksRule && lacksRoute === null) return [];
    return [{ family, mark: fwmark.value, mask: fwmark.mask, priority, table, lacksRule, lacksRoute }];
  });
}

function isV6(address: string): boolean {
  return address.includes(':');
}

function placeOf({ family, table, chain, rule }: AmbientDifference): string {
  return `${family} ${table} ${chain} ${rule}`;
}
