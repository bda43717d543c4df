import type { NftExpression, NftStatement, NftValue } from './model.ts';

export type NftOperand = NftExpression | NftValue;

/** What a statement reads or writes. */
export function operandsOf(statement: NftStatement): readonly NftOperand[] {
  switch (statement.kind) {
    case 'match':
      return [statement.left];
    case 'vmap':
    case 'set update':
    case 'object map':
      return [statement.key];
    case 'set':
      return [statement.target, statement.value];
    default:
      return [];
  }
}
