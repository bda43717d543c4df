/** Words that mean the same to somebody who looks for help, written together where people write two: `mutual tls`. */
import { stem } from './terms.ts';

const groups = `
bypass bypasses past skip evade circumvent avoid leak around
capture intercept redirect hijack catch grab trap
captured intercepted redirected
hang stuck stall freeze frozen block timeout timedout wait slow etimedout unresponsive
refused rejected reject refuse deny denied econnrefused
reset rst econnreset broken aborted
crash crashloop crashloopbackoff restart killed die
database postgres postgresql mysql mariadb mongodb mongo redis kafka rabbitmq amqp cassandra smtp ldap oracle mssql sqlserver
mtls mutualtls tls encryption encrypted unencrypted plaintext cleartext ssl https certificate
sidecar istioproxy envoy proxy
iptables netfilter nat
uid user userid runasuser
gid group groupid runasgroup fsgroup
egress outbound outgoing
ingress inbound incoming
exclude exclusion excluded excludes exempt except whitelist allowlist ignore
prometheus scrape metrics monitoring
dns resolve resolution resolver nameserver lookup coredns kubedns nslookup dig
istiod pilot controlplane discovery
localhost loopback
missing lost gone absent disappear disappeared vanished none without empty no nothing
container pod
init initcontainer istioinit
probe liveness readiness startup healthcheck health kubelet
circle loop infinite recursion itself
ipv6 v6 dualstack ip6tables
address ip
source client remote peer original
policy authorizationpolicy peerauthentication
nft nftables
legacy xtables
tproxy transparent
option setting annotation flag configuration config
release version upgrade
wrong incorrect strange unexpected bad
zone conntrack
job cronjob batch
mesh istio
quic http3
start startup boot launch begin
reach connect contact access
difference different versus vs compare compared
external outside internet google website
`;

const meanings: ReadonlyMap<string, readonly string[]> = (() => {
  const found = new Map<string, string[]>();
  for (const line of groups.trim().split('\n')) {
    const words = [...new Set(line.split(' ').map(stem))];
    for (const word of words) {
      const others = words.filter((other) => other !== word);
      found.set(word, [...new Set([...(found.get(word) ?? []), ...others])]);
    }
  }
  return found;
})();

/** The other terms that mean the same as this one; none for most. */
export function alike(term: string): readonly string[] {
  return meanings.get(term) ?? [];
}

export function isKnownWord(term: string): boolean {
  return meanings.has(term);
}
