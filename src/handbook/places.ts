/**
 * Where the handbook's words point: the place of a role, the release of a change, the annotation of an option.
 * A text is what is wrong, for writers.
 */
import {
  changes,
  inboundByPodAddressSince,
  type OptionName,
  optionTable,
  type PlacedRole,
  type PortEntry,
  placesOf,
  ports,
  type Role,
  roles,
  rulesFor,
} from '../istio/index.ts';
import { nearest } from '../netfilter/index.ts';
import type { Change } from './scenario.ts';
import { handbookSetting } from './setting.ts';

/** Where a role's first rule stands, as the handbook is set or with a change. */
export function placeOfRole(role: string, change: Change = {}): PlacedRole | string {
  if (!isRole(role)) return unknown('role', role, Object.keys(roles));
  const release = change.setting?.release ?? handbookSetting.release;
  const rules = rulesFor(release, { ...handbookSetting.options, ...change.setting?.options });
  const [placed] = placesOf(rules, role);
  return placed ?? `found role "${role}", which no rule of Istio ${release} has with these options`;
}

function isRole(role: string): role is Role {
  return Object.hasOwn(roles, role);
}

/** The entry of a port of Envoy, pilot-agent or istiod. */
export function portNumbered(number: number): PortEntry | string {
  const entry = ports.find(({ port }) => port === number);
  return (
    entry ??
    unknown(
      'port',
      String(number),
      ports.map(({ port }) => String(port)),
    )
  );
}

/** A chain of the handbook's rules. */
export function chainNamed(name: string): string | { readonly name: string } {
  const { v4, v6 } = rulesFor(handbookSetting.release, handbookSetting.options);
  const tables = [...v4.tables, ...(v6?.tables ?? [])];
  const names = [...new Set(tables.flatMap(({ chains }) => chains.map((chain) => chain.name)))];
  return names.includes(name) ? { name } : unknown('chain', name, names);
}

/** The releases that pages name: `1.10`, by what came with it. */
export const milestones: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(changes).map(([name, { since }]) => [name, since])),
  inboundByPodAddress: inboundByPodAddressSince,
};

/** `1.10` for the first release of a minor, `1.11.3` for a patch. */
export function milestone(name: string): { readonly release: string } | string {
  const since = Object.hasOwn(milestones, name) ? milestones[name] : undefined;
  return since === undefined
    ? unknown('milestone', name, Object.keys(milestones))
    : { release: since.replace(/\.0$/, '') };
}

/** The annotation or proxy metadata that sets an option. */
export function optionSetter(name: string): { readonly setBy: string } | string {
  const known = Object.entries(optionTable).filter(([, { setBy }]) => setBy !== undefined);
  if (!Object.hasOwn(optionTable, name)) {
    return unknown(
      'option',
      name,
      known.map(([option]) => option),
    );
  }
  const { setBy } = optionTable[name as OptionName];
  return setBy === undefined ? `found option "${name}", which a pod cannot set by itself` : { setBy };
}

const fewNames = 12;

/** `found role "x"; did you mean "y"?`, or what there is where nothing is near. */
export function unknown(what: string, found: string, names: readonly string[]): string {
  const meant = nearest(found, names);
  if (meant !== null) return `found ${what} "${found}"; did you mean "${meant}"?`;
  const kin = names.filter((name) => name.split('.')[0] === found.split('.')[0]);
  const told = names.length <= fewNames ? names : kin.slice(0, fewNames);
  const rest = names.length - told.length;
  const list = told.join(', ');
  if (told.length === 0)
    return `found ${what} "${found}", which is none of the ${names.length} that there are`;
  return `found ${what} "${found}"; there are ${list}${rest === 0 ? '' : ` and ${rest} others`}`;
}
