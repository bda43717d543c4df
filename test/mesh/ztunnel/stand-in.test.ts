/**
 * The stand-in for ztunnel in the kernel's tests, held to a real ztunnel: whom it dials, from which address, with which
 * marks on what it sends and answers, and every rule that is met, in the same journey.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Seen } from '../journeys.ts';
import { MeshRecording } from '../recorded.ts';
import { ambientJourneys } from './asked.ts';
import type { BackEnd } from './world.ts';

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

/** The release that was asked there: of TPROXY one before, with the same rules. */
const releases = { iptables: '1.31', TPROXY: '1.22' } as const;

function legsOf(release: string, name: string): readonly (readonly string[])[] {
  const cases = [name, ...(name in alsoAsked ? [alsoAsked[name]] : [])];
  return cases.flatMap((one) => (stood[`${release} ${one}`]?.said ?? []).map(linesOf));
}

const withoutPort = (line: string): string => line.replace(/:4000\d\b/g, ':CLIENT');

const asked = (backEnd: BackEnd) => ambientJourneys(backEnd).filter(({ title }) => title.endsWith(', v4'));

test('all of them are asked there', () => {
  const found = asked('iptables').map((one) => ({
    ...one,
    legs: legsOf(releases.iptables, one.scenario.name),
  }));
  expect(found.filter(({ legs }) => legs.length === 0).map(({ title }) => title)).toEqual([]);
  expect(found.filter(({ legs }) => legs.length > 1).length).toBeGreaterThan(8);
});

describe.each(['iptables', 'TPROXY'] as const)('the stand-in does what ztunnel does, %s', (backEnd) => {
  const stoodFor = asked(backEnd)
    .map((one) => ({ ...one, stoodIn: legsOf(releases[backEnd], one.scenario.name) }))
    .filter(({ stoodIn }) => stoodIn.length > 0);

  test.each(stoodFor.map((one) => [one.title, one] as const))('%s', (_, { key, question, stoodIn }) => {
    const { legs = [] } = recording.recorded(key, question);
    const ports = (lines: readonly string[]) => lines.map(withoutPort);
    expect(stoodIn.map(ports)).toEqual(legs.map(ports));
  });
});
