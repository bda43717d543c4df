/** The scenarios of runbooks on pods that are not like others, and on those who look into a pod. */
import { defaultOptions, proxyOwner } from '../../istio/index.ts';
import type { Scenario } from './scenario.ts';
import { handbookSetting, peers, pod, services } from './setting.ts';

const toService = { address: services.remote.address, port: services.remote.port };
const toPod = { address: pod.address, port: pod.port };
/** Whom the rules take for the proxy, also where it runs as root. */
const proxy = proxyOwner({ ...handbookSetting.options, inboundInterceptionMode: 'REDIRECT' });
/** As of every caller with the network of its node, the kubelet among them. */
const nodeAddress = peers.kubelet.address;

export const podKindScenarios: readonly Scenario[] = [
  {
    name: 'port-forward',
    runbook: 'port-forward',
    type: 4,
    isMain: true,
    title: 'kubectl port-forward calls the app from within its pod',
    question: 'port-forward or exec shows something else than callers see',
    request: { from: { name: 'port-forward', uid: 0, gid: 0 }, address: '127.0.0.1', port: pod.port },
    experiments: [
      {
        title: 'Call as another pod does',
        change: { request: { from: peers.remote, address: pod.address } },
        says: 'What arrives from outside is captured, and Envoy asks for a certificate and for the policies.',
        meets: 'inbound.capture',
        doors: 1,
        arrives: true,
      },
    ],
  },
  {
    name: 'exec-in-proxy',
    runbook: 'port-forward',
    type: 2,
    isMain: false,
    title: 'A command that kubectl exec starts in istio-proxy calls a Service',
    question: 'Does kubectl exec in istio-proxy go through Envoy?',
    request: { from: { name: 'command', ...proxy }, ...toService },
    experiments: [],
  },
  {
    name: 'host-network',
    runbook: 'host-network',
    type: 1,
    isMain: true,
    title: 'A pod with the network of the host calls a pod of the mesh',
    question: 'A pod with hostNetwork is not in the mesh',
    request: { from: { name: 'pod with hostNetwork', address: nodeAddress }, ...toPod },
    experiments: [
      {
        title: 'Exclude the port',
        change: {
          setting: { options: { inboundPortsExclude: `${defaultOptions.inboundPortsExclude},${pod.port}` } },
        },
        says: 'The caller is connected to the app itself. So is everybody else: nothing protects the port any more.',
        meets: 'inbound.exclude-port',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'headless',
    runbook: 'headless',
    type: 2,
    isMain: true,
    title: 'The app calls one pod of a headless Service',
    question: 'A headless Service or a StatefulSet behaves otherwise in the mesh',
    request: {
      from: { process: 'app' },
      address: peers.remote.address,
      port: services.remote.endpoints[0].port,
    },
    experiments: [
      {
        title: 'Call itself by its own name',
        change: { request: { address: pod.address, port: pod.port } },
        says: 'The name of a pod of a StatefulSet is its address. Its own is on lo, and nobody captures that.',
        meets: 'output.app-self-call',
        doors: 0,
        arrives: true,
      },
    ],
  },
];
