/** The rules of a pasted pod, read back end by back end. */
import { type BackEndRules, hasIstio, type PastedPart, type PastedPod } from '../../analysis/index.ts';
import { type Family, type Problem, parseDumps, type Ruleset } from '../../netfilter/index.ts';

/** How much was read. */
export interface ReadRules {
  readonly family: Family;
  readonly backEnd: 'nft' | 'legacy' | null;
  readonly tables: number;
  readonly chains: number;
  readonly rules: number;
}

export interface ReadText extends BackEndRules {
  /** With the lines of the whole text. */
  readonly problems: readonly Problem[];
  readonly read: readonly ReadRules[];
}

export function readPart({ lines, numbers, backEnd }: PastedPod['rules'][number]): ReadText {
  const { problems, ...parsed } = parseDumps(lines.join('\n'));
  const rulesets = [parsed.v4, parsed.v6].filter((one) => one !== undefined && one.tables.length > 0);
  const read = rulesets as readonly Ruleset[];
  return {
    backEnd,
    ...Object.fromEntries(read.map((ruleset) => [ruleset.family, ruleset])),
    problems: numbered(problems, { numbers }),
    read: read.map((ruleset) => countsOf(ruleset, backEnd)),
  };
}

function countsOf({ family, tables }: Ruleset, backEnd: ReadRules['backEnd']): ReadRules {
  const chains = tables.flatMap((table) => table.chains);
  const rules = chains.reduce((sum, chain) => sum + chain.rules.length, 0);
  return { family, backEnd, tables: tables.length, chains: chains.length, rules };
}

/** Problems with the lines of the whole text. */
export function numbered(
  problems: readonly Problem[],
  { numbers }: Pick<PastedPart, 'numbers'>,
): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, line: numbers[problem.line - 1] ?? problem.line }));
}

/** The back end whose rules are walked: the one that has Istio's. */
export function chooseBackEnd(texts: readonly ReadText[]): ReadText | undefined {
  return (
    texts.findLast(({ v4 }) => hasIstio(v4)) ??
    texts.findLast(({ v6 }) => hasIstio(v6)) ??
    texts.findLast(({ read }) => read.some(({ rules }) => rules > 0)) ??
    texts.at(-1)
  );
}
