/** TPROXY without its routing: what it marks must be routed to lo, by a line of `ip rule` and a table of its own. */
import { familyOf, type Network, type Ruleset } from '../../netfilter/index.ts';
import type { Identification } from '../identify.ts';
import type { Finding } from './index.ts';

/** With its listener filter original_src Envoy calls the app from the client's address, and waits for the answers. */
const hangs =
  'so the app’s answers to inbound connections leave the pod instead of coming back to Envoy, and the connections hang';

/** The findings on the routing rules and routes that a text told; what it did not tell is not missed. */
export function routingFindings(
  ruleset: Ruleset,
  { placed: { routes, routingRules } }: Identification,
  network: Network,
): readonly Finding[] {
  const { family } = ruleset;
  const ip = family === 'v4' ? 'ip' : 'ip -6';
  const by = tproxyRule(ruleset);
  const [rule] = routingRules;
  if (by === null || rule?.fwmark === undefined) return [];
  const { fwmark, table } = rule;
  const mark = `0x${fwmark.value.toString(16)}`;
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
  const lacking = [
    ...(network.told.rules.includes(family) && hasRule !== true
      ? [
          {
            what: `no line of ${ip} rule looks that mark up in table ${table}`,
            mend: `${ip} rule add fwmark ${fwmark.value} lookup ${table}`,
          },
        ]
      : []),
    ...(route !== undefined && isRouteTold && hasRoute !== true
      ? [
          {
            what: `table ${table} has no local route`,
            mend: `${ip} route add local ${route.destination} dev ${route.dev} table ${table}`,
          },
        ]
      : []),
  ];
  if (lacking.length === 0) return [];
  return [
    {
      weight: 'wrong',
      kind: 'routing',
      says: `${by} marks what comes in with ${mark}, but ${lacking.map(({ what }) => what).join(' and ')}, ${hangs}`,
      mend: `add it with ${lacking.map(({ mend }) => mend).join(' and ')}, or delete the pod`,
    },
  ];
}

/** The rule that hands over, as it is called in a finding. */
function tproxyRule({ tables }: Ruleset): string | null {
  for (const { name, chains } of tables) {
    for (const chain of chains) {
      const at = chain.rules.findIndex(
        ({ target }) => target?.kind === 'extension' && target.name === 'TPROXY',
      );
      const rule = chain.rules[at];
      if (rule !== undefined) return `${name} ${chain.name} ${at + 1}, -j TPROXY,`;
    }
  }
  return null;
}
