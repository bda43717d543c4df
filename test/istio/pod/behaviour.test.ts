/** What the processes of a pod do, as data: each reason has a code, and words are made of it where somebody looks. */
import { describe, expect, test } from 'vitest';
import {
  type Accepted,
  behave,
  completeOptions,
  type Options,
  portOf,
  readRelease,
  type Workload,
} from '../../../src/istio/index.ts';
import { behaviourWords, dialWords } from '../../../src/words/index.ts';

const workload: Workload = {
  addresses: ['10.244.1.5/24'],
  uid: 1000,
  gid: 1000,
  ports: [{ port: 8080 }],
  metricsPort: 9100,
  services: [
    { name: 'reviews', address: '10.96.0.7', port: 80, endpoints: [{ address: '10.244.2.9', port: 9080 }] },
  ],
  outboundTrafficPolicy: 'ALLOW_ANY',
};

const toService: Accepted = {
  process: 'Envoy',
  port: portOf('envoy-outbound'),
  originalAddress: '10.96.0.7',
  originalPort: 80,
  wasRedirected: true,
  clientAddress: '10.244.2.9',
};
const toStranger = { ...toService, originalAddress: '203.0.113.10' };
const fromOutside = { ...toService, port: portOf('envoy-inbound'), originalAddress: '10.244.1.5' };
const toAgent = { ...fromOutside, process: 'pilot-agent', port: portOf('agent-metrics') };

function said(
  accepted: Accepted,
  {
    release = '1.30',
    of = workload,
    options = {},
  }: { readonly release?: string; readonly of?: Workload; readonly options?: Partial<Options> } = {},
) {
  const number = readRelease(release);
  if (number === null) throw new Error(release);
  const { reason, dials } = behave(number, completeOptions(options), of, accepted);
  return {
    codes: [reason.code, ...dials.map((dial) => dial.reason.code)],
    words: [behaviourWords(reason), ...dials.map((dial) => dialWords(dial.reason))],
  };
}

describe('each reason is a code, and a sentence', () => {
  test.each([
    [
      'a Service that Envoy knows',
      said(toService),
      ['knows the Service', 'endpoint'],
      ['Envoy knows the Service reviews and picks an endpoint.', 'An endpoint of reviews.'],
    ],
    [
      'an address that it does not know',
      said(toStranger),
      ['no Service, passed on', 'original destination'],
      [
        'Envoy knows no such Service and passes the connection on (PassthroughCluster).',
        'The original destination, unchanged.',
      ],
    ],
    [
      'the same where only what is registered may be called',
      said(toStranger, { of: { ...workload, outboundTrafficPolicy: 'REGISTRY_ONLY' } }),
      ['no Service, refused'],
      ['Envoy knows no such Service, and REGISTRY_ONLY sends it to BlackHoleCluster.'],
    ],
    [
      'a request from outside',
      said(fromOutside),
      ['hands in', 'app by pod address'],
      [
        'Envoy takes the request in and hands it to the app.',
        'The app, by the address of the pod, from 127.0.0.6.',
      ],
    ],
    [
      'a request from outside before 1.10',
      said(fromOutside, { release: '1.9' }),
      ['hands in', 'app on localhost'],
      [
        'Envoy takes the request in and hands it to the app.',
        'The app on 127.0.0.1: releases before 1.10 dial it there.',
      ],
    ],
    [
      'a request from outside in TPROXY mode',
      said(
        { ...fromOutside, wasRedirected: false, originalPort: 8080 },
        { options: { inboundInterceptionMode: 'TPROXY' } },
      ),
      ['hands in', 'app from client address'],
      [
        'Envoy takes the request in and hands it to the app.',
        'The app, from the address of the client, 10.244.2.9, and with the mark 0x539.',
      ],
    ],
    [
      'a probe before 1.10',
      said({ ...toAgent, path: '/app-health/app/readyz' }, { release: '1.9' }),
      ['puts', 'app on localhost'],
      [
        'pilot-agent puts the probe to the app.',
        'The app on 127.0.0.1: releases before 1.10 probe it there.',
      ],
    ],
    [
      'a hook that the injector has rewritten',
      said({ ...toAgent, path: '/app-lifecycle/app/prestopz' }, { release: '1.25' }),
      ['puts', 'app by pod address'],
      [
        'pilot-agent puts the lifecycle hook to the app.',
        'The app, by the address of the pod, from 127.0.0.6.',
      ],
    ],
    [
      'the same before 1.25, which has no such path',
      said({ ...toAgent, path: '/app-lifecycle/app/prestopz' }, { release: '1.24' }),
      ['answers'],
      ['pilot-agent answers on 15020.'],
    ],
    [
      'the merged metrics by their path',
      said({ ...toAgent, path: '/stats/prometheus' }),
      ['collects', 'statistics of Envoy', 'metrics of the app'],
      [
        'pilot-agent collects the metrics of Envoy and of the app and answers with both.',
        "Envoy's statistics.",
        "The app's own metrics.",
      ],
    ],
    [
      'the merged metrics',
      said(toAgent),
      ['collects', 'statistics of Envoy', 'metrics of the app'],
      [
        'pilot-agent collects the metrics of Envoy and of the app and answers with both.',
        "Envoy's statistics.",
        "The app's own metrics.",
      ],
    ],
    [
      'the readiness of the sidecar',
      said({ ...toAgent, path: '/healthz/ready' }),
      ['asks Envoy', 'readiness of Envoy'],
      [
        'pilot-agent asks Envoy whether it is ready.',
        "Envoy's own statistics say whether it has its configuration.",
      ],
    ],
    [
      'a call of the outbound listener itself',
      said({ ...toService, wasRedirected: false }),
      ['outbound listener itself'],
      ['The connection was made to the outbound listener itself and has no other destination.'],
    ],
    ['the app', said({ ...toService, process: 'app', port: 8080 }), ['answers'], ['The app answers.']],
    [
      'another port of pilot-agent',
      said({ ...toAgent, port: 15053 }),
      ['answers'],
      ['pilot-agent answers on 15053.'],
    ],
  ] as const)('%s', (_, { codes, words }, wantedCodes, wantedWords) => {
    expect(codes).toEqual(wantedCodes);
    expect(words).toEqual(wantedWords);
  });
});
