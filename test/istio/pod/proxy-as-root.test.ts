/**
 * A proxy that runs as 0:1337, as it does in TPROXY mode and where it may listen below 1024. The rules know it by
 * its group alone, so that its traffic over lo and its own outbound traffic meet other rules than those of 1337:1337.
 */
import { describe, expect, test } from 'vitest';
import { services, workload } from '../../../src/handbook/scenarios/index.ts';
import { type Options, optionsFromPod, processesOf, type Workload } from '../../../src/istio/index.ts';
import { journey, podOf, type Request } from '../../../src/journey/index.ts';
import { pathLine } from '../../../src/render/index.ts';
import { ending } from '../../../src/words/index.ts';

const asRoot: Workload = { ...workload, netBindService: true };
const address = '10.244.1.5';

/** What is asked of the pod, by a name. */
const requests = {
  'Envoy to its admin port': { from: { process: 'Envoy' }, address: '127.0.0.1', port: 15000 },
  'Envoy to its own pod': { from: { process: 'Envoy' }, address, port: 8080 },
  'pilot-agent to istiod': { from: { process: 'pilot-agent' }, ...services.istiod },
  'the app to its own Service': { from: { process: 'app' }, ...services.own },
  'a remote pod': { from: { name: 'remote pod', address: '10.244.2.9' }, address, port: 8080 },
} as const satisfies Readonly<Record<string, Request>>;

type Asked = keyof typeof requests;

function paths(release: string, options: Partial<Options>, asked: Asked, uses = asRoot): readonly string[] {
  const walked = journey(podOf(release, options, uses), requests[asked]);
  expect(walked.arrived, ending(walked)).toBe(true);
  return pathLine(walked).split('\n');
}

const tail = 'POSTROUTING ▸ PREROUTING ▸ INPUT ▸';
const all = ['1.5', '1.9', '1.10', '1.17', '1.18', '1.25', '1.30'];
const tproxy = { inboundInterceptionMode: 'TPROXY' };
const loopback = { outboundIPRangesInclude: '127.0.0.1/32,10.0.0.0/8' };

test('its processes are root, with the group of the proxy', () => {
  const owners = (options: Partial<Options>, uses = workload) =>
    podOf('1.30', options, uses).processes.map(({ name, uid, gid }) => `${name} ${uid}:${gid}`);
  expect(owners({})).toEqual(['app 1000:1000', 'Envoy 1337:1337', 'pilot-agent 1337:1337']);
  expect(owners({}, asRoot)).toEqual(['app 1000:1000', 'Envoy 0:1337', 'pilot-agent 0:1337']);
  expect(owners(tproxy)).toEqual(['app 1000:1000', 'Envoy 0:1337', 'pilot-agent 0:1337']);
});

test('a pod says so by an annotation or by what its proxy may do', async () => {
  const pod = '{kind: Pod, metadata: {annotations: {ANNOTATION}}, spec: {containers: [{name: app}]}}';
  const read = await optionsFromPod(pod.replace('ANNOTATION', 'sidecar.istio.io/capNetBindService: "true"'));
  expect(read.workload?.netBindService).toBe(true);
  const complete = podOf('1.30', read.options, workload).options;
  expect(processesOf(complete, { ...workload, ...read.workload, ports: [] })[1]).toEqual({
    name: 'Envoy',
    uid: 0,
    gid: 1337,
  });
});

describe('with NET_BIND_SERVICE', () => {
  test.for(all)(
    '%s: on lo it counts as an app, so that only what it sends out meets the rules of its group',
    (release) => {
      expect(paths(release, {}, 'Envoy to its admin port')).toEqual([
        `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 3 ▸ ${tail} Envoy :15000`,
      ]);
      expect(paths(release, {}, 'Envoy to its admin port', workload)).toEqual([
        `Envoy uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 4 ▸ ${tail} Envoy :15000`,
      ]);
      expect(paths(release, {}, 'pilot-agent to istiod')).toEqual([
        'pilot-agent uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 7 ▸ POSTROUTING ▸ 10.96.0.10:15012',
      ]);
      expect(paths(release, {}, 'pilot-agent to istiod', workload)).toEqual([
        'pilot-agent uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 4 ▸ POSTROUTING ▸ 10.96.0.10:15012',
      ]);
    },
  );

  test.for(all)('%s: a call to its own Service misses the inbound listener', (release) => {
    expect(paths(release, {}, 'the app to its own Service')).toEqual([
      `app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 9 ▸ ISTIO_REDIRECT 1 ▸ ${tail} Envoy :15001`,
      `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 3 ▸ ${tail} app :8080`,
    ]);
    const usual = paths(release, {}, 'the app to its own Service', workload);
    expect(usual[1]).toBe(
      `Envoy uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 2 ▸ ISTIO_IN_REDIRECT 1 ▸ ${tail} Envoy :15006`,
    );
  });

  test('what arrives is handed on by the same rule, but not before 1.10', () => {
    for (const release of all) {
      const own = ['1.5', '1.9'].includes(release) ? 3 : 1;
      const position = release === '1.9' || release === '1.10' ? 6 : 5;
      expect(paths(release, {}, 'a remote pod'), release).toEqual([
        `remote pod ▸ PREROUTING ▸ ISTIO_INBOUND ${position} ▸ ISTIO_IN_REDIRECT 1 ▸ INPUT ▸ Envoy :15006`,
        `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT ${own} ▸ ${tail} app :8080`,
      ]);
    }
  });

  test('with a loopback range included the rules of its group take over, since 1.7', () => {
    expect(paths('1.5', loopback, 'the app to its own Service')[1]).toBe(
      `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 3 ▸ ${tail} app :8080`,
    );
    for (const release of ['1.10', '1.17', '1.18', '1.25', '1.30']) {
      expect(paths(release, loopback, 'Envoy to its admin port'), release).toEqual([
        `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 5 ▸ ${tail} Envoy :15000`,
      ]);
      expect(paths(release, loopback, 'the app to its own Service'), release).toEqual([
        `app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 8 ▸ ISTIO_REDIRECT 1 ▸ ${tail} Envoy :15001`,
        `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 4 ▸ ISTIO_IN_REDIRECT 1 ▸ ${tail} Envoy :15006`,
        `Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 1 ▸ ${tail} app :8080`,
      ]);
    }
  });
});

describe('in TPROXY mode', () => {
  test.for(all)('%s: what it sends out meets the rule of its group', (release) => {
    expect(paths(release, tproxy, 'pilot-agent to istiod', workload)).toEqual([
      'pilot-agent uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 7 ▸ POSTROUTING ▸ 10.96.0.10:15012',
    ]);
  });

  test('before 1.9 what arrives goes to the outbound listener, which hands it in', () => {
    expect(paths('1.5', tproxy, 'a remote pod', workload)).toEqual([
      'remote pod ▸ PREROUTING ▸ mangle ISTIO_INBOUND 6 ▸ mangle ISTIO_TPROXY 1 ▸ INPUT ▸ Envoy :15001',
      'Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 3 ▸ POSTROUTING ▸ PREROUTING ▸ mangle ISTIO_INBOUND 6 ▸ INPUT ▸ app :8080',
    ]);
  });

  test.for(['1.17', '1.18', '1.25', '1.30'])(
    '%s: its call to its own pod is marked by its group, and so taken in',
    (release) => {
      expect(paths(release, tproxy, 'Envoy to its own pod', workload)).toEqual([
        'Envoy uid 0 ▸ OUTPUT ▸ mangle OUTPUT 3 ▸ ISTIO_OUTPUT 3 ▸ POSTROUTING ▸ PREROUTING ▸ mangle ISTIO_INBOUND 8 ▸ mangle ISTIO_TPROXY 1 ▸ INPUT ▸ Envoy :15006',
        'Envoy uid 0 ▸ OUTPUT ▸ mangle OUTPUT 1 ▸ ISTIO_OUTPUT 3 ▸ POSTROUTING ▸ PREROUTING ▸ mangle ISTIO_INBOUND 1 ▸ mangle PREROUTING 2 ▸ INPUT ▸ app :8080',
      ]);
      expect(paths(release, tproxy, 'Envoy to its admin port', workload)).toEqual([
        'Envoy uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 3 ▸ POSTROUTING ▸ PREROUTING ▸ mangle ISTIO_INBOUND 3 ▸ INPUT ▸ Envoy :15000',
      ]);
    },
  );
});
