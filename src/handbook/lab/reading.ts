/** The rules of a pasted pod, read back end by back end. */
import {
  ambientSideOfRules,
  type BackEndRules,
  hasIstio,
  isState,
  type PastedPart,
  type PastedRules,
  type RulesFrom,
  withCalledChains,
} from '../../analysis/index.ts';
import {
  type Family,
  type Problem,
  parseDumpLines,
  type Ruleset,
  readListing,
  ruleCount,
} from '../../netfilter/index.ts';

/** How much was read. */
export interface ReadRules {
  readonly family: Family | 'nft';
  readonly backEnd: 'nft' | 'legacy' | null;
  readonly tables: number;
  readonly chains: number;
  readonly rules: number;
}

export interface ReadText extends BackEndRules {
  readonly from: RulesFrom;
  /** With the lines of the whole text. */
  readonly problems: readonly Problem[];
  readonly read: readonly ReadRules[];
  /** Its first line and its last one in the whole text; 0 for a part without lines. */
  readonly first: number;
  readonly last: number;
  /** The text has all rules that the kernel has in these tables. */
  readonly isWhole: boolean;
  /** It would have, were there no rules that could not be read: these are in their places, and a path splits there. */
  readonly isOnlyUnread?: boolean;
}

export function readPart({ lines, numbers, backEnd, from, isTorn }: PastedRules): ReadText {
  const { problems, ...parsed } = parseDumpLines(lines);
  const rulesets = [parsed.v4, parsed.v6].filter((one) => one !== undefined && one.tables.length > 0);
  const isCutOff = problems.some(({ code }) => code === 'line cut off');
  const told = rulesets as readonly Ruleset[];
  const hasAll = isTorn !== true && isWholeText(lines, from) && !isCutOff && !hasUnread(told, isTornRule);
  const isWhole = hasAll && !hasUnread(told);
  const { read, isCut } = withCalled(told, isWhole);
  return {
    backEnd,
    from,
    ...placeOf(numbers),
    ...Object.fromEntries(read.map((ruleset) => [ruleset.family, ruleset])),
    problems: numbered(isCut ? withoutCalled(problems, read) : problems, { numbers }),
    read: told.map((ruleset) => countsOf(ruleset, backEnd)),
    isWhole: isWhole && !isCut,
    isOnlyUnread: hasAll && !isWhole && !isCut,
  };
}

/** `isCut`: the text calls chains that it does not show. */
function withCalled(told: readonly Ruleset[], isWhole: boolean) {
  const read = told.map((one) => withCalledChains(one, isWhole));
  return { read, isCut: read.some((one, at) => one !== told[at]) };
}

/** A chain that the text calls and does not show is no target that nobody knows. */
function withoutCalled(problems: readonly Problem[], rulesets: readonly Ruleset[]): readonly Problem[] {
  const chains = new Set(
    rulesets.flatMap(({ tables }) =>
      tables.flatMap((table) => table.chains.map(({ name }) => `${table.name} ${name}`)),
    ),
  );
  return problems.filter((one) => one.code !== 'target unknown' || !chains.has(`${one.table} ${one.target}`));
}

/**
 * What iptables -L printed; null where it does not tell all that a rule asks, which is so without -v and without -n.
 */
export function readListed({ lines, numbers, isTorn }: PastedPart): ReadText | null {
  const { tables, tells, problems, ...parsed } = readListing(lines);
  if (tables.length === 0 || !tells.interfaces || !tells.numbers) return null;
  const told = [parsed.v4, parsed.v6].filter((one) => one !== undefined);
  const { read, isCut } = withCalled(told, false);
  return {
    backEnd: null,
    from: 'listed',
    ...placeOf(numbers),
    ...Object.fromEntries(read.map((ruleset) => [ruleset.family, ruleset])),
    problems: numbered(isCut ? withoutCalled(problems, read) : problems, { numbers }),
    read: told.map((ruleset) => countsOf(ruleset, null)),
    // It prints the chains of all hooks of a table.
    isWhole:
      isTorn !== true &&
      !isCut &&
      read.every(({ tables: all }) => {
        const nat = all.find(({ name }) => name === 'nat');
        const chains = nat?.chains.map(({ name }) => name) ?? [];
        const isIstios = all.some((table) => table.chains.some(({ name }) => name.startsWith('ISTIO_')));
        if (!isIstios) return nat === undefined || chains.includes('POSTROUTING');
        const prerouting = nat?.chains.find(({ name }) => name === 'PREROUTING')?.rules ?? [];
        const tellsInbound = prerouting.length > 0 || all.length > 1;
        return chains.includes('POSTROUTING') && tellsInbound;
      }),
  };
}

/** What is left of a rule that could not be read has no target: its line was cut off. */
const isTornRule = (unread: string): boolean => !/ -(?:[jg]|-jump|-goto) \S/.test(unread);

/**
 * Rules that could not be read: the kernel’s tools print none, so that their lines were cut off or changed on the way
 * here, and what the pod has is not told.
 */
function hasUnread(told: readonly Ruleset[], isSo: (unread: string) => boolean = () => true): boolean {
  return told.some(({ tables }) =>
    tables.some(({ chains }) =>
      chains.some(({ rules }) => rules.some(({ unread }) => unread !== undefined && isSo(unread))),
    ),
  );
}

/**
 * iptables-save and -S print the policies of nat's hooks, and the former ends a table with COMMIT: a text without them
 * was copied in part or cut off. A log and a list of commands tell what was done, not what is there.
 */
function isWholeText(lines: readonly string[], from: RulesFrom): boolean {
  if (!isState(from)) return false;
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  const isNat = lines.includes('*nat');
  if (!tellsOfInbound(lines)) return false;
  // iptables-save prints the chains of a table before its rules: lines in another order were sorted, or put together.
  const isRule = (line: string | undefined) => /^(?:\[\d+:\d+\] )?-A /.test(line ?? '');
  if (from === 'saved' && lines.some((line, at) => line.startsWith(':') && isRule(lines[at - 1])))
    return false;
  const isCut = from === 'saved' && count(/^# Generated by/) > 0 && count(/^\*/) > count(/^COMMIT/);
  return !isCut && (!isNat || count(/^(?::|-P )PREROUTING /) > 0);
}

/**
 * Istio's rules stand in nat, and in TPROXY mode those for inbound calls in mangle: one table of the two may look like
 * rules that capture nothing. iptables-save prints both, and begins with a remark of its own.
 */
function tellsOfInbound(lines: readonly string[]): boolean {
  const has = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  if (!has(/\bISTIO_(?:INBOUND|OUTPUT|REDIRECT|TPROXY|DIVERT|PRERT)\b/)) return true;
  if (!lines.includes('*nat')) return false;
  return (
    lines.some((line) => /-A PREROUTING\b/.test(line) && line.includes('-j ISTIO_')) ||
    lines.some((line) => /-A ISTIO_INBOUND\b/.test(line) && /-j ISTIO_\w*REDIRECT/.test(line)) ||
    lines.includes('*mangle') ||
    has(/^# Generated by/)
  );
}

function countsOf(ruleset: Ruleset, backEnd: ReadRules['backEnd']): ReadRules {
  const { family, tables } = ruleset;
  const chains = tables.flatMap((table) => table.chains).length;
  return { family, backEnd, tables: tables.length, chains, rules: ruleCount(ruleset) };
}

/** Problems with the lines of the whole text. */
export function numbered(
  problems: readonly Problem[],
  { numbers }: Pick<PastedPart, 'numbers'>,
): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, line: numbers[problem.line - 1] ?? problem.line }));
}

function placeOf(numbers: readonly number[]): Pick<ReadText, 'first' | 'last'> {
  return { first: numbers[0] ?? 0, last: numbers.at(-1) ?? 0 };
}

/** What the kernel has, where the text tells it; else what it was told to have, which is history beside the other. */
export function stateOf(texts: readonly ReadText[]): readonly ReadText[] {
  const state = texts.filter(({ from }) => isState(from));
  if (!state.some(({ read }) => read.length > 0)) return texts;
  if (state.some(({ read }) => read.some(({ rules }) => rules > 0))) return state;
  // Linkerd's init container looks at empty tables before it runs its commands.
  const behind = texts.filter(
    ({ from, first, read }) =>
      from === 'commands' && state.every(({ last }) => last < first) && read.some(({ rules }) => rules > 0),
  );
  return behind.length > 0 ? behind : state;
}

/** The back end whose rules are walked: the one that has Istio's, and of ambient mode before a sidecar's. */
export function chooseBackEnd(texts: readonly ReadText[]): ReadText | undefined {
  if (texts.length < 2) return texts[0];
  const ofAmbient = (side: 'pod' | 'node') =>
    texts.findLast(({ v4, v6 }) => [v4, v6].some((one) => ambientSideOfRules(one) === side));
  return (
    ofAmbient('pod') ??
    ofAmbient('node') ??
    texts.findLast(({ v4 }) => hasIstio(v4)) ??
    texts.findLast(({ v6 }) => hasIstio(v6)) ??
    texts.findLast(({ read }) => read.some(({ rules }) => rules > 0)) ??
    texts.at(-1)
  );
}
