/** TPROXY without its routing: what it marks must be routed to lo, by a line of `ip rule` and a table of its own. */
import { familyOf, type Network, printRule, type Ruleset } from '../netfilter/index.ts';
import type { Finding } from './findings.ts';
import type { Identification } from './identify.ts';

/** With its listener filter original_src Envoy calls the app from the client's address, and waits for the answers. */
const hangs =
  'so the app’s answers to what Envoy hands it with the client’s address leave the pod instead of coming back to Envoy, and inbound connections hang';

/** The findings on the routing rules and routes that a text told; what it did not tell is not missed. */
export function routingFindings(
  ruleset: Ruleset,
  { placed: { routes, routingRules } }: Identification,
  network: Network,
): readonly Finding[] {
  const { family } = ruleset;
  const ip = family === 'v4' ? 'ip' : 'ip -6';
  const by = tproxyRule(ruleset);
  if (by === null) return [];
  const found: Finding[] = [];
  for (const { fwmark, table } of routingRules) {
    if (fwmark === undefined || !network.told.rules.includes(family)) continue;
    const isThere = network.rules?.some(
      (one) =>
        (one.family ?? family) === family &&
        one.table === table &&
        one.fwmark !== undefined &&
        ((one.fwmark.value ^ fwmark.value) & one.fwmark.mask) === 0,
    );
    if (isThere === true) continue;
    const mark = `0x${fwmark.value.toString(16)}`;
    found.push({
      weight: 'wrong',
      kind: 'routing',
      says: `${by} gives what comes in the mark ${mark}, but ${ip} rule has no line “fwmark ${mark} lookup ${table}”, ${hangs}`,
      mend: `add it with ${ip} rule add fwmark ${fwmark.value} lookup ${table}, or delete the pod`,
    });
  }
  for (const { destination, table = 'main', dev } of routes) {
    const isTold = network.tables === null || network.tables.includes(table);
    if (familyOf(destination) !== family || !network.told.routes.includes(family) || !isTold) continue;
    const isThere = network.routes?.some(
      (one) => (one.family ?? family) === family && one.table === table && one.type === 'local',
    );
    if (isThere === true) continue;
    found.push({
      weight: 'wrong',
      kind: 'routing',
      says: `${by} counts on routing table ${table}, but ${ip} route has no local route in it, ${hangs}`,
      mend: `add it with ${ip} route add local ${destination} dev ${dev} table ${table}, or delete the pod`,
    });
  }
  return found;
}

/** The rule that hands over, as it is called in a finding. */
function tproxyRule({ family, tables }: Ruleset): string | null {
  for (const { name, chains } of tables) {
    for (const chain of chains) {
      const at = chain.rules.findIndex(
        ({ target }) => target?.kind === 'extension' && target.name === 'TPROXY',
      );
      const rule = chain.rules[at];
      if (rule !== undefined) return `${name} ${chain.name} ${at + 1}, ${printRule(family, rule)},`;
    }
  }
  return null;
}
