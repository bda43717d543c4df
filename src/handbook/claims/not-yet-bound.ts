/**
 * Pages whose statements on programs are not all bound to facts yet: the net over statements leaves them out. The list
 * only gets shorter; test/docs/facts.test.ts holds that, and that each page in it has such a statement.
 */
export const notYetBound: readonly string[] = [
  'content/runbooks/exclusion-ignored.mdx',
  'content/runbooks/ipv6-bypasses-envoy.mdx',
  'content/runbooks/proxy-as-other-user.mdx',
];
