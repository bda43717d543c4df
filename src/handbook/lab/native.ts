/** What nft listed of a pasted pod, read and compared. */
import {
  type ExaminedNative,
  identifyNative,
  type PastedPart,
  type PastedPod,
} from '../../analysis/index.ts';
import { isNftJson, type NftProblem, parseNft, parseNftJson, ruleCount } from '../../netfilter/index.ts';
import type { ReadRules } from './reading.ts';

export interface ReadNft extends ExaminedNative {
  /** With the lines of the whole text. */
  readonly problems: readonly NftProblem[];
  readonly read: readonly ReadRules[];
}

/** Null where the text has nothing of nft. */
export function readNft({ nft }: Pick<PastedPod, 'nft'>): ReadNft | null {
  if (nft.lines.length === 0) return null;
  const text = nft.lines.map(withoutCommand).join('\n');
  const { ruleset, problems } = isNftJson(text) ? parseNftJson(text) : parseNft(text);
  const chains = ruleset.tables.flatMap((table) => table.chains);
  const counts: ReadRules = {
    family: 'nft',
    backEnd: null,
    tables: ruleset.tables.length,
    chains: chains.length,
    rules: ruleCount(ruleset),
  };
  return {
    ruleset,
    identification: identifyNative(ruleset),
    problems: numberedIn(problems, nft),
    read: ruleset.tables.length === 0 ? [] : [counts],
  };
}

/** `nft add rule …`, as it is written in a shell. */
function withoutCommand(line: string): string {
  return line.replace(/^\s*(?:sudo )?nft (?=(?:add|create|insert|flush|delete) )/, '');
}

function numberedIn(problems: readonly NftProblem[], { numbers }: PastedPart): readonly NftProblem[] {
  return problems.map((problem) => ({ ...problem, line: numbers[problem.line - 1] ?? problem.line }));
}
