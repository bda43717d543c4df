/**
 * What is written in the same way in every language: addresses, rules, and the name of a rule.
 */
import {
  familyOf,
  findChain,
  type Host,
  type Packet,
  printEndpoint,
  printRule,
  type Rule,
  type RuleEvent,
} from '../netfilter/index.ts';

/** `10.96.0.7:80` */
export function destinationOf({ destination, destinationPort }: Packet): string {
  return printEndpoint(destination, destinationPort);
}

/** `10.244.1.5:40000` */
export function sourceOf({ source, sourcePort }: Packet): string {
  return printEndpoint(source, sourcePort);
}

/** The rule that an event tested, or undefined where the ruleset has none there. */
export function ruleOf(rulesets: Host['rulesets'], event: RuleEvent): Rule | undefined {
  const ruleset = rulesets[familyOf(event.packet.destination)];
  return ruleset && findChain(ruleset, event.table, event.chain)?.rules[event.position - 1];
}

/** The rule's text without its chain: `-o lo -j RETURN`. */
export function ruleText(rulesets: Host['rulesets'], event: RuleEvent): string {
  const rule = ruleOf(rulesets, event);
  return rule === undefined ? '' : printRule(familyOf(event.packet.destination), rule);
}

/** A chain with its table where that is not nat, because chains of two tables can share a name. */
export function chainName({ table, chain }: Pick<RuleEvent, 'table' | 'chain'>): string {
  return `${table === 'nat' ? '' : `${table} `}${chain}`;
}

/** `ISTIO_OUTPUT 9`, `mangle ISTIO_DIVERT 1` */
export function ruleName(rule: Pick<RuleEvent, 'table' | 'chain' | 'position'>): string {
  return `${chainName(rule)} ${rule.position}`;
}
