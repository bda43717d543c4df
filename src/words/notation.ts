/**
 * What is written in the same way in every language: addresses and rules.
 */
import {
  type Family,
  familyOf,
  findChain,
  type Host,
  type Packet,
  printCondition,
  printEndpoint,
  printRule,
  type Rule,
  type RuleEvent,
  type TableRef,
} from '../netfilter/index.ts';
import { nftTexts, type WrittenChain } from './nft-notation/index.ts';

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
  const { packet, table, chain, position } = event;
  return writtenChain(rulesets, familyOf(packet.destination), table, chain)?.text(position) ?? '';
}

/** Null where the ruleset has no such chain. */
export function writtenChain(
  rulesets: Host['rulesets'],
  family: Family,
  table: TableRef,
  chain: string,
): WrittenChain | null {
  const ruleset = rulesets[family];
  const found = ruleset && findChain(ruleset, table, chain);
  if (found === undefined) return nftTexts?.chain(rulesets, table, chain) ?? null;
  const { policy, rules } = found;
  const written = (rule: Rule | undefined) => (rule === undefined ? '' : printRule(family, rule));
  return { policy, count: rules.length, text: (position) => written(rules[position - 1]) };
}

/** The condition of a rule that failed, or that could not be told, as it is written; null where none did. */
export function failedCondition({ failed, packet }: RuleEvent): string | null {
  return failed === undefined ? null : printCondition(familyOf(packet.destination), failed);
}
