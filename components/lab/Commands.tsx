/** The commands that get a pod's rules, and the kernel's own trace of a packet. */

const ways: readonly { readonly title: string; readonly note: string; readonly lines: string }[] = [
  {
    title: 'With an ephemeral container',
    note: 'It shares the network of the pod. Both back ends are asked, because a pod can have rules in both.',
    lines: `kubectl debug -n NAMESPACE POD --image=nicolaka/netshoot --profile=netadmin -it -- sh -c '
  for tool in iptables-nft-save iptables-legacy-save ip6tables-nft-save ip6tables-legacy-save; do
    echo "# $tool"; $tool -c; done; ip rule; ip route show table all'
kubectl get pod -n NAMESPACE POD -o yaml`,
  },
  {
    title: 'From the node',
    note: 'Where ephemeral containers are not allowed.',
    lines: `kubectl debug node/NODE -it --image=nicolaka/netshoot --profile=sysadmin -- chroot /host sh
POD_ID=$(crictl pods --name POD --namespace NAMESPACE -q)
PID=$(crictl inspectp "$POD_ID" | jq .info.pid)
nsenter -t "$PID" -n iptables-save -c`,
  },
  {
    title: 'What the CNI plugin or istio-init did',
    note: 'Both print the rules that they program.',
    lines: `kubectl logs -n NAMESPACE POD -c istio-init
kubectl logs -n istio-system -l k8s-app=istio-cni-node --tail=-1 | grep POD`,
  },
  {
    title: 'The kernel’s own trace of one connection',
    note: 'Every rule that a packet meets, as the kernel asks it. Take the rules out again afterwards. With iptables-legacy the trace goes to the kernel’s log instead.',
    lines: `iptables -t raw -I OUTPUT -p tcp --dport PORT -j TRACE
iptables -t raw -I PREROUTING -p tcp --dport PORT -j TRACE
xtables-monitor --trace
iptables -t raw -D OUTPUT -p tcp --dport PORT -j TRACE
iptables -t raw -D PREROUTING -p tcp --dport PORT -j TRACE`,
  },
];

export function Commands() {
  return (
    <details class="lab-commands">
      <summary>How to get these texts from a pod, and the kernel’s own trace</summary>
      {ways.map(({ title, note, lines }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <p>{note}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre tabIndex={0}>{lines}</pre>
        </section>
      ))}
    </details>
  );
}
