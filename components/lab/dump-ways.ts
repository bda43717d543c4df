/**
 * The commands that get what the lab reads, by what the reader has: first those that stand above the box, one for each,
 * then the other ways, and the kernel's own trace of a packet.
 */
import { askBothBackEnds, askNode, askPod, askRouting, proxyImage } from '../../src/handbook/lab/index.ts';

export interface DumpWay {
  readonly title: string;
  readonly note: string;
  readonly lines: string;
}

/** What is asked within the network namespace of the pod, by whichever way one came there. */
const asking = `${askBothBackEnds}\n${askRouting}`;

/** The pod's own users hold for an ephemeral container, too, and `--profile=netadmin` sets none. */
const asRoot =
  'Where the pod’s securityContext has runAsUser or runAsNonRoot, this container is not root either, and the tools are refused: write securityContext: {runAsUser: 0, runAsNonRoot: false} into a file root.yaml, and add --custom=root.yaml before the two dashes; it needs kubectl 1.31.';

const fromPod = `kubectl debug -n NAMESPACE POD -i --image=${proxyImage} --profile=netadmin -- sh -c '${askPod}'`;

/** By what the reader has: the one command that stands above the box. */
export const firstWays: readonly DumpWay[] = [
  { title: 'a pod with a sidecar', note: asRoot, lines: fromPod },
  {
    title: 'a pod in ambient mode',
    note: `Its rules are in the pod’s own network, too. ${asRoot}`,
    lines: fromPod,
  },
  {
    title: 'a node',
    note: 'The container shares the network of the node. Delete the pod that kubectl names when you are done.',
    lines: `kubectl debug node/NODE -i --image=${proxyImage} --profile=sysadmin -- sh -c '${askNode}'`,
  },
  {
    title: 'a log of the CNI plugin',
    note: 'It tells what was to be programmed, and whether that failed. What the kernel has is told by the other commands.',
    lines: 'kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1 --prefix | grep POD',
  },
];

/** All ways into a pod, and what else there is to ask. */
export const dumpWays: readonly DumpWay[] = [
  {
    title: 'With an ephemeral container',
    note: `It shares the network of the pod and stays until the pod is deleted. The image is Istio’s proxy, which has both back ends and nft where its tag does not end in -distroless. Take your own registry and tag. Needs Kubernetes 1.27 or later, and leave to add NET_ADMIN. ${asRoot}`,
    lines: `${fromPod}\nkubectl get pod -n NAMESPACE POD -o yaml`,
  },
  {
    title: 'From the node, through the API server',
    note: 'Where ephemeral containers are not allowed; needs kubectl 1.30. The node’s own tools enter the pod’s network by the pid of its pause container. All from the third line on is for the shell that the second one opens; take its debugging pod away afterwards.',
    lines: `kubectl get pod -n NAMESPACE POD -o jsonpath='{.spec.nodeName}{"\\n"}'
kubectl debug node/NODE -it --image=busybox --profile=sysadmin -- chroot /host sh
POD_ID=$(crictl pods --namespace NAMESPACE --name '^POD$' --state Ready --quiet)
PID=$(crictl inspectp --output go-template --template '{{.info.pid}}' "$POD_ID")
nsenter --target "$PID" --net sh -c '
${asking}'`,
  },
  {
    title: 'On the node, by its network namespace',
    note: 'With a shell on the node and no crictl. ip netns names the namespace of each pod; its address tells which is which. resolv.conf is then the node’s, and none of the pod.',
    lines: `for ns in $(ip netns list | cut -d' ' -f1); do echo "$ns $(ip -netns "$ns" -4 -o address show eth0)"; done
ip netns exec NAMESPACE_OF_THE_POD sh -c 'iptables-save -c; ip6tables-save -c; ip address; ip rule; ip route show table all'`,
  },
  {
    title: 'What istio-init or the CNI plugin did',
    note: 'Each prints the rules that it programs; the first command is for pods with istio-init, the other two for the CNI plugin. istioctl tells what Envoy knows, for where a connection goes behind 15001 and 15006.',
    lines: `kubectl logs -n NAMESPACE POD -c istio-init
kubectl logs -n NAMESPACE POD -c istio-validation
kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1 --prefix | grep POD
istioctl proxy-config listeners -n NAMESPACE POD
istioctl experimental describe pod -n NAMESPACE POD`,
  },
  {
    title: 'The kernel’s own trace, with iptables-nft',
    note: 'Every rule that a packet meets, as the kernel asks it, to hold beside the steps above. Within the pod’s network, as root. Take the two rules out again afterwards.',
    lines: `iptables-nft -t raw -I OUTPUT -p tcp --dport PORT -j TRACE
iptables-nft -t raw -I PREROUTING -p tcp --dport PORT -j TRACE
xtables-monitor --trace
iptables-nft -t raw -D OUTPUT -p tcp --dport PORT -j TRACE
iptables-nft -t raw -D PREROUTING -p tcp --dport PORT -j TRACE`,
  },
  {
    title: 'The kernel’s own trace, with iptables-legacy',
    note: 'It goes to the log of the node’s kernel, and of other network namespaces than the first only where the node allows it. The sysctl and the log are the node’s, the rules are the pod’s.',
    lines: `sysctl -w net.netfilter.nf_log_all_netns=1
sysctl -w net.netfilter.nf_log.2=nf_log_ipv4
iptables-legacy -t raw -I OUTPUT -p tcp --dport PORT -j TRACE
iptables-legacy -t raw -I PREROUTING -p tcp --dport PORT -j TRACE
dmesg --follow | grep TRACE:
iptables-legacy -t raw -D OUTPUT -p tcp --dport PORT -j TRACE
iptables-legacy -t raw -D PREROUTING -p tcp --dport PORT -j TRACE`,
  },
];
