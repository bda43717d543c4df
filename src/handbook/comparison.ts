/**
 * Two rulesets side by side: the rules that only one of them has, and the connections that fare differently on
 * them.
 */
import { difference, type RuleDifference, type Witness, witnesses } from '../analysis/index.ts';
import type { Request, Rulesets } from '../journey/index.ts';
import type { Ruleset } from '../netfilter/index.ts';
import { clientName, destinationOf, pathLine } from '../render/index.ts';
import { bind } from './bind.ts';
import { exampleCalls, exampleSenders } from './examples.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { pod, type Setting, services } from './setting.ts';

export interface Comparison {
  readonly rules: readonly RuleDifference[];
  /** How many connections were walked on both. */
  readonly walked: number;
  readonly connections: readonly DifferentConnection[];
}

export interface DifferentConnection {
  /** `app uid 1000 to 10.96.0.7:80, tcp` */
  readonly title: string;
  readonly request: Request;
  readonly a: string;
  readonly b: string;
}

/** Rules from which a connection is derived. */
const mostDerived = 24;

/** Compares the IPv4 rules: the connections are those of the handbook, and one for each rule that differs. */
export function compare(a: Rulesets, b: Rulesets, setting: Setting): Comparison {
  const [left, right] = [a.v4, b.v4].map((one): Ruleset => one ?? { family: 'v4', tables: [] }) as [
    Ruleset,
    Ruleset,
  ];
  const rules = difference(left, right);
  const requests = new Map<string, Request>();
  for (const request of [...usual(), ...derived(left, right, rules)])
    requests.set(JSON.stringify(request), request);
  const connections: DifferentConnection[] = [];
  const paths = new Set<string>();
  for (const request of requests.values()) {
    const scenario = { ...(scenarios[0] as Scenario), request };
    const [one, other] = [a, b].map((rulesets) => bind(scenario, { setting }, { rulesets }).journey);
    if (one === undefined || other === undefined) continue;
    const [from, to] = [pathLine(one), pathLine(other)];
    if (from === to || paths.has(`${from}\n\n${to}`)) continue;
    paths.add(`${from}\n\n${to}`);
    const [leg] = one.legs;
    const packet = leg?.passages[0]?.traversal.events[0]?.packet;
    const title =
      leg === undefined || packet === undefined
        ? `${request.address}:${request.port}`
        : `${clientName(leg.client)} to ${destinationOf(packet)}, ${packet.protocol}`;
    connections.push({ title, request, a: from, b: to });
  }
  return { rules, walked: requests.size, connections };
}

/** Every sender of the examples with every destination that makes sense for it. */
function usual(): readonly Request[] {
  return [
    ...scenarios.map(({ request }) => request),
    ...exampleSenders.flatMap(({ from }) =>
      exampleCalls
        .filter(({ isV6, address }) => !isV6 && ('process' in from || address === pod.address))
        .map(({ address, port, protocol }): Request => ({ from, address, port, protocol })),
    ),
  ];
}

function derived(a: Ruleset, b: Ruleset, rules: readonly RuleDifference[]): readonly Request[] {
  const side = (only: 'a' | 'b') => rules.filter((rule) => rule.only === only).slice(0, mostDerived);
  return [...witnesses(a, side('a')), ...witnesses(b, side('b'))].map(requestOf);
}

function requestOf({ isLocal, protocol, source, destination, destinationPort, uid, gid }: Witness): Request {
  const port = destinationPort ?? services.remote.port;
  if (!isLocal) {
    return {
      from: { name: 'peer', address: source ?? '203.0.113.10' },
      address: pod.address,
      port,
      ...(protocol === undefined ? {} : { protocol }),
    };
  }
  return {
    from:
      uid === undefined && gid === undefined
        ? { process: 'app' }
        : { name: 'a process', uid: uid ?? 1000, gid: gid ?? 1000 },
    address: destination ?? services.remote.address,
    port,
    ...(protocol === undefined ? {} : { protocol }),
  };
}
