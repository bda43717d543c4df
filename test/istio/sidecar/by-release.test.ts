/** What istiod of older releases tells otherwise, and of which releases nobody can tell. */
import { expect, test } from 'vitest';
import { connect, readEnvoyConfig } from '../../../src/envoy/index.ts';
import { newestCompared } from '../../../src/istio/index.ts';
import { oldestTold, type SidecarPod, sidecarConfig } from '../../../src/istio/sidecar/index.ts';
import { type AnsweredPod, answeredPods } from './answers.ts';

const [{ pod }] = answeredPods() as readonly [AnsweredPod];

function outcome(release: string, host: string, more: Partial<SidecarPod> = {}) {
  const { config, problems } = readEnvoyConfig([sidecarConfig(release, { ...pod, ...more })]);
  expect(problems).toEqual([]);
  const sends = { http: { method: 'GET', path: '/', host } };
  const ends = { source: '10.0.0.10', sourcePort: 40000, destination: '203.0.113.9', destinationPort: 80 };
  return connect(config, { ...ends, listener: 15001, sends }).outcome;
}

const web = 'web.default.svc.cluster.local';

test.each([
  ['1.26', web, `outbound|80||${web}`],
  ['1.27', web, `outbound|80||${web}`],
  ['1.26', `${web}.`, 'PassthroughCluster'],
  ['1.26', `${web}.:80`, 'PassthroughCluster'],
  ['1.27', `${web}.`, `outbound|80||${web}`],
  [newestCompared, `${web}.`, `outbound|80||${web}`],
  [newestCompared, `${web}.:80`, `outbound|80||${web}`],
])('Istio %s: a request for %s goes to %s', (release, host, cluster) => {
  expect(outcome(release, host)).toMatchObject({ kind: 'dials', cluster });
});

test('of a release that was not compared nobody can tell', () => {
  expect(outcome(oldestTold, web).kind).toBe('dials');
  for (const release of ['1.25.1', '1.24', '1.17', '1.5'])
    expect(outcome(release, web), release).toMatchObject({
      kind: 'cannot tell',
      because: { name: 'Istio before 1.25.2' },
    });
});

test('of a mode that came later nobody can tell', () => {
  const mode = { Policy: 'ALLOW_ANY_DYNAMIC_DNS' } as const;
  expect(outcome('1.30', 'nobody.example', mode)).toMatchObject({
    kind: 'cannot tell',
    because: { name: 'ALLOW_ANY_DYNAMIC_DNS before Istio 1.31' },
  });
});
