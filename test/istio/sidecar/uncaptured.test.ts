/**
 * Mode NONE: what a real Envoy did with `none.txt`, told what istiod tells it, is what the model says of what `sidecarConfig`
 * tells it. Where Envoy has no say the port is nobody's, or the app's, who was there first.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { connect, type EnvoyConfig, readEnvoyConfig, type Sends } from '../../../src/envoy/index.ts';
import { sidecarConfig } from '../../../src/istio/sidecar/index.ts';
import { type BehaviourCase, readCases } from '../../mesh/case-file.ts';
import { askedPod, type PodName } from '../../mesh/istiod/pods.ts';
import { appPorts } from '../../mesh/world.ts';

const cases = readCases(
  readFileSync(new URL('../../mesh/behaviours/none.txt', import.meta.url), 'utf8'),
  'none.txt',
);

function configOf(name: PodName): EnvoyConfig {
  const { mode, outbound, inbound, istio, objects, addresses, labels } = askedPod(name);
  const pod = { Mode: mode, Policy: outbound, Inbound: inbound, Config: istio, Objects: objects } as const;
  const { config, problems } = readEnvoyConfig([
    sidecarConfig('1.31', { ...pod, IPs: addresses, Labels: labels, ClusterID: 'Kubernetes' }),
  ]);
  expect(problems).toEqual([]);
  return config;
}

function sendsOf({ http, send }: BehaviourCase): Sends {
  if (http !== undefined) return { http: { ...http, host: http.host ?? '' } };
  return send === undefined ? { nothing: true } : { bytes: send };
}

/** Connections that come to this host. */
const here = cases.filter(({ to }) => /^127\.|^10\.244\.1\.5$/.test(to.address));

function outcomeOf(one: BehaviourCase) {
  const connection = {
    source: one.caller === 'app' ? '127.0.0.1' : '10.244.2.9',
    sourcePort: 40_000,
    destination: one.to.address,
    destinationPort: one.to.port,
    listener: one.to.port,
  };
  return connect(configOf(one.pod), { ...connection, sends: sendsOf(one) }).outcome;
}

/** What was seen of it: by whom it was taken, and how it ended. */
function seenOf({ expected }: BehaviourCase) {
  const line = expected.find((one) => one.startsWith('Envoy: '));
  const [, cluster, host] =
    /^Envoy: \S+ is (\S+?)(?: at ([^ ,]+))?(?: from \S+)?(?:,|$)/.exec(line ?? '') ?? [];
  return { isLogged: line !== undefined, cluster, host, flags: /flags ([A-Z]+)/.exec(line ?? '')?.[1] };
}

test('there are cases of each kind', () => {
  expect(here.length).toBeGreaterThan(20);
  expect(here.filter((one) => seenOf(one).isLogged).length).toBeGreaterThan(12);
});

describe.each(here.map((one) => [`${one.pod}: ${one.title}`, one] as const))('%s', (_, one) => {
  test('is what the model says', () => {
    const outcome = outcomeOf(one);
    const { isLogged, cluster, host, flags } = seenOf(one);
    const client = one.expected[0] ?? '';
    if (client.endsWith('nothing comes')) expect(outcome).toMatchObject({ kind: 'waits', timeout: null });
    else if (!isLogged) {
      const isOfApp = appPorts.some(({ port }) => port === one.to.port);
      if (client === 'client: refused') expect(isOfApp).toBe(false);
      if (!isOfApp) expect(outcome).toMatchObject({ kind: 'closed', because: 'nobody listens' });
    } else if (host === undefined) {
      expect(outcome).toMatchObject({ cluster, flags });
      expect(outcome.kind).not.toBe('dials');
    } else expect(outcome).toMatchObject({ kind: 'dials', cluster, hosts: [host] });
  });
});
