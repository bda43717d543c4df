/**
 * Random rulesets against random packets, engine against kernel:
 * `npm run test:long kernel -- --pairs 5000 --seed 1`.
 *
 * A pair is one packet and its answer through one ruleset on one back end. Two batches of three are packets of real
 * sockets; the third is of crafted ones: connections of several packets, odd flags, ICMP and its errors, TPROXY. On a
 * disagreement the ruleset is shrunk to the fewest rules that still show it, and both sides are printed. `--from N`
 * starts at that ruleset of the seed. `--without goto,REDIRECT` leaves kinds of rules out; `--most 5` ends after so
 * many disagreements.
 */
import type { Answer, Traversal } from '../../src/netfilter/model/event.ts';
import type { Host } from '../../src/netfilter/model/host.ts';
import type { Packet } from '../../src/netfilter/model/packet.ts';
import type { Task } from '../long/parts.ts';
import { openListeners, runBatch } from './batch.ts';
import { sendCrafted } from './crafted.ts';
import { Draw } from './draw.ts';
import { compareAnswer, compareEvents, eventsOfEngine, hostOf, sameButPorts } from './engine.ts';
import type { KernelEvent } from './event.ts';
import { type NftRandomRuleset, nftTextOf } from './nftables/draw-ruleset.ts';
import { type Backend, openPod, type Pod } from './pod.ts';
import { corners, cornersOf, drawSettings, drawUnbound } from './random-corners.ts';
import { drawFlow, drewLots, type Flow, type Walked, walkFlow } from './random-flows.ts';
import { joinPeers, randomPod } from './random-pod.ts';
import {
  drawRuleset,
  exceptCrafted,
  type Knows,
  knownBut,
  type RandomRuleset,
  textOf,
  withNat,
} from './random-rules.ts';
import { drawPacket, remoteSockets, sockets, transparentSockets, wayOf, ways } from './random-values.ts';
import { shrink } from './shrink.ts';

const batchSize = 40;
const backends: readonly Backend[] = ['nft', 'legacy'];

export interface Rulesets {
  readonly v4: RandomRuleset;
  readonly v6: RandomRuleset;
  /** Beside those of iptables, where they are asked too. */
  readonly nft?: NftRandomRuleset;
}

/** Packets of sockets, or connections of crafted ones: as many as make up a batch. */
export type Batch = { readonly rulesets: Rulesets; readonly sysctls?: Readonly<Record<string, number>> } & (
  | { readonly packets: readonly Packet[]; readonly flows?: never }
  | { readonly flows: readonly Flow[]; readonly packets?: never }
);

/** What is put to the kernel, and how. */
export interface RandomKind {
  /** The batch with this number, for this back end. */
  readonly draw: (number: number, backend: Backend) => Batch;
  /** The engine asks the reader: the kernel did one of the two. */
  readonly asksReader: boolean;
  /** Of each pair: the host that it met, and the answers with which the engine went the kernel's way. */
  readonly met?: (host: Host, packet: Packet, walked: Traversal, answers: readonly Answer[]) => void;
}

/** Every third batch is of crafted packets, which come to nobody; the others are of real sockets. */
const isCrafted = (number: number) => number % 3 === 2;

/** The batch with this number of a seed. */
export function drawBatch(seed: number, number: number, knows: Knows = knownBut([])): Batch {
  const draw = new Draw(seed, number);
  const own = isCrafted(number) ? knows : exceptCrafted(knows);
  const rulesets = { v4: drawRuleset(draw, 'v4', own), v6: drawRuleset(draw, 'v6', own) };
  // ports wander, so that no batch meets a socket that the one before has just closed
  const firstPort = 20000 + (number % 300) * batchSize;
  const family = () => (draw.chance(0.5) ? 'v4' : 'v6');
  if (isCrafted(number)) {
    const flows = Array.from({ length: batchSize }, (_, index) =>
      drawFlow(draw, family(), firstPort + index),
    );
    return { rulesets, flows, sysctls: drawSettings(draw) };
  }
  const packets = Array.from({ length: batchSize }, (_, index) => {
    const of = family();
    const packet = drawPacket(draw, of, firstPort + index);
    return 'uid' in packet.from && draw.chance(0.2) ? drawUnbound(draw, of, packet) : packet;
  });
  return { rulesets, packets };
}

const textsOf = (rulesets: Rulesets) => ({
  v4: textOf(rulesets.v4),
  v6: textOf(rulesets.v6),
  ...(rulesets.nft === undefined ? {} : { nft: nftTextOf(rulesets.nft) }),
});

interface Found {
  readonly text: string;
  /** What shows it: the packet, or the packets of its connection. */
  readonly again: (rulesets: Rulesets, times: number) => Batch;
  readonly packets: readonly Packet[];
}

interface Asked {
  readonly packets: readonly Packet[];
  readonly found: readonly Found[];
}

async function ask(pods: Pods, backend: Backend, batch: Batch, kind: RandomKind): Promise<Asked> {
  return batch.flows === undefined
    ? askSockets(pods.sockets, backend, batch.rulesets, batch.packets, kind)
    : askFlows(pods.crafted, backend, batch, kind);
}

async function askSockets(
  pod: Pod,
  backend: Backend,
  rulesets: Rulesets,
  packets: readonly Packet[],
  { asksReader, met }: RandomKind,
): Promise<Asked> {
  const texts = textsOf(rulesets);
  const traced = await runBatch(pod, backend, texts, packets);
  const host = hostOf(randomPod, { rulesets: texts, sockets, packets: [] }, backend);
  const found = packets.flatMap((packet, index) => {
    const said = traced[index] ?? null;
    const text =
      said === null
        ? 'the kernel shows no trace of the packet'
        : compareAnswer(host, packet, said, { asksReader, ...(met && { met }) });
    const again = (smaller: Rulesets, times: number) => ({
      rulesets: smaller,
      packets: [withAnotherPort(packet, times)],
    });
    return text === null ? [] : [{ text, packets: [packet], again }];
  });
  return { packets, found };
}

async function askFlows(
  pod: Pod,
  backend: Backend,
  { rulesets, flows, sysctls = {} }: Batch & { readonly flows: readonly Flow[] },
  { met }: RandomKind,
): Promise<Asked> {
  const texts = textsOf(rulesets);
  const plan = { ...randomPod, sysctls: { ...randomPod.sysctls, ...sysctls } };
  let host = hostOf(plan, { rulesets: texts, sockets: allSockets, packets: [] }, backend);
  const walked: Walked[] = [];
  for (const [index, flow] of flows.entries()) {
    if (walked.length >= batchSize) break;
    const walk = walkFlow(host, flow, index + 1);
    walked.push(...walk.walked);
    host = walk.host;
  }
  const events = walked.map(({ traversal }) => eventsOfEngine(traversal, backend));
  await pod.flush();
  for (const [name, value] of Object.entries(sysctls))
    await pod.root.write(`/proc/sys/${name.replaceAll('.', '/')}`, String(value));
  for (const family of ['v4', 'v6'] as const) await pod.load(texts[family], backend, family);
  if (texts.nft !== undefined) await pod.loadNft(texts.nft);
  await pod.forget();
  const crafted = walked.map((one) => one.crafted);
  const seen = await sendCrafted(pod, backend, crafted, (index) => (events[index] ?? []).length > 0);
  const found = walked.flatMap(
    ({ crafted: { connection, packet }, traversal, host: before }, index): Found[] => {
      met?.(before, packet, traversal, []);
      const [ours, theirs] = [events[index] ?? [], seen[index] ?? []];
      if (drewLots(traversal) && (sameButPorts(ours, theirs) || sameUntilLot(traversal, theirs))) return [];
      const text = compareEvents(ours, theirs);
      if (text === null) return [];
      const flow = flows[connection - 1];
      const packetsOf = walked
        .slice(0, index + 1)
        .filter((one) => one.crafted.connection === connection)
        .map((one) => one.crafted.packet);
      return [
        {
          text,
          packets: packetsOf,
          again: (smaller) => ({ rulesets: smaller, sysctls, flows: flow === undefined ? [] : [flow] }),
        },
      ];
    },
  );
  return { packets: crafted.map(({ packet }) => packet), found };
}

/**
 * A port that the kernel drew decides about all that comes behind it: a destination's about the way, a source's about
 * what comes back over lo.
 */
function sameUntilLot({ events }: Traversal, kernel: readonly KernelEvent[]): boolean {
  const at = events.findIndex(
    (event) => event.kind === 'rewrite' && event.reason.code === 'nat decided' && event.reason.lot,
  );
  const { hook } = events[at] ?? {};
  const comesBack = events.slice(at).some((event) => event.kind === 'hook' && event.hook === 'PREROUTING');
  if (hook !== 'OUTPUT' && hook !== 'PREROUTING' && !comesBack) return false;
  const before = eventsOfEngine({ events: events.slice(0, at) });
  return compareEvents(before, kernel.slice(0, before.length)) === null;
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
  readonly rulesets: { readonly v4: Set<string>; readonly v6: Set<string>; readonly nft: Set<string> };
  disagreements: number;
  unrepeated: number;
  /** By back end, the next ruleset. */
  readonly next: Map<Backend, number>;
}

interface Run {
  readonly task: Task;
  /** For each back end. */
  readonly pairs: number;
  /** Disagreements after which it ends. */
  readonly most: number;
  readonly kind: RandomKind;
}

/** One whose sockets answer, and one where nobody does. */
interface Pods {
  readonly sockets: Pod;
  readonly crafted: Pod;
}

const allSockets = [...sockets, ...transparentSockets];

async function openPods(): Promise<Pods & { readonly end: () => Promise<void> }> {
  const pods = { sockets: await openPod(randomPod), crafted: await openPod(randomPod) };
  const end = async () => {
    await Promise.all(Object.values(pods).map((pod) => pod.end()));
  };
  try {
    await joinPeers(pods.sockets);
    await openListeners(pods.sockets, sockets, remoteSockets);
    await pods.crafted.trace('alone');
    await openListeners(pods.crafted, allSockets, []);
    return { ...pods, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function explore(backend: Backend, run: Run, tally: Tally): Promise<void> {
  const { task, pairs, most, kind } = run;
  const { from } = task;
  const pods = await openPods();
  try {
    let asked = 0;
    for (let number = from; asked < pairs; number++) {
      const batch = kind.draw(number, backend);
      const { packets, found } = await ask(pods, backend, batch, kind);
      asked += packets.length;
      count(tally, backend, batch, packets);
      tally.next.set(backend, number + 1);
      const [first] = found;
      if (first !== undefined) await report(pods, backend, run, number, batch, first, tally);
      // the first ruleset that one of the back ends has not met
      task.reached(Math.min(...tally.next.values()));
      if (tally.disagreements >= most || task.isStopped()) return;
    }
  } finally {
    await pods.end();
  }
}

const kinds = ['tcp', 'udp', 'icmp', 'sctp'] as const;
const kindOf = ({ protocol }: Packet) => (protocol === 'ipv6-icmp' ? 'icmp' : protocol);
const familyOf = ({ destination }: Packet) => (destination.includes(':') ? 'v6' : 'v4');

function count(tally: Tally, backend: Backend, { rulesets }: Batch, packets: readonly Packet[]): void {
  tally.pairs += packets.length;
  for (const packet of packets)
    for (const one of [wayOf(packet), familyOf(packet), backend, kindOf(packet), ...cornersOf(packet)])
      tally.split.set(one, (tally.split.get(one) ?? 0) + 1);
  const texts = textsOf(rulesets);
  tally.rulesets.v4.add(texts.v4);
  tally.rulesets.v6.add(texts.v6);
  if (texts.nft !== undefined) tally.rulesets.nft.add(texts.nft);
}

/** How the pairs were spread, in lines. */
function spread({ split, rulesets }: Tally): string {
  const of = (names: readonly string[]) => names.map((name) => `${name} ${split.get(name) ?? 0}`).join(', ');
  return [
    `ways: ${of(ways)}`,
    `families: ${of(['v4', 'v6'])}`,
    `back ends: ${of(backends)}`,
    `protocols: ${of(kinds)}`,
    `corners: ${of(corners)}`,
    `rulesets: ${rulesets.v4.size} v4, ${rulesets.v6.size} v6${rulesets.nft.size === 0 ? '' : `, ${rulesets.nft.size} nft`}`,
  ].join('\n');
}

const allOf = (rulesets: Rulesets) => Object.values(textsOf(rulesets)).join('');

async function report(
  pods: Pods,
  backend: Backend,
  { kind, task: { seed } }: Run,
  number: number,
  batch: Batch,
  found: Found,
  tally: Tally,
): Promise<void> {
  let times = 0;
  const { met: _met, ...unmet } = kind;
  const repeat = async (rulesets: Rulesets) => {
    times += 1;
    return (await ask(pods, backend, found.again(rulesets, times), unmet)).found;
  };
  const [again] = await repeat(batch.rulesets);
  const where = `${backend}, --seed ${seed} --from ${number} --pairs ${batchSize}`;
  const shown = ({ packets }: Found) => packets.map((packet) => JSON.stringify(packet)).join('\n');
  if (again === undefined) {
    const [whole] = (await ask(pods, backend, batch, unmet)).found;
    if (whole === undefined) tally.unrepeated += 1;
    else tally.disagreements += 1;
    console.log(
      whole === undefined
        ? `did not repeat: ${where}\n${shown(found)}\n${found.text}\n`
        : `only among the packets of its batch: ${where}\n${shown(whole)}\n${allOf(batch.rulesets)}\n${whole.text}\n`,
    );
    return;
  }
  tally.disagreements += 1;
  const small = await shrink(batch.rulesets, async (rulesets) => (await repeat(rulesets)).length > 0);
  const [last = again] = await repeat(small);
  const [packet] = last.packets;
  const native = small.nft === undefined ? '' : nftTextOf(small.nft);
  const text = packet === undefined ? '' : `${textOf(small[familyOf(packet)])}${native}`;
  console.log(`the engine disagrees with the kernel: ${where}`);
  console.log(`${shown(last)}\n${text}${last.text}\n`);
}

/**
 * The share of pairs that may disagree once and never again, neither alone nor among the packets of their batch: on a
 * busy machine a message of the trace comes after the question that it answers.
 */
const mostUnrepeated = 1 / 2000;

/** True when the engine and the kernel agree on as many pairs as were asked for, from a ruleset of a seed on. */
export function comparePairs(task: Task): Promise<boolean> {
  const knows = knownBut((task.options.without ?? '').split(','));
  const draw = (number: number, backend: Backend): Batch => {
    const batch = drawBatch(task.seed, number, knows);
    const { v4, v6 } = batch.rulesets;
    return backend === 'legacy' ? { ...batch, rulesets: { v4: withNat(v4), v6: withNat(v6) } } : batch;
  };
  return comparePairsOf({ draw, asksReader: false }, task);
}

/** The same for any kind of rules. */
export async function comparePairsOf(kind: RandomKind, task: Task): Promise<boolean> {
  const { most = '5' } = task.options;
  if (!Number.isSafeInteger(Number(most))) throw new Error('--most takes a number');
  const tally: Tally = {
    pairs: 0,
    split: new Map(),
    rulesets: { v4: new Set(), v6: new Set(), nft: new Set() },
    disagreements: 0,
    unrepeated: 0,
    next: new Map(backends.map((backend) => [backend, task.from])),
  };
  const start = performance.now();
  const run: Run = {
    task,
    pairs: task.amount / backends.length,
    most: Number(most),
    kind,
  };
  await Promise.all(backends.map((backend) => explore(backend, run, tally)));
  const seconds = (performance.now() - start) / 1000;
  console.log(spread(tally));
  console.log(
    `${tally.pairs} pairs in ${seconds.toFixed(1)} s (${(tally.pairs / seconds).toFixed(0)} a second), ` +
      `${tally.disagreements} disagreements, ${tally.unrepeated} that did not repeat`,
  );
  return tally.disagreements === 0 && tally.unrepeated <= Math.ceil(tally.pairs * mostUnrepeated);
}
