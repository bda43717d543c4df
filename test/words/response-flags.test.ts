/** Every flag that a walk through Envoy can end with is explained, and those that others may cause. */
import { expect, test } from 'vitest';
import { envoyCalls, walkInside } from '../../src/handbook/envoy/index.ts';
import { flagsBesideWords, responseFlagWords } from '../../src/words/index.ts';

const servers = ['answers', 'speaks first', 'refuses', 'closes', 'says nothing'] as const;

test.each(Object.entries(envoyCalls))('%s', (_, { mesh, call }) => {
  for (const server of servers) {
    const { seen } = walkInside(mesh, call, server);
    const flags = seen?.flags?.split(',') ?? [];
    const says = responseFlagWords(seen?.flags ?? '');
    expect(says.map((one) => one.slice(0, one.indexOf(':')))).toEqual(flags);
  }
});

test('of what goes on, the flags that it may get are told; of what waits, none', () => {
  const outcome = (name: 'known-host' | 'unknown-port' | 'strict-silent' | 'no-endpoint-tcp') =>
    walkInside(envoyCalls[name].mesh, envoyCalls[name].call, 'answers').outcome;
  const flags = (name: Parameters<typeof outcome>[0]) =>
    flagsBesideWords(outcome(name)).flatMap((one) => /^[A-Z]+(?=:)/.exec(one) ?? []);
  expect(flags('known-host')).toEqual(['UF', 'UC', 'UO']);
  expect(flags('unknown-port')).toEqual(['UF', 'UO']);
  expect(flags('strict-silent')).toEqual([]);
  expect(flags('no-endpoint-tcp')).toEqual(['UH']);
  expect(responseFlagWords('XX,-')).toEqual([]);
});
