/** What the errors of a log come to: whether the run that it tells of has failed, and what it has left. */
import type { Family } from '../../netfilter/index.ts';
import type { ErrorProgram } from './error-form.ts';
import { type ErrorLine, readErrorLine } from './error-line.ts';

/** An error, and where it stands. */
export interface LoggedError {
  readonly error: ErrorLine;
  /** From 1, in the whole text. */
  readonly line: number;
}

export interface ErrorLog {
  readonly errors: readonly LoggedError[];
  readonly run: RunOutcome;
}

/** What came of writing the rules. */
export interface RunOutcome {
  /** Null where the lines do not tell. */
  readonly failed: boolean | null;
  /** The line of what iptables-restore was given, from 1, at which it gave up; null where it does not say. */
  readonly stoppedAt: number | null;
  /** The family whose rules were not written, IPv4 before IPv6; null where it does not say. */
  readonly family: Family | null;
  /**
   * What is there after a run that failed. iptables-restore writes a table as one transaction at its COMMIT, so the
   * tables before the one that failed are there, and nothing of that one or of any behind it; of single commands, all
   * before the one that failed are there; nft takes all that it is given as one transaction. Null where nothing failed,
   * or the program is not told.
   */
  readonly leaves: 'tables before' | 'commands before' | 'nothing' | null;
  /** The line of the last error that counts, from 1, in the whole text; null where nothing failed. */
  readonly lastError: number | null;
}

/** What is said of a chain or a rule that is not there. */
const absent: ReadonlySet<string> = new Set(['chain.missing', 'rule.missing']);

/**
 * Reads the errors of a log, whatever else is in it; `numbers` are those of its lines in the whole text. `removing`:
 * the lines of commands that take away what is there: that nothing was there is what they are run for.
 */
export function readErrorLog(
  lines: readonly string[],
  numbers?: readonly number[],
  removing: ReadonlySet<number> = new Set(),
): ErrorLog {
  const lineOf = (at: number) => numbers?.[at] ?? at + 1;
  const read = lines.flatMap((text, at) => {
    const error = readErrorLine(text);
    const isAwaited = absent.has(error?.code ?? '') && removing.has(lineOf(at) - 1);
    return error === null || isAwaited ? [] : [{ error, at }];
  });
  return {
    errors: read.map(({ error, at }) => ({ error, line: lineOf(at) })),
    run: runOutcome(lines, read, lineOf),
  };
}

/** Said by istio-validation, and by istio-init where all was there. */
const succeeded =
  /Validation passed, iptables rules established|validation passed$|Found compatible residues of old iptables rules/;
/** Said by istio-init and the CNI plugin before they hand over all rules at once. */
const restores =
  /Running iptables restore with|Running iptables-restore|Running command[^:]{0,60}: ip6?tables[\w-]{0,10}-restore/;

/** Istio hands all rules of a pod to nft at once (tools/istio-nftables/pkg/capture/run.go). */
const failedWithNft = /nftables run failed/;

function runOutcome(
  lines: readonly string[],
  read: readonly { readonly error: ErrorLine; readonly at: number }[],
  lineOf: (at: number) => number,
): RunOutcome {
  const counted = read.filter(({ error }) => writes(error) && ['cause', 'outcome'].includes(error.meaning));
  const last = counted.at(-1)?.at ?? -1;
  const withNft = lines.findLastIndex((line) => failedWithNft.test(line));
  if (withNft > last)
    return {
      failed: true,
      stoppedAt: null,
      family: null,
      leaves: 'nothing',
      lastError: lineOf(withNft),
    };
  const isThrough = lines.findLastIndex((line) => succeeded.test(line)) > last;
  const isRestore =
    counted.some(({ error }) => error.program === 'iptables-restore') ||
    lines.some((line) => restores.test(line));
  const isRun = isRestore || counted.some(({ error }) => writers.has(error.program));
  if (isThrough || counted.length === 0 || !isRun)
    return { failed: isThrough ? false : null, stoppedAt: null, family: null, leaves: null, lastError: null };
  const errors = counted.map(({ error }) => error);
  const isCommand = errors.some(({ program }) => program === 'iptables');
  return {
    failed: true,
    stoppedAt: errors.find(({ line }) => line !== undefined)?.line ?? null,
    family: errors.find(({ family }) => family !== null)?.family ?? null,
    leaves: isRestore ? 'tables before' : isCommand ? 'commands before' : null,
    lastError: lineOf(last),
  };
}

/** Programs that write rules, so that an error of theirs is that of a run. */
const writers: ReadonlySet<ErrorProgram> = new Set([
  'istio-init',
  'istio-cni',
  'istio-validation',
  'linkerd-init',
]);
/** Programs that only look, and whose errors say nothing of what was written. */
const lookers: ReadonlySet<ErrorProgram> = new Set([
  'iptables-save',
  'kernel',
  'kubectl',
  'kubelet',
  'pilot-agent',
]);

/** Of a program that writes rules, and is not only asked or asks what is there. */
export function writes({ program }: ErrorLine): boolean {
  return !lookers.has(program);
}
