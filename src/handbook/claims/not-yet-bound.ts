/**
 * Pages whose statements on programs are not all bound to facts yet: the net over statements leaves them out. The list
 * only gets shorter; test/docs/facts.test.ts holds that, and that each page in it has such a statement.
 */
export const notYetBound: readonly string[] = [
  'content/lab.mdx',
  'content/learn/article.mdx',
  'content/learn/conntrack.mdx',
  'content/learn/index.mdx',
  'content/learn/iptables.mdx',
  'content/learn/lo.mdx',
  'content/learn/owner.mdx',
  'content/learn/packet-path.mdx',
  'content/runbooks/exclusion-ignored.mdx',
  'content/runbooks/ipv6-bypasses-envoy.mdx',
  'content/runbooks/proxy-as-other-user.mdx',
  'content/traffic/inside-envoy.mdx',
  'content/traffic/local-to-local.mdx',
  'content/traffic/local-to-remote.mdx',
  'content/traffic/prometheus.mdx',
  'content/traffic/remote-to-local.mdx',
  'content/traffic/sidecar-to-istiod.mdx',
];
