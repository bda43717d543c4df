/** TPROXY without its routing: what it marks must be routed to lo, by a line of `ip rule` and a table of its own. */
import { type Family, familyOf, type Network, type Ruleset } from '../../netfilter/index.ts';
import { type RulePlace, verdictOf } from '../rule-parts.ts';
import type { Examined, ExaminedRules, FindingOf } from './finding.ts';

export type RoutingFinding = FindingOf<
  'routing.tproxy',
  {
    readonly place: RulePlace;
    readonly family: Family;
    readonly mark: number;
    /** The routing table that the mark is for. */
    readonly table: string;
    /** At least one of the two. */
    readonly lacksRule: boolean;
    /** Null where the route is there, or the text does not tell. */
    readonly lacksRoute: { readonly destination: string; readonly dev: string } | null;
  }
>;

/** What a text did not tell is not missed. */
export function routing({ families, network }: Examined): readonly RoutingFinding[] {
  return network === null ? [] : families.flatMap((one) => routingOf(one, network));
}

function routingOf({ ruleset, identification }: ExaminedRules, network: Network): readonly RoutingFinding[] {
  const place = tproxyRule(ruleset);
  const { routes = [], routingRules = [] } = identification?.placed ?? {};
  const [rule] = routingRules;
  if (place === null || rule?.fwmark === undefined) return [];
  const { family } = ruleset;
  const { fwmark, table } = rule;
  const hasRule = network.rules?.some(
    (one) =>
      (one.family ?? family) === family &&
      one.table === table &&
      one.fwmark !== undefined &&
      ((one.fwmark.value ^ fwmark.value) & one.fwmark.mask) === 0,
  );
  const hasRoute = network.routes?.some(
    (one) => (one.family ?? family) === family && one.table === table && one.type === 'local',
  );
  const route = routes.find(({ destination }) => familyOf(destination) === family);
  const isRouteTold =
    network.told.routes.includes(family) && (network.tables === null || network.tables.includes(table));
  const lacksRule = network.told.rules.includes(family) && hasRule !== true;
  const lacksRoute =
    route !== undefined && isRouteTold && hasRoute !== true
      ? { destination: route.destination, dev: route.dev ?? 'lo' }
      : null;
  if (!lacksRule && lacksRoute === null) return [];
  const mark = fwmark.value;
  return [{ id: 'routing.tproxy', weight: 'wrong', place, family, mark, table, lacksRule, lacksRoute }];
}

/** The rule that hands over. */
function tproxyRule({ tables }: Ruleset): RulePlace | null {
  for (const { name: table, chains } of tables) {
    for (const { name: chain, rules } of chains) {
      const at = rules.findIndex((rule) => verdictOf(rule) === 'TPROXY');
      if (at >= 0) return { table, chain, position: at + 1 };
    }
  }
  return null;
}
