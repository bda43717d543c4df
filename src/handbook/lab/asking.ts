/** What is asked for in a shell to get all that the lab reads: on the lab's page, and by whoever asks in its place. */

/** An image that has iptables of both back ends and nft: docker/Dockerfile.base of Istio, not its distroless variant. */
export const proxyImage = 'registry.istio.io/release/proxyv2:1.31.0';

/** Both back ends are asked, because a network namespace can have rules in both. */
export const askBothBackEnds = `for tool in iptables-nft-save iptables-legacy-save ip6tables-nft-save ip6tables-legacy-save; do
  echo "# $tool"; $tool -c; done`;

export const askRouting =
  'ip address; ip rule; ip route show table all; ip -6 rule; ip -6 route show table all';

/** All that is asked in a node’s network. */
export const askNode = `
${askBothBackEnds}
nft list ruleset
${askRouting}`;

/** All that is asked in a pod’s network. */
export const askPod = `${askNode}
cat /etc/resolv.conf`;
