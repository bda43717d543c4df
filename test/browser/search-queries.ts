/** What people type, and the page that has to be first or second; where two answer it, either. Kinds beside kinds. */

export interface TypedQuery {
  readonly typed: string;
  readonly pages: readonly string[];
}

const table = `
# symptoms, in somebody's own words
everything is refused | runbooks/connection-refused
all my outgoing calls get connection refused | runbooks/connection-refused
app can't connect to anything when it starts | runbooks/connection-refused
requests fail during the first seconds after the pod starts | runbooks/connection-refused
connections refused when the pod shuts down | runbooks/connection-refused
connection reset by peer after connecting to the pod | runbooks/connection-reset
NR filter_chain_not_found | runbooks/connection-reset
REGISTRY_ONLY 502 | runbooks/unknown-host-refused
BlackHoleCluster | runbooks/unknown-host-refused
no healthy upstream | runbooks/answer-503
503 UC | runbooks/answer-503
my request to an external ip goes to an internal service | runbooks/ends-at-own-service
app bound to 127.0.0.1 gives 503 | runbooks/app-on-loopback
my database connection just hangs | runbooks/connection-hangs
mysql client waits forever for the greeting | runbooks/connection-hangs
redis times out behind the sidecar | runbooks/connection-hangs
sending mail hangs | runbooks/connection-hangs
udp packets not going through the mesh | runbooks/connection-hangs
is udp captured | runbooks/connection-hangs
traffic does not go through the proxy | runbooks/app-bypasses-envoy runbooks/rules-missing
outgoing traffic is not encrypted | runbooks/app-bypasses-envoy
no mtls for calls of my app | runbooks/app-bypasses-envoy
app has the same uid as envoy | runbooks/app-bypasses-envoy
my container runs as 1337 | runbooks/app-bypasses-envoy
authorization policy ignored when pod calls itself | runbooks/calls-itself
service calls itself | runbooks/calls-itself traffic/local-to-local
pod reaching its own service ip | runbooks/calls-itself traffic/local-to-local
call to localhost skips policy | runbooks/calls-itself
we see 127.0.0.6 in the logs | runbooks/client-address-lost
source address of the client is lost | runbooks/client-address-lost
how do I get the real client ip | runbooks/client-address-lost
wrong remote address in access log of app | runbooks/client-address-lost
hostname not resolved | runbooks/dns-wrong
dns lookups fail in the pod | runbooks/dns-wrong
resolves to 240.240.0.5 | runbooks/dns-wrong
coredns never sees the queries | runbooks/dns-wrong
excluded port is still intercepted | runbooks/exclusion-ignored
exclude annotation does nothing | runbooks/exclusion-ignored
ip range exclusion ignored | runbooks/exclusion-ignored
changed the annotation but nothing happens | runbooks/exclusion-ignored
init container has no network | runbooks/init-container-no-network
migration job in initContainers refused | runbooks/init-container-no-network
pod stuck in init | runbooks/init-container-no-network runbooks/rules-missing
pod hangs at PodInitializing | runbooks/init-container-no-network
ipv6 not going through envoy | runbooks/ipv6-bypasses-envoy
dual stack cluster, v6 is not encrypted | runbooks/ipv6-bypasses-envoy
prometheus shows target down | runbooks/metrics-missing
cannot scrape pods with strict mtls | runbooks/metrics-missing
metrics of my app have disappeared | runbooks/metrics-missing
grafana is empty | runbooks/metrics-missing
health checks fail since we have the sidecar | runbooks/probe-fails
kubelet kills my container | runbooks/probe-fails
readiness fails with strict mtls | runbooks/probe-fails
tcp probe succeeds although app is dead | runbooks/probe-fails
sidecar is not ready | runbooks/proxy-as-other-user
istio-proxy stuck at 1/2 | runbooks/proxy-as-other-user runbooks/probe-fails
envoy calls itself in an endless loop | runbooks/proxy-as-other-user
proxy uses all cpu | runbooks/proxy-as-other-user
sidecar can't connect to istiod | runbooks/proxy-as-other-user traffic/sidecar-to-istiod
no iptables rules in the pod | runbooks/rules-missing
where are the ISTIO chains | runbooks/rules-missing reference/rules
injection does not work | runbooks/rules-missing
cni plugin did not write the rules | runbooks/rules-missing options/setup
two iptables back ends in one pod | runbooks/which-back-end runbooks/rules-missing
istio-init crashes | runbooks/setup-fails runbooks/rules-missing
policies are not enforced for anyone | runbooks/rules-missing
pod hangs in ContainerCreating because of the cni plugin | runbooks/setup-fails
what does this message of istio-init mean | runbooks/setup-fails
iptables-save is empty although traffic is intercepted | runbooks/which-back-end
legacy or nft, which one has my rules | runbooks/which-back-end
nft list ruleset | learn/native-nftables runbooks/which-back-end
native nftables | learn/native-nftables runbooks/which-back-end options/setup
nft monitor trace | learn/native-nftables
what is different with nftables instead of iptables | learn/native-nftables
port-forward works but the service answers 403 | runbooks/port-forward
does kubectl port-forward go through the sidecar | runbooks/port-forward
cronjob pod stays running because of istio-proxy | runbooks/job-never-completes
job does not finish with a sidecar | runbooks/job-never-completes
hostNetwork pod gets connection reset | runbooks/host-network
daemonset with host network not injected | runbooks/host-network
statefulset peers cannot connect in the mesh | runbooks/headless
headless service istio problem | runbooks/headless
cannot ssh into the vm after joining the mesh | runbooks/virtual-machine
virtual machine has no istio iptables rules | runbooks/virtual-machine
nothing listens on the ingress gateway port | runbooks/gateway-pods
why has the ingress gateway no iptables rules | runbooks/gateway-pods runbooks/rules-missing

# ambient mode
probes fail since the pod is in ambient mode | runbooks/ambient-probe-fails ambient/probe
pod has the ambient label but is not in the mesh | runbooks/ambient-not-enrolled
exclude a port in ambient mode | runbooks/ambient-exclusion-ignored ambient/from-sidecar
a NetworkPolicy blocks 15008 | runbooks/ambient-calls-time-out
istio_converted_static_strict | runbooks/ambient-strict-refuses ambient/plain-text
ztunnel restarts and connections break | runbooks/ambient-ztunnel-away
ztunnel crashloop, all pods of the node refused | runbooks/ambient-ztunnel-away
custom nameserver ignored in ambient mode | runbooks/ambient-dns ambient/dns
SERVFAIL in ambient | runbooks/ambient-dns ambient/dns
ambient rules gone after node reboot | runbooks/ambient-rules-lost runbooks/ambient-not-enrolled
sidecar pod cannot call ambient pod | runbooks/ambient-and-sidecar runbooks/ambient-strict-refuses
quic leaves the ambient pod unencrypted | runbooks/ambient-not-captured ambient/service
migrate from sidecar to ambient | ambient/from-sidecar
what is hbone | ambient/hbone
# real error texts
connect ECONNREFUSED 10.96.0.7:80 | runbooks/connection-refused
dial tcp 10.96.0.7:443: connect: connection refused | runbooks/connection-refused
curl: (7) Failed to connect to reviews port 9080: Connection refused | runbooks/connection-refused
java.net.ConnectException: Connection refused (Connection refused) | runbooks/connection-refused
psycopg2.OperationalError: could not connect to server: Connection refused | runbooks/connection-refused
read tcp 10.244.1.5:40000->10.96.0.9:3306: i/o timeout | runbooks/connection-hangs
ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 0 | runbooks/connection-hangs
Error: connect ETIMEDOUT | runbooks/connection-hangs
com.mongodb.MongoTimeoutException: Timed out after 30000 ms while waiting for a server | runbooks/connection-hangs
getaddrinfo ENOTFOUND reviews.default.svc.cluster.local | runbooks/dns-wrong
dial tcp: lookup reviews on 10.96.0.10:53: no such host | runbooks/dns-wrong
curl: (6) Could not resolve host: reviews | runbooks/dns-wrong
java.net.UnknownHostException: reviews | runbooks/dns-wrong
socket.gaierror: [Errno -3] Temporary failure in name resolution | runbooks/dns-wrong
;; connection timed out; no servers could be reached | runbooks/dns-wrong
Readiness probe failed: HTTP probe failed with statuscode: 500 | runbooks/probe-fails
Liveness probe failed: Get "http://10.244.1.5:8080/healthz": context deadline exceeded | runbooks/probe-fails
Readiness probe failed: Get "http://10.244.2.9:15021/healthz/ready": dial tcp 10.244.2.9:15021: connect: connection refused | runbooks/probe-fails
Envoy proxy is NOT ready: config not received from XDS server (is Istiod running?): cds updates: 0 successful, 0 rejected | runbooks/proxy-as-other-user
accept4: too many open files | runbooks/proxy-as-other-user
StreamAggregatedResources gRPC config stream closed: 14 | runbooks/proxy-as-other-user
iptables validation failed; workload is not ready for Istio. | runbooks/setup-fails runbooks/rules-missing
iptables-restore: line 2 failed | runbooks/setup-fails runbooks/rules-missing
iptables v1.8.9 (legacy): can't initialize iptables table \`nat': Table does not exist (do you need to insmod?) | runbooks/setup-fails runbooks/rules-missing
Fatal: can't open lock file /run/xtables.lock: Permission denied | runbooks/setup-fails runbooks/rules-missing
pods "app-1" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities NET_ADMIN NET_RAW | runbooks/rules-missing
container istio-proxy is not valid for pod app | runbooks/rules-missing
nf_conntrack: nf_conntrack: table full, dropping packet | learn/conntrack
Get "http://10.244.1.5:15020/stats/prometheus": read: connection reset by peer | runbooks/metrics-missing
# names: rules, chains, ports, users, options, annotations
ISTIO_OUTPUT 4 | reference/rules
istio_output 9 | reference/rules
ISTIO_INBOUND 5 | reference/rules
ISTIO_IN_REDIRECT | reference/rules
istio output chain | reference/rules
ISTIO_REDIRECT 1 | reference/rules
output.proxy-self-call | reference/rules
15021 | reference/ports
15006 | reference/ports
port 15001 | reference/ports
15090 | reference/ports
what is port 15053 | reference/ports
15012 | reference/ports traffic/sidecar-to-istiod
15008 hbone | reference/ports reference/rules
1337 | reference/processes learn/owner
traffic.sidecar.istio.io/excludeOutboundPorts | options/outbound
traffic.sidecar.istio.io/includeInboundPorts | options/inbound
excludeInboundPorts | options/inbound
excludeOutboundIPRanges | options/outbound
includeOutboundIPRanges | options/outbound
sidecar.istio.io/interceptionMode | options/mode
kubevirtInterfaces | options/interfaces
ISTIO_META_DNS_CAPTURE | options/dns
proxyUID | options/processes
TPROXY | options/mode
nativeNftables | options/setup
sidecar.istio.io/rewriteAppHTTPProbers | runbooks/probe-fails
holdApplicationUntilProxyStarts | runbooks/connection-refused
--uid-owner 1337 | learn/owner
PREROUTING | learn/packet-path
127.0.0.6 | runbooks/client-address-lost learn/lo
connection idle 1 hour then reset | runbooks/ends-later
intermittent resets under load | runbooks/ends-later
nf_conntrack_tcp_be_liberal | runbooks/ends-later
proxyless grpc | runbooks/rules-missing
IPTABLES_TRACE_LOGGING | options/setup
# questions and subjects
how does istio redirect traffic | learn traffic/local-to-remote learn/article
why 1337 | learn/owner reference/processes
how to read iptables-save | learn/iptables
difference between RETURN and ACCEPT | learn/iptables
why does the counter not go up | learn/conntrack
what changed between 1.22 and 1.23 | reference/releases
which ports does istio use | reference/ports
how does envoy get its config from istiod | traffic/sidecar-to-istiod
redirect vs tproxy | options/mode
capture dns | options/dns
paste my iptables rules | lab
jimmy song | learn/article
meaning of passthrough | reference/glossary
order of the hooks | learn/packet-path
path of an inbound request | traffic/remote-to-local
path of an outbound request | traffic/local-to-remote
# typos, joined and parted words
conection refused | runbooks/connection-refused
connectionrefused | runbooks/connection-refused
conneciton refsued | runbooks/connection-refused
evnoy not ready | runbooks/proxy-as-other-user
side car not ready | runbooks/proxy-as-other-user
readyness probe fails | runbooks/probe-fails
livenes probe | runbooks/probe-fails
promethues scrape | runbooks/metrics-missing
prometeus target down | runbooks/metrics-missing
initcontainer no network | runbooks/init-container-no-network
ip tables rules missing | runbooks/rules-missing
iptabels missing | runbooks/rules-missing
excludeoutboundports | options/outbound
exclude outbound ports | options/outbound runbooks/exclusion-ignored
interception mode | options/mode
dnscapture | options/dns
dsn not resolved | runbooks/dns-wrong
istiooutput 4 | reference/rules
postgress hangs | runbooks/connection-hangs
time out to database | runbooks/connection-hangs
ipv 6 bypass | runbooks/ipv6-bypasses-envoy
client adress lost | runbooks/client-address-lost
contrack | learn/conntrack
`;

export const typedQueries: readonly TypedQuery[] = table
  .split('\n')
  .filter((line) => line.includes(' | '))
  .map((line) => {
    const at = line.lastIndexOf(' | ');
    const pages = line
      .slice(at + 3)
      .trim()
      .split(' ');
    return { typed: line.slice(0, at), pages: pages.map((page) => `/${page}/`) };
  });
