/**
 * Tables for the pages that teach: which rule decides about a first packet, and what conntrack keeps of a
 * connection. Walked, not told.
 */
import { passthroughSource, portOf, proxyOwner, roleAt } from '../../istio/index.ts';
import { decisiveRule, journey, type Request } from '../../journey/index.ts';
import { familyOf, invert, printEndpoint, sameTuple, type Tuple } from '../../netfilter/index.ts';
import { because, ending, ruleName } from '../../words/index.ts';
import { bind } from '../scenarios/bind.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import { handbookSetting, peers, pod, podUnder, services, workload } from '../scenarios/setting.ts';
import { scenarioNamed } from '../scenarios/traffic.ts';

/** Which rule decided about a connection, and who has it then. */
export interface Decision {
  /** Who calls, and whom. */
  readonly what: string;
  /** The decisive rule's name and role, and why it matched; null where none was asked. */
  readonly rule: { readonly name: string; readonly role: string | null; readonly because: string } | null;
  /** `Envoy, port 15001`, `10.96.0.7:80`, or how it ended where nobody has it. */
  readonly taken: string;
}

type Asked = readonly [what: string, request: Request];

function askedByOwner(): readonly Asked[] {
  const proxy = proxyOwner(handbookSetting.options);
  // Whom the rules take for the proxy, also where it runs as root.
  const known = proxyOwner({ ...handbookSetting.options, inboundInterceptionMode: 'REDIRECT' });
  const { uid, gid } = workload;
  const to = { address: services.remote.address, port: services.remote.port };
  const as = (owner: { readonly uid: number; readonly gid: number }): Request => ({ from: owner, ...to });
  return [
    [`the app, uid ${uid}, gid ${gid}`, as({ uid, gid })],
    ['an app that runs as root, uid 0, gid 0', as({ uid: 0, gid: 0 })],
    [`an app with a uid of the proxy’s, uid ${known.uid}, gid ${gid}`, as({ uid: known.uid, gid })],
    [`an app with a gid of the proxy’s, uid ${uid}, gid ${known.gid}`, as({ uid, gid: known.gid })],
    [`Envoy, uid ${proxy.uid}, gid ${proxy.gid}`, { from: { process: 'Envoy' }, ...to }],
    [`pilot-agent, uid ${proxy.uid}, gid ${proxy.gid}`, { from: { process: 'pilot-agent' }, ...to }],
  ];
}

function askedOverLo(): readonly Asked[] {
  const toPod = { address: pod.address, port: pod.port };
  return [
    ['the app to the address of the pod', { from: { process: 'app' }, ...toPod }],
    ['the app to 127.0.0.1', { from: { process: 'app' }, address: '127.0.0.1', port: pod.port }],
    ['Envoy to the address of the pod', { from: { process: 'Envoy' }, ...toPod }],
    [
      `Envoy to the address of the pod, from ${passthroughSource.v4}`,
      { from: { process: 'Envoy' }, ...toPod, source: passthroughSource.v4 },
    ],
    ['Envoy to 127.0.0.1', { from: { process: 'Envoy' }, address: '127.0.0.1', port: portOf('envoy-admin') }],
    ['for comparison, a remote pod to the address of the pod', { from: peers.remote, ...toPod }],
  ];
}

const asked = { 'by owner': askedByOwner, 'over lo': askedOverLo } as const;

/** The tables that there are. */
export type DecisionTable = keyof typeof asked;

/** Who calls whom, the rule that decides, and who takes the connection: the first leg of each, walked. */
export function decisions(table: DecisionTable): readonly Decision[] {
  const rules = rulesUnder();
  return asked[table]().map(([what, request]): Decision => {
    const walked = journey(podUnder(handbookSetting), request);
    const [leg] = walked.legs;
    const rule = decisiveRule(leg?.passages[0]?.traversal.events ?? []);
    const placed = rule && roleAt(rules, { ...rule, family: familyOf(rule.packet.destination) });
    const server = leg?.server ?? null;
    return {
      what,
      rule: rule && { name: ruleName(rule), role: placed?.role ?? null, because: because(rule) },
      taken:
        server === null
          ? ending(walked)
          : server.kind === 'network'
            ? server.name
            : `${server.name}, port ${server.port}`,
    };
  });
}

/** What conntrack keeps of one connection, as `conntrack -L` shows it. */
export interface ConntrackEntry {
  /** Whose connection it is: `app to 10.96.0.7:80`. */
  readonly what: string;
  readonly original: string;
  readonly reply: string;
  /** False where the reply tuple is the original one turned round. */
  readonly isRewritten: boolean;
}

/** The entries that a scenario leaves, one a leg. Throws for a scenario that is not there. */
export function conntrackEntries(name: string): readonly ConntrackEntry[] {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new TypeError(`found no scenario "${name}"`);
  const { legs } = bind(scenario).journey;
  return legs.flatMap(({ client, dialled, passages }): readonly ConntrackEntry[] => {
    const kept = passages[0]?.traversal.connections.find(({ original }) => sameTuple(original, dialled));
    if (kept === undefined) return [];
    return [
      {
        what: `${client.name} to ${printEndpoint(dialled.destination, dialled.destinationPort)}`,
        original: tupleText(kept.original),
        reply: tupleText(kept.reply),
        isRewritten: !sameTuple(kept.reply, invert(kept.original)),
      },
    ];
  });
}

function tupleText({ source, destination, sourcePort, destinationPort }: Tuple): string {
  return `src=${source} dst=${destination} sport=${sourcePort} dport=${destinationPort}`;
}
