/**
 * What a real ztunnel does with a connection, behaviour by behaviour: `behaviours/*.txt`. What was
 * recorded must be what is expected; asked anew, with SIDETRACK_ZTUNNEL=live, it must do the same.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { MeshRecording } from '../recorded.ts';
import { AmbientMesh } from './ambient-mesh.ts';
import { meshNamed, readZtunnelCases, type ZtunnelCase } from './case-file.ts';
import { modelLines, packetLinesOf } from './model-lines.ts';
import { observeZtunnel } from './observe.ts';
import { asksAllOfZtunnel, ztunnelMode } from './recording.ts';
import { setups } from './world.ts';

const folder = new URL('./behaviours/', import.meta.url);
const cases = readdirSync(folder).flatMap((name) =>
  readZtunnelCases(readFileSync(new URL(name, folder), 'utf8'), name),
);

const recording = new MeshRecording<readonly string[]>(
  'ambient-behaviours',
  asksAllOfZtunnel() ? ztunnelMode() : 'recorded',
);
afterAll(() => recording.save());

test('there are enough of them, and each has a title of its own', () => {
  expect(cases.length).toBeGreaterThan(60);
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
});

/** What a case is asked: all of it but what is expected. */
function questionOf({ expected: _, ...question }: ZtunnelCase) {
  const { backEnd = 'iptables' } = meshNamed(question.mesh) ?? {};
  return { version: setups[backEnd].ztunnel, ...question };
}

describe.each([...new Set(cases.map(({ mesh }) => mesh))])('%s', (name) => {
  let open: Promise<AmbientMesh> | undefined;
  afterAll(async () => (await open?.catch(() => undefined))?.end());

  const own = cases.filter(({ mesh }) => mesh === name);
  test.each(own.map((one) => [one.title, one] as const))('%s', async (title, one) => {
    const question = questionOf(one);
    let lines: readonly string[];
    if (recording.mode === 'recorded') {
      lines = recording.recorded(title, question);
    } else {
      const wanted = meshNamed(name);
      if (wanted === null) throw new Error(`there is no mesh ${name}`);
      open ??= AmbientMesh.open(wanted);
      lines = await observeZtunnel(await open, one);
      recording.keep(title, question, lines);
    }
    expect(lines.join('\n')).toBe(one.expected.join('\n'));
    if (recording.mode === 'live') expect(recording.recorded(title, question)).toEqual(lines);
    // The model makes the same connections, from the same addresses, with the same marks, and refuses the same.
    const modelled = modelLines(one);
    if (modelled !== null) expect(modelled).toEqual(packetLinesOf(lines));
  });
});
