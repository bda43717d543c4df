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
# as reports of bugs word it
pod cant reach api server at boot | runbooks/connection-refused
app container unable to access network before sidecar ready | runbooks/connection-refused
app cannot talk to kubernetes api until a few seconds after start | runbooks/connection-refused
java.net.ConnectException: Failed to connect to /10.152.183.1:443 | runbooks/connection-refused
git clone at startup fails with istio | runbooks/connection-refused
spring boot config server connect refused on startup | runbooks/connection-refused
panic: error opening storage: dial tcp 100.65.158.99:5432: connect: connection refused | runbooks/connection-refused
race condition between app and envoy start | runbooks/connection-refused
upstream connect error or disconnect/reset before headers. reset reason: connection failure | runbooks/answer-503 runbooks/app-on-loopback
upstream connect error or disconnect/reset before headers. reset reason: connection termination | runbooks/answer-503
503 service unavailable server: istio-envoy | runbooks/answer-503
response flag UF | runbooks/answer-503
upstream_reset_before_response_started{connection_termination} | runbooks/answer-503
delayed connect error: 111 | runbooks/answer-503 runbooks/app-on-loopback
server binds 127.0.0.1 instead of 0.0.0.0 | runbooks/app-on-loopback
works with curl localhost inside the container but not from other pods | runbooks/app-on-loopback runbooks/port-forward
curl: (56) Recv failure: Connection reset by peer | runbooks/connection-reset
curl: (52) Empty reply from server | runbooks/connection-reset runbooks/unknown-host-refused
client without sidecar cannot call pod in strict mode | runbooks/connection-reset
curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to www.google.com:443 | runbooks/unknown-host-refused
external https calls blocked, need ServiceEntry | runbooks/unknown-host-refused
cannot reach google.com from the pod | runbooks/unknown-host-refused
Communications link failure mysql | runbooks/connection-hangs
pg client: timeout expired | runbooks/connection-hangs
smtp connect timeout 25 | runbooks/connection-hangs
FATAL: no pg_hba.conf entry for host "127.0.0.6" | runbooks/client-address-lost
x-forwarded-for missing, only see 127.0.0.6 | runbooks/client-address-lost
ip whitelist in nginx does not work behind sidecar | runbooks/client-address-lost
runAsUser: 1337 traffic not intercepted | runbooks/app-bypasses-envoy
fsGroup 1337 | runbooks/app-bypasses-envoy
kiali shows no outgoing traffic of my workload | runbooks/app-bypasses-envoy runbooks/rules-missing
istio-validation init container crashloop | runbooks/setup-fails runbooks/rules-missing
iptables-restore: unable to initialize table 'nat' | runbooks/setup-fails
iptables: No chain/target/match by that name. | runbooks/setup-fails
Failed to execute: iptables-restore --noflush exit status 2 | runbooks/setup-fails
Init:CrashLoopBackOff istio-init openshift | runbooks/setup-fails
modprobe: can't change directory to '/lib/modules' | runbooks/setup-fails
FailedCreatePodSandBox error adding pod to CNI network istio-cni | runbooks/setup-fails
xtables lock held by another process | runbooks/setup-fails
init container fails to download with istio cni enabled | runbooks/init-container-no-network
vault agent init hangs in mesh | runbooks/init-container-no-network
Startup probe failed: dial tcp 10.1.2.3:8080 i/o timeout | runbooks/probe-fails runbooks/ambient-probe-fails
grpc health probe fails with istio | runbooks/probe-fails
app-health/app/readyz 500 | runbooks/probe-fails
prometheus: server returned HTTP status 503 Service Unavailable | runbooks/metrics-missing
scrape endpoint context deadline exceeded istio strict | runbooks/metrics-missing
merge prometheus metrics 15020 | runbooks/metrics-missing traffic/prometheus reference/ports
ISTIO_META_DNS_CAPTURE set but dns not intercepted | runbooks/dns-wrong options/dns
ServiceEntry host NXDOMAIN | runbooks/dns-wrong
Add ServiceEntry but could not resolve host | runbooks/dns-wrong
nslookup server can't find | runbooks/dns-wrong
job pod 1/2 running forever | runbooks/job-never-completes
quitquitquit | runbooks/job-never-completes
upstream keepalive idle 60s ECONNRESET | runbooks/ends-later
websocket disconnects after one hour | runbooks/ends-later
connections dropped during rolling update | runbooks/ends-later
kafka broker headless istio | runbooks/headless
elasticsearch statefulset cannot join cluster | runbooks/headless
deadline has elapsed ztunnel | runbooks/ambient-calls-time-out
connection failed: deadline has elapsed | runbooks/ambient-calls-time-out
http status: 401 Unauthorized ztunnel policy rejected | runbooks/ambient-strict-refuses
ambient.istio.io/redirection enabled missing | runbooks/ambient-not-enrolled
169.254.7.127 | runbooks/ambient-probe-fails ambient/probe
cilium ambient readiness timeout | runbooks/ambient-probe-fails
node ports and daemonset in host network cannot call mesh | runbooks/host-network
ingressgateway connection refused on 443 | runbooks/gateway-pods
kubectl exec curl localhost gives 200 but callers see 403 | runbooks/port-forward
kubectl port forward bypass mtls | runbooks/port-forward
loop: envoy eats memory and file descriptors | runbooks/proxy-as-other-user
traffic.sidecar.istio.io/excludeOutboundIPRanges not working | runbooks/exclusion-ignored
excludeOutboundIPRange annotation ignored typo | runbooks/exclusion-ignored
exclude kubernetes api server from sidecar | options/outbound runbooks/exclusion-ignored runbooks/connection-refused
how do I see iptables rules of distroless pod | runbooks/which-back-end runbooks/rules-missing learn/iptables
iptables-nft vs legacy mixed warning: iptables-legacy tables present | runbooks/which-back-end
what listens on 15000 | reference/ports
15004 | reference/ports
ISTIO_PRERT | reference/rules ambient/rules
ISTIO_DIVERT | reference/rules
connmark 0x539 | reference/rules ambient/rules options/mode
includeOutboundPorts | options/outbound
excludeInterfaces | options/interfaces
istiod ca 15012 tls handshake | traffic/sidecar-to-istiod reference/ports
inbound passthrough cluster | traffic/inside-envoy traffic/remote-to-local reference/glossary
original_dst listener | traffic/inside-envoy traffic/local-to-remote reference/glossary
mtls handshek fails | runbooks/connection-reset runbooks/app-bypasses-envoy
enovy 503 eror | runbooks/answer-503
headles service | runbooks/headless
ztunel restart | runbooks/ambient-ztunnel-away
kublet probe faild | runbooks/probe-fails
# tried after them
every request fails with econnrefused right after deploy | runbooks/connection-refused
istio-proxy restarted and nothing works any more | runbooks/connection-refused
leader election lost at startup with sidecar | runbooks/connection-refused
app start order container istio | runbooks/connection-refused
wait for istio-proxy before starting main container | runbooks/connection-refused
no route to host | runbooks/connection-refused runbooks/setup-fails runbooks/connection-hangs runbooks/dns-wrong
NC cluster_not_found | runbooks/answer-503
UO overflow | runbooks/answer-503
UH flag in access log | runbooks/answer-503 runbooks/unknown-host-refused
istio 404 NR route_not_found | runbooks/answer-503 runbooks/unknown-host-refused runbooks/connection-reset
http 503 only between two services | runbooks/answer-503
circuit breaker opened | runbooks/answer-503
legacy vm cannot call pod after enabling strict | runbooks/connection-reset
peerauthentication strict breaks old clients | runbooks/connection-reset
requests to api.stripe.com fail with 502 | runbooks/unknown-host-refused
egress to public internet is denied | runbooks/unknown-host-refused
mongo connect hangs | runbooks/connection-hangs
ftp in kubernetes with istio | runbooks/connection-hangs
ping does not work | runbooks/connection-hangs runbooks/ambient-not-captured
remote ip always localhost | runbooks/client-address-lost
source ip preserve tproxy | runbooks/client-address-lost options/mode
securityContext runAsGroup 1337 | runbooks/app-bypasses-envoy
no metrics for outbound calls of one container | runbooks/app-bypasses-envoy runbooks/metrics-missing
authz policy not applied to own service | runbooks/calls-itself
pod to itself 403 | runbooks/calls-itself
istio-init exit code 1 | runbooks/setup-fails
istio-init OOMKilled | runbooks/setup-fails
operation not permitted iptables | runbooks/setup-fails
ip_tables module not loaded | runbooks/setup-fails
NET_ADMIN required | runbooks/setup-fails runbooks/rules-missing
iptables-restore invalid option | runbooks/setup-fails
pod sandbox creation failed istio-cni kubeconfig | runbooks/setup-fails
init container times out dns cni | runbooks/init-container-no-network
liquibase init container cannot connect to db | runbooks/init-container-no-network
liveness probe 404 after injection | runbooks/probe-fails
probe on port 15020 app-health | runbooks/probe-fails
exec probe ok http probe bad | runbooks/probe-fails
prometheus scraping mtls certificate unknown | runbooks/metrics-missing
no stats on 15090 | runbooks/metrics-missing reference/ports
dns takes 5 seconds | runbooks/dns-wrong
search domain not appended | runbooks/dns-wrong
externalname service not resolving | runbooks/dns-wrong
pod never terminates after job is done | runbooks/job-never-completes
argo workflow stuck because sidecar | runbooks/job-never-completes
tcp keepalive idle timeout 3600 | runbooks/ends-later
broken pipe after some minutes | runbooks/ends-later
zookeeper quorum fails | runbooks/headless
rabbitmq cluster with istio | runbooks/headless runbooks/connection-hangs
calico network policy ambient | runbooks/ambient-calls-time-out
ztunnel error connection closed due to policy rejection | runbooks/ambient-strict-refuses
namespace label istio.io/dataplane-mode=ambient no effect | runbooks/ambient-not-enrolled
node rebooted and mesh no longer encrypts | runbooks/ambient-rules-lost
kube-dns through ztunnel | runbooks/ambient-dns ambient/dns
sidecar to ambient plaintext | runbooks/ambient-and-sidecar ambient/from-sidecar
node exporter host network and mtls | runbooks/host-network
daemonset agent host network | runbooks/host-network
gateway pod port 80 permission denied bind | runbooks/gateway-pods
vm ssh lost after istio start | runbooks/virtual-machine
nft list table ip nat | runbooks/which-back-end learn/native-nftables
linkerd and istio both injected | runbooks/rules-missing runbooks/which-back-end
what is 15014 | reference/ports
15017 webhook | reference/ports
15000 admin | reference/ports
mark 1337 0x539 | reference/rules ambient/rules options/mode
ISTIO_TPROXY chain | reference/rules options/mode
holdAplicationUntilProxyStart | runbooks/connection-refused
excludeOutbountPorts | options/outbound runbooks/exclusion-ignored
proxy.istio.io/config annotation | options options/dns options/setup runbooks/connection-refused
conntrack table full | learn/conntrack
what does SO_ORIGINAL_DST do | learn/conntrack traffic/local-to-remote traffic/inside-envoy learn/packet-path reference/glossary
loopback interface and prerouting | learn/lo learn/packet-path
owner uid match explained | learn/owner
sidecar to istiod not captured why | traffic/sidecar-to-istiod
# and after those
pod fails healthcheck and keeps restarting since istio | runbooks/probe-fails
service unavailable from ingress | runbooks/answer-503 runbooks/gateway-pods
sidecar injected but no traffic in kiali | runbooks/rules-missing runbooks/app-bypasses-envoy
connection refused localhost 15001 | runbooks/connection-refused reference/ports
app talks plaintext although mtls strict | runbooks/app-bypasses-envoy runbooks/connection-reset runbooks/ambient-strict-refuses
why does my traffic skip the proxy | runbooks/app-bypasses-envoy runbooks/rules-missing
ipv6 traffic leaks | runbooks/ipv6-bypasses-envoy
ip6tables has no istio rules | runbooks/ipv6-bypasses-envoy runbooks/rules-missing
container cannot resolve names | runbooks/dns-wrong
dns refused in pod with sidecar | runbooks/dns-wrong
kubectl logs istio-init error | runbooks/setup-fails
sidecar 0/2 init error | runbooks/setup-fails runbooks/init-container-no-network runbooks/rules-missing
helm hook job hangs istio | runbooks/job-never-completes
batch job stays not ready | runbooks/job-never-completes
tcp connections cut after 1h idle | runbooks/ends-later
random connection reset by peer on keepalive | runbooks/ends-later runbooks/connection-reset
cassandra gossip istio | runbooks/headless runbooks/connection-hangs
wrong service answers for external ip | runbooks/ends-at-own-service
http host header routing external | runbooks/ends-at-own-service runbooks/unknown-host-refused
port 443 external call blocked by registry only | runbooks/unknown-host-refused
annotation not taking effect | runbooks/exclusion-ignored
excluded range still redirected | runbooks/exclusion-ignored
prometheus up == 0 for mesh pods | runbooks/metrics-missing
metrics endpoint 15020 refused | runbooks/metrics-missing runbooks/probe-fails reference/ports
envoy not ready xds | runbooks/proxy-as-other-user
istio proxy high cpu loop | runbooks/proxy-as-other-user
iptables nft legacy conflict | runbooks/which-back-end
rules seen twice | runbooks/which-back-end
gateway has no redirect | runbooks/gateway-pods
host networking pod mtls | runbooks/host-network
workload entry vm iptables | runbooks/virtual-machine
ambient pod not redirected | runbooks/ambient-not-enrolled runbooks/ambient-not-captured runbooks/ambient-rules-lost
udp in ambient | runbooks/ambient-not-captured ambient/service
ambient liveness fail snat | runbooks/ambient-probe-fails
ztunnel not running on node | runbooks/ambient-ztunnel-away
ambient excludeoutboundports | runbooks/ambient-exclusion-ignored
strict ambient client outside | runbooks/ambient-strict-refuses
networkpolicy hbone | runbooks/ambient-calls-time-out
dns proxy ambient off | runbooks/ambient-dns ambient/dns
mix sidecar ambient namespace | runbooks/ambient-and-sidecar ambient/from-sidecar
what is istio_in_redirect | reference/rules
ISTIO_OUTPUT_DNS | reference/rules options/dns
rule 4 istio_output | reference/rules
port 15006 purpose | reference/ports
pilot agent process | reference/processes
dnsServersV4 | options/dns
hostIPv4LoopbackCidr | options/addresses
includeInboundPorts star | options/inbound
tproxy mark route table 133 | options/mode learn/packet-path reference/rules
releases that changed rules | reference/releases
supported matches of the engine | reference/limits
sidetrack check in CI | reference/command
command line tool | reference/command
explain this iptables dump | lab learn/iptables
tutorial for beginners | learn/course learn
what is a hook | learn/packet-path reference/glossary
glossary conntrack | reference/glossary learn/conntrack
istio redirct loop preventon | learn/owner traffic/inside-envoy runbooks/proxy-as-other-user
connecton timed out databse | runbooks/connection-hangs
unkown host 502 | runbooks/unknown-host-refused
stateful set | runbooks/headless
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
