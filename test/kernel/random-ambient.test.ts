/**
 * Packets that nobody chose through the rules of ambient mode, of a release and options at random, a new lot every day;
 * `npm run test:long random-ambient -- --pairs 20000 --seed …` does the same for longer.
 */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { familyOf, traverse } from '../../src/netfilter/index.ts';
import { seedOf } from '../long/seed.ts';
import { hostOf } from './engine.ts';
import { nftTextOf } from './nftables/draw-ruleset.ts';
import { drawAmbientBatch } from './random-ambient.ts';
import { randomPod } from './random-pod.ts';
import { textOf } from './random-rules.ts';
import { missing, modeOf } from './recording.ts';

const pairs = 320;

test('what is drawn has the rules of every mode, in both languages', () => {
  const batches = Array.from({ length: 90 }, (_, number) => drawAmbientBatch(1, number));
  const texts = batches.map(({ rulesets }) => `${textOf(rulesets.v4)}${JSON.stringify(rulesets.nft ?? '')}`);
  for (const form of [
    '-j TPROXY',
    '--to-ports 15006',
    '--to-ports 15053',
    '-i eth1',
    'inet istio-ambient-nat',
  ])
    expect(texts.filter((text) => text.includes(form)).length, form).toBeGreaterThan(3);
  expect(new Set(texts).size).toBeGreaterThan(60);
});

test('of the packets that are drawn, those of each family meet a node’s rule, as each language and release writes it', () => {
  const met = new Map<string, number>();
  for (let number = 3; number < 400; number += 4) {
    const { rulesets, packets = [] } = drawAmbientBatch(1, number);
    const { v4, v6, nft } = rulesets;
    const texts = {
      v4: textOf(v4),
      v6: textOf(v6),
      ...(nft === undefined ? {} : { nft: nftTextOf(nft) }),
    };
    const host = hostOf(randomPod, { rulesets: texts, sockets: [], packets: [] }, 'nft');
    const [name = ''] =
      /istio-inpod-probes(-v4)?/.exec(nft === undefined ? texts.v4 : (texts.nft ?? '')) ?? [];
    for (const packet of packets)
      if (traverse(host, packet).events.some(({ kind }) => kind === 'rewrite')) {
        const key = `${nft === undefined ? 'iptables' : 'nft'} ${familyOf(packet.destination)} ${name}`;
        met.set(key, (met.get(key) ?? 0) + 1);
      }
  }
  expect([...met.keys()].sort()).toEqual([
    'iptables v4 istio-inpod-probes',
    'iptables v4 istio-inpod-probes-v4',
    'iptables v6 istio-inpod-probes-v4',
    'nft v4 istio-inpod-probes-v4',
    'nft v6 istio-inpod-probes-v4',
  ]);
});

// Without the kernel there is nothing to ask.
if (modeOf(process.env, missing) === 'recorded') {
  test('the kernel is not to be had here, and no random packets are put to it', () => {
    expect(process.env.CI === 'true' && process.env.SIDETRACK_KERNEL !== 'recorded').toBe(false);
  });
} else {
  const seed = seedOf(process.env);
  test(`the engine and the kernel agree on ${pairs} random packets through ambient’s rules, seed ${seed}`, async () => {
    const args = ['test/long/run.ts', 'random-ambient', '--pairs', String(pairs), '--seed', String(seed)];
    const { code, printed } = await new Promise<{ readonly code: number; readonly printed: string }>(
      (resolve) => {
        execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), printed: stdout + stderr }),
        );
      },
    );
    console.log(printed.trim().split('\n').slice(-7).join('\n'));
    expect(code, printed).toBe(0);
    expect(printed).toContain(' 0 disagreements');
  }, 240_000);
}
