/** The parts of what nft looks up and compares. */
import {
  elementsOf,
  type Family,
  isConstant,
  isVerdict,
  type NftElement,
  type NftExpression,
  type NftStatement,
  type NftTable,
  type NftValue,
} from '../../netfilter/index.ts';

type Operand = NftExpression | NftValue;

/** An element with its place: which part of it stands for which part of what is looked up. */
export interface Keyed {
  readonly parts: readonly NftValue[];
  readonly element: NftElement;
}

export function partsOf(expression: NftExpression): readonly Operand[] {
  return expression.kind === 'concat' ? expression.parts : [expression];
}

export function operandOf(statement: NftStatement): Operand | undefined {
  if (statement.kind === 'match') return statement.left;
  return statement.kind === 'vmap' ? statement.key : undefined;
}

export function isOfAnyTransport(part: NftExpression): boolean {
  return part.kind === 'payload' && part.protocol === 'th';
}

/** What is asked of the reader of every packet stands in the rule's reason. */
export function toldByAll(part: NftExpression): boolean {
  return part.kind === 'meta' || part.kind === 'payload'
    ? !['time', 'day', 'hour', 'random', 'length', 'ttl', 'hoplimit', 'dscp', 'ecn'].includes(
        part.kind === 'meta' ? part.key : part.field,
      )
    : part.kind === 'ct' && ['state', 'direction', 'mark', 'zone', 'status', 'l3proto'].includes(part.key);
}

/** The elements of a set or map, or a constant as the only one; null where the table has no such set. */
export function keyed(value: NftValue, table: NftTable, amount: number): readonly Keyed[] | null {
  const elements =
    value.kind === 'set' || value.kind === 'named set' ? elementsOf(value, table) : [{ key: value }];
  return (
    elements?.map((element) => ({
      element,
      parts: amount > 1 && element.key.kind === 'concat' ? element.key.parts : [element.key],
    })) ?? null
  );
}

/** The protocol, address or port of conntrack's entry, asked of the packet as it set out. */
export function asHeader(part: NftExpression, family: Family): NftExpression {
  if (part.kind !== 'ct') return part;
  if (part.key === 'protocol') return { kind: 'meta', key: 'l4proto' };
  if (part.key === 'saddr' || part.key === 'daddr')
    return { kind: 'payload', protocol: family === 'v4' ? 'ip' : 'ip6', field: part.key };
  return { kind: 'payload', protocol: 'th', field: part.key === 'proto-src' ? 'sport' : 'dport' };
}

/** More than one address or port may come of it. */
export function isSpread(operand: Operand): boolean {
  if (!isConstant(operand)) {
    if (operand.kind !== 'map') return true;
    const { map } = operand;
    if (map.kind !== 'set') return map.kind !== 'named set';
    return map.elements.some(({ data }) => data === undefined || isVerdict(data) || isSpread(data));
  }
  if (operand.kind === 'concat') return operand.parts.some(isSpread);
  return operand.kind !== 'literal';
}

export function hasTwoParts(operand: Operand | undefined): boolean {
  if (operand === undefined) return false;
  if (operand.kind === 'concat') return operand.parts.length > 1;
  if (isConstant(operand) || operand.kind !== 'map') return false;
  const { map } = operand;
  if (map.kind !== 'set') return true;
  return map.elements.some(({ data }) => data !== undefined && 'parts' in data && data.parts.length > 1);
}
