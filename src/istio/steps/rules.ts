/**
 * The rules that a release of Istio programs into a pod.
 */
import type { Family, NftRuleset, Route, RoutingRule, Ruleset } from '../../netfilter/index.ts';
import { readRestored } from '../../netfilter/index.ts';
import { changes } from '../history/changes.ts';
import { at, isSince, type ReleaseNumber, readRelease } from '../history/release.ts';
import { newestRelease } from '../history/release-names.ts';
import { checkOptions } from '../options/check.ts';
import { heededOptions, type Ignored, throughCni } from '../options/heeded.ts';
import { completeOptions, type Options } from '../options/options.ts';
import type { OptionProblem } from '../options/problem.ts';
import { understoodOptions } from '../options/understood.ts';
import { passthrough } from './command.ts';
import { type NativePlace, type NativeRules, nativeRules } from './native/index.ts';
import { type PlacedRole, type RolePlace, restoreText } from './restore.ts';
import type { Role } from './roles.ts';
import { steps as istioSteps, type Steps } from './steps.ts';

export interface SidecarRules {
  readonly v4: Ruleset;
  /** Null where IPv6 is off. */
  readonly v6: Ruleset | null;
  /** Null where iptables makes the rules; else v4 is empty and v6 null, since one nft ruleset is for both. */
  readonly nft: NftRuleset | null;
  /** What Istio hands to `iptables-restore --noflush` and `ip6tables-restore --noflush`, or to `nft -f`. */
  readonly text: { readonly v4: string; readonly v6: string | null; readonly nft: string | null };
  readonly roles: readonly PlacedRole[];
  /** The same of native nftables. */
  readonly nativeRoles: readonly NativePlace[];
  /** TPROXY's own routes. */
  readonly routes: readonly Route[];
  /** TPROXY's own lines of `ip rule`. */
  readonly routingRules: readonly RoutingRule[];
  /** Addresses that Istio adds to the pod. */
  readonly addresses: readonly { readonly interface: string; readonly address: string }[];
  /** Options that were given and that this release or the CNI plugin does not heed. */
  readonly ignored: readonly Ignored[];
  /** With an error among them no rule is programmed, and the rulesets are empty. */
  readonly problems: readonly OptionProblem[];
}

/**
 * The rules that `release` ('1.17', '1.17.8') programs into a pod with these options; what is not given is as
 * in `defaultOptions`. The release without a patch stands for its newest patch.
 *
 * Never throws: what Istio or iptables would refuse is an error in `problems`, and then the rulesets are empty,
 * since such a pod does not start. `steps` are Istio's; another release is tried out by handing in others.
 */
export function rulesFor(
  release: string,
  options: Partial<Options> = {},
  steps: Steps = istioSteps,
): SidecarRules {
  const made = programmed(release, options, steps);
  if (!('built' in made)) return made;
  const { built, rest } = made;
  const { v4 = '', v6 = null } = textOf(built);
  return {
    ...nothing(false, []),
    v4: readRestored(v4, 'v4'),
    v6: v6 === null ? null : readRestored(v6, 'v6'),
    text: { v4, v6, nft: null },
    roles: built.flatMap(({ roles }) => roles),
    ...rest,
  };
}

/** What `rulesFor` has as its `text`, for those who ask for many and look at few. */
export function rulesTextFor(release: string, options: Partial<Options> = {}): SidecarRules['text'] {
  const made = programmed(release, options, istioSteps);
  return 'built' in made ? { v4: '', v6: null, nft: null, ...textOf(made.built) } : made.text;
}

interface Built {
  readonly family: Family;
  readonly text: string;
  readonly roles: readonly PlacedRole[];
}

function textOf(built: readonly Built[]): Partial<Record<Family, string>> {
  return Object.fromEntries(built.map(({ family, text }) => [family, text]));
}

/** The rules of iptables as they are handed to iptables-restore; or the whole answer, where there are none. */
function programmed(
  release: string,
  options: Partial<Options>,
  steps: Steps,
):
  | SidecarRules
  | {
      readonly built: readonly Built[];
      readonly rest: Pick<SidecarRules, 'routes' | 'routingRules' | 'addresses' | 'ignored' | 'problems'>;
    } {
  const problems = checkOptions(release, options, newestOf(steps));
  const refused = problems.some(({ severity }) => severity === 'error');
  const number = refused ? null : readRelease(release);
  if (number === null) return nothing(options?.enableIPv6 === true, problems);
  const complete = completeOptions(options);
  const given = complete.cni ? throughCni(number, release, complete) : { options: complete, ignored: [] };
  const understood = understoodOptions(given.options, number);
  const families: readonly Family[] = complete.enableIPv6 ? ['v4', 'v6'] : ['v4'];
  const heeded = families.map((family) => ({
    family,
    ...heededOptions(number, release, understood, family),
  }));
  const ignored = distinct([...given.ignored, ...heeded.flatMap((one) => one.ignored)]);
  if (complete.inboundInterceptionMode === 'NONE')
    return { ...nothing(complete.enableIPv6, problems), ignored };

  if (nativeRules !== null && complete.nativeNftables && isSince(number, changes.native))
    return native(nativeRules(number, understood), { ...routing(number, heeded), ignored, problems });

  const built = heeded.map(({ family, options: own }) => {
    const building = {
      release: number,
      family,
      options: own,
      askedMode: complete.inboundInterceptionMode,
    };
    const commands = Object.values(steps).flatMap((step) => at(step, number, family)?.(building) ?? []);
    return { family, ...restoreText(commands, family) };
  });
  return { built, rest: { ...routing(number, heeded), ignored, problems } };
}

/** What a release programs into nftables; nothing where nft refuses it, since nft takes all of a script or nothing. */
function native(
  { ruleset, text, roles, refused }: NativeRules,
  rest: Pick<SidecarRules, 'routes' | 'routingRules' | 'addresses' | 'ignored' | 'problems'>,
): SidecarRules {
  if (refused !== null) {
    const problem: OptionProblem = {
      severity: 'error',
      code: 'refused by nft',
      option: 'nativeNftables',
      value: 'true',
      why: refused,
    };
    return { ...nothing(false, [...rest.problems, problem]), ignored: rest.ignored };
  }
  const none = nothing(false, rest.problems);
  return { ...none, ...rest, nft: ruleset, text: { ...none.text, nft: text }, nativeRoles: roles };
}

/** Of Istio's own tables. */
const nativeFamily = 'inet';

/** The places of a role, in order, as packets of a family meet them. */
export function placesOf(rules: SidecarRules, role: Role, family: Family = 'v4'): readonly RolePlace[] {
  return allPlaces(rules, family).filter((placed) => placed.role === role && placed.family === family);
}

/** The place of each rule. Of nft a rule that speaks of no address is of both families, and told as that of the one. */
export function allPlaces(
  { nft, roles, nativeRoles }: SidecarRules,
  family: Family = 'v4',
): readonly RolePlace[] {
  return nativeRules === null || nft === null
    ? roles
    : nativeRoles.map((one) => ({ family, ...one, table: `${nativeFamily} ${one.table}` as const }));
}

/** The role of the rule at a place, or null where Istio has no rule there. */
export function roleAt(rules: SidecarRules, place: Place): RolePlace | null {
  const isOfBoth = nativeRules !== null && rules.nft !== null;
  return placeAmong(allPlaces(rules, place.family), place, isOfBoth);
}

type Place = Pick<RolePlace, 'family' | 'table' | 'chain' | 'position'>;

/** That of a rule among others. `isOfBoth`: one rule is asked in both families. */
export function placeAmong<Placed extends Place>(
  places: readonly Placed[],
  { family, table, chain, position }: Place,
  isOfBoth = false,
): Placed | null {
  const found = places.find(
    (one) =>
      (isOfBoth || one.family === family) &&
      one.table === table &&
      one.chain === chain &&
      one.position === position,
  );
  return found ?? null;
}

/** The newest release that is known, or that a step knows. */
function newestOf(steps: Steps): string {
  if (steps === istioSteps) return newestRelease;
  return Object.values(steps)
    .flat()
    .reduce((newest, { by }) => {
      const number = readRelease(by.since);
      return number !== null && isSince(number, `${newest}.0`) ? `${number[0]}.${number[1]}` : newest;
    }, newestRelease);
}

function nothing(ipv6: boolean, problems: readonly OptionProblem[]): SidecarRules {
  return {
    v4: { family: 'v4', tables: [] },
    v6: ipv6 ? { family: 'v6', tables: [] } : null,
    nft: null,
    text: { v4: '', v6: ipv6 ? '' : null, nft: null },
    roles: [],
    nativeRoles: [],
    routes: [],
    routingRules: [],
    addresses: [],
    ignored: [],
    problems,
  };
}

function distinct(ignored: readonly Ignored[]): readonly Ignored[] {
  const seen = new Map(ignored.map((one) => [JSON.stringify([one.option, one.family, one.reason]), one]));
  return [...seen.values()];
}

/** A route of no table goes to `main`, a rule of no table to the first that is empty. Source: fib_empty_table. */
const mainTable = '254';
const firstEmptyTable = '1';

/** Source: configureTProxyRoutes and configureIPv6Addresses; the priority is the one that the kernel gives. */
function routing(
  release: ReleaseNumber,
  heeded: readonly { readonly family: Family; readonly options: Options }[],
): Pick<SidecarRules, 'routes' | 'routingRules' | 'addresses'> {
  const tproxied = heeded.filter(
    ({ options }) => options.inboundInterceptionMode === 'TPROXY' && options.inboundPortsInclude !== '',
  );
  const everything: Readonly<Record<Family, string>> = { v4: '0.0.0.0/0', v6: '::/0' };
  const [first] = tproxied;
  const mark = Number(first?.options.inboundTProxyMark);
  return {
    routes: tproxied.map(({ family, options }) => ({
      destination: everything[family],
      type: 'local' as const,
      dev: 'lo',
      table: options.inboundTProxyRouteTable === '0' ? mainTable : options.inboundTProxyRouteTable,
    })),
    routingRules:
      first === undefined
        ? []
        : [
            {
              priority: 32765,
              // The kernel asks for no mark where it is 0: fib_nl2rule in net/core/fib_rules.c.
              ...(mark === 0 ? {} : { fwmark: { value: mark, mask: 0xffffffff } }),
              table:
                first.options.inboundTProxyRouteTable === '0'
                  ? firstEmptyTable
                  : first.options.inboundTProxyRouteTable,
            },
          ],
    addresses:
      heeded.some(({ family }) => family === 'v6') && isSince(release, changes.start)
        ? [{ interface: 'lo', address: passthrough.v6 }]
        : [],
  };
}
