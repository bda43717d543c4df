/** The commands that get a pod's rules and whatever else the lab reads, and the kernel's own trace of a packet. */
import { useState } from 'preact/hooks';

interface Way {
  readonly title: string;
  readonly note: string;
  readonly lines: string;
}

/** What is asked within the network namespace of the pod, by whichever way one came there. */
const asking = `for tool in iptables-nft-save iptables-legacy-save ip6tables-nft-save ip6tables-legacy-save; do
  echo "# $tool"; $tool -c; done
ip address; ip rule; ip route show table all; ip -6 rule; ip -6 route show table all`;

const ways: readonly Way[] = [
  {
    title: 'With an ephemeral container',
    note: 'It shares the network of the pod and stays until the pod is deleted. Both back ends are asked, because a pod can have rules in both. Needs Kubernetes 1.27 or later, and leave to add NET_ADMIN.',
    lines: `kubectl debug -n NAMESPACE POD -i --image=nicolaka/netshoot --profile=netadmin -- sh -c '
${asking}
cat /etc/resolv.conf'
kubectl get pod -n NAMESPACE POD -o yaml`,
  },
  {
    title: 'From the node, through the API server',
    note: 'Where ephemeral containers are not allowed. The node’s own tools enter the pod’s network by the pid of its pause container. All from the third line on is for the shell that the second one opens; take its debugging pod away afterwards.',
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

export function Commands() {
  return (
    <details class="lab-commands">
      <summary>How to get these texts from a pod, and the kernel’s own trace</summary>
      <p>
        Put your own names in the place of the words in capitals. What all of them print can be pasted as it
        is.
      </p>
      {ways.map((way) => (
        <Command key={way.title} {...way} />
      ))}
    </details>
  );
}

function Command({ title, note, lines }: Way) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${lines}\n`);
      setSaid('Copied.');
    } catch {
      setSaid('The browser does not let this page copy. Select the text and copy it by hand.');
    }
  };
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <p>{note}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{lines}</pre>
      <p class="lab-copy">
        <button type="button" onClick={copy} aria-label={`Copy the commands: ${title}`}>
          Copy
        </button>{' '}
        <span role="status">{said}</span>
      </p>
    </section>
  );
}
