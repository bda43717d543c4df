/**
 * The scenarios of the six traffic types.
 */
import type { Scenario } from './scenario.ts';
import { metricsPort, peers, pod, services } from './setting.ts';

const toService = { address: services.remote.address, port: services.remote.port };

/** All scenarios, type by type; the first of each type stands for it. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'remote-to-local',
    type: 1,
    isMain: true,
    title: 'A remote pod calls this pod',
    request: { from: peers.remote, address: pod.address, port: pod.port },
    published: {
      stops: [
        'Remote Pod',
        'PREROUTING',
        'ISTIO_INBOUND',
        'ISTIO_IN_REDIRECT',
        'Envoy 15006',
        'OUTPUT',
        'ISTIO_OUTPUT 1',
        'POSTROUTING',
        'Local Pod',
      ],
      assumption: null,
      conditions: [
        {
          text: 'Since Istio 1.10 Envoy dials the app on the address of the pod. Before, it dialled 127.0.0.1, and the rule that lets it pass is another.',
          change: { setting: { release: '1.9' } },
          meets: 'ISTIO_OUTPUT 4',
        },
      ],
    },
    experiments: [
      { title: 'Let Istio 1.9 do it', change: { setting: { release: '1.9' } } },
      { title: 'Call a port that nobody listens on', change: { request: { port: 9999 } } },
      {
        title: 'Exclude the port from capture',
        change: { setting: { options: { inboundPortsExclude: `15090,15021,15020,${pod.port}` } } },
      },
    ],
  },
  {
    name: 'local-to-remote',
    type: 2,
    isMain: true,
    title: 'This pod calls a remote pod',
    request: { from: { process: 'app' }, ...toService },
    published: {
      stops: [
        'Local Pod',
        'OUTPUT',
        'ISTIO_OUTPUT 9',
        'ISTIO_REDIRECT',
        'Envoy 15001',
        'OUTPUT',
        'ISTIO_OUTPUT 4',
        'POSTROUTING',
        'Remote Pod',
      ],
      assumption: null,
    },
    experiments: [
      {
        title: 'Run the app as uid 1337',
        change: { request: { from: { name: 'app', uid: 1337, gid: 1337 } } },
      },
      {
        title: 'Run it with the group of the proxy',
        change: { request: { from: { name: 'app', uid: 1000, gid: 1337 } } },
      },
      { title: 'Exclude the port', change: { setting: { options: { outboundPortsExclude: '80' } } } },
      {
        title: 'Exclude the range of the Service',
        change: { setting: { options: { outboundIPRangesExclude: '10.96.0.0/12' } } },
      },
      {
        title: 'Call an address that the mesh does not know',
        change: { request: { address: '203.0.113.10', port: 443 } },
      },
    ],
  },
  {
    name: 'prometheus',
    type: 3,
    isMain: true,
    title: 'Prometheus scrapes Envoy in this pod',
    request: { from: peers.prometheus, address: pod.address, port: 15090 },
    published: {
      stops: [
        'Prometheus',
        'PREROUTING',
        'ISTIO_INBOUND',
        'INPUT',
        'OUTPUT',
        'ISTIO_OUTPUT 3',
        'POSTROUTING',
        'Local Pod',
      ],
      legs: 1,
      replies: true,
      assumption: null,
    },
    experiments: [
      { title: 'Scrape a port that is not excluded', change: { request: { port: metricsPort } } },
      { title: 'Scrape the merged metrics', change: { request: { port: 15020 } } },
      { title: 'Try 15002, which the article names', change: { request: { port: 15002 } } },
    ],
  },
  {
    name: 'prometheus-merged',
    type: 3,
    isMain: false,
    title: 'Prometheus scrapes the merged metrics of pilot-agent',
    request: { from: peers.prometheus, address: pod.address, port: 15020 },
    experiments: [],
  },
  {
    name: 'prometheus-app',
    type: 3,
    isMain: false,
    title: 'Prometheus scrapes the metrics port of the app itself',
    request: { from: peers.prometheus, address: pod.address, port: metricsPort },
    experiments: [],
  },
  {
    name: 'local-to-local',
    type: 4,
    isMain: true,
    title: 'This pod calls its own Service and reaches itself',
    request: { from: { process: 'app' }, address: services.own.address, port: services.own.port },
    published: {
      stops: [
        'Local Pod',
        'OUTPUT',
        'ISTIO_OUTPUT 9',
        'ISTIO_REDIRECT',
        'Envoy 15001',
        'OUTPUT',
        'ISTIO_OUTPUT 2',
        'ISTIO_IN_REDIRECT',
        'Envoy 15006',
        'OUTPUT',
        'ISTIO_OUTPUT 1',
        'POSTROUTING',
        'Local Pod',
      ],
      assumption: null,
      conditions: [
        {
          text: 'The app calls its own Service, and Envoy picks this very pod. Called by the address of the pod, the app reaches itself without Envoy.',
          change: { request: { address: pod.address, port: pod.port } },
          meets: 'ISTIO_OUTPUT 3',
        },
        {
          text: 'Called by 127.0.0.1 it reaches itself without Envoy, too.',
          change: { request: { address: '127.0.0.1', port: pod.port } },
          meets: 'ISTIO_OUTPUT 3',
        },
      ],
    },
    experiments: [
      {
        title: 'Call the pod by its own address',
        change: { request: { address: pod.address, port: pod.port } },
      },
      { title: 'Call 127.0.0.1', change: { request: { address: '127.0.0.1', port: pod.port } } },
      {
        title: 'Run the app as uid 1337',
        change: { request: { from: { name: 'app', uid: 1337, gid: 1337 } } },
      },
    ],
  },
  {
    name: 'local-to-local-pod-address',
    type: 4,
    isMain: false,
    title: 'This pod calls itself by its own address',
    request: { from: { process: 'app' }, address: pod.address, port: pod.port },
    experiments: [],
  },
  {
    name: 'local-to-local-localhost',
    type: 4,
    isMain: false,
    title: 'This pod calls itself on 127.0.0.1',
    request: { from: { process: 'app' }, address: '127.0.0.1', port: pod.port },
    experiments: [],
  },
  {
    name: 'inside-envoy',
    type: 5,
    isMain: true,
    title: 'Envoy talks to itself on localhost',
    request: { from: { process: 'Envoy' }, address: '127.0.0.1', port: 15000 },
    published: {
      stops: ['Envoy process', 'OUTPUT', 'ISTIO_OUTPUT 8', 'POSTROUTING', 'Envoy process'],
      assumption: null,
    },
    experiments: [
      { title: 'Let the app ask the admin port', change: { request: { from: { process: 'app' } } } },
      { title: 'Use 127.0.0.2', change: { request: { address: '127.0.0.2' } } },
      {
        title: 'Send as the app, from a socket bound to eth0',
        change: { request: { from: { process: 'app' }, boundTo: 'eth0' } },
      },
    ],
  },
  {
    name: 'sidecar-to-istiod',
    type: 6,
    isMain: true,
    title: 'The sidecar fetches its configuration from istiod',
    request: {
      from: { process: 'pilot-agent' },
      address: services.istiod.address,
      port: services.istiod.port,
    },
    published: {
      stops: [
        'pilot-agent process',
        'OUTPUT',
        'ISTIO_OUTPUT 9',
        'Envoy 15001',
        'OUTPUT',
        'ISTIO_OUTPUT 4',
        'POSTROUTING',
        'Istiod',
      ],
      assumption: {
        text: 'It would hold if pilot-agent ran as another user than the proxy. In an injected sidecar it does not: both run as the same user, in one container.',
        change: { request: { from: { name: 'pilot-agent', uid: 1000, gid: 1000 } } },
        meets: 'ISTIO_OUTPUT 9',
      },
    },
    experiments: [
      {
        title: 'Run pilot-agent as another user',
        change: { request: { from: { name: 'pilot-agent', uid: 1000, gid: 1000 } } },
      },
      { title: 'Let the app call istiod', change: { request: { from: { process: 'app' } } } },
    ],
  },
];

/** The scenario of that name, or undefined. */
export function scenarioNamed(name: string): Scenario | undefined {
  return scenarios.find((scenario) => scenario.name === name);
}
