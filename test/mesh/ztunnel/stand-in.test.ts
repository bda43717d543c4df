/**
 * The stand-in for ztunnel in the kernel's tests, held to a real ztunnel: whom it dials, from which address, with which
 * marks on what it sends and answers, and every rule that is met, in the same journey.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Seen } from '../journeys.ts';
import { MeshRecording } from '../recorded.ts';
import { ambientJourneys } from './asked.ts';
import { rulesOf } from './world.ts';

/** What the kernel said of one connection of the stand-in's. */
interface Stood {
  readonly events: readonly string[];
  readonly replies: readonly { readonly events: readonly string[] }[];
}

const file = new URL('../../kernel/recorded/ambient.json', import.meta.url);
const stood: Readonly<Record<string, { readonly said?: readonly Stood[] }>> = JSON.parse(
  readFileSync(file, 'utf8'),
);
const recording = new MeshRecording<Partial<Seen>>('ambient-journeys', 'recorded');

const linesOf = ({ events, replies: [reply] }: Stood): readonly string[] => [
  ...events,
  ...(reply?.events ?? []).map((line) => `reply ${line}`),
];

/** The kernel's tests put a question by DNS and what ztunnel then asks as two cases; the port of each is its own. */
const alsoAsked: Readonly<Record<string, string>> = { 'ambient-dns': 'ztunnel asks' };

function legsOf(name: string): readonly (readonly string[])[] {
  const cases = [name, ...(name in alsoAsked ? [alsoAsked[name]] : [])];
  return cases.flatMap((one) => (stood[`${rulesOf} ${one}`]?.said ?? []).map(linesOf));
}

const withoutPort = (line: string): string => line.replace(/:4000\d\b/g, ':CLIENT');

describe('what the stand-in does in the kernel’s tests is what ztunnel does', () => {
  const asked = ambientJourneys('iptables').filter(({ title }) => title.endsWith(', v4'));

  test('all of them are asked there', () => {
    const missing = asked.filter(({ scenario: { name } }) => legsOf(name).length === 0);
    expect(missing.map(({ title }) => title)).toEqual([]);
    const dials = asked.filter(({ scenario: { name } }) => legsOf(name).length > 1);
    expect(dials.length).toBeGreaterThan(8);
  });

  test.each(asked.map((one) => [one.title, one] as const))('%s', (_, { key, question, scenario }) => {
    const { legs = [] } = recording.recorded(key, question);
    const ports = (lines: readonly string[]) => lines.map(withoutPort);
    expect(legsOf(scenario.name).map(ports)).toEqual(legs.map(ports));
  });
});
