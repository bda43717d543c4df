/** The scenarios of the runbook on init containers: what one calls before the proxy runs, and behind it. */
import { portOf, proxyOwner } from '../../istio/index.ts';
import type { Scenario } from './scenario.ts';
import { handbookSetting, services, workload } from './setting.ts';

const toService = { address: services.remote.address, port: services.remote.port };
/** Whom the rules take for the proxy, also where it runs as root. */
const proxy = proxyOwner({ ...handbookSetting.options, inboundInterceptionMode: 'REDIRECT' });
const initContainer = { name: 'init container', uid: workload.uid, gid: workload.gid };

export const initContainerScenarios: readonly Scenario[] = [
  {
    name: 'init-container-no-network',
    runbook: 'init-container-no-network',
    type: 2,
    isMain: true,
    title: 'An init container calls a Service in a pod that the CNI plugin has set up',
    question: 'An init container cannot reach the network',
    request: { from: initContainer, ...toService },
    setting: { options: { cni: true } },
    pod: { proxyRuns: false },
    experiments: [
      {
        title: 'Run it as the user of the proxy',
        change: { request: { from: { name: 'init container', ...proxy } } },
        says: 'The rule that lets the proxy out lets it out, too. The app behind it is captured as before.',
        meets: 'output.proxy-bypass',
        doors: 0,
        arrives: true,
      },
      {
        title: 'Exclude the port',
        change: { setting: { options: { outboundPortsExclude: `${portOf('agent-metrics')},80` } } },
        says: 'It gets through, and so does the app, for as long as the pod lives: an exclusion asks for no container.',
        meets: 'output.exclude-port',
        doors: 0,
        arrives: true,
      },
    ],
  },
  {
    name: 'init-container-native-sidecar',
    runbook: 'init-container-no-network',
    type: 2,
    isMain: false,
    title: 'An init container calls a Service behind a proxy that is a native sidecar',
    question: 'Does an init container get through behind a native sidecar?',
    // Started as an init container before it, the proxy runs already: it is captured as the app will be.
    request: { from: initContainer, ...toService },
    setting: { options: { cni: true } },
    experiments: [],
  },
  {
    name: 'init-container-as-proxy-user',
    runbook: 'init-container-no-network',
    type: 2,
    isMain: false,
    title: 'An init container calls a Service as the user of the proxy',
    question: 'Does an init container get through as the user of the proxy?',
    request: { from: { name: 'init container', ...proxy }, ...toService },
    setting: { options: { cni: true } },
    pod: { proxyRuns: false },
    experiments: [],
  },
];
