/** The stop “Envoy” of a path, opened: as the path has it where nothing is chosen, and something to say of every choice. */
import { describe, expect, test } from 'vitest';
import { readEnvoyConfig } from '../../../src/envoy/index.ts';
import {
  configUnder,
  type EnvoyChoice,
  envoyChoices,
  envoyStopsOf,
  inboundPolicies,
  type MeshChoice,
  mutualTlsModes,
  openStops,
  outboundPolicies,
  sidecarKinds,
  tellStops,
} from '../../../src/handbook/envoy/index.ts';
import { proxyOf, resourcesOf, sidecarPodOf } from '../../../src/handbook/envoy/mesh.ts';
import { configOf } from '../../../src/handbook/envoy/stop.ts';
import {
  handbookSetting,
  isAmbientScenario,
  scenarios,
  shownScenarios,
} from '../../../src/handbook/scenarios/index.ts';
import { type State, walkerOn } from '../../../src/handbook/walk/index.ts';
import { sidecarConfig, sidecarConfigAmongServices } from '../../../src/istio/sidecar/index.ts';
import * as scoping from '../../../src/istio/sidecar/scoped/index.ts';

const walker = walkerOn();
const walkOf = (state: State) => walker.walk(state);
const opened = (state: State, choice?: EnvoyChoice) => openStops(walkOf(state), choice, scoping);

/** Of each of the six types, where its connections come to Envoy by the rules. */
const six: Readonly<Record<string, readonly string[]>> = {
  'remote-to-local': ['inbound inbound|8080|| 10.244.1.5:8080'],
  'local-to-remote': ['outbound outbound|80||reviews.default.svc.cluster.local 10.244.2.9:9080'],
  prometheus: ['inbound prometheus_stats 127.0.0.1:15000'],
  'local-to-local': [
    'outbound outbound|80||own.default.svc.cluster.local 10.244.1.5:8080',
    'inbound inbound|8080|| 10.244.1.5:8080',
  ],
  'inside-envoy': [],
  'sidecar-to-istiod': [],
};

test('the six types are all', () => {
  expect(Object.keys(six).sort()).toEqual(
    scenarios
      .filter(({ isMain, runbook }) => isMain && runbook === undefined)
      .map(({ name }) => name)
      .sort(),
  );
});

describe.each(Object.entries(six))('%s', (scenario, ends) => {
  const stops = opened({ scenario });

  test('ends at the cluster and the address that its path has', () => {
    expect(
      stops.map(({ stop, outcome }) =>
        outcome.kind === 'dials' ? `${stop.direction} ${outcome.cluster} ${outcome.hosts[0]}` : outcome.kind,
      ),
    ).toEqual(ends);
    for (const { isAsInPath } of stops) expect(isAsInPath).toBe(true);
  });

  test('with TPROXY as well', () => {
    const options = { inboundInterceptionMode: 'TPROXY' } as const;
    for (const { isAsInPath } of opened({ scenario, options })) expect(isAsInPath).toBe(true);
  });
});

const all = shownScenarios.filter((one) => !isAmbientScenario(one)).map(({ name }) => name);

test.each(all)('%s ends as its path where nothing is chosen', (scenario) => {
  const walked = walkOf({ scenario });
  const stops = openStops(walked);
  expect(stops.map(({ stop }) => stop)).toEqual(envoyStopsOf(walked));
  expect(stops.filter(({ isAsInPath }) => !isAsInPath).map(({ stop, outcome }) => [stop, outcome])).toEqual(
    [],
  );
});

describe('what is chosen', () => {
  const choices: readonly EnvoyChoice[] = Object.entries(envoyChoices).flatMap(([name, values]) =>
    values.map((value) => ({ [name]: value })),
  );
  const pages = ['remote-to-local', 'local-to-remote', 'local-to-local', 'prometheus-app'];
  const ends = (scenario: string, choice: EnvoyChoice) =>
    JSON.stringify(
      opened({ scenario }, choice).map(({ outcome, seen, events }) => [outcome, seen, events.length]),
    );

  test.each(choices)('%j is told at every stop', (choice) => {
    for (const scenario of pages) {
      const walked = walkOf({ scenario });
      const { stops, fields } = tellStops({ walk: walked, chosen: choice }, scoping);
      expect(stops.length).toBeGreaterThan(0);
      for (const { title, steps, ending, seen, client } of stops) {
        expect(title).toMatch(/^Envoy 1500[16] takes a connection to \S+:\d+$/);
        expect(steps.length).toBeGreaterThan(2);
        expect(ending).not.toMatch(/^$|Nobody can tell/);
        expect([seen, client]).not.toContain('');
      }
      for (const { name, value } of fields) if (name in choice) expect(value).toBe(Object.values(choice)[0]);
    }
  });

  test.each(Object.entries(envoyChoices))(
    'each value of %s ends otherwise than another somewhere',
    (name, values) => {
      for (const value of values) {
        const others = values.filter((one) => one !== value);
        const differs = pages.some((scenario) =>
          others.some((other) =>
            ([undefined, 'nothing', 'HTTP', 'TLS'] as const).some((first) => {
              const also: EnvoyChoice = first === undefined || name === 'first' ? {} : { first };
              return (
                ends(scenario, { ...also, [name]: value }) !== ends(scenario, { ...also, [name]: other })
              );
            }),
          ),
        );
        expect(differs, value).toBe(true);
      }
    },
  );

  test.each<[string, State, EnvoyChoice, string, boolean]>([
    [
      'STRICT and plain HTTP',
      { scenario: 'remote-to-local' },
      { mutualTls: 'STRICT' },
      'The client is connected, and then reset. The access log has NR filter_chain_not_found.',
      false,
    ],
    [
      'STRICT and Istio’s own TLS',
      { scenario: 'remote-to-local' },
      { mutualTls: 'STRICT', first: 'mutual TLS of Istio' },
      'The client gets its answer.',
      true,
    ],
    [
      'the server speaks first at an unnamed port',
      { scenario: 'remote-to-local' },
      { first: 'nothing', declared: 'unnamed' },
      'The client is connected, and nothing comes.',
      false,
    ],
    [
      'a Service’s name that nobody has',
      { scenario: 'local-to-remote' },
      { outbound: 'REGISTRY_ONLY', host: 'example.org' },
      'The client gets 502.',
      false,
    ],
    [
      'a Sidecar without the Service in its egress, passed on',
      { scenario: 'local-to-remote' },
      { sidecar: 'egress istio-system/*' },
      'The client gets its answer.',
      false,
    ],
    [
      'a Sidecar without the Service in its egress, refused',
      { scenario: 'local-to-remote' },
      { sidecar: 'egress istio-system/*', outbound: 'REGISTRY_ONLY' },
      'The client is connected, and then closed.',
      false,
    ],
    [
      'a Sidecar that says where the app listens',
      { scenario: 'remote-to-local' },
      { sidecar: 'ingress 127.0.0.1' },
      'The client gets its answer.',
      false,
    ],
    [
      'LOCALHOST',
      { scenario: 'remote-to-local' },
      { inbound: 'LOCALHOST' },
      'The client gets its answer.',
      false,
    ],
    [
      'another Service’s name',
      { scenario: 'local-to-remote' },
      { host: 'own' },
      'The client gets its answer.',
      false,
    ],
  ])('%s', (_, state, choice, says, isAsInPath) => {
    const walked = walkOf(state);
    const [stop] = tellStops({ walk: walked, chosen: choice }, scoping).stops;
    expect(stop?.seen).toContain(says);
    expect(stop?.beside === null).toBe(isAsInPath);
  });

  test('where Envoy dials nobody, no connection comes to the next stop', () => {
    const scenario = 'local-to-local';
    expect(opened({ scenario })).toHaveLength(2);
    expect(opened({ scenario }, { first: 'HTTP', host: 'nobody', outbound: 'REGISTRY_ONLY' })).toHaveLength(
      1,
    );
  });

  test('what is offered has a say', () => {
    const names = (scenario: string, chosen: EnvoyChoice = {}) =>
      tellStops({ walk: walkOf({ scenario }), chosen }).fields.map(({ name }) => name);
    expect(names('remote-to-local')).toEqual([
      'first',
      'host',
      'mutualTls',
      'inbound',
      'sidecar',
      'declared',
    ]);
    expect(names('local-to-remote')).toEqual(['first', 'host', 'outbound', 'sidecar', 'declared']);
    expect(names('local-to-local', { first: 'TLS' })).toEqual([
      'first',
      'host',
      'alpn',
      'mutualTls',
      'outbound',
      'inbound',
      'sidecar',
      'declared',
    ]);
    expect(names('remote-to-local', { first: 'nothing' })).toEqual([
      'first',
      'mutualTls',
      'inbound',
      'sidecar',
      'declared',
    ]);
  });

  test('at Envoy’s own ports, what the client sends alone; the path is the one that they have', () => {
    for (const [scenario, title, host] of [
      ['prometheus', 'Envoy 15090 takes a connection to 10.244.1.5:15090', '127.0.0.1:15000'],
      ['probe-of-sidecar', 'Envoy 15021 takes a connection to 10.244.1.5:15021', '127.0.0.1:15020'],
    ] as const) {
      const { stops, fields } = tellStops({ walk: walkOf({ scenario }), chosen: {} });
      expect(stops.map((one) => one.title)).toEqual([title]);
      expect(stops[0]?.ending).toContain(`It goes to ${host}`);
      expect(fields.map(({ name }) => name)).toEqual(['first', 'host']);
    }
    const { stops } = tellStops({ walk: walkOf({ scenario: 'prometheus' }), chosen: { first: 'bytes' } });
    expect(stops[0]?.seen).toBe('The client gets 400. The access log has DPE http1.codec_error.');
  });

  test('a text that is none is said, and changes nothing', () => {
    const walk = walkOf({ scenario: 'local-to-remote' });
    const { stops, fields } = tellStops({ walk, chosen: { host: '<b>' } });
    expect(fields.find(({ name }) => name === 'host')).toMatchObject({
      value: '<b>',
      problem: 'Write a name or an address, such as reviews or 10.96.0.7:80.',
    });
    expect(stops).toEqual(tellStops({ walk, chosen: {} }).stops);
  });

  test.each([
    [handbookSetting.release, null],
    ['1.30', null],
    ['1.29', 'Nothing is known to differ in Istio 1.29, whose Envoy was not asked.'],
    ['1.27', 'Nothing is known to differ in Istio 1.27, whose Envoy was not asked.'],
    [
      '1.26',
      'All that is known to differ in Istio 1.26 is names that end with a dot; its Envoy was not asked.',
    ],
    ['1.24', 'Those of Istio 1.24 were not compared.'],
    ['1.17', 'Those of Istio 1.17 were not compared.'],
  ])('of Istio %s it is said how far the steps hold', (release, says) => {
    const { note } = tellStops({ walk: walkOf({ scenario: 'local-to-remote', release }), chosen: {} });
    expect(note).toBe(says && `The steps are those of Istio ${handbookSetting.release}. ${says}`);
  });

  test('istiod tells what was compared the same way, release by release', () => {
    for (const sidecar of sidecarKinds)
      for (const outbound of outboundPolicies) {
        const pod = sidecarPodOf({ sidecar, outbound });
        const newest = sidecarConfig(handbookSetting.release, pod);
        for (const release of ['1.27', '1.28', '1.29', '1.30'])
          expect(sidecarConfig(release, pod)).toEqual(newest);
        expect(sidecarConfig('1.26', pod).listeners).toEqual(newest.listeners);
      }
  });

  test.each(choices)('%j is done by both Envoys alike', (choice) => {
    for (const scenario of pages)
      for (const first of [undefined, ...envoyChoices.first]) {
        const all = { ...(first === undefined ? {} : { first }), ...choice };
        const walked = walkOf({ scenario });
        expect(openStops(walked, all, scoping, '1.38')).toEqual(openStops(walked, all, scoping, '1.39'));
      }
  });
});

test('a browser’s shorter way to what istiod tells is the same as the whole one', () => {
  const meshes = mutualTlsModes.flatMap((mutualTls) =>
    outboundPolicies.flatMap((outbound) =>
      inboundPolicies.flatMap((inbound) =>
        sidecarKinds.flatMap((sidecar) =>
          (['REDIRECT', 'TPROXY'] as const).flatMap((mode) =>
            ([['v4'], ['v4', 'v6'], ['v6']] as const).map(
              (families): MeshChoice => ({ mutualTls, outbound, inbound, sidecar, mode, families }),
            ),
          ),
        ),
      ),
    ),
  );
  for (const mesh of meshes) {
    const whole = sidecarConfig(handbookSetting.release, sidecarPodOf(mesh));
    const { objects, config } = resourcesOf(mesh);
    const mayHave = mesh.sidecar === 'none' ? undefined : scoping;
    expect(sidecarConfigAmongServices([...objects, ...config], proxyOf(mesh), mayHave)).toEqual(whole);
    expect(readEnvoyConfig([whole]).problems).toEqual([]);
    expect(configOf(mesh, mayHave)).toEqual(configUnder(mesh));
  }
});
