/**
 * Random rules of native nftables, alone and beside iptables', and random packets, engine against kernel:
 * `npm run test:long random-nft -- --pairs 5000 --seed 1`. How it is done is `random.ts`'s; here is what is drawn, and
 * how much each expression and statement had to do with what was seen.
 */
import type { Answer, Traversal } from '../../../src/netfilter/model/event.ts';
import type { Host } from '../../../src/netfilter/model/host.ts';
import type { Packet } from '../../../src/netfilter/model/packet.ts';
import type { Task } from '../../long/parts.ts';
import { Draw } from '../draw.ts';
import type { Backend } from '../pod.ts';
import { type Batch, comparePairsOf, drawBatch } from '../random.ts';
import { knownBut, type RandomRuleset, withNat } from '../random-rules.ts';
import { asked, askedOfReader } from './asked.ts';
import { changedBy, decidedBy } from './decided.ts';
import { drawNftRuleset, type NftKnows } from './draw-ruleset.ts';

/** What the engine cannot know before the kernel has answered is put to real sockets' packets only. */
const inBatch =
  (isCrafted: boolean, without: readonly string[]): NftKnows =>
  ({ name, isCrafted: needsCrafted, asksReader }) =>
    !without.includes(name) && (isCrafted ? asksReader !== true : needsCrafted !== true);

const nothing = (family: 'v4' | 'v6'): RandomRuleset => ({ family, tables: [] });

/** One of three batches of the nft back end is of both languages, each of the other's; one of three is crafted. */
export function drawNftBatch(
  seed: number,
  number: number,
  backend: Backend,
  without: readonly string[] = [],
): Batch {
  const ofBackend = number * 2 + (backend === 'nft' ? 0 : 1);
  const draw = new Draw(seed, ofBackend);
  const batch = drawBatch(seed, number, knownBut(without));
  const nft = drawNftRuleset(draw, inBatch(batch.flows !== undefined, without));
  const { v4, v6 } = batch.rulesets;
  if (backend === 'legacy') return { ...batch, rulesets: { v4: withNat(v4), v6: withNat(v6), nft } };
  const isNative = number % 9 < 6;
  return { ...batch, rulesets: isNative ? { v4: nothing('v4'), v6: nothing('v6'), nft } : { v4, v6, nft } };
}

interface Shares {
  pairs: number;
  readonly decided: Map<string, number>;
  /** Pairs on hosts with both languages, and those that each of them changed. */
  both: number;
  iptables: number;
  nft: number;
}

function meet(
  shares: Shares,
  host: Host,
  packet: Packet,
  walked: Traversal,
  answers: readonly Answer[],
): void {
  const { nft, v4, v6 } = host.rulesets;
  if (nft === undefined) return;
  shares.pairs += 1;
  for (const name of decidedBy(nft, walked)) shares.decided.set(name, (shares.decided.get(name) ?? 0) + 1);
  if ((v4?.tables.length ?? 0) + (v6?.tables.length ?? 0) === 0) return;
  const changed = changedBy(host, packet, answers);
  shares.both += 1;
  if (changed.iptables) shares.iptables += 1;
  if (changed.nft) shares.nft += 1;
}

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(whole, 1)).toFixed(2)} %`;

function told({ pairs, decided, both, iptables, nft }: Shares): string {
  const share = (name: string) => [name, decided.get(name) ?? 0] as const;
  const line = (names: readonly string[]) =>
    names
      .map(share)
      .sort((a, b) => a[1] - b[1])
      .map(([name, count]) => `${name} ${percent(count, pairs)}`)
      .join(', ');
  return [
    `decided by: ${line(asked)}`,
    `with the reader's answer: ${line(askedOfReader)}`,
    `hosts with both: ${both} pairs; iptables changes what becomes of ${percent(iptables, both)}, nft of ${percent(nft, both)}`,
  ].join('\n');
}

/** From so many pairs on a share says something. */
const enough = 20_000;

/** What decided fewer of the pairs than one of two hundred. */
function tooFew({ pairs, decided }: Shares): readonly string[] {
  return pairs < enough ? [] : asked.filter((name) => (decided.get(name) ?? 0) < pairs / 200);
}

/**
 * True when the engine and the kernel agree on as many pairs as were asked for, and, where they were enough, each
 * expression and statement had its share in them.
 */
export async function compareNftPairs(task: Task): Promise<boolean> {
  const without = (task.options.without ?? '').split(',');
  const shares: Shares = { pairs: 0, decided: new Map(), both: 0, iptables: 0, nft: 0 };
  const isGood = await comparePairsOf(
    {
      draw: (number, backend) => drawNftBatch(task.seed, number, backend, without),
      asksReader: true,
      met: (...pair) => meet(shares, ...pair),
    },
    task,
  );
  console.log(told(shares));
  const few = tooFew(shares);
  if (few.length > 0) console.log(`too seldom: ${few.join(', ')}`);
  return isGood && few.length === 0;
}
