/** Configurations by hand, put to both Envoys: what they do is recorded, and what the model says. */
import { expect, test } from 'vitest';
import * as model from '../../src/envoy/index.ts';
import {
  bootstrapOf,
  type ConditionAnswers,
  conditionDisagreements,
  conditionRecording,
  placesOf,
  writeConditions,
} from '../envoy/condition-answers.ts';
import { conditionCases } from '../envoy/conditions/index.ts';
import { serverAt } from '../envoy/conditions/sketch.ts';
import type { Became } from '../envoy/random-answers.ts';
import { type EnvoyVersion, envoyVersions } from './envoy/binary.ts';
import { releaseOf } from './random/compare.ts';
import { askEnvoyOf, type LiveQuestion } from './random/live.ts';
import { envoyMode } from './recorded.ts';

const mode = envoyMode();

const servers: LiveQuestion['servers'] = [
  ...[0, 1, 2, 3, 4, 5].map((number) => ({
    address: '127.0.0.1',
    port: serverAt('itself', number),
    speaks: 'itself' as const,
  })),
  ...['127.0.0.1', '::1'].map((address) => ({
    address,
    port: serverAt('caller'),
    speaks: 'caller' as const,
  })),
  { address: '127.0.0.1', port: serverAt('http'), speaks: 'http' },
];

async function ask(version: EnvoyVersion): Promise<Readonly<Record<string, readonly Became[]>>> {
  const answers: Record<string, readonly Became[]> = {};
  for (const cases of placesOf(conditionCases)) {
    const redirects = cases.flatMap((one) => one.redirects);
    const rules = ['OUTPUT', 'PREROUTING'].flatMap((chain) =>
      redirects.map(([from, to]) => `-A ${chain} -p tcp --dport ${from} -j REDIRECT --to-ports ${to}`),
    );
    const told = await askEnvoyOf(version, {
      bootstrap: bootstrapOf(cases),
      cases,
      servers,
      ...(rules.length === 0 ? {} : { rules: ['*nat', ...rules, 'COMMIT', ''].join('\n') }),
    });
    for (const [at, { title }] of cases.entries()) answers[title] = told[at] ?? [];
  }
  return answers;
}

if (mode === 'record') {
  const asked: (readonly [string, object])[] = [];
  for (const version of envoyVersions) asked.push([releaseOf(version), await ask(version)]);
  writeConditions(Object.fromEntries(asked) as ConditionAnswers);
}

test.skipIf(mode !== 'live').each(envoyVersions)(
  'Envoy %s does what the model says',
  { timeout: 120_000 },
  async (version) => {
    const release = releaseOf(version);
    const asked = { cases: conditionCases, answers: { [release]: await ask(version) } as ConditionAnswers };
    // Whom chance left out is of no account here.
    expect(conditionDisagreements(model, asked, release, false)).toEqual([]);
  },
);

test.each(envoyVersions)('what was recorded of Envoy %s is what the model says', (version) => {
  const recording = conditionRecording();
  expect(recording.cases).toEqual(JSON.parse(JSON.stringify(conditionCases)));
  expect(conditionDisagreements(model, recording, releaseOf(version))).toEqual([]);
});
