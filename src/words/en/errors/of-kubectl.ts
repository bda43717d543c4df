/** The words for what kubectl says. */
import type { ErrorCodesOf } from '../../../analysis/index.ts';
import { inParts } from '../../parts.ts';
import { asTold, type ErrorWordsOf } from './error-words.ts';

export const wordsOfKubectl = {
  'kubectl.pod-security': ({ value }) => ({
    says: inParts`The namespace’s pod security${value === undefined ? '' : inParts`, ${asTold(value, '')},`} does not let such a pod or container in`,
    because: inParts`istio-init and a debug container with netadmin need NET_ADMIN, which the levels baseline and restricted do not allow`,
    fix: inParts`use the CNI plugin, with which only a proxy in TPROXY mode needs it; to look at a pod, ask who may debug in that namespace, or look from the node`,
    page: '/runbooks/rules-missing/',
  }),
  'kubectl.security-constraint': () => ({
    says: inParts`No security context constraint of OpenShift lets such a pod in`,
    because: inParts`istio-init needs NET_ADMIN and NET_RAW, or a container asks for a user or a right, and no constraint that the pod’s service account may use allows that`,
    fix: inParts`use the CNI plugin, with which only a proxy in TPROXY mode needs a capability; for whatever else the line names, ask who may let the service account use another constraint`,
    page: '/runbooks/rules-missing/',
  }),
  'kubectl.forbidden': ({ resource }) => ({
    says: inParts`You may not do this in the cluster${resource === undefined ? '' : inParts`: it needs the right to ${asTold(resource, '')}`}`,
    because: inParts`no role gives your user that right in this namespace`,
    fix: inParts`ask for it, or let somebody who has it run the command; kubectl logs needs less than kubectl exec and kubectl debug`,
    page: '/runbooks/rules-missing/',
  }),
  'kubectl.no-pod': ({ pod }) => ({
    says: inParts`${pod === undefined ? 'That pod' : inParts`${asTold(pod, '')}`} is not there or has ended`,
    because: inParts`it was replaced by another one meanwhile, or is in another namespace`,
    fix: inParts`look for its name with kubectl get pods -n NAMESPACE`,
    page: '/runbooks/rules-missing/',
  }),
  'kubectl.no-container': ({ container }) => ({
    says: inParts`The container ${asTold(container, 'that was named')} is not in this pod or does not run`,
    because: inParts`the injector left the pod out or, with the CNI plugin, put istio-validation in the place of istio-init; or the container has not started, or has ended`,
    fix: inParts`look at which there are with kubectl get pod -n NAMESPACE POD -o yaml; for one that has ended ask kubectl logs, with --previous`,
    page: '/runbooks/rules-missing/',
  }),
  'kubectl.waiting': ({ container, reason }) => ({
    says: inParts`The container ${asTold(container, 'that was named')} has not started yet${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`an init container before it has not ended, or has failed`,
    fix: inParts`ask for the log of the init containers: kubectl logs POD -c istio-init, or -c istio-validation`,
    page: '/runbooks/init-container-no-network/',
  }),
  'kubectl.unreachable': () => ({
    says: inParts`kubectl does not reach the cluster`,
    because: inParts`it has no or a wrong kubeconfig, or the way to the API server is closed; this says nothing about the pod`,
    fix: inParts`look at kubectl config current-context`,
    page: '/lab/',
  }),
  'kubectl.no-ephemeral': () => ({
    says: inParts`kubectl debug cannot do this here`,
    because: inParts`the cluster has no ephemeral containers, or this kubectl is older than what the command asks for: netadmin came with 1.27, sysadmin with 1.30, --custom with 1.31`,
    fix: inParts`use a newer kubectl, or look from the node with nsenter`,
    page: '/lab/',
  }),
  'kubectl.no-kubelet': () => ({
    says: inParts`The API server does not reach the kubelet of that node`,
    because: inParts`the node is down, or the way to its port 10250 is closed; this says nothing about the pod’s rules`,
    fix: inParts`look at kubectl get nodes`,
    page: '/lab/',
  }),
  'command.exit': ({ status }) => ({
    says: inParts`A command in the container ended with exit code ${asTold(status, '')}`,
    because: inParts`${exitReason(status)}`,
    fix: inParts`look at what it printed before that`,
    page: '/runbooks/rules-missing/',
  }),
  'container.exit': ({ status }) => ({
    says: inParts`A container ended with exit code ${asTold(status, '')}`,
    because: inParts`${status === 126 ? 'istio-validation ends so where the rules are not there; any other container, where its program cannot be run' : exitReason(status)}`,
    fix: inParts`look at the log of that container, with kubectl logs --previous`,
    page: '/runbooks/rules-missing/',
  }),
  'kubectl.chose-container': ({ container }) => ({
    says: inParts`kubectl chose the container ${asTold(container, 'by itself')}`,
    because: inParts`the command named none`,
    fix: inParts`leave it, or name another one with -c; all containers of a pod share its rules`,
    page: '/lab/',
  }),
  'kubectl.no-terminal': () => ({
    says: inParts`kubectl could not use a terminal`,
    because: inParts`its input or output is a pipe or a file`,
    fix: inParts`leave it, or take out -t`,
    page: '/lab/',
  }),
} as const satisfies Readonly<Record<ErrorCodesOf['kubectl'], ErrorWordsOf>>;

/** What iptables means by a number (xtables_exittype), and what a shell and a kernel mean by others. */
const exitReasons: ReadonlyMap<number, string> = new Map([
  [
    1,
    'for iptables this is an error of the kernel’s answer, such as a chain that is there already or a rule that is not',
  ],
  [2, 'for iptables this is an argument that it does not understand'],
  [3, 'for iptables this is a table that the kernel does not have or does not show'],
  [4, 'for iptables-legacy this is the lock, for iptables-nft the kernel’s refusal'],
  [126, 'the program is there and cannot be run; istio-validation ends so where the rules are not there'],
  [127, 'there is no program of that name'],
  [137, 'it was killed, often because it used more memory than it may'],
  [143, 'it was told to end'],
  [
    255,
    'the program gave up with an error of its own, as istio-init does before Istio 1.20.1, and 1.19.5 of 1.19',
  ],
]);

export function exitReason(status: number | undefined): string {
  return exitReasons.get(status ?? 0) ?? 'the program says by this number that something did not work';
}
