import type { NftStatement } from '../model.ts';
import { type NftOperand, operandsOf } from '../operands.ts';

/**
 * Whether nft puts a condition for a rejection in front of the whole rule: one of a family or of a protocol that nothing
 * else in the rule names. What stands before the rejection is then not done for other packets either.
 * Source: stmt_reject_gen_dependency in src/evaluate.c of nftables.
 */
export function needsCondition(rejection: NftStatement, rule: readonly NftStatement[]): boolean {
  if (rejection.kind !== 'reject') return false;
  const of = rejection.with?.split(' ')[0];
  if (of !== 'tcp' && of !== 'icmp' && of !== 'icmpv6') return false;
  const names = of === 'tcp' ? protocols : families;
  return !rule.some(
    (statement) => isTaken(statement) && operandsOf(statement).some((operand) => speaksOf(operand, names)),
  );
}

const protocols: ReadonlySet<string> = new Set(['tcp', 'l4proto', 'ip protocol', 'ip6 nexthdr']);
/** Neither `meta protocol` nor an address of conntrack is taken for one. */
const families: ReadonlySet<string> = new Set(['ip', 'ip6', 'icmp', 'icmpv6', 'nfproto', 'l3proto']);

/** A condition other than `==` is taken for one of a protocol only where it is on a field of it, or on several. */
function isTaken(statement: NftStatement): boolean {
  if (statement.kind !== 'match' || statement.operator === '==') return true;
  const { left } = statement;
  return (
    left.kind === 'payload' || (left.kind === 'concat' && left.parts.some(({ kind }) => kind === 'payload'))
  );
}

function speaksOf(operand: NftOperand, names: ReadonlySet<string>): boolean {
  switch (operand.kind) {
    case 'payload':
      return names.has(operand.protocol) || names.has(`${operand.protocol} ${operand.field}`);
    case 'meta':
      return names.has(operand.key);
    case 'ct':
      return operand.key === 'l3proto' && names.has(operand.key);
    case 'binary':
      return speaksOf(operand.left, names) || speaksOf(operand.right, names);
    case 'concat':
      return operand.parts.some((part) => speaksOf(part, names));
    case 'map':
      return speaksOf(operand.key, names);
    default:
      return false;
  }
}
