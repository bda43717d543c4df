/** All that stands in a configuration is in the model, or kept beside it. */
import { describe, expect, test } from 'vitest';
import { parseEnvoyConfig, readEnvoyConfig } from '../../src/envoy/index.ts';
import { notShown } from '../../src/netfilter/index.ts';
import { dumpOfServices } from '../bench/envoy-dump.ts';
import { answers, bootstraps } from './recordings.ts';

type Leaves = Map<string, string>;

/** Values with where they stand; what is left out on purpose is not among them. */
function leavesOf(value: unknown, where = '', found: Leaves = new Map()): Leaves {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) leavesOf(one, `${where}[${at}]`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) leavesOf(one, `${where}.${key}`, found);
  } else found.set(where, String(value));
  return found;
}

/** A duration is in the model in milliseconds; domains and names in lower case. */
function formsOf(value: string): readonly string[] {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1];
  return seconds === undefined
    ? [value, value.toLowerCase()]
    : [value, `${Math.round(Number(seconds) * 1000)}`];
}

/** What says of which type a message is, or that a prefix has a length, has become something else. */
const becomes = /\.(@type|prefix_len|address_prefix|type_url|name|retry_on|codec_type)$/;

function lost(value: unknown, config: unknown): readonly string[] {
  const kept = new Set(leavesOf(config).values());
  return [...leavesOf(value)]
    .filter(([where, one]) => !becomes.test(where) && !formsOf(one).some((form) => kept.has(form)))
    .map(([where, one]) => `${where}: ${one}`);
}

describe.each([
  ['a bootstrap', bootstraps],
  ['an answer', answers],
] as const)('%s', (_, texts) => {
  test.each(Object.entries(texts))('%s is read without a loss', (_name, value) => {
    const { config, problems } = readEnvoyConfig([value]);
    expect(problems).toEqual([]);
    const shown = lost(value, config).filter((line) => !/cert\.pem|key\.pem/.test(line));
    expect(shown).toEqual([]);
    expect(JSON.stringify(config)).not.toContain('key.pem');
    if (JSON.stringify(value).includes('key.pem')) expect(JSON.stringify(config)).toContain(notShown);
  });
});

test('what the bench puts together in the manner of istiod is read without a problem', () => {
  const { config, problems } = parseEnvoyConfig(dumpOfServices(20));
  expect(problems).toEqual([]);
  expect(config.listeners.length).toBeGreaterThan(10);
});
