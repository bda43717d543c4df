/** Fences whose whole body is the engine's to write: the rules of a chain, a dump of all rules, a trace. */
import { type Event, printRuleset } from '../../netfilter/index.ts';
import { textLegs } from '../../render/index.ts';
import { ending } from '../../words/index.ts';
import { unknown } from '../scenarios/did-you-mean.ts';
import { rulesUnder } from '../scenarios/rules-under.ts';
import { shownScenarioNamed, walkShown } from '../scenarios/shown.ts';
import { lineDifference, printDifference } from './difference.ts';
import { chainAmong } from './names.ts';
import type { Fence } from './page-text.ts';
import { acceptCommand } from './path-fences.ts';
import { type ClaimProblem, problemAt } from './problem.ts';
import {
  type DumpQuestion,
  readDumpQuestion,
  readNftQuestion,
  readRulesQuestion,
  readTraceQuestion,
  type TraceQuestion,
} from './question.ts';
import { chainRules, nftLines } from './rule-fences.ts';

/** What the engine would write into a fence. */
interface Written {
  readonly lines: readonly string[];
  /** What is wrong where line `at`, counted from 1, is another. */
  readonly wrong: (at: number) => string;
  readonly accept: string;
}

/** By language of the fence; a text is what is wrong with its question. */
const writers: Readonly<Record<string, (meta: string) => Written | string>> = {
  iptables: (meta) => {
    const question = readRulesQuestion(meta);
    const lines = typeof question === 'string' ? question : chainRules(question);
    if (typeof question === 'string' || typeof lines === 'string') return lines as string;
    return {
      lines,
      wrong: (at) => `Istio programs other rules into ${question.chain}: rule ${at} is another`,
      accept: `To accept the rules of Istio: ${acceptCommand}`,
    };
  },
  'iptables-save': (meta) => {
    const question = readDumpQuestion(meta);
    const lines = typeof question === 'string' ? question : dumpOf(question);
    if (typeof lines === 'string') return lines;
    return {
      lines,
      wrong: (at) => `iptables-save prints other rules: line ${at} is another`,
      accept: `To accept the rules of Istio: ${acceptCommand}`,
    };
  },
  nft: (meta) => {
    const question = readNftQuestion(meta);
    const lines = typeof question === 'string' ? question : nftLines(question);
    if (typeof lines === 'string') return lines;
    return {
      lines,
      wrong: (at) => `Istio hands other rules to nft: line ${at} is another`,
      accept: `To accept the rules of Istio: ${acceptCommand}`,
    };
  },
  trace: (meta) => {
    const question = readTraceQuestion(meta);
    const lines = typeof question === 'string' ? question : traceOf(question);
    if (typeof question === 'string' || typeof lines === 'string') return lines as string;
    return {
      lines,
      wrong: (at) => `the trace of scenario ${question.scenario} is another: line ${at}`,
      accept: `To accept what the engine walks: ${acceptCommand}`,
    };
  },
};

function writerOf(language: string) {
  return Object.hasOwn(writers, language) ? writers[language] : undefined;
}

export function isWritten({ language }: Pick<Fence, 'language'>): boolean {
  return Object.hasOwn(writers, language);
}

/** The lines that belong into the fence; a text is what is wrong with its question. */
export function writtenLines({ language, meta }: Fence): readonly string[] | string {
  const written = writerOf(language)?.(meta);
  return written === undefined ? [] : typeof written === 'string' ? written : written.lines;
}

export function checkWritten(file: string, fence: Fence): readonly ClaimProblem[] {
  const place = { line: fence.line, column: fence.indent.length + 1 };
  const written = writerOf(fence.language)?.(fence.meta);
  if (written === undefined) return [];
  if (typeof written === 'string') return [problemAt(file, place, written)];
  const { lines, wrong, accept } = written;
  const stated = fence.body.map((line) => line.slice(fence.indent.length));
  const at = Array.from({ length: Math.max(stated.length, lines.length) }).findIndex(
    (_, index) => stated[index] !== lines[index],
  );
  if (at < 0) return [];
  return [
    problemAt(
      file,
      { line: fence.line + 1 + Math.min(at, stated.length), column: place.column },
      wrong(at + 1),
      [...printDifference(lineDifference(stated, lines)), accept],
    ),
  ];
}

function dumpOf({ family, table, change }: DumpQuestion): readonly string[] | string {
  const ruleset = rulesUnder(change)[family];
  if (ruleset === null) return 'found rules of IPv6, which Istio does not write as the handbook is set';
  const tables = table === undefined ? ruleset.tables : ruleset.tables.filter(({ name }) => name === table);
  if (tables.length === 0) {
    return unknown(
      'table',
      table ?? '',
      ruleset.tables.map(({ name }) => name),
    );
  }
  return printRuleset({ ...ruleset, tables })
    .trimEnd()
    .split('\n');
}

/** Of the trace as text, what was asked for: a leg, or the rules of one chain that it was in. */
function traceOf({ scenario: name, change, leg, chain }: TraceQuestion): readonly string[] | string {
  const scenario = shownScenarioNamed(name);
  if (scenario === undefined) return [];
  const { journey } = walkShown(scenario, change);
  const rules = rulesUnder(change);
  const legs = textLegs(journey);
  const asked = leg === undefined ? legs : legs.slice(leg - 1, leg);
  if (asked.length === 0) return `found leg ${leg} of scenario ${name}, which has ${legs.length}`;
  if (chain === undefined) {
    const lines = asked.flatMap((one) => [one.title, ...one.lines.map((line) => line.text)]);
    return leg === undefined ? [...lines, ending(journey)] : lines;
  }
  const found = asked
    .flatMap(({ lines }) => lines)
    .filter(({ event }) => event !== undefined && chainOf(event) === chainAmong(rules, chain));
  if (found.length > 0) return found.map((line) => line.text.trim());
  const chains = legs.flatMap(({ lines }) => lines.flatMap(({ event }) => (event && chainOf(event)) ?? []));
  return unknown('chain', chain, [...new Set(chains)]);
}

/** The chain of which an event tested a rule; null for any other event. */
function chainOf(event: Event): string | null {
  return event.kind === 'rule' && event.matched !== null ? event.chain : null;
}
