/**
 * The scenarios of the six traffic types.
 */
import { defaultOptions, inboundByPodAddressSince, portOf } from '../../istio/index.ts';
import { runbookScenarios } from './runbooks.ts';
import type { Scenario } from './scenario.ts';
import { metricsPort, peers, pod, services } from './setting.ts';

const toService = { address: services.remote.address, port: services.remote.port };

/** The scenarios of the six types, type by type; the first of each type stands for it. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'remote-to-local',
    type: 1,
    isMain: true,
    title: 'A remote pod calls this pod',
    question: 'What happens when a remote pod calls this pod?',
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
          text: `Since Istio ${inboundByPodAddressSince.replace(/\.0$/, '')} Envoy dials the app on the address of the pod. Before, it dialled 127.0.0.1, and the rule that lets it pass is another.`,
          change: { setting: { release: '1.9' } },
          meets: 'output.proxy-bypass',
        },
      ],
    },
    experiments: [
      {
        title: 'Let Istio 1.9 do it',
        change: { setting: { release: '1.9' } },
        says: 'Envoy dials the app on 127.0.0.1 and without a source address of its own, as releases before 1.10 did. Its call passes by the rule for the uid of the proxy.',
        meets: 'output.proxy-bypass',
        doors: 1,
        arrives: true,
      },
      {
        title: 'Call a port that nobody listens on',
        change: { request: { port: 9999 } },
        says: "The caller is connected all the same, because it is connected to Envoy. It is Envoy's own call to the app that is refused.",
        meets: 'output.passthrough',
        doors: 1,
        arrives: false,
      },
      {
        title: 'Exclude the port from capture',
        change: {
          setting: { options: { inboundPortsExclude: `${defaultOptions.inboundPortsExclude},${pod.port}` } },
        },
        says: 'The port has a rule of its own now, and the caller is connected to the app itself. Nothing of the mesh applies: no mutual TLS, no policy, no metrics.',
        meets: 'inbound.exclude-port',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'local-to-remote',
    type: 2,
    isMain: true,
    title: 'This pod calls a remote pod',
    question: 'What happens when this pod calls a remote pod?',
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
        title: 'Run the app as the user that the rules take for the proxy',
        change: { request: { from: { name: 'app', uid: 1337, gid: 1337 } } },
        says: 'The rule that keeps the proxy from being sent to itself takes the app for the proxy. The call leaves the pod without Envoy.',
        meets: 'output.proxy-bypass',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Run it with the group of the proxy',
        change: { request: { from: { name: 'app', uid: 1000, gid: 1337 } } },
        says: 'The gid alone is enough: the rules for the gid come after those for the uid and let the same traffic pass.',
        meets: 'output.proxy-bypass-gid',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Exclude the port',
        change: { setting: { options: { outboundPortsExclude: '80' } } },
        says: 'A rule for the port stands before all others now, so every later rule of the chain moves down. The call leaves without Envoy.',
        meets: 'output.exclude-port',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Exclude the range of the Service',
        change: { setting: { options: { outboundIPRangesExclude: '10.96.0.0/12' } } },
        says: 'A rule for the range stands right before the one that captures. The call leaves without Envoy.',
        meets: 'output.exclude-range',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Call an address that the mesh does not know',
        change: { request: { address: '203.0.113.10', port: 443 } },
        says: 'The rules do not know what the mesh knows: Envoy gets this call, too. It finds no Service for it and passes it on to where it was meant to go.',
        meets: 'output.capture',
        doors: 1,
        arrives: true,
      },
    ],
  },
  {
    name: 'prometheus',
    type: 3,
    isMain: true,
    title: 'Prometheus scrapes Envoy in this pod',
    question: 'How does Prometheus reach the metrics of a pod?',
    request: { from: peers.prometheus, address: pod.address, port: portOf('envoy-prometheus') },
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
      {
        title: 'Scrape a port that is not excluded',
        change: { request: { port: metricsPort } },
        says: "No rule lets this port through, so the scrape goes to Envoy's inbound listener and from there to the app. With strict mutual TLS, Envoy refuses a Prometheus that has no certificate of the mesh.",
        meets: 'inbound.capture',
        doors: 1,
        arrives: true,
      },
      {
        title: 'Scrape the merged metrics',
        change: { request: { port: portOf('agent-metrics') } },
        says: "The port is excluded as well, but it is pilot-agent's. It collects from Envoy and from the app before it answers, and those are new connections, which do meet the rules for outbound traffic.",
        meets: 'inbound.exclude-port',
        doors: 0,
        arrives: true,
      },
      {
        title: `Try ${portOf('validation')}, which the article names`,
        change: { request: { port: portOf('validation') } },
        says: "No rule excludes this port. The connection goes to Envoy's inbound listener, and Envoy's call to the pod finds nobody listening.",
        meets: 'inbound.capture',
        doors: 1,
        arrives: false,
      },
    ],
  },
  {
    name: 'prometheus-merged',
    type: 3,
    isMain: false,
    title: 'Prometheus scrapes the merged metrics of pilot-agent',
    question: 'How does Prometheus reach the merged metrics?',
    request: { from: peers.prometheus, address: pod.address, port: portOf('agent-metrics') },
    experiments: [],
  },
  {
    name: 'prometheus-app',
    type: 3,
    isMain: false,
    title: 'Prometheus scrapes the metrics port of the app itself',
    question: 'How does Prometheus reach the metrics of the app?',
    request: { from: peers.prometheus, address: pod.address, port: metricsPort },
    experiments: [],
  },
  {
    name: 'local-to-local',
    type: 4,
    isMain: true,
    title: 'This pod calls its own Service and reaches itself',
    question: 'What happens when a pod calls itself?',
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
          meets: 'output.app-self-call',
        },
        {
          text: 'Called by 127.0.0.1 it reaches itself without Envoy, too.',
          change: { request: { address: '127.0.0.1', port: pod.port } },
          meets: 'output.app-self-call',
        },
      ],
    },
    experiments: [
      {
        title: 'Call the pod by its own address',
        change: { request: { address: pod.address, port: pod.port } },
        says: 'The packet is routed to lo before any rule is asked, and a call within the pod by anyone but the proxy is left alone. The app reaches itself without Envoy.',
        meets: 'output.app-self-call',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Call 127.0.0.1',
        change: { request: { address: '127.0.0.1', port: pod.port } },
        says: "The same rule as for the pod's own address, and again no Envoy.",
        meets: 'output.app-self-call',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Run the app as the user that the rules take for the proxy',
        change: { request: { from: { name: 'app', uid: 1337, gid: 1337 } } },
        says: 'The call to the Service is taken for one of the proxy and leaves the pod. What comes back, if the node sends it to this pod, is inbound traffic from outside.',
        meets: 'output.proxy-bypass',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'local-to-local-pod-address',
    type: 4,
    isMain: false,
    title: 'This pod calls itself by its own address',
    question: 'What happens when a pod calls its own address?',
    request: { from: { process: 'app' }, address: pod.address, port: pod.port },
    experiments: [],
  },
  {
    name: 'local-to-local-localhost',
    type: 4,
    isMain: false,
    title: 'This pod calls itself on 127.0.0.1',
    question: 'What happens when a pod calls itself on localhost?',
    request: { from: { process: 'app' }, address: '127.0.0.1', port: pod.port },
    experiments: [],
  },
  {
    name: 'inside-envoy',
    type: 5,
    isMain: true,
    title: 'Envoy talks to itself on localhost',
    question: 'What happens to traffic inside Envoy?',
    request: { from: { process: 'Envoy' }, address: '127.0.0.1', port: portOf('envoy-admin') },
    published: {
      stops: ['Envoy process', 'OUTPUT', 'ISTIO_OUTPUT 8', 'POSTROUTING', 'Envoy process'],
      assumption: null,
    },
    experiments: [
      {
        title: 'Let the app ask the admin port',
        change: { request: { from: { process: 'app' } } },
        says: 'It gets there too. The rule that decides is the one for calls within the pod by anyone but the proxy.',
        meets: 'output.app-self-call',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Use 127.0.0.2',
        change: { request: { address: '127.0.0.2' } },
        says: 'Only 127.0.0.1 itself is localhost to the rules. Any other address over lo is a call of the proxy to its own pod: it goes to the inbound listener, which dials 127.0.0.2 and finds nobody.',
        meets: 'output.proxy-self-call',
        doors: 1,
        arrives: false,
      },
      {
        title: 'Send as the app, from a socket bound to eth0',
        change: { request: { from: { process: 'app' }, boundTo: 'eth0' } },
        says: 'This is the one way to the rule that the article names: to 127.0.0.1, but not over lo, and not as the proxy. The packet leaves by eth0, where nothing can answer it.',
        meets: 'output.loopback',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'sidecar-to-istiod',
    type: 6,
    isMain: true,
    title: 'The sidecar fetches its configuration from istiod',
    question: 'How does the sidecar reach istiod?',
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
        meets: 'output.capture',
      },
    },
    experiments: [
      {
        title: 'Run pilot-agent as another user',
        change: { request: { from: { name: 'pilot-agent', uid: 1000, gid: 1000 } } },
        says: "Now its call is captured like any other, and goes the way that has been published: through Envoy's outbound listener. But Envoy opens that listener only when it has its configuration, and that is what the call is for.",
        meets: 'output.capture',
        doors: 1,
        arrives: true,
      },
      {
        title: 'Let the app call istiod',
        change: { request: { from: { process: 'app' } } },
        says: 'The address does not matter, the sender does: a call of the app to the very same address goes through Envoy.',
        meets: 'output.capture',
        doors: 1,
        arrives: true,
      },
    ],
  },
];

/** Those of the six types, and behind them those of the runbooks. */
export const allScenarios: readonly Scenario[] = [...scenarios, ...runbookScenarios];

/** The scenario of that name, or undefined. */
export function scenarioNamed(name: string): Scenario | undefined {
  return allScenarios.find((scenario) => scenario.name === name);
}
