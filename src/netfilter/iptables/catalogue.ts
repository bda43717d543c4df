/**
 * Every match and target that the engine knows, by name, as reading, printing and walking look them up.
 */

import type { Family, TableName } from '../model/ruleset.ts';
import { type Forms, formsOf, type MatchExtension, type TargetExtension } from './extension.ts';
import { matchExtensions } from './matches/index.ts';
import { targetExtensions } from './targets/index.ts';

interface Known<E> {
  readonly extension: E;
  readonly forms: Forms;
}

function listed<E extends MatchExtension | TargetExtension>(
  extensions: readonly E[],
): ReadonlyMap<string, Known<E>> {
  return new Map(
    extensions.map((extension) => [extension.name, { extension, forms: formsOf(extension.options) }]),
  );
}

const matches = listed(matchExtensions);
const targets = listed(targetExtensions);

/** The match of this name; with a family, only where that family has it. */
export function knownMatch(name: string, family?: Family): Known<MatchExtension> | undefined {
  return ofFamily(matches.get(name), family);
}

export function knownTarget(name: string, family?: Family): Known<TargetExtension> | undefined {
  return ofFamily(targets.get(name), family);
}

/** The table of a target that the kernel takes in one table alone; undefined for every other name. */
export function onlyTableOf(target: string): TableName | undefined {
  const { tables = [] } = targets.get(target)?.extension ?? {};
  return tables.length === 1 ? tables[0] : undefined;
}

function ofFamily<E extends MatchExtension | TargetExtension>(
  known: Known<E> | undefined,
  family: Family | undefined,
): Known<E> | undefined {
  return known === undefined || family === undefined || (known.extension.family ?? family) === family
    ? known
    : undefined;
}

export const ipMatch = matches.get('ip') as Known<MatchExtension>;

export type { Known };
