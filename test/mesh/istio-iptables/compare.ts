/** What `rulesFor` gives, held to what the kernel listed after Istio's own program. */
import { type OptionProblem, rulesFor, type SidecarRules } from '../../../src/istio/index.ts';
import { printRuleset, type Ruleset } from '../../../src/netfilter/index.ts';
import { readSaved } from '../../kernel/saved.ts';
import type { Said } from './ask.ts';
import type { OptionSet } from './option-sets.ts';

/** What the injector refuses before the program is asked. Source: pkg/kube/inject/validate.go. */
const ofTheInjector: readonly OptionProblem['code'][] = [
  'no range',
  'blank in a range',
  'no port',
  'port too high',
];

/** What iptables refuses and nft takes: `checkOptions` asks iptables. */
export const onlyOfIptables: ReadonlySet<string> = new Set(['no port', 'port too high', 'id too high']);

/** Where both differ, in words; null where they do not. */
export function differenceOf(release: string, set: OptionSet, said: Said): string | null {
  const rules = rulesFor(release, set);
  const errors = rules.problems.filter(({ severity }) => severity === 'error');
  if (said === null) return errors.length > 0 ? null : 'Istio refuses the options, rulesFor does not';
  const strict = errors.filter(({ code }) => !ofTheInjector.includes(code));
  if (strict.length > 0) return `Istio takes the options, rulesFor refuses them: ${strict[0]?.code}`;
  if (errors.length > 0) return null;
  const differences = [
    ...linesDiffer('IPv4', chainsIn(said.v4), chainsOf(rules.v4)),
    ...linesDiffer('IPv6', chainsIn(said.v6), chainsOf(rules.v6)),
    ...linesDiffer('routing', said.routing.split('\n').map(readRouting), routingOf(rules)),
  ];
  return differences.length === 0 ? null : differences.join('\n');
}

export function linesDiffer(
  what: string,
  istio: readonly string[],
  own: readonly string[],
): readonly string[] {
  const missing = istio
    .filter((line) => !own.includes(line))
    .map((line) => `${what}: only Istio has ${line}`);
  const extra = own
    .filter((line) => !istio.includes(line))
    .map((line) => `${what}: only rulesFor has ${line}`);
  const differ = [...missing, ...extra];
  if (differ.length > 0 || istio.length === own.length) return differ;
  return [`${what}: Istio has ${istio.length} lines, rulesFor ${own.length}`];
}

/** Each user chain, and each rule with its chain and position: `nat ISTIO_OUTPUT 3 -A …`. */
export function chainsIn(saved: string): readonly string[] {
  return [...readSaved(saved)].flatMap(([table, chains]) =>
    [...chains].flatMap(([name, { policy, rules }]) => [
      ...(policy === null ? [`${table} :${name}`] : []),
      ...rules.map((rule, at) => `${table} ${at + 1} ${rule}`),
    ]),
  );
}

function chainsOf(ruleset: Ruleset | null): readonly string[] {
  return ruleset === null ? [] : chainsIn(printRuleset(ruleset));
}

/** In the form of the lines of the engine: `rule 32765 fwmark 0x539 133`, `route v6 133`, `address ::6/128`. */
function readRouting(line: string): string {
  const [, six = '', priority, mark = '', table] =
    /^(v6 )?(\d+):\s+from all (fwmark \S+ )?lookup (\S+)/.exec(line) ?? [];
  if (priority !== undefined) return `rule ${six}${priority} ${mark}${numberOf(table)}`;
  const [isRoute, route = '', routed] = /^(v6 )?local default dev lo (?:table (\S+))?/.exec(line) ?? [];
  if (isRoute !== undefined) return `route ${route}${numberOf(routed)}`;
  const [, address] = /inet6? (\S+)/.exec(line) ?? [];
  return address === undefined ? line : `address ${address}`;
}

function markOf(mark: number | undefined): string {
  return mark === undefined ? '' : `fwmark 0x${mark.toString(16)} `;
}

/** What `ip` has names for; it leaves the name of `main` out of routes. */
function numberOf(table = 'main'): string {
  return { main: '254', default: '253', local: '255' }[table] ?? table;
}

/** A rule of routing stands in each family that has a route for it. */
function routingOf({ routes, routingRules, addresses }: SidecarRules): readonly string[] {
  const familyOf = (destination: string): string => (destination.includes(':') ? 'v6 ' : '');
  const printed = [
    ...routes.flatMap(({ destination, table }) => [
      `route ${familyOf(destination)}${table}`,
      ...routingRules.map(
        ({ priority, fwmark, table: lookedUp }) =>
          `rule ${familyOf(destination)}${priority} ${markOf(fwmark?.value)}${lookedUp}`,
      ),
    ]),
    ...addresses.map(({ address }) => `address ${address}`),
  ];
  return printed.length === 0 ? [''] : printed;
}
