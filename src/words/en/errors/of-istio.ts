/** The words for what istio-init, its validation, the CNI plugin, pilot-agent and linkerd-init say. */
import type { ErrorCodesOf } from '../../../analysis/index.ts';
import { portOf } from '../../../istio/index.ts';
import { inParts, type Part } from '../../parts.ts';
import { asTold, type ErrorWordsOf } from './error-words.ts';
import { exitReason } from './of-kubectl.ts';

const initLog: Part = { code: 'kubectl logs -n NAMESPACE POD -c istio-init' };
const agents: Part = { code: 'kubectl get pods -n istio-system -o wide -l k8s-app=istio-cni-node' };
const agentLog: Part = { code: 'kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=50' };

function withReason(reason: string | undefined): string {
  return reason === undefined ? '' : ` (${reason})`;
}

export const wordsOfIstio = {
  'validation.failed': () => ({
    says: inParts`istio-validation found that the rules of this pod are not there`,
    because: inParts`with the CNI plugin this is a pod that came to its node before the plugin was ready, or is in a namespace that the plugin leaves out; it ends with exit code 126, which the repair controller looks for`,
    fix: inParts`see that the plugin runs on that node with ${agents} and that cni.repair.enabled is on; where it is off, waiting does not help, and the pod is to be deleted`,
    page: '/runbooks/setup-fails/',
  }),
  'iptables.not-usable': ({ command }) => ({
    says: inParts`Istio found no ${asTold(command, 'iptables')} that works here`,
    because: inParts`the image has none, or the node’s kernel has no tables for that back end; Istio takes iptables-legacy where that has rules already, else iptables-nft, else iptables`,
    fix: inParts`load the kernel’s modules on the node (nf_tables, or ip_tables with iptable_nat), and use an image that has iptables`,
    page: '/runbooks/setup-fails/',
  }),
  'iptables.binary-unsupported': ({ value }) => ({
    says: inParts`${asTold(value, 'That value')} is no value of FORCE_IPTABLES_BINARY`,
    because: inParts`it may be legacy or nft, or be left out`,
    fix: inParts`leave it out, so that Istio chooses the one that the node has`,
    page: '/options/setup/',
  }),
  'setting.invalid': ({ option, value, reason }) => ({
    says: inParts`An annotation of the pod${option === undefined ? '' : inParts`, ${asTold(option, '')},`} has a value that Istio cannot use${withReason(reason ?? value)}`,
    because: inParts`the CNI plugin reads the annotations before it writes, and writes nothing if one of them is wrong`,
    fix: inParts`correct the annotation where the pod is made: ports and ranges with commas and no spaces, and REDIRECT or TPROXY for the mode`,
    page: '/options/setup/',
  }),
  'ranges.exclude-all': () => ({
    says: inParts`The ranges to exclude are *, which Istio does not take`,
    because: inParts`nothing outbound would be captured then`,
    fix: inParts`name the ranges to exclude, or set the included ranges to an empty text if nothing is to be captured`,
    page: '/options/addresses/',
  }),
  'owner-groups.too-many': ({ value }) => ({
    says: inParts`More groups are to be captured than Istio takes${value === undefined ? '' : `, which is ${value}`}`,
    because: inParts`each becomes a match of one rule, and iptables allows only so many`,
    fix: inParts`name fewer groups, or those to exclude`,
    page: '/options/processes/',
  }),
  'dns.not-captured': () => ({
    says: inParts`DNS was to be captured, and is not`,
    because: inParts`the pod’s resolv.conf names no server of the family, and not all DNS was to be captured`,
    fix: inParts`look at /etc/resolv.conf of the pod: with a server in it DNS is captured`,
    page: '/options/dns/',
  }),
  'resolver.unreadable': ({ reason }) => ({
    says: inParts`Istio cannot read /etc/resolv.conf of the pod${withReason(reason)}`,
    because: inParts`the file is not there, or may not be read; Istio needs its servers to capture DNS`,
    fix: inParts`look at the pod’s dnsPolicy and dnsConfig`,
    page: '/options/dns/',
  }),
  'address.none': () => ({
    says: inParts`Istio found no address of the pod`,
    because: inParts`it looks for one that is neither of lo nor link-local, to tell whether there is IPv6`,
    fix: inParts`look at ip address in the pod and at the cluster’s network plugin`,
    page: '/options/interfaces/',
  }),
  'run.leftovers': () => ({
    says: inParts`Rules were there before, and they are not those that Istio is to write`,
    because: inParts`another run, another release or another program has written in this network namespace, and Istio does not take them away unless reconcile is on`,
    fix: inParts`save the rules and paste them here: it is said then which are Istio’s and which are not`,
    page: '/runbooks/setup-fails/',
  }),
  'routes.failed': ({ reason }) => ({
    says: inParts`Istio could not add the route or the rule that TPROXY needs${withReason(reason)}`,
    because: inParts`the container lacks NET_ADMIN, or the kernel has no policy routing for that family`,
    fix: inParts`paste ip rule and ip route show table 133 of the pod to see what is there`,
    page: '/options/mode/',
  }),
  'cni.no-ztunnel': () => ({
    says: inParts`The agent of the CNI plugin has no ztunnel to hand the pod to`,
    because: inParts`ztunnel does not run on that node, or has not connected yet; pods in ambient mode wait for it`,
    fix: inParts`see that ztunnel runs there with ${{ code: 'kubectl get pods -n istio-system -o wide -l app=ztunnel' }}; the pod is tried again by itself`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.agent-unreachable': ({ reason }) => ({
    says: inParts`The CNI plugin does not reach its agent on the node${withReason(reason)}`,
    because: inParts`istio-cni-node does not run on that node, or answers with an error; the pod is held back so that it does not start outside of the mesh`,
    fix: inParts`look at ${agents} and its log; the pod is tried again by itself`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.unauthorized': () => ({
    says: inParts`The CNI plugin may no longer ask the API server`,
    because: inParts`its token has run out, which istio-cni-node renews for as long as it runs on that node`,
    fix: inParts`see that istio-cni-node runs there: ${agents}; if Istio was taken out of the cluster, its plugin is still in the node’s CNI configuration`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.no-plugin': ({ name, file }) => ({
    says: inParts`The node has no CNI plugin ${asTold(name, 'of that name')}${file === undefined ? '' : inParts` in ${asTold(file, '')}`}`,
    because: inParts`its configuration names the plugin, and the program is in another folder or was taken away, as after a new node or on a platform with its own folders`,
    fix: inParts`set cni.cniBinDir and cni.cniConfDir as the platform has them, and see that istio-cni-node runs: ${agents}`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.no-pod': ({ reason }) => ({
    says: inParts`The CNI plugin could not read the pod from the API server${withReason(reason)}`,
    because: inParts`the API server is not reached from the node, or the plugin’s token is not good any more`,
    fix: inParts`see that istio-cni-node runs on that node, which renews the token: ${agents}`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.no-client': ({ reason }) => ({
    says: inParts`The CNI plugin cannot read its kubeconfig${withReason(reason)}`,
    because: inParts`istio-cni-node has not written it yet, or in another folder`,
    fix: inParts`see that istio-cni-node runs on that node: ${agents}`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.chain-broken': ({ file }) => ({
    says: inParts`The CNI plugin is not in the node’s CNI configuration${file === undefined ? '' : inParts`, ${asTold(file, '')}`}`,
    because: inParts`the cluster’s network plugin has not written its own yet, writes to another folder, or has written anew`,
    fix: inParts`wait if the node is new; otherwise compare cni.cniConfDir with the platform’s folder`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.repair-failed': ({ reason }) => ({
    says: inParts`The repair controller could not write the rules of a pod${withReason(reason)}`,
    because: inParts`the pod has ended meanwhile, or its network namespace was not found or not entered`,
    fix: inParts`look at ${agentLog} for the line before it`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.found-broken': ({ pod }) => ({
    says: inParts`The repair controller found a pod without rules${pod === undefined ? '' : inParts`: ${asTold(pod, '')}`}`,
    because: inParts`its istio-validation has ended with exit code 126`,
    fix: inParts`leave it to the controller, which writes the rules, deletes the pod or labels it, as it is set to; if it happens often, see why the plugin is late on that node`,
    page: '/runbooks/setup-fails/',
  }),
  'cni.no-sandbox': () => ({
    says: inParts`The CNI plugin could not shield iptables from the node’s lock file and names, and went on without`,
    because: inParts`SELinux or another policy of the node does not allow the mount`,
    fix: inParts`leave it, unless the lock is held or programming takes long`,
    page: '/runbooks/setup-fails/',
  }),
  'ipv6.no-tool': () => ({
    says: inParts`There is no ip6tables that works, and Istio went on without`,
    because: inParts`IPv6 is not to be captured, so none is needed`,
    fix: inParts`leave it, unless the pod has an IPv6 address`,
    page: '/runbooks/ipv6-bypasses-envoy/',
  }),
  'cni.failed': ({ reason }) => ({
    says: inParts`The CNI plugin has failed${withReason(reason)}`,
    because: inParts`the reason stands in the lines before it`,
    fix: inParts`look at ${agentLog}; the CNI plugin is called again until it succeeds`,
    page: '/runbooks/setup-fails/',
  }),
  'agent.no-config': () => ({
    says: inParts`Envoy waits for its configuration`,
    because: inParts`istiod is not reached, refuses this proxy, or has sent what Envoy rejects; the rules are no matter of this line`,
    fix: inParts`look at istioctl proxy-status and at the log of istiod`,
    page: '/runbooks/connection-refused/',
  }),
  'agent.not-ready': ({ reason, value }) => ({
    says: inParts`Envoy is not ready${withReason(reason ?? value)}`,
    because: inParts`it is still starting, or waits for istiod; until then what the rules send to it is refused`,
    fix: inParts`wait for the first seconds of a pod; after that look at the log of istio-proxy`,
    page: '/runbooks/connection-refused/',
  }),
  'envoy.no-istiod': ({ reason }) => ({
    says: inParts`Envoy gets no configuration from istiod${withReason(reason)}`,
    because: inParts`istiod is not reached at port ${String(portOf('istiod-xds'))}, is not ready, or the token or certificate is not taken; what Envoy was told before stays in force`,
    fix: inParts`see that istiod runs and that nothing between the pod and port ${String(portOf('istiod-xds'))} drops packets`,
    page: '/traffic/sidecar-to-istiod/',
  }),
  'envoy.port-taken': ({ value }) => ({
    says: inParts`Envoy could not listen on ${asTold(value, 'its port')}: another program does`,
    because: inParts`the app, or another container of the pod, has taken a port of the sidecar’s`,
    fix: inParts`let the app listen on another port; those of the sidecar are in the table of ports`,
    page: '/reference/ports/',
  }),
  'probe.refused': ({ name, reason }) => ({
    says: inParts`${name === undefined ? 'A' : `The ${name.toLowerCase()}`} probe has failed${withReason(reason)}`,
    because: inParts`the container does not listen or answer yet, or pilot-agent, to which the injector leads the probe, does not`,
    fix: inParts`look at which container’s probe it is, and at its log`,
    page: '/runbooks/probe-fails/',
  }),
  'linkerd.failed': () => ({
    says: inParts`linkerd-init has not written the rules of Linkerd`,
    because: inParts`the reason stands in the lines before it`,
    fix: inParts`paste the whole log of linkerd-init; these rules are not Istio’s`,
    page: '/runbooks/rules-missing/',
  }),
  'nft.run-failed': ({ reason }) => ({
    says: inParts`Istio’s rules were not written with nft${withReason(reason)}`,
    because: inParts`nft writes all in one transaction, and the kernel did not take it`,
    fix: inParts`look at the line of nft before or behind it`,
    page: '/runbooks/setup-fails/',
  }),
  'run.parameter-problem': () => ({
    says: inParts`iptables did not understand what it was given`,
    because: inParts`${exitReason(2)}; Istio cuts off what iptables prints before its first colon, so a part of the reason may be lost`,
    fix: inParts`look at the ports and ranges of the pod’s annotations, and run that input by hand to see the whole message`,
    page: '/options/outbound/',
  }),
  'run.kernel-problem': () => ({
    says: inParts`iptables and the kernel do not fit together`,
    because: inParts`${exitReason(3)}`,
    fix: inParts`load the kernel’s modules for that back end on the node`,
    page: '/runbooks/setup-fails/',
  }),
  'run.resource-problem': () => ({
    says: inParts`iptables was refused a resource`,
    because: inParts`${exitReason(4)}`,
    fix: inParts`look at the text behind it and the lines before it`,
    page: '/runbooks/setup-fails/',
  }),
  'run.other-problem': () => ({
    says: inParts`iptables has failed`,
    because: inParts`${exitReason(1)}`,
    fix: inParts`look at the text behind it and the lines before it`,
    page: '/runbooks/setup-fails/',
  }),
  'run.failed': ({ command, status }) => ({
    says: inParts`${command === undefined ? 'A command' : inParts`${asTold(command, '')}`} ended with exit status ${asTold(status, '')}`,
    because: inParts`${exitReason(status)}`,
    fix: inParts`look at the lines before it, where the reason stands; all of them: ${initLog}`,
    page: '/runbooks/setup-fails/',
  }),
} as const satisfies Readonly<Record<ErrorCodesOf['istio'], ErrorWordsOf>>;
