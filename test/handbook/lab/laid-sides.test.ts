/** Two sides of the lab's comparison, as a reader chooses them, where one at least is of ambient mode. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ComparedSide, comparedSides, inspect } from '../../../src/handbook/lab/index.ts';
import { ambientWalkerOn } from '../../../src/handbook/walk/index.ts';
import { ambientRulesFor } from '../../../src/istio/index.ts';
import { printNft, printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { lineText } from '../../../src/render/index.ts';

const podText = readFileSync('components/lab/samples/ambient-pod.txt', 'utf8');
const nodeText = readFileSync('components/lab/samples/ambient-node.txt', 'utf8');
const sidecarText = readFileSync('components/lab/sample.iptables-save.txt', 'utf8');

async function compared(pasted: string | null, sides: readonly [ComparedSide, ComparedSide]) {
  const { run, links } = await comparedSides(sides, pasted === null ? null : inspect(pasted));
  for (let step = run.next(); ; step = run.next())
    if (step.done === true) return { comparison: step.value, links };
}

const these = { kind: 'these' } as const;
const text = (of: string) => ({ kind: 'text', text: of }) as const;
const asThese = (release: string) =>
  ({ kind: 'setting', setting: { release, options: {} }, isAsThese: true }) as const;

describe('a pod of ambient mode', () => {
  test('beside the same text nothing differs', async () => {
    const { comparison } = await compared(podText, [these, text(podText)]);
    expect(comparison).toMatchObject({ differing: 0, different: 0, isOfTwoModes: false, of: 'pod' });
    expect(comparison.walked).toBeGreaterThan(20);
  });

  test('with a rule more: it is told, and the connections that it sends elsewhere, by ztunnel and not by Envoy', async () => {
    const more = podText.replace(
      /(\*nat\n(?:.*\n)*?)(-A ISTIO_OUTPUT )/,
      '$1-A ISTIO_OUTPUT -d 10.96.0.7/32 -j ACCEPT\n$2',
    );
    expect(more).not.toBe(podText);
    const { comparison } = await compared(podText, [these, text(more)]);
    expect(comparison.differing).toBe(1);
    expect(comparison.different).toBeGreaterThan(0);
    const said = JSON.stringify(comparison.connections.map(({ outcomes }) => outcomes));
    expect(said).toContain('ztunnel');
    expect(said).not.toContain('Envoy');
  });

  test('beside another release with the same options: of ambient mode, and its link opens on a page of it', async () => {
    const { comparison, links } = await compared(podText, [these, asThese('1.22')]);
    expect(comparison).toMatchObject({ isOfTwoModes: false, of: 'pod' });
    expect(comparison.differing).toBeGreaterThan(0);
    const request = { address: '203.0.113.20', port: 443 };
    const [none, link] = links({ from: { process: 'app' }, ...request });
    expect(none).toBeNull();
    const [page, fragment = ''] = link?.split('#') ?? [];
    expect(page).toBe('/ambient/service/');
    const { walked, problems } = ambientWalkerOn().open(`#${fragment}`, 'ambient-service');
    expect(problems).toEqual([]);
    expect(walked).toMatchObject({ release: '1.22', state: { request } });
  });

  test('beside a pod with a sidecar, by text and by release: both ends are compared, not the rules', async () => {
    for (const other of [
      text(sidecarText),
      { kind: 'setting', setting: { release: '1.30', options: {} } } as const,
    ]) {
      const { comparison } = await compared(podText, [these, other]);
      expect(comparison).toMatchObject({ isOfTwoModes: true, chains: [] });
      expect(comparison.walked).toBeGreaterThan(5);
    }
    expect((await compared(sidecarText, [these, text(podText)])).comparison.isOfTwoModes).toBe(true);
  });
});

describe('a node of ambient mode', () => {
  test('beside a node whose set has another pod: its probe goes another way', async () => {
    const other = nodeText.replace(/10\.244\.1\.5$/m, '10.244.1.9');
    const { comparison } = await compared(nodeText, [these, text(other)]);
    expect(comparison).toMatchObject({ differing: 0, of: 'node' });
    expect(comparison.different).toBeGreaterThan(0);
    expect(comparison.probe).toBeUndefined();
  });

  const probe = async (node: string, pod: string) =>
    (await compared(node, [these, text(pod)])).comparison.probe;
  const lines = async (node: string, pod: string) => (await probe(node, pod))?.lines.map(lineText);

  test('beside a pod: a probe’s way over both, whichever comes first', async () => {
    const way = [
      'kubelet uid 0 ▸ OUTPUT ▸ POSTROUTING ▸ ISTIO_POSTRT 1 ▸ 10.244.1.5:8080',
      'kubelet ▸ PREROUTING ▸ ISTIO_PRERT 1 ▸ INPUT ▸ app :8080',
    ];
    expect(await lines(nodeText, podText)).toEqual(way);
    expect(await lines(podText, nodeText)).toEqual(way);
    expect((await probe(nodeText, podText))?.ending).toBe('The app has the connection.');
    const { comparison } = await compared(null, [text(nodeText), text(podText)]);
    expect(comparison.probe?.lines).toHaveLength(2);
  });

  test('by nft, where the rules do not name the set’s members, and where the node gives no address', async () => {
    const { pod, host, sets } = ambientRulesFor('1.31', { nativeNftables: true });
    if (pod.nft === null || host.nft === null) throw new Error('both are of nft');
    const [set] = sets;
    const listed = printNft(host.nft).replace(
      /\{\n/,
      `{\n\tset ${set?.name} {\n\t\ttype ipv4_addr\n\t\telements = { 10.244.1.5 }\n\t}\n`,
    );
    expect((await lines(listed, printNft(pod.nft)))?.[1]).toMatch(/prerouting 1 ▸ INPUT ▸ app :8080$/);
    const [untold = ''] = nodeText.split(/^Name:/m);
    expect(await lines(untold, podText)).toHaveLength(1);
    const outside = nodeText.replace(/10\.244\.1\.5$/m, '10.244.1.9');
    expect((await lines(outside, podText))?.[1]).toMatch(
      /^kubelet ▸ PREROUTING ▸ ISTIO_PRERT 2 ▸ INPUT ▸ ztunnel :15006$/,
    );
  });

  test('what the pod’s rules are told to let by has to be what the node gives', async () => {
    const { pod } = ambientRulesFor('1.31', { hostProbeSNATAddress: '10.9.9.9' });
    const other = printRuleset(withBuiltInChains(pod.v4));
    expect((await lines(nodeText, other))?.[1]).toContain('ztunnel :15006');
  });
});
