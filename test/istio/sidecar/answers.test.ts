/** What `sidecarConfig` tells a pod is what Istio's own istiod tells it, in every field that decides. */
import { describe, expect, test } from 'vitest';
import { connect, readEnvoyConfig } from '../../../src/envoy/index.ts';
import { sidecarConfig } from '../../../src/istio/sidecar/index.ts';
import { answerOf } from '../../mesh/istiod/answer.ts';
import { askedPod, podNames } from '../../mesh/istiod/pods.ts';
import { type AnsweredPod, answeredPods } from './answers.ts';
import { deciding, differences } from './deciding.ts';

const answered = answeredPods();

test.each(answered.map((one) => [one.pod.Name, one] as const))('%s', (_, { pod, answer }) => {
  expect(differences(deciding(sidecarConfig('1.31', pod)), deciding(answer))).toEqual([]);
});

test.each(podNames)('the handbook’s own pod: %s', (name) => {
  const { mode, outbound, inbound, istio, objects, addresses, labels } = askedPod(name);
  const pod = { Mode: mode, Policy: outbound, Inbound: inbound, Config: istio, Objects: objects } as const;
  const told = sidecarConfig('1.31', { ...pod, IPs: addresses, Labels: labels, ClusterID: 'Kubernetes' });
  expect(differences(deciding(told), deciding(answerOf(name)))).toEqual([]);
});

test('a field that differs is found', () => {
  const { pod, answer } = answered[0] as AnsweredPod;
  const told = JSON.stringify(sidecarConfig('1.31', pod));
  for (const [from, to] of [
    ['"destination_port":8080', '"destination_port":8081'],
    ['"127.0.0.6"', '"127.0.0.1"'],
    ['"cluster":"PassthroughCluster"', '"cluster":"BlackHoleCluster"'],
    ['"type":"ORIGINAL_DST"', '"type":"STATIC"'],
    ['"shop.default.svc"', '"shop.default"'],
    ['"end":15007', '"end":15008'],
  ] as const) {
    expect(told).toContain(from);
    const changed = JSON.parse(told.replace(from, to));
    expect(differences(deciding(changed), deciding(answer)), from).not.toEqual([]);
  }
});

describe('where a resource decides that is not followed', () => {
  const [{ pod }] = answered as readonly [AnsweredPod];
  const config = (kind: string, spec: object) =>
    JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name: 'own', namespace: 'default' },
      spec,
    });
  const outcome = (more: string, destination: string, port: number, listener: number) => {
    const told = sidecarConfig('1.31', { ...pod, Config: `${pod.Config}\n---\n${more}` });
    const { config: read, problems } = readEnvoyConfig([told]);
    expect(problems).toEqual([]);
    const sends = { http: { method: 'GET', path: '/', host: 'web' } };
    const from = { source: '10.0.0.10', sourcePort: 40000, listener, sends };
    return connect(read, { ...from, destination, destinationPort: port }).outcome;
  };
  const web = 'web.default.svc.cluster.local';

  test('nothing of the kind: it is told', () => {
    expect(outcome('', '10.96.0.20', 80, 15001)).toMatchObject({ kind: 'dials' });
  });

  test('VirtualService', () => {
    const route = { hosts: ['web'], http: [{ route: [{ destination: { host: 'db' } }] }] };
    expect(outcome(config('VirtualService', route), '10.96.0.20', 80, 15001)).toMatchObject({
      kind: 'cannot tell',
      because: { name: 'VirtualService default/own' },
    });
    const tcp = { hosts: ['db'], tcp: [{ route: [{ destination: { host: 'web' } }] }] };
    expect(outcome(config('VirtualService', tcp), '10.96.0.30', 5432, 15001)).toMatchObject({
      kind: 'cannot tell',
      because: { name: 'VirtualService default/own' },
    });
  });

  test('DestinationRule', () => {
    const rule = { host: web, trafficPolicy: { tls: { mode: 'SIMPLE' } } };
    expect(outcome(config('DestinationRule', rule), '10.96.0.20', 80, 15001)).toMatchObject({
      kind: 'cannot tell',
      cluster: `outbound|80||${web}`,
    });
    expect(outcome(config('DestinationRule', { host: web }), '10.96.0.20', 80, 15001).kind).toBe('dials');
  });

  test('EnvoyFilter, at its side alone', () => {
    const patch = { applyTo: 'NETWORK_FILTER', match: { context: 'SIDECAR_INBOUND' } };
    const filter = config('EnvoyFilter', { configPatches: [patch] });
    expect(outcome(filter, '10.96.0.20', 80, 15001).kind).toBe('dials');
    expect(outcome(filter, '10.0.0.10', 8080, 15006)).toMatchObject({
      kind: 'cannot tell',
      because: { name: 'EnvoyFilter default/own' },
    });
  });

  test('AuthorizationPolicy', () => {
    const policy = JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'own', namespace: 'default' },
      spec: {},
    });
    expect(outcome(policy, '10.0.0.10', 8080, 15006).kind).toBe('cannot tell');
  });
});
