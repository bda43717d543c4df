/** The scenarios of runbooks whose answer is inside Envoy: it is asked about each, in `src/handbook/envoy`. */
import { defaultOptions } from '../../istio/index.ts';
import type { Scenario } from './scenario.ts';
import { peers, pod, services } from './setting.ts';

const toService = { address: services.remote.address, port: services.remote.port };
const toPod = { address: pod.address, port: pod.port };
/** A Service declares it, and the app does not listen there. */
const closedPort = 9998;

export const envoyRunbookScenarios: readonly Scenario[] = [
  {
    name: 'connection-reset',
    runbook: 'connection-reset',
    type: 1,
    isMain: true,
    title: 'A client without a sidecar calls a pod that wants mutual TLS',
    question: 'The caller is connected, and its connection is reset',
    request: { from: peers.remote, ...toPod },
    pod: { refusesPlainText: true },
    experiments: [
      {
        title: 'Exclude the port',
        change: {
          setting: { options: { inboundPortsExclude: `${defaultOptions.inboundPortsExclude},${pod.port}` } },
        },
        says: 'Nobody asks for a certificate any more, and no policy holds there. It shows that the app is well.',
        meets: 'inbound.exclude-port',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'unknown-host-refused',
    runbook: 'unknown-host-refused',
    type: 2,
    isMain: true,
    title: 'The app calls an address that the mesh does not know, under REGISTRY_ONLY',
    question: 'Calls out of the mesh get 502, or are closed',
    request: { from: { process: 'app' }, address: '203.0.113.10', port: 8443 },
    pod: { outboundTrafficPolicy: 'REGISTRY_ONLY' },
    experiments: [
      {
        title: 'Exclude the address',
        change: { setting: { options: { outboundIPRangesExclude: '203.0.113.10/32' } } },
        says: 'The call goes past Envoy, and so past the policy. Whoever may set annotations can do it: REGISTRY_ONLY is no fence.',
        meets: 'output.exclude-range',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'answer-503',
    runbook: 'answer-503',
    type: 1,
    isMain: true,
    title: 'A remote pod calls a port that a Service declares and the app does not listen on',
    question: 'A caller gets 503 from Envoy',
    request: { from: peers.remote, address: pod.address, port: closedPort },
    experiments: [
      {
        title: 'Call the port that it listens on',
        change: { request: { port: pod.port } },
        says: 'Envoy calls the app where it is, and the caller gets its answer.',
        meets: 'output.passthrough',
        doors: 1,
        arrives: true,
      },
      {
        title: 'Exclude the port',
        change: {
          setting: {
            options: { inboundPortsExclude: `${defaultOptions.inboundPortsExclude},${closedPort}` },
          },
        },
        says: 'Without Envoy the caller sees what Envoy saw: the connection is refused.',
        meets: 'inbound.exclude-port',
        doors: 0,
        arrives: false,
      },
    ],
  },
  {
    name: 'no-endpoint',
    runbook: 'answer-503',
    type: 2,
    isMain: false,
    title: 'The app calls a Service that has no endpoint',
    question: 'What becomes of a call to a Service without endpoints?',
    request: { from: { process: 'app' }, ...toService },
    pod: { services: [{ ...services.remote, endpoints: [] }] },
    experiments: [],
  },
  {
    name: 'ends-at-own-service',
    runbook: 'ends-at-own-service',
    type: 2,
    isMain: true,
    title: 'The app calls an address outside with the Host of a Service',
    question: 'A call to an outside address ends at our own Service',
    request: { from: { process: 'app' }, address: '203.0.113.10', port: 80, host: services.remote.name },
    experiments: [
      {
        title: 'Exclude the address',
        change: { setting: { options: { outboundIPRangesExclude: '203.0.113.10/32' } } },
        says: 'No Envoy reads the Host, and the call goes where it was sent.',
        meets: 'output.exclude-range',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'app-on-loopback',
    runbook: 'app-on-loopback',
    type: 1,
    isMain: true,
    title: 'A remote pod calls an app that listens on 127.0.0.1 only',
    question: 'The app listens on localhost only, and nobody reaches it',
    request: { from: peers.remote, ...toPod },
    pod: { ports: [{ port: pod.port, address: '127.0.0.1' }] },
    experiments: [
      {
        title: 'Call it from within the pod',
        change: { request: { from: { process: 'app' }, address: '127.0.0.1' } },
        says: 'On localhost it is there, and no Envoy is between: a test from within the pod shows nothing of this.',
        meets: 'output.app-self-call',
        doors: 0,
        arrives: true,
      },
    ],
  },
];
