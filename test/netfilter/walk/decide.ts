/**
 * The engine that only decides, held to the one that explains: random rulesets of both languages, and random packets.
 * `npm run test:long decide -- --pairs 200000 --seed 1`.
 */
import { isDeepStrictEqual } from 'node:util';
import { decide, type Host, type Packet, traverse } from '../../../src/netfilter/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { hostOf } from '../../kernel/engine.ts';
import { drawNftBatch } from '../../kernel/nftables/compare.ts';
import { nftTextOf } from '../../kernel/nftables/draw-ruleset.ts';
import { drawBatch } from '../../kernel/random.ts';
import { randomPod } from '../../kernel/random-pod.ts';
import { textOf } from '../../kernel/random-rules.ts';
import { sockets, transparentSockets } from '../../kernel/random-values.ts';
import type { Task } from '../../long/parts.ts';

/** So many packets meet each ruleset. */
const each = 100;

/** A ruleset whose chains are long: each line several times, with an address or a port of its own between. */
function lengthened(draw: Draw, text: string, isV6: boolean): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (!line.startsWith('-A ') || line.includes(' -d ') || line.includes('--dport')) return [line];
      const chain = line.split(' ')[1] as string;
      const before = Array.from({ length: draw.below(12) }, () => {
        const address = isV6 ? `fd00:10:96::${draw.below(12)}` : `10.96.0.${draw.below(12)}`;
        const target = draw.pick(['RETURN', 'MARK', 'none']);
        const mark = target === 'MARK' ? ` -j MARK --set-xmark 0x${draw.below(3)}/0xffffffff` : '';
        return `-A ${chain} -d ${address}/${isV6 ? 128 : 32}${target === 'RETURN' ? ' -j RETURN' : /mangle/.test(chain) ? mark : ''}`;
      });
      return [...before, line];
    })
    .join('\n');
}

function drawHost(
  seed: number,
  number: number,
  draw: Draw,
): { readonly host: Host; readonly packets: readonly Packet[] } {
  const { rulesets, packets = [] } =
    number % 4 === 3 ? drawNftBatch(seed, number, draw.pick(['nft', 'legacy'])) : drawBatch(seed, number);
  const { v4, v6, nft } = rulesets;
  const host = hostOf(
    randomPod,
    {
      rulesets: {
        v4: lengthened(draw, textOf(v4), false),
        v6: lengthened(draw, textOf(v6), true),
        ...(nft === undefined ? {} : { nft: nftTextOf(nft) }),
      },
      sockets: [...sockets, ...transparentSockets],
      packets: [],
    },
    draw.pick(['nft', 'legacy']),
  );
  return { host, packets };
}

/** The faults among so many packets through the ruleset of this number. */
export function faultsOfDeciding(
  seed: number,
  number: number,
): { readonly pairs: number; readonly faults: readonly string[] } {
  const draw = new Draw(seed, number);
  const { host, packets } = drawHost(seed, number, draw);
  const sent = Array.from({ length: packets.length === 0 ? 0 : each }, () =>
    varied(draw, draw.pick(packets)),
  );
  const faults = sent.flatMap((packet) => {
    const wanted = traverse(host, packet);
    const found = decide(host, packet);
    const last = wanted.events.at(-1)?.packet;
    return isDeepStrictEqual(found.outcome, wanted.outcome) && isDeepStrictEqual(found.packet, last)
      ? []
      : [
          `${JSON.stringify(packet)}\n  decided ${written(found.outcome)}\n  explained ${written(wanted.outcome)}`,
        ];
  });
  return { pairs: sent.length, faults };
}

function varied(draw: Draw, packet: Packet): Packet {
  const isV6 = packet.destination.includes(':');
  const destination = draw.chance(0.5)
    ? packet.destination
    : isV6
      ? `fd00:10:96::${draw.below(12)}`
      : `10.96.0.${draw.below(12)}`;
  return { ...packet, destination };
}

function written(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part));
}

/** The long run, ruleset by ruleset. */
export async function compareDeciding({ seed, from, amount, isStopped, reached }: Task): Promise<boolean> {
  let [pairs, faults] = [0, 0];
  for (let number = from; pairs < amount && !isStopped(); number++) {
    const found = faultsOfDeciding(seed, number);
    pairs += found.pairs;
    for (const fault of found.faults)
      if (++faults <= 5) console.log(`ruleset ${number} of seed ${seed}: ${fault}`);
    reached(number + 1);
  }
  console.log(`${pairs} pairs, ${faults} disagreements`);
  return faults === 0;
}
