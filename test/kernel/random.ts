/**
 * Random rulesets against random packets, engine against kernel:
 * `node test/kernel/random.ts --pairs 5000 --seed 1`.
 *
 * A pair is one packet and its answer through one ruleset on one back end. On a disagreement the ruleset is shrunk
 * to the fewest rules that still show it, both sides are printed, and the exit code is 1. `--from N` starts at that
 * ruleset of the seed; `--without goto,REDIRECT` leaves kinds of rules out; `--most 5` ends after so
 * many disagreements.
 */
import { parseArgs } from 'node:util';
import type { Packet } from '../../src/netfilter/packet.ts';
import { openListeners, runBatch, type Traced } from './batch.ts';
import { Draw } from './draw.ts';
import { compareAnswer } from './engine.ts';
import { type Backend, openPod, type Pod } from './pod.ts';
import { joinPeers, randomPod } from './random-pod.ts';
import { drawRuleset, type Knows, knownBut, type RandomRuleset, textOf } from './random-rules.ts';
import { drawPacket, remoteSockets, sockets, wayOf, ways } from './random-values.ts';
import { shrink } from './shrink.ts';

const batchSize = 40;
const backends: readonly Backend[] = ['nft', 'legacy'];

export interface Rulesets {
  readonly v4: RandomRuleset;
  readonly v6: RandomRuleset;
}

export interface Batch {
  readonly rulesets: Rulesets;
  readonly packets: readonly Packet[];
}

/** The batch with this number of a seed. */
export function drawBatch(seed: number, number: number, knows: Knows = knownBut([])): Batch {
  const draw = new Draw(seed, number);
  const rulesets = { v4: drawRuleset(draw, 'v4', knows), v6: drawRuleset(draw, 'v6', knows) };
  // ports wander, so that no batch meets a socket that the one before has just closed
  const firstPort = 20000 + (number % 300) * batchSize;
  const packets = Array.from({ length: batchSize }, (_, index) =>
    drawPacket(draw, draw.chance(0.5) ? 'v4' : 'v6', firstPort + index),
  );
  return { rulesets, packets };
}

const textsOf = (rulesets: Rulesets) => ({
  v4: textOf(rulesets.v4),
  v6: textOf(rulesets.v6),
});

function disagreement(backend: Backend, rulesets: Rulesets, packet: Packet, traced: Traced): string | null {
  if (traced === null) return 'the kernel shows no trace of the packet';
  const one = { rulesets: textsOf(rulesets), sockets, packets: [packet] };
  return compareAnswer(randomPod, one, packet, traced, backend);
}

interface Found {
  readonly index: number;
  readonly packet: Packet;
  readonly text: string;
}

async function ask(pod: Pod, backend: Backend, { rulesets, packets }: Batch): Promise<Found[]> {
  const traced = await runBatch(pod, backend, textsOf(rulesets), packets);
  return packets.flatMap((packet, index) => {
    const text = disagreement(backend, rulesets, packet, traced[index] ?? null);
    return text === null ? [] : [{ index, packet, text }];
  });
}

/**
 * The same packet from another port, on the same side of 30000, which rules ask about: the peer may still wait for
 * the end of a handshake with the one before, and would not answer.
 */
function withAnotherPort(packet: Packet, times: number): Packet {
  const port = packet.sourcePort ?? 0;
  const [first, count] = port <= 30000 ? [20000, 10000] : [30001, 2000];
  return { ...packet, sourcePort: first + ((port - first + times * 37) % count) };
}

interface Tally {
  pairs: number;
  /** Pairs by way, by family and by back end. */
  readonly split: Map<string, number>;
  readonly rulesets: { readonly v4: Set<string>; readonly v6: Set<string> };
  disagreements: number;
  unrepeated: number;
}

interface Run {
  readonly seed: number;
  readonly from: number;
  readonly pairs: number;
  /** Disagreements after which it ends. */
  readonly most: number;
  readonly knows: Knows;
}

async function explore(backend: Backend, run: Run, tally: Tally): Promise<void> {
  const { seed, from, pairs, most, knows } = run;
  const pod = await openPod(randomPod);
  try {
    await joinPeers(pod);
    await openListeners(pod, sockets, remoteSockets);
    for (let number = from; (number - from) * batchSize < pairs; number++) {
      const batch = drawBatch(seed, number, knows);
      const [first] = await ask(pod, backend, batch);
      count(tally, backend, batch);
      if (first !== undefined) await report(pod, backend, seed, number, batch, first, tally);
      if (tally.disagreements >= most) return;
    }
  } finally {
    await pod.end();
  }
}

const familyOf = ({ destination }: Packet) => (destination.includes(':') ? 'v6' : 'v4');

function count(tally: Tally, backend: Backend, { rulesets, packets }: Batch): void {
  tally.pairs += packets.length;
  for (const packet of packets)
    for (const one of [wayOf(packet), familyOf(packet), backend])
      tally.split.set(one, (tally.split.get(one) ?? 0) + 1);
  tally.rulesets.v4.add(textOf(rulesets.v4));
  tally.rulesets.v6.add(textOf(rulesets.v6));
}

/** How the pairs were spread, in lines. */
function spread({ split, rulesets }: Tally): string {
  const of = (names: readonly string[]) => names.map((name) => `${name} ${split.get(name) ?? 0}`).join(', ');
  return [
    `ways: ${of(ways)}`,
    `families: ${of(['v4', 'v6'])}`,
    `back ends: ${of(backends)}`,
    `rulesets: ${rulesets.v4.size} v4, ${rulesets.v6.size} v6`,
  ].join('\n');
}

async function report(
  pod: Pod,
  backend: Backend,
  seed: number,
  number: number,
  batch: Batch,
  found: Found,
  tally: Tally,
): Promise<void> {
  let times = 0;
  const repeat = (rulesets: Rulesets) => {
    times += 1;
    return ask(pod, backend, { rulesets, packets: [withAnotherPort(found.packet, times)] });
  };
  const [again] = await repeat(batch.rulesets);
  const where = `${backend}, --seed ${seed} --from ${number} --pairs ${batchSize}`;
  if (again === undefined) {
    const [whole] = await ask(pod, backend, batch);
    tally.unrepeated += 1;
    console.log(
      whole === undefined
        ? `did not repeat: ${where}\n${JSON.stringify(found.packet)}\n${found.text}\n`
        : `only among the packets of its batch: ${where}\n${JSON.stringify(whole.packet)}\n${whole.text}\n`,
    );
    return;
  }
  tally.disagreements += 1;
  const small = await shrink(batch.rulesets, async (rulesets) => (await repeat(rulesets)).length > 0);
  const [last = again] = await repeat(small);
  const text = textOf(small[familyOf(found.packet)]);
  console.log(`the engine disagrees with the kernel: ${where}`);
  console.log(`${JSON.stringify(found.packet)}\n${text}${last.text}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '2000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      from: { type: 'string', default: '0' },
      most: { type: 'string', default: '5' },
      without: { type: 'string', default: '' },
    },
  });
  const [pairs = 0, seed = 0, from = 0, most = 0] = [values.pairs, values.seed, values.from, values.most].map(
    Number,
  );
  if (![pairs, seed, from, most].every(Number.isSafeInteger))
    throw new Error('--pairs, --seed, --from and --most take numbers');
  const knows = knownBut(values.without.split(','));
  console.log(`seed ${seed}`);
  const tally: Tally = {
    pairs: 0,
    split: new Map(),
    rulesets: { v4: new Set(), v6: new Set() },
    disagreements: 0,
    unrepeated: 0,
  };
  const start = performance.now();
  await Promise.all(
    backends.map((backend) =>
      explore(backend, { seed, from, pairs: pairs / backends.length, most, knows }, tally),
    ),
  );
  const seconds = (performance.now() - start) / 1000;
  console.log(spread(tally));
  console.log(
    `${tally.pairs} pairs in ${seconds.toFixed(1)} s (${(tally.pairs / seconds).toFixed(0)} a second), ` +
      `${tally.disagreements} disagreements, ${tally.unrepeated} that did not repeat alone`,
  );
  process.exitCode = tally.disagreements + tally.unrepeated > 0 ? 1 : 0;
}

if (import.meta.main) await main();
