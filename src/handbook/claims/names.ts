/**
 * Where the handbook's words point: the place of a role, the release of a change, the annotation of an option.
 * A text is what is wrong, for writers.
 */
import {
  type AmbientRole,
  type AmbientRolePlace,
  ambientPlaces,
  changes,
  completeOptions,
  inboundByPodAddressSince,
  isRole,
  type OptionName,
  optionNames,
  optionTable,
  type PortEntry,
  placesOf,
  ports,
  type RolePlace,
  returnMark,
  roles,
  type SidecarRules,
  selfCallMark,
  ztunnelMark,
  ztunnelPorts,
} from '../../istio/index.ts';
import { inboundByPodAddressWords } from '../../words/index.ts';
import { ambientRulesUnder } from '../scenarios/ambient.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import type { ScenarioChange } from '../scenarios/scenario.ts';
import { handbookSetting } from '../scenarios/setting.ts';
import { isAmbientScenario, type ShownScenario } from '../scenarios/shown.ts';

/** Where a role's first rule stands, as the handbook is set or with a change. */
export function placeOfRole(role: string, change: ScenarioChange = {}): RolePlace | string {
  if (!isRole(role)) return unknown('role', role, roles);
  const release = change.setting?.release ?? handbookSetting.release;
  const [placed] = placesOf(rulesUnder(change), role);
  return placed ?? `found role "${role}", which no rule of Istio ${release} has with these options`;
}

/** Where a role's first rule stands in an enrolled pod, or on its node; with a scenario, in the pod of that. */
export function placeOfAmbientRole(role: AmbientRole, scenario?: ShownScenario): AmbientRolePlace | string {
  const options = scenario !== undefined && isAmbientScenario(scenario) ? (scenario.options ?? {}) : {};
  const { pod, host } = ambientRulesUnder({ options });
  const placed = [...ambientPlaces(pod), ...ambientPlaces(host)].find((one) => one.role === role);
  return (
    placed ?? `found role "${role}", which no rule of ambient mode has here; name the scenario that has it`
  );
}

/** Who listens on a port in an enrolled pod. */
export function listenerNamed(name: string, port: number): { readonly port: number } | string {
  if (name !== 'ztunnel') return unknown('listener', name, ['ztunnel']);
  const known = Object.values(ztunnelPorts);
  return known.some((one) => one === port) ? { port } : unknown('port', String(port), known.map(String));
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
export interface NamedChain {
  /** As it is called here: `ISTIO_OUTPUT`, and with native nftables `istio-output`. */
  readonly name: string;
  /** `nat`, `inet istio-proxy-nat` */
  readonly table: string;
  /** How many rules it has. */
  readonly rules: number;
}

/** By the name that iptables has for it, as pages do. */
export function chainNamed(name: string): string | NamedChain {
  const rules = rulesUnder();
  const { v4, v6, nft } = rules;
  const tables = [
    ...[...v4.tables, ...(v6?.tables ?? [])].map((table) => ({ ...table, called: table.name })),
    ...(nft?.tables ?? []).map((table) => ({ ...table, called: `${table.family} ${table.name}` })),
  ];
  const chains = tables.flatMap((table) =>
    table.chains.map((chain) => ({ name: chain.name, table: table.called, rules: chain.rules.length })),
  );
  const found = chains.find((chain) => chain.name === chainAmong(rules, name));
  return found ?? unknown('chain', name, [...new Set(chains.map((chain) => chain.name))]);
}

/**
 * What a chain of iptables is called among these rules: those of native nftables have the same names with small letters
 * and dashes. Source: tools/istio-nftables/pkg/constants/constants.go.
 */
export function chainAmong({ nft }: Pick<SidecarRules, 'nft'>, name: string): string {
  return nft === null ? name : name.toLowerCase().replaceAll('_', '-');
}

/** The marks that Istio's rules set, as the handbook is set. */
const marks = {
  tproxy: () => completeOptions(handbookSetting.options).inboundTProxyMark,
  'self-call': () => selfCallMark,
  ztunnel: () => `0x${ztunnelMark.toString(16)}`,
  return: () => `0x${returnMark.toString(16)}`,
} as const;

/** A mark of Istio's: that of TPROXY, that of the proxy's calls to its own pod, and the two of ambient mode. */
export function markNamed(name: string): { readonly mark: string } | string {
  return Object.hasOwn(marks, name)
    ? { mark: marks[name as keyof typeof marks]() }
    : unknown('mark', name, Object.keys(marks));
}

/** The releases that pages name: `1.10`, by what came with it. */
export const milestones: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(changes).map(([name, { since }]) => [name, since])),
  inboundByPodAddress: inboundByPodAddressSince,
};

/** `1.10` for the first release of a minor, `1.11.3` for a patch; and what came with it. */
export function milestone(name: string): { readonly release: string; readonly effect: string } | string {
  const since = Object.hasOwn(milestones, name) ? milestones[name] : undefined;
  if (since === undefined) return unknown('milestone', name, Object.keys(milestones));
  const effect = Object.hasOwn(changes, name)
    ? changes[name as keyof typeof changes].effect
    : inboundByPodAddressWords;
  return { release: since.replace(/\.0$/, ''), effect };
}

/** An option, and one of the names under which a pod or a mesh sets it. */
export interface OptionSetter {
  readonly option: OptionName;
  readonly name: string;
}

/** The names that pods and meshes know options by: annotations, metadata, fields of ProxyConfig, Helm values. */
export const optionSetters: readonly OptionSetter[] = optionNames.flatMap((option) => {
  const { annotations = [], metadata = [], proxyConfig, helm = [] } = optionTable[option].sources;
  const names = [...annotations, ...metadata, ...(proxyConfig === undefined ? [] : [proxyConfig]), ...helm];
  return names.map((name) => ({ option, name }));
});

/** The name to set an option by: its annotation where it has one. */
export function optionSetter(name: string): OptionSetter | string {
  if (!Object.hasOwn(optionTable, name)) return unknown('option', name, optionNames);
  const found = optionSetters.find(({ option }) => option === name);
  return found ?? `found option "${name}", which no pod and no mesh sets by a name`;
}
