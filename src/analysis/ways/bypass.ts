/** What goes past the proxy: the holes of a pod, each with the rule that lets it go by. */
import type { RuleEvent } from '../../netfilter/index.ts';
import { type Packets, packetsOf, type RuleOfFamily, type Survey, type SurveyedWay } from './questions.ts';

/** Where the proxy takes connections. */
export interface ProxyPorts {
  readonly inbound: number;
  readonly outbound: number;
}

/** Packets that the proxy does not get, and what becomes of them instead. */
export interface Hole {
  /** They come to a socket of the pod, or leave it. A socket that is not there is counted with the first. */
  readonly kind: 'comes in' | 'leaves' | 'stays inside';
  /** The rule by which they go on as they are; null where none of the rules is about them. */
  readonly decided: RuleOfFamily | null;
  readonly packets: Packets;
}

/** All that reaches a socket of the host past the inbound port, or leaves it past the outbound one. */
export function bypass(found: Survey, ports: ProxyPorts): readonly Hole[] {
  const holes = new Map<string, { hole: Omit<Hole, 'packets'>; ways: SurveyedWay[] }>();
  for (const way of found.ways) {
    const kind = kindOf(way, ports);
    if (kind === null) continue;
    const decided = decidedBy(way);
    const key = JSON.stringify([kind, way.family, way.entrance, decided]);
    const same = holes.get(key) ?? { hole: { kind, decided }, ways: [] };
    same.ways.push(way);
    holes.set(key, same);
  }
  return [...holes.values()].flatMap(({ hole, ways }) =>
    packetsOf(found.host, ways).map((packets) => ({ ...hole, packets })),
  );
}

function kindOf({ entrance, outcome, events, example }: SurveyedWay, ports: ProxyPorts): Hole['kind'] | null {
  const last = events.at(-1)?.packet ?? example;
  const isProcess = entrance.kind === 'process';
  switch (outcome.kind) {
    case 'sent':
      return isProcess ? 'leaves' : null;
    case 'delivered':
    case 'refused': {
      const port =
        outcome.kind === 'delivered' ? (outcome.socket?.port ?? last.destinationPort) : last.destinationPort;
      if (port === ports.inbound || port === ports.outbound) return null;
      return isProcess ? 'stays inside' : 'comes in';
    }
    default:
      return null;
  }
}

/** The last rule that ended a chain of nat or mangle, or one of nft, for it where connections are captured. */
function decidedBy({ family, events }: SurveyedWay): RuleOfFamily | null {
  const bases = new Set(events.flatMap((one) => (one.kind === 'table' ? [`${one.table} ${one.chain}`] : [])));
  const decided = events.findLast(
    (event): event is RuleEvent =>
      event.kind === 'rule' &&
      event.matched === true &&
      (event.hook === 'OUTPUT' || event.hook === 'PREROUTING') &&
      event.table !== 'raw' &&
      event.table !== 'filter' &&
      event.table !== 'security' &&
      (event.verdict?.kind === 'return' || event.verdict?.kind === 'accept') &&
      !bases.has(`${event.table} ${event.chain}`),
  );
  if (decided === undefined) return null;
  const { table, chain, position } = decided;
  return { family, table, chain, position };
}
