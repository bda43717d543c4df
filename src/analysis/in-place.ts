/**
 * The commands that make a pod's rules those of Istio again while the pod runs. They hold in the order in which they
 * stand: what is deleted by its position is deleted from behind, and what is put in is put in from the front.
 */
import { findChain, printRule, type Ruleset, type TableName } from '../netfilter/index.ts';
import { chainOwner } from './chain-owner.ts';
import type { ChainDifference } from './difference.ts';
import { differences } from './findings/differences.ts';
import type { ExaminedRules } from './findings/finding.ts';
import { meshes } from './findings/meshes.ts';
import { isIstioChain } from './identify.ts';
import { chainCalled, ruleAt } from './rule-parts.ts';

/** One command. Positions count from 1, at the time when the command is run. */
export type InPlaceStep = { readonly table: TableName; readonly chain: string } & (
  | { readonly does: 'make chain' | 'empty chain' | 'drop chain' }
  | { readonly does: 'delete'; readonly position: number }
  | { readonly does: 'insert'; readonly position: number; readonly rule: string }
  | { readonly does: 'append'; readonly rule: string }
);

/** Longer lists are no advice: the pod is to be made anew. */
const mostSteps = 60;

/**
 * None where the rules are Istio's, where the text does not have all of them, beside another mesh, and where there
 * would be too many. Rules of other software stay where they are.
 */
export function stepsInPlace(examined: ExaminedRules): readonly InPlaceStep[] {
  const { ruleset, identification, isWhole } = examined;
  if (identification === null || !isWhole || identification.chains.length === 0) return [];
  if (meshes(examined).length > 0) return [];
  const { expected, chains } = identification;
  const stays = staysIn(examined);
  const [made, extra] = [chainsMissing(expected, ruleset), chainsMissing(ruleset, expected)];
  const steps: readonly InPlaceStep[] = [
    ...made.map((one) => ({ does: 'make chain', ...one }) as const),
    // A chain is filled before anything jumps to it.
    ...[...chains]
      .filter((one) => !extra.some(({ table, chain }) => one.table === table && one.chain === chain))
      .sort(userChainsFirst)
      .flatMap((one) => stepsOf(one, stays)),
    ...extra.map((one) => ({ does: 'empty chain', ...one }) as const),
    ...extra.map((one) => ({ does: 'drop chain', ...one }) as const),
  ];
  return steps.length > mostSteps ? [] : steps;
}

function userChainsFirst(one: ChainDifference, other: ChainDifference): number {
  return Number(!isIstioChain({ name: one.chain })) - Number(!isIstioChain({ name: other.chain }));
}

type Place = { readonly table: TableName; readonly chain: string; readonly position: number };

/** Whether a rule that only the pod has is left where it is: it is other software's, or stands beside. */
function staysIn(examined: ExaminedRules): (place: Place, rule: string) => boolean {
  const { ruleset, identification } = examined;
  const found = differences(examined);
  return ({ table, chain, position }, rule) => {
    if (isIstioChain({ name: chain })) return false;
    const own = findChain(identification?.expected ?? ruleset, table, chain)?.rules ?? [];
    if (own.some((one) => printRule(ruleset.family, one) === rule)) return false;
    const here = ruleAt(ruleset, { table, chain, position });
    if (here !== undefined && isIstioChain({ name: chainCalled(here) ?? '' })) return false;
    return !found.some(
      ({ id, place }) =>
        (id === 'rule.foreign' || id === 'rule.moved') &&
        place?.table === table &&
        place.chain === chain &&
        place.position === position,
    );
  };
}

function stepsOf(
  { table, chain, rows }: ChainDifference,
  stays: (place: Place, rule: string) => boolean,
): readonly InPlaceStep[] {
  const deletes: InPlaceStep[] = [];
  const inserts: InPlaceStep[] = [];
  let before = 0;
  const keeps = (row: { readonly position: number; readonly rule: string }) =>
    stays({ table, chain, position: row.position }, row.rule);
  const isLast = (at: number) =>
    rows.slice(at).every((row) => row.kind === 'gone' || (row.kind === 'come' && !keeps(row)));
  for (const [at, row] of rows.entries()) {
    if (row.kind === 'kept') before += row.count;
    else if (row.kind === 'come') {
      if (keeps(row)) before++;
      else deletes.unshift({ does: 'delete', table, chain, position: row.position });
    } else {
      before++;
      inserts.push(
        isLast(at)
          ? { does: 'append', table, chain, rule: row.rule }
          : { does: 'insert', table, chain, position: before, rule: row.rule },
      );
    }
  }
  return [...deletes, ...inserts];
}

/** Istio's chains that one has and the other has not. */
function chainsMissing(one: Ruleset, other: Ruleset): readonly Pick<InPlaceStep, 'table' | 'chain'>[] {
  return one.tables.flatMap(({ name: table, chains }) =>
    chains
      .filter((chain) => isIstioChain(chain) && chainOwner(chain.name) === 'Istio')
      .filter(({ name }) => findChain(other, table, name) === undefined)
      .map(({ name }) => ({ table, chain: name })),
  );
}
