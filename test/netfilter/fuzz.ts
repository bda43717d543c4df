/**
 * Texts that nobody would write, put to the reader: `npm run test:long reading -- --inputs 1000000 --seed 1`.
 *
 * Each must be read without an exception and in no time to speak of; every line must be accounted for, and every
 * problem must say where it is, what was found, what was expected and how to fix it. The first inputs that fail are
 * printed.
 */
import { readFileSync } from 'node:fs';
import {
  type Family,
  type Packet,
  parseDumps,
  parseRuleset,
  printRuleset,
  traverse,
} from '../../src/netfilter/index.ts';
import { problemWords } from '../../src/words/index.ts';
import { Draw } from '../kernel/draw.ts';
import type { Task } from '../long/parts.ts';
import { dumps } from './iptables/dumps/load.ts';

/** Whole lines of good dumps, and the words that they are made of. */
const good = [
  ...dumps.flatMap(({ rules }) => rules.split('\n')),
  ...readFileSync(new URL('iptables/forms/recorded.txt', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => /^ {2}[^:]+: (-A .*)$/.exec(line)?.[1] ?? '')
    .filter((line) => line !== ''),
];
const strange = [
  '',
  '!',
  '"',
  "'",
  '\\',
  '-',
  '--',
  ':',
  '*',
  '#',
  '\t',
  '\r',
  '\0',
  '𝒳',
  '\ud800',
  '__proto__',
];
const words = [
  ...new Set([...good.flatMap((line) => line.split(' ')), ...strange, 'x'.repeat(300), '-1', '1e9']),
];

const letters = '!-:*#"\'\\/,. [](){}<>=+abcXYZ0129\t\r\0é𝒳';

/** One letter, word or piece of a line changed, taken away or doubled. */
function mutated(draw: Draw, line: string): string {
  const at = draw.below(line.length + 1);
  const end = at + draw.below(8);
  switch (draw.below(7)) {
    case 6:
      return `${line.slice(0, at)}${entangled(draw)}${line.slice(end)}`;
    case 0:
      return line.slice(0, at) + line.slice(end);
    case 1:
      return line.slice(0, at) + draw.pick([...letters]) + line.slice(at);
    case 2:
      return `${line.slice(0, at)} ${draw.pick(words)} ${line.slice(end)}`;
    case 3:
      return line.slice(0, at);
    case 4:
      return line.slice(0, end) + line.slice(at);
    default: {
      const parts = line.split(' ');
      parts[draw.below(parts.length)] = draw.pick(words);
      return parts.join(' ');
    }
  }
}

function drawLine(draw: Draw): string {
  let line = draw.pick(good);
  if (draw.chance(0.2)) line = Array.from({ length: draw.below(12) }, () => draw.pick(words)).join(' ');
  for (let times = draw.below(4); times > 0; times--) line = mutated(draw, line);
  return line;
}

/** Chains that call each other deeper than the kernel goes, some of them in a circle. */
function chainsInARow(draw: Draw): string[] {
  const count = draw.between(1, 40);
  const names = Array.from({ length: count }, (_, at) => `DEEP-${at}`);
  const next = (at: number) => names[at + 1] ?? (draw.chance(0.3) ? draw.pick(names) : 'ACCEPT');
  return [
    `*${draw.pick(['mangle', 'filter'])}`,
    ...names.map((name) => `:${name} - [0:0]`),
    '-A OUTPUT -j DEEP-0',
    ...names.map((name, at) => `-A ${name} -${draw.chance(0.8) ? 'j' : 'g'} ${next(at)}`),
    'COMMIT',
  ];
}

/** Quotes within quotes, and words without an end. */
function entangled(draw: Draw): string {
  const marks = ['"', "'", '\\"', "\\'", '\\\\', ' ', 'a', '\u0301', '\u202e', '٣', 'ﬀ', '\0', '\r'];
  const text = Array.from({ length: draw.between(1, 30) }, () => draw.pick(marks)).join('');
  return draw.chance(0.1) ? text.repeat(draw.between(100, 2000)) : text;
}

/** The text with this number of a seed. */
export function drawText(seed: number, number: number): { readonly text: string; readonly family: Family } {
  const draw = new Draw(seed, number);
  const lines = Array.from({ length: draw.below(8) }, () => drawLine(draw));
  if (draw.chance(0.7)) lines.unshift(`*${draw.pick(['raw', 'mangle', 'nat', 'filter', 'security'])}`);
  if (draw.chance(0.05)) lines.push(...chainsInARow(draw));
  return { text: lines.join(draw.chance(0.1) ? '\r\n' : '\n'), family: draw.chance(0.5) ? 'v4' : 'v6' };
}

/** In milliseconds of this process's own work: a busy machine is no fault of the reader's. */
const slowest = 1000;

const packets: Readonly<Record<Family, Packet>> = {
  v4: {
    protocol: 'tcp',
    source: '10.244.1.5',
    sourcePort: 40000,
    destination: '10.96.0.7',
    destinationPort: 80,
    from: { uid: 1000, gid: 1000 },
  },
  v6: {
    protocol: 'udp',
    source: 'fd00::5',
    sourcePort: 40000,
    destination: 'fd00::7',
    destinationPort: 53,
    from: { uid: 0, gid: 0 },
  },
};
const interfaces = [
  { name: 'lo', addresses: ['127.0.0.1/8', '::1/128'] },
  { name: 'eth0', addresses: ['10.244.1.5/24', 'fd00::5/64'] },
];

/** What is wrong with the way that this text is read; null when nothing is. */
export function faultOf(text: string, family: Family): string | null {
  const start = process.cpuUsage();
  try {
    const lines = text.split('\n');
    const { ruleset, problems, lines: readings } = parseRuleset(text, family);
    if (readings.length !== lines.length) return `${lines.length} lines, ${readings.length} accounted for`;
    for (const [at, reading] of readings.entries()) {
      const isTold = problems.some(({ line }) => line === at + 1);
      if (reading === 'unread' && !isTold) return `line ${at + 1} is not read, and no problem says so`;
      if (reading === 'blank' && (lines[at] ?? '').trim() !== '') return `line ${at + 1} is lost`;
    }
    const wrong = [...problems, ...parseDumps(text).problems].find(
      (problem) =>
        !(problem.line >= 1 && problem.line <= lines.length && problem.column >= 1) ||
        Object.values(problemWords(problem)).some((part) => part.trim() === '') ||
        problem.text !== lines[problem.line - 1],
    );
    if (wrong !== undefined) return `a problem that does not tell all: ${JSON.stringify(wrong)}`;
    const printed = printRuleset(ruleset);
    if (printRuleset(parseRuleset(printed, family).ruleset) !== printed)
      return 'what is printed reads otherwise';
    const { events } = traverse({ rulesets: { [family]: ruleset }, interfaces }, packets[family]);
    if (events.at(-1)?.kind !== 'outcome') return 'a packet comes to no end';
  } catch (error) {
    return `an exception: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  return took > slowest ? `it took ${took.toFixed(0)} ms` : null;
}

export interface Lot {
  readonly seed: number;
  readonly from?: number;
  readonly inputs: number;
  /** After so many faults it is enough. */
  readonly most?: number;
}

/** The faults among so many inputs of a seed. */
export function faultsIn({ seed, from = 0, inputs, most = 5 }: Lot): readonly string[] {
  const faults: string[] = [];
  for (let number = from; number < from + inputs && faults.length < most; number++) {
    const { text, family } = drawText(seed, number);
    const fault = faultOf(text, family);
    if (fault !== null)
      faults.push(`seed ${seed}, input ${number}, ${family}: ${fault}\n${JSON.stringify(text)}`);
  }
  return faults;
}

const lot = 1000;

/** True when as many inputs as were asked for are read without a fault, from one of a seed on. */
export async function readStrangeTexts(task: Task): Promise<boolean> {
  const { seed, from, amount } = task;
  const faults: string[] = [];
  const start = performance.now();
  let at = from;
  while (at < from + amount && faults.length < 5 && !task.isStopped()) {
    const inputs = Math.min(lot, from + amount - at);
    for (const fault of faultsIn({ seed, from: at, inputs })) {
      faults.push(fault);
      console.log(`${fault}\n`);
    }
    at += inputs;
    task.reached(at);
    // an interrupt is heard only between two turns
    await new Promise((done) => setImmediate(done));
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${at - from} inputs in ${seconds.toFixed(1)} s, ${faults.length} faults`);
  return faults.length === 0;
}
