/** Where the rules of ambient mode stand, whichever tool makes them. */
import type { Family, TableRef } from '../../netfilter/index.ts';
import type { AmbientPlace, AmbientRuleset } from './rules.ts';

/** The place of a rule in either language. */
export interface AmbientRolePlace extends Omit<AmbientPlace, 'table' | 'line'> {
  readonly table: TableRef;
}

/** The place of each rule. Of nft a rule is of both families, and told as that of the one. */
export function ambientPlaces(
  { nft, roles, nativeRoles }: AmbientRuleset,
  family: Family = 'v4',
): readonly AmbientRolePlace[] {
  return nft === null
    ? roles
    : nativeRoles.map(({ role, table, chain, position }) => ({
        role,
        family,
        table: `inet ${table}` as const,
        chain,
        position,
      }));
}
