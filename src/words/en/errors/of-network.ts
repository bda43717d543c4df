/** The words for what nft, ip, nsenter and kubectl say. */
import { inParts, type Part } from '../../parts.ts';
import { asTold, type ErrorWordsOf } from './error-words.ts';

const debug: Part = {
  code: 'kubectl debug -it POD --image=registry.istio.io/release/proxyv2:RELEASE --profile=netadmin -- sh',
};

export const wordsOfNetwork = {
  'nft.no-json': () => ({
    says: inParts`This nft was built without JSON`,
    because: inParts`the agent of the CNI plugin reads rules as JSON, and before Istio 1.31 it tries forever`,
    fix: inParts`use an nft with libjansson, or set global.nativeNftables to false so that Istio writes with iptables`,
    page: '/reference/limits/',
  }),
  'nft.not-installed': () => ({
    says: inParts`Istio is to write with nft, and there is no program nft`,
    because: inParts`native nftables is on; the CNI plugin needs nft on the node itself, istio-init in its image`,
    fix: inParts`install nft there, or set global.nativeNftables to false`,
    page: '/options/setup/',
  }),
  'nft.syntax': ({ value }) => ({
    says: inParts`nft cannot read what it was given: ${asTold(value, 'a word')} was not expected there`,
    because: inParts`the text was cut off, has a slip, or uses words that this release of nft does not know`,
    fix: inParts`look at the line and the mark that nft prints below it`,
    page: '/reference/limits/',
  }),
  'nft.missing': ({ table }) => ({
    says: inParts`nft does not find the table, chain or set that was named${table === undefined ? '' : inParts`, but has ${asTold(table, '')}`}`,
    because: inParts`it is not there, is of another family, or stands in another network namespace`,
    fix: inParts`look at all that there is with nft list ruleset, in the pod itself`,
    page: '/runbooks/rules-missing/',
  }),
  'nft.exists': () => ({
    says: inParts`What nft was to make is there already`,
    because: inParts`the rules were written before in the same network namespace`,
    fix: inParts`look with nft list ruleset whether it is all there`,
    page: '/runbooks/rules-missing/',
  }),
  'nft.in-use': () => ({
    says: inParts`The kernel does not let nft take away a chain, a set or a table that is in use`,
    because: inParts`a rule still jumps to the chain or asks the set`,
    fix: inParts`look with nft list ruleset at what uses it`,
    page: '/reference/limits/',
  }),
  'nft.not-supported': ({ reason }) => ({
    says: inParts`The kernel does not do what nft asks${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`it lacks a part of nf_tables, such as nft_redir or nft_tproxy, or a chain of that name is of another kind`,
    fix: inParts`load the modules of nf_tables on the node, or let Istio write with iptables`,
    page: '/reference/limits/',
  }),
  'nft.no-file': ({ file }) => ({
    says: inParts`nft cannot open the file ${asTold(file, 'that it was given')}`,
    because: inParts`it is not there in the container or on the node where nft runs`,
    fix: inParts`see that the path is right where the command runs`,
    page: '/reference/limits/',
  }),
  'route.exists': () => ({
    says: inParts`The route, rule or address is there already`,
    because: inParts`it was added before; Istio lets this pass`,
    fix: inParts`leave it; paste ip rule and ip route show table 133 to see that they are as TPROXY needs them`,
    page: '/options/mode/',
  }),
  'route.missing': () => ({
    says: inParts`The route, rule, address or routing table is not there`,
    because: inParts`it was not added, or was taken away before`,
    fix: inParts`leave it where something was only to be taken away; where TPROXY is used, paste ip rule and ip route show table 133`,
    page: '/options/mode/',
  }),
  'route.unreachable': () => ({
    says: inParts`There is no route to that address`,
    because: inParts`the interface is down or has no address yet, or the gateway is in no network of the pod`,
    fix: inParts`paste ip address and ip route of the pod`,
    page: '/options/interfaces/',
  }),
  'ip.refused': ({ reason }) => ({
    says: inParts`The kernel does not take what ip asks${reason === undefined ? '' : ` (${reason})`}`,
    because: inParts`a part of it is not possible on this interface or in this kernel, such as IPv6 or rules with a mark`,
    fix: inParts`look at the command, and paste ip rule, ip route and ip address of the pod`,
    page: '/options/mode/',
  }),
  'ipv6.off': () => ({
    says: inParts`IPv6 is switched off in this pod`,
    because: inParts`net.ipv6.conf.all.disable_ipv6 is 1, or the cluster has IPv4 alone`,
    fix: inParts`leave it in a cluster of IPv4 alone; otherwise see that the pod may use IPv6`,
    page: '/runbooks/ipv6-bypasses-envoy/',
  }),
  'device.missing': ({ device }) => ({
    says: inParts`There is no interface ${asTold(device, 'of that name')}`,
    because: inParts`the name is misspelt, or the command runs in another network namespace`,
    fix: inParts`paste ip address of the pod to see what its interfaces are called`,
    page: '/options/interfaces/',
  }),
  'namespace.missing': ({ name, file }) => ({
    says: inParts`The network namespace ${asTold(name ?? file, 'of the pod')} is not there`,
    because: inParts`the pod or its process has ended meanwhile, or the command runs on another node`,
    fix: inParts`look on which node the pod is, and take the process number of one that runs now`,
    page: '/runbooks/rules-missing/',
  }),
  'namespace.forbidden': () => ({
    says: inParts`nsenter may not enter that network namespace`,
    because: inParts`it does not run as root on the node`,
    fix: inParts`run it as root on the node, or look from inside the pod with ${debug}`,
    page: '/runbooks/rules-missing/',
  }),
  'ip.unknown-word': ({ value }) => ({
    says: inParts`ip does not understand ${asTold(value, 'a word of the command')}`,
    because: inParts`it is misspelt, or this ip is an older one, or busybox’s, which knows less`,
    fix: inParts`use an image with iproute2, such as nicolaka/netshoot`,
    page: '/lab/',
  }),
  'command.missing': ({ command }) => ({
    says: inParts`The container has no program ${asTold(command, 'of that name')}`,
    because: inParts`its image brings little, as distroless images do`,
    fix: inParts`run it in a container with the tools: ${debug}`,
    page: '/runbooks/rules-missing/',
  }),

  'kubectl.pod-security': ({ value }) => ({
    says: inParts`The namespace’s pod security${value === undefined ? '' : inParts`, ${asTold(value, '')},`} does not let such a pod or container in`,
    because: inParts`istio-init and a debug container with netadmin need NET_ADMIN, which the levels baseline and restricted do not allow`,
    fix: inParts`use the CNI plugin, with which no pod needs it; to look at a pod, ask who may debug in that namespace, or look from the node`,
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
    because: inParts`the pod was not injected, has istio-validation instead of istio-init, or the container has not started or has ended`,
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
    because: inParts`the cluster or this kubectl is too old for ephemeral containers or their profiles`,
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
} as const satisfies Readonly<Record<string, ErrorWordsOf>>;

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
  [255, 'the program gave up with an error of its own, as istio-init of Istio 1.17 and before does'],
]);

export function exitReason(status: number | undefined): string {
  return exitReasons.get(status ?? 0) ?? 'the program says by this number that something did not work';
}
