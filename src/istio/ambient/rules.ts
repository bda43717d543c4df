/**
 * The rules that a release of Istio programs for ambient mode, into an enrolled pod and on its node.
 */
import {
  type Family,
  type NftRuleset,
  parseNft,
  type Route,
  type RoutingRule,
  type Ruleset,
  readRestored,
  type TableRef,
} from '../../netfilter/index.ts';
import { at, type ReleaseNumber } from '../history/release.ts';
import { type PlacedRole, restoreText } from '../steps/restore.ts';
import { placeAmong } from '../steps/rules.ts';
import { type AmbientProblem, checkAmbient } from './check.ts';
import { ambientMask, returnMark, returnPriority, returnTable } from './marks.ts';
import { type AmbientNativePlace, type AmbientScript, nativeNode, nativePod, nativeSets } from './native.ts';
import { ipSet, nodeCommands, type PodSet } from './node.ts';
import {
  type AmbientIgnored,
  type AmbientOptionName,
  type AmbientOptions,
  heededAmbient,
} from './options.ts';
import { type AmbientBuilding, type AmbientCommand, podSteps } from './pod.ts';
import type { AmbientRole } from './roles.ts';

export type AmbientPlace = PlacedRole<AmbientRole, AmbientOptionName>;

/** The rules of one network namespace. */
export interface AmbientRuleset {
  readonly v4: Ruleset;
  /** Null where IPv6 is off. */
  readonly v6: Ruleset | null;
  /** Null where iptables makes the rules; else v4 is empty and v6 null, since one nft ruleset is for both. */
  readonly nft: NftRuleset | null;
  /** What Istio hands to `iptables-restore --noflush` and `ip6tables-restore --noflush`, or to `nft -f`. */
  readonly text: { readonly v4: string; readonly v6: string | null; readonly nft: string | null };
  readonly roles: readonly AmbientPlace[];
  /** The same of native nftables. */
  readonly nativeRoles: readonly AmbientNativePlace[];
}

export interface AmbientRules {
  readonly pod: AmbientRuleset;
  /** The rules of the node, in its own network namespace. */
  readonly host: AmbientRuleset;
  /** The sets that the rules of the node name; made before them. */
  readonly sets: readonly PodSet[];
  /** The pod's own routes. */
  readonly routes: readonly Route[];
  /** The pod's own lines of `ip rule`. */
  readonly rules: readonly RoutingRule[];
  /** Complete, as the release heeds them; null with an error among the problems. */
  readonly options: AmbientOptions | null;
  /** Options that were given and that this release does not heed. */
  readonly ignored: readonly AmbientIgnored[];
  /** With an error among them no rule is made, and the rulesets are empty. */
  readonly problems: readonly AmbientProblem[];
}

/**
 * The rules of ambient mode that `release` ('1.24', '1.24.6') programs into a pod and on its node, with these options; what
 * is not given is as in `ambientDefaults` of that release. The release without a patch stands for its newest patch.
 *
 * Never throws: what cannot be is an error in `problems`, and then the rulesets are empty.
 */
export function ambientRulesFor(release: string, options: Partial<AmbientOptions> = {}): AmbientRules {
  const { number, problems } = checkAmbient(release, options);
  if (number === null || problems.some(({ severity }) => severity === 'error'))
    return {
      pod: empty,
      host: empty,
      sets: [],
      routes: [],
      rules: [],
      options: null,
      ignored: [],
      problems,
    };
  const { options: heeded, ignored } = heededAmbient(number, options);
  const families: readonly Family[] = heeded.enableIPv6 ? ['v4', 'v6'] : ['v4'];
  const buildings = families.map((family): AmbientBuilding => ({ release: number, family, options: heeded }));
  return {
    ...(heeded.nativeNftables ? byNft(number, heeded) : byIptables(buildings)),
    // Source: AddLoopbackRoutes and AddInpodMarkIPRule of cni/pkg/iptables/iptables_linux.go.
    routes: families.map((family) => ({
      destination: family === 'v4' ? '0.0.0.0/0' : '::/0',
      type: 'local',
      dev: 'lo',
      table: returnTable,
    })),
    rules: families.map((family) => ({
      priority: returnPriority,
      family,
      fwmark: { value: returnMark, mask: ambientMask },
      table: returnTable,
    })),
    options: heeded,
    ignored,
    problems,
  };
}

/** What Istio has the rule at a place for; null for a rule that it did not make. `table` of nft has its family before it. */
export function ambientRoleAt(
  { roles, nativeRoles }: Pick<AmbientRuleset, 'roles' | 'nativeRoles'>,
  place: Pick<AmbientPlace, 'family' | 'chain' | 'position'> & { readonly table: TableRef },
): AmbientPlace | AmbientNativePlace | null {
  const native = nativeRoles.find(
    ({ table, chain, position }) =>
      `inet ${table}` === place.table && chain === place.chain && position === place.position,
  );
  return native ?? placeAmong(roles, place);
}

const empty: AmbientRuleset = {
  v4: { family: 'v4', tables: [] },
  v6: null,
  nft: null,
  text: { v4: '', v6: null, nft: null },
  roles: [],
  nativeRoles: [],
};

type Made = Pick<AmbientRules, 'pod' | 'host' | 'sets'>;

function byIptables(buildings: readonly AmbientBuilding[]): Made {
  return {
    pod: restored(buildings, (building) =>
      podSteps.flatMap((step) => at(step, building.release, building.family)?.(building) ?? []),
    ),
    host: restored(buildings, nodeCommands),
    sets: buildings.map(ipSet),
  };
}

function restored(
  buildings: readonly AmbientBuilding[],
  commands: (building: AmbientBuilding) => readonly AmbientCommand[],
): AmbientRuleset {
  const built = buildings.map((building) => ({
    family: building.family,
    ...restoreText(commands(building), building.family),
  }));
  const textOf = (family: Family) => built.find((one) => one.family === family)?.text ?? null;
  const v4 = textOf('v4') ?? '';
  const v6 = textOf('v6');
  return {
    v4: readRestored(v4, 'v4'),
    v6: v6 === null ? null : readRestored(v6, 'v6'),
    nft: null,
    text: { v4, v6, nft: null },
    roles: built.flatMap(({ roles }) => roles),
    nativeRoles: [],
  };
}

function byNft(release: ReleaseNumber, options: AmbientOptions): Made {
  return {
    pod: scripted(nativePod(release, options)),
    host: scripted(nativeNode(release, options)),
    sets: nativeSets(release, options),
  };
}

function scripted({ text, roles }: AmbientScript): AmbientRuleset {
  return {
    ...empty,
    nft: parseNft(text).ruleset,
    text: { ...empty.text, nft: text },
    nativeRoles: roles,
  };
}
