/**
 * What the reference pages tell, computed: every rule by its role, every port, every process.
 */
import {
  allPlaces,
  changes,
  type OptionName,
  type Options,
  optionNames,
  optionTable,
  type PortEntry,
  type ProcessEntry,
  ports,
  portsOf,
  processes,
  processesOf,
  type Role,
  type RolePlace,
  releases,
  roleAt,
  roles,
  rulesFor,
  type SidecarRules,
} from '../../istio/index.ts';
import { decisiveRule, journey } from '../../journey/index.ts';
import { type Family, familyOf, type RuleEvent } from '../../netfilter/index.ts';
import { because, ending, portPurpose, rolePurposes, ruleName, writtenChain } from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { handbookSetting, peers, pod, podUnder, type Setting, workload } from '../scenarios/setting.ts';
import { scenarios } from '../scenarios/traffic.ts';

/** Settings that bring rules which the defaults do not have: each option's own example, and two of them together. */
const additions = (): readonly Partial<Options>[] => [
  {},
  ...optionNames.map((name) => ({ ...optionTable[name].among, ...optionTable[name].example })),
  ...['ownerGroupsInclude', 'ownerGroupsExclude', 'inboundPortsInclude'].flatMap((name) => [
    { redirectDNS: true, captureAllDNS: true, [name]: '2000' },
    { inboundInterceptionMode: 'TPROXY', [name]: '2000' },
  ]),
];

/** Every release in which rules changed, oldest first: each minor, and the patches between. */
function momentsOfChange(): readonly string[] {
  return [
    ...new Set([
      ...releases.map(({ name }) => `${name}.0`),
      ...Object.values(changes).map(({ since }) => since),
    ]),
  ].sort((one, other) => numbered(one) - numbered(other));
}

function numbered(release: string): number {
  const [, minor = 0, patch = 0] = release.split('.').map(Number);
  return minor * 1000 + patch;
}

/** When a role is there, and what turns it on. */
export interface RoleHistory {
  /** The first release with it; null where it is as old as the oldest one that is known. */
  readonly since: string | null;
  /** The first release without it. */
  readonly until: string | null;
  /** The options that turn it on; none where the defaults have it. */
  readonly with: readonly OptionName[];
}

function histories(): ReadonlyMap<Role, RoleHistory> {
  const found = new Map<Role, RoleHistory>();
  const moments = momentsOfChange();
  for (const options of additions()) {
    const present = moments.map(
      (release) => new Set(allPlaces(rulesFor(release, options)).map(({ role }) => role)),
    );
    for (const role of new Set(present.flatMap((one) => [...one]))) {
      if (found.has(role)) continue;
      const first = present.findIndex((one) => one.has(role));
      const last = present.findLastIndex((one) => one.has(role));
      found.set(role, {
        since: first === 0 ? null : plain(moments[first] as string),
        until: last === moments.length - 1 ? null : plain(moments[last + 1] as string),
        with: Object.keys(options) as OptionName[],
      });
    }
  }
  return found;
}

/** `1.25.0` is `1.25`. */
function plain(release: string): string {
  return release.replace(/\.0$/, '');
}

export interface RuleEntry {
  readonly role: Role;
  readonly purpose: string;
  /** Where it stands as the handbook is set; several where it is made once for each value of an option. */
  readonly places: readonly (RolePlace & { readonly text: string })[];
  readonly history: RoleHistory | null;
  /** The scenarios in which a packet matches it. */
  readonly metBy: readonly Scenario[];
}

/** Every role, in the order of its rules; roles that this setting does not have come last. */
export function ruleEntries(setting: Setting = handbookSetting): readonly RuleEntry[] {
  const rules = rulesFor(setting.release, setting.options);
  const history = histories();
  const met = new Map<Role, Scenario[]>();
  for (const scenario of scenarios) {
    for (const role of rolesMet(scenario, setting)) met.set(role, [...(met.get(role) ?? []), scenario]);
  }
  const order = [...new Set([...allPlaces(rules).map(({ role }) => role), ...roles])];
  return order.map((role) => ({
    role,
    purpose: rolePurposes[role],
    places: allPlaces(rules)
      .filter((placed) => placed.role === role)
      .map((placed) => ({ ...placed, text: textAt(rules, placed) })),
    history: history.get(role) ?? null,
    metBy: met.get(role) ?? [],
  }));
}

function textAt({ v4, v6, nft }: SidecarRules, { family, table, chain, position }: RolePlace): string {
  const rulesets = { v4, ...(v6 && { v6 }), ...(nft && { nft }) };
  return writtenChain(rulesets, family, table, chain)?.text(position) ?? '';
}

function rolesMet(scenario: Scenario, setting: Setting): ReadonlySet<Role> {
  const rules = rulesFor(setting.release, setting.options);
  const { legs } = bind(scenario, { setting }).journey;
  const matched = legs.flatMap(({ passages }) =>
    passages.flatMap(({ traversal }) =>
      traversal.events.filter((event): event is RuleEvent => event.kind === 'rule' && event.matched === true),
    ),
  );
  return new Set(matched.flatMap((event) => roleAt(rules, { ...event, family: family(event) })?.role ?? []));
}

function family({ packet }: RuleEvent): Family {
  return familyOf(packet.destination);
}

export interface PortReference extends PortEntry {
  /** What it is for, in sentences. */
  readonly what: string;
  /** Whether the handbook's release has it. */
  readonly isHere: boolean;
  /** What becomes of a connection of a peer to the pod's port; null for a port of istiod. */
  readonly fromPeer: {
    readonly captured: boolean;
    /** The rule that decides, where one does. */
    readonly rule: { readonly role: Role; readonly name: string; readonly because: string } | null;
    /** How it ends, in a sentence. */
    readonly ending: string;
    readonly arrives: boolean;
  } | null;
}

/** The rules that hand a connection from outside to Envoy. */
const captures: ReadonlySet<Role> = new Set(['redirect.inbound', 'tproxy.redirect']);

/** Every port, and what happens to a connection from outside the pod to it: walked, not told. */
export function portEntries(setting: Setting = handbookSetting): readonly PortReference[] {
  const here = new Set(portsOf(setting.release).map(({ port }) => port));
  const rules = rulesFor(setting.release, setting.options);
  return ports.map((entry: PortEntry): PortReference => {
    const isHere = here.has(entry.port);
    const what = portPurpose(entry.name);
    if (entry.pod === 'istiod' || !isHere) return { ...entry, what, isHere, fromPeer: null };
    const walked = journey(podUnder(setting), { from: peers.remote, address: pod.address, port: entry.port });
    const events = walked.legs[0]?.passages[0]?.traversal.events ?? [];
    const matched = events.flatMap((event) =>
      event.kind === 'rule' && event.matched === true
        ? (roleAt(rules, { ...event, family: family(event) })?.role ?? [])
        : [],
    );
    const rule = decisiveRule(events);
    const placed = rule === null ? null : roleAt(rules, { ...rule, family: family(rule) });
    return {
      ...entry,
      what,
      isHere,
      fromPeer: {
        captured: matched.some((role) => captures.has(role)),
        rule:
          rule === null || placed === null
            ? null
            : { role: placed.role, name: ruleName(rule), because: because(rule) },
        ending: ending(walked),
        arrives: walked.arrived,
      },
    };
  });
}

export interface ProcessReference extends ProcessEntry {
  readonly uid: number;
  readonly gid: number;
  /** The ports that it listens on. */
  readonly listens: readonly number[];
}

/** The processes of the pod, as whom they run and where they listen. */
export function processEntries(setting: Setting = handbookSetting): readonly ProcessReference[] {
  const { options, host } = podUnder(setting);
  return processesOf(options, workload).map(({ name, uid, gid }) => {
    const entry = processes.find((one) => one.name === name) as ProcessEntry;
    const listens = (host.sockets ?? []).filter((socket) => socket.process === name).map(({ port }) => port);
    return { ...entry, uid, gid, listens: [...new Set(listens)].sort((a, b) => a - b) };
  });
}
