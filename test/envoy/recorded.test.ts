/** The model against 360 connections of a real Envoy: the same thing seen by the client, and the same log. */
import { describe, expect, test } from 'vitest';
import * as model from '../../src/envoy/index.ts';
import { compareCalls } from './recorded-calls.ts';
import { bootstraps, recordedCalls } from './recordings.ts';

describe.each(Object.keys(recordedCalls))('%s', (name) => {
  test('is read without a problem', () => {
    expect(model.readEnvoyConfig([bootstraps[name]]).problems).toEqual([]);
  });

  test('does what Envoy did', () => {
    const all = compareCalls(model, name);
    expect(all.length).toBeGreaterThan(110);
    for (const { call, recorded, modelled } of all) expect(modelled, JSON.stringify(call)).toEqual(recorded);
  });
});

test('only the eight that never reached the Envoy are left out', () => {
  const names = Object.keys(recordedCalls);
  const asked = names.reduce((sum, name) => sum + compareCalls(model, name).length, 0);
  const all = names.reduce((sum, name) => sum + (recordedCalls[name]?.length ?? 0), 0);
  expect([all, all - asked]).toEqual([360, 8]);
});
