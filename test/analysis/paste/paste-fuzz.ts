/**
 * Pastes that nobody wrote, put together from real pieces and cut at any line: `npm run test:long pastes`. None may end
 * in an exception or take long, none may lose a rule, and nothing that is not a sidecar's may be told to be deleted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPaste } from '../../../src/analysis/index.ts';
import { inspectRules } from '../../../src/handbook/lab/index.ts';
import { releases, rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { findingSentence, nextWords, summary } from '../../../src/words/index.ts';
import { Draw } from '../../kernel/draw.ts';
import type { Task } from '../../long/parts.ts';
import { dumps } from '../../netfilter/iptables/dumps/load.ts';

interface Piece {
  readonly text: string;
  /** Whose rules it has, as far as a fix may hang on it. */
  readonly is: 'sidecar' | 'no sidecar' | 'no rules';
}

const pastes = join(import.meta.dirname, '../pastes');
const notSidecars = ['ambient-save.txt', 'cni-log-two-pods.txt', 'linkerd-only.txt'];

const pieces: readonly Piece[] = [
  ...releases.map(
    ({ name }): Piece => ({ text: printRuleset(withBuiltInChains(rulesFor(name).v4)), is: 'sidecar' }),
  ),
  ...releases.map(({ name }): Piece => ({ text: rulesFor(name).text.v4, is: 'sidecar' })),
  ...notSidecars.map((file): Piece => ({ text: readFileSync(join(pastes, file), 'utf8'), is: 'no sidecar' })),
  ...dumps.map(({ rules }): Piece => ({ text: rules, is: 'no sidecar' })),
  ...readdirSync(pastes)
    .filter((file) => file.endsWith('.yaml'))
    .map((file): Piece => ({ text: readFileSync(join(pastes, file), 'utf8'), is: 'no rules' })),
  ...[
    'table inet istio-proxy-nat {\n\tchain output {\n\t\ttype nat hook output priority dstnat; policy accept;\n\t\tcounter jump istio-output\n\t}\n}',
    '2025-01-01T00:00:00.020000Z\terror\tFailed to execute: iptables-restore --noflush --wait=30, exit status 3',
    '0:\tfrom all lookup local\n32766:\tfrom all lookup main\ndefault via 10.244.1.1 dev eth0',
    'Hello,\nsince yesterday the calls of one pod are refused. What is wrong with it?\nThank you!',
    'nameserver 10.96.0.10\nsearch shop.svc.cluster.local\noptions ndots:5',
    'Error from server (NotFound): pods "web-1" not found',
    '$ kubectl exec -n shop web-1 -c istio-proxy -- iptables-save',
    '{"level":"info","msg":"nothing to do","constructor":"__proto__"}',
    '\u0000\u0001\ufffd 0xdeadbeef',
  ].map((text): Piece => ({ text, is: 'no rules' })),
];

const around: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => text.replace(/^/gm, '[pod/web-1/istio-init] '),
  (text) => text.replace(/^/gm, '2025-01-01T00:00:00.000000000Z stdout F '),
  (text) => text.replace(/^/gm, 'Jan 01 12:00:00 node-1 istio-cni[4711]: '),
  (text) => text.replace(/^/gm, '> '),
  (text) => `\`\`\`\n${text}\n\`\`\``,
  (text) => text.replace(/^/gm, '    '),
  (text) => text.replaceAll('\n', '\r\n'),
];

interface Pasted {
  readonly text: string;
  /** The rules that stand in it whole. */
  readonly rules: number;
  readonly hasSidecar: boolean;
}

const ruleLine = /^(?:\[\d+:\d+\] )?-A \S+ .*$/;

/** The paste with this number of a seed. */
export function drawPaste(seed: number, number: number): Pasted {
  const draw = new Draw(seed, number, 71);
  let rules = 0;
  let hasSidecar = false;
  const parts = Array.from({ length: draw.between(1, 4) }, () => {
    const piece = draw.pick(pieces);
    let lines = piece.text.replace(/\n$/, '').split('\n');
    if (draw.chance(0.3)) lines = lines.slice(draw.below(lines.length), undefined);
    if (draw.chance(0.3)) lines = lines.slice(0, draw.between(1, lines.length));
    if (lines.length > 400) lines = lines.slice(0, 400);
    rules += lines.filter((line) => ruleLine.test(line)).length;
    hasSidecar ||= piece.is === 'sidecar';
    return draw.pick(around)(lines.join('\n'));
  });
  return { text: parts.join(draw.chance(0.5) ? '\n\n' : '\n'), rules, hasSidecar };
}

const harm = /\b(?:delete|remove)\b/i;
/** In milliseconds of this process's own work. */
const slowest = 2000;

/** What is wrong with the way that this paste is read; null when nothing is. `read` counts the rules that were read. */
export function pasteFault({ text, hasSidecar }: Pasted): {
  readonly fault: string | null;
  readonly read: number;
} {
  const start = process.cpuUsage();
  let read = 0;
  try {
    const { pods } = readPaste(text);
    read = pods
      .flatMap((pod) => pod.rules.flatMap(({ lines }) => lines))
      .filter((line) => ruleLine.test(line)).length;
    for (const pod of pods.keys()) {
      const { inspection } = inspectRules(text, pod);
      const told = [
        summary(inspection),
        nextWords(inspection.recognised[0]) ?? '',
        ...inspection.findings.map(findingSentence),
      ].join('\n');
      if (/undefined|\[object|NaN/.test(told)) return { fault: `words that say nothing: ${told}`, read };
      if (!hasSidecar && harm.test(told) && inspection.recognised[0].kind !== 'empty tables')
        return { fault: `advice that harms: ${told}`, read };
    }
  } catch (error) {
    return { fault: `an exception: ${error instanceof Error ? error.stack : String(error)}`, read };
  }
  const { user, system } = process.cpuUsage(start);
  const took = (user + system) / 1000;
  return { fault: took > slowest ? `it took ${took.toFixed(0)} ms` : null, read };
}

export interface PasteLot {
  readonly seed: number;
  readonly from?: number;
  readonly pastes: number;
}

export interface PasteTally {
  readonly faults: readonly string[];
  /** Whole rules that stood in the pastes, and how many of them were read as rules. */
  readonly rules: number;
  readonly read: number;
}

export function pastesIn({ seed, from = 0, pastes: amount }: PasteLot): PasteTally {
  const faults: string[] = [];
  let [rules, read] = [0, 0];
  for (let number = from; number < from + amount && faults.length < 5; number++) {
    const pasted = drawPaste(seed, number);
    const found = pasteFault(pasted);
    rules += pasted.rules;
    read += Math.min(found.read, pasted.rules);
    if (found.fault !== null)
      faults.push(`seed ${seed}, paste ${number}: ${found.fault}\n${JSON.stringify(pasted.text)}`);
  }
  return { faults, rules, read };
}

/** The least share of whole rules that have to be read as rules. */
export const leastRead = 0.99;

const lot = 100;

/** True when as many pastes as were asked for are read without a fault, from one of a seed on. */
export async function readStrangePastes(task: Task): Promise<boolean> {
  const { seed, from, amount } = task;
  const faults: string[] = [];
  let [rules, read, number] = [0, 0, from];
  for (; number < from + amount && !task.isStopped() && faults.length < 5; number += lot) {
    const tally = pastesIn({ seed, from: number, pastes: Math.min(lot, from + amount - number) });
    faults.push(...tally.faults);
    rules += tally.rules;
    read += tally.read;
    for (const fault of tally.faults) console.log(`${fault}\n`);
    task.reached(number + lot);
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(`${number - from} pastes, ${read} of ${rules} rules read, ${faults.length} faults`);
  return faults.length === 0 && read >= rules * leastRead;
}
