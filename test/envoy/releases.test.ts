/** Which Envoy a release of Istio brings is written in three places: they say the same, and have the newest release. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { envoyReleases } from '../../src/envoy/index.ts';
import { envoyReleaseOf } from '../../src/handbook/envoy/walk.ts';
import { newestCompared } from '../../src/istio/index.ts';
import { envoyOf, envoyVersions } from '../mesh/envoy/binary.ts';

const minorOf = (version: string) => version.split('.').slice(0, 2).join('.');

test('the walk knows the releases of the real Envoys', () => {
  expect([...envoyReleases]).toEqual(envoyVersions.map(minorOf));
});

test('an Istio has the Envoy that its pages walk through', () => {
  for (const [istio, envoy] of Object.entries(envoyOf))
    expect(envoyReleaseOf(istio), istio).toBe(minorOf(envoy));
});

test('the newest Istio that was compared has an Envoy of its own, and not silently that of the one before', () => {
  expect(Object.keys(envoyOf)).toContain(minorOf(newestCompared));
});

test('each is pinned by its hashes', () => {
  const files = readdirSync(join(import.meta.dirname, '../mesh/envoy')).filter((name) =>
    name.startsWith('requirements-'),
  );
  expect(files.sort()).toEqual(envoyVersions.map((version) => `requirements-${version}.txt`).sort());
});
