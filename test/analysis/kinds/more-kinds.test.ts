/**
 * More of what people paste, one line of source each: what each is of, and that none is told to be removed. `kinds.test.ts`
 * has the table of kinds with their wrappings.
 */
import { describe, expect, test } from 'vitest';
import { type Kind, kinds, readPaste } from '../../../src/analysis/index.ts';
import { type Inspection, inspect } from '../../../src/handbook/lab/index.ts';
import { optionsFromPod } from '../../../src/istio/index.ts';
import { findingSentence, nextWords, summary } from '../../../src/words/index.ts';

const pastes: readonly (readonly [of: Kind, owner: string | null, name: string, text: string])[] = [
  [
    'nothing',
    null,
    'zh',
    '你好，我的 Pod 无法访问外部服务，istio-proxy 日志显示连接被拒绝。请问怎么办？\n删除 Pod 之后还是一样。',
  ],
  [
    'errors alone',
    null,
    'a command that was refused',
    '$ kubectl exec web-0 -c istio-proxy -- iptables -t nat -S\niptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\ncommand terminated with exit code 4',
  ],
  [
    'errors alone',
    null,
    'a listing that was refused',
    "root@web-0:/# ip6tables -t nat -L -n -v\nmodprobe: FATAL: Module ip6_tables not found\nip6tables v1.8.7 (legacy): can't initialize ip6tables table `nat': Table does not exist (do you need to insmod?)\nPerhaps ip6tables or your kernel needs to be upgraded.",
  ],
  [
    'errors alone',
    null,
    'a warning alone',
    '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them',
  ],
  [
    'nothing',
    null,
    'commands that printed nothing',
    'root@web-0:/# nft list ruleset\nroot@web-0:/# iptables-save\nroot@web-0:/# iptables-legacy-save -c\nroot@web-0:/# ',
  ],
  ['nothing', null, 'a command alone', 'iptables -t nat -L -n -v'],
  [
    'nothing',
    null,
    'cni conflist',
    '{"cniVersion":"0.3.1","name":"k8s-pod-network","plugins":[{"type":"calico"},{"type":"istio-cni","log_level":"info"}]}',
  ],
  [
    'nothing',
    null,
    'ztunnel-config',
    'NAMESPACE          POD NAME                      ADDRESS     NODE     WAYPOINT PROTOCOL\ndefault            details-v1-cf74bb974-5sqkp    10.244.1.5  worker   None     HBONE',
  ],
  ['nothing', null, 'ja', 'Pod が再起動を繰り返しています。iptables-save の結果は空でした。'],
  [
    'nothing',
    null,
    'envoylog',
    '[2025-03-04T10:11:12.123Z] "GET /api HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{connection_failure} - "-" 0 91 10 - "-" "curl/8" "abc" "svc:80" "10.0.0.1:80" outbound|80||svc.ns.svc.cluster.local - 10.0.0.2:80 10.0.0.9:51234 - default',
  ],
  [
    'nothing',
    null,
    'pods',
    'NAME                     READY   STATUS                  RESTARTS   AGE\nweb-6b8c9d-x7k2p         0/2     Init:CrashLoopBackOff   7          12m\nweb-6b8c9d-z9l4m         2/2     Running                 0          3h',
  ],
  [
    'nothing',
    null,
    'curl',
    '* Connected to 10.96.0.1 (10.96.0.1) port 80 (#0)\n> GET / HTTP/1.1\n> Host: x\n< HTTP/1.1 503 Service Unavailable\n< server: envoy\nupstream connect error or disconnect/reset before headers. reset reason: connection failure',
  ],
  [
    'nothing',
    null,
    'tcpdump',
    '10:11:12.123456 IP 10.244.1.5.41234 > 10.244.2.7.8080: Flags [S], seq 1, win 64240, length 0\n10:11:12.123500 IP 10.244.2.7.8080 > 10.244.1.5.41234: Flags [R.], seq 0, ack 2, win 0, length 0',
  ],
  [
    'nothing',
    null,
    'psql',
    'psql: error: connection to server at "db" (10.96.3.4), port 5432 failed: server closed the connection unexpectedly',
  ],
  [
    'nothing',
    null,
    'lsmod',
    'iptable_nat            16384  1\nip_tables              32768  2 iptable_nat,iptable_mangle\nxt_REDIRECT            16384  8\nnf_nat                 57344  2 xt_REDIRECT,iptable_nat',
  ],
  [
    'nothing',
    null,
    'envoy cfg',
    'ADDRESSES PORT  MATCH DESTINATION\n0.0.0.0   15001 ALL   PassthroughCluster\n0.0.0.0   15006 Trans: tls; App: TCP TLS; Addr: 0.0.0.0/0 InboundPassthroughClusterIpv4',
  ],
  [
    'nothing',
    null,
    'proxystatus',
    'NAME         CLUSTER        CDS      LDS      EDS      RDS      ECDS  ISTIOD       VERSION\nweb-1.shop   Kubernetes     SYNCED   SYNCED   SYNCED   SYNCED         istiod-1     1.24.2',
  ],
  [
    'nothing',
    null,
    'ztunnel wl',
    'NAMESPACE POD NAME ADDRESS NODE WAYPOINT PROTOCOL\nshop web-1 10.244.1.5 n1 None HBONE',
  ],
  [
    'errors alone',
    null,
    'ztunnel log',
    '2025-03-04T10:11:12.123456Z\terror\taccess\tconnection complete\tsrc.addr=10.244.1.5:41234 src.workload="web-1" dst.addr=10.244.2.7:15008 dst.hbone_addr=10.244.2.7:8080 direction="outbound" error="connection failed: Connection refused (os error 111)"',
  ],
  ['tables without nat', null, 'bare -S', '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT'],
  [
    'tables without nat',
    'ufw',
    'ufw alone',
    '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:ufw-before-input - [0:0]\n-A INPUT -j ufw-before-input\n-A ufw-before-input -i lo -j ACCEPT\nCOMMIT',
  ],
  [
    'run that failed',
    null,
    'linkerd that looked before',
    'time="2022-02-03T21:30:23Z" level=info msg="# Generated by iptables-save v1.8.7 on Thu Feb  3 21:30:23 2022\\n*nat\\n:PREROUTING ACCEPT [0:0]\\n:INPUT ACCEPT [0:0]\\n:OUTPUT ACCEPT [0:0]\\n:POSTROUTING ACCEPT [0:0]\\nCOMMIT\\n"\ntime="2022-02-03T21:30:23Z" level=info msg="Will ignore port [4190 4191] on chain PROXY_INIT_REDIRECT"\ntime="2022-02-03T21:30:23Z" level=info msg="iptables -t nat -N PROXY_INIT_REDIRECT"\ntime="2022-02-03T21:30:23Z" level=info msg="iptables: Chain already exists.\\n"\ntime="2022-02-03T21:30:23Z" level=error msg="aborting firewall configuration"',
  ],
  [
    'run that failed',
    null,
    'nft refused',
    'error\tnftables run failed: /dev/stdin:32:51-57: Error: Could not process rule: No such file or directory\ninsert rule inet istio-proxy-mangle istio-inbound index 1 iifname lo meta l4proto tcp ip saddr 127.0.0.6/32 return\n                                                  ^^^^^^^',
  ],
  [
    'nothing',
    null,
    'diff',
    '--- before.txt\n+++ after.txt\n@@ -10,3 +10,2 @@\n -A PREROUTING -p tcp -j ISTIO_INBOUND\n--A OUTPUT -p tcp -j ISTIO_OUTPUT\n+-A OUTPUT -j ISTIO_OUTPUT',
  ],
  [
    'errors alone',
    null,
    'events',
    'Events:\n  Type     Reason     Age   From     Message\n  ----     ------     ----  ----     -------\n  Warning  Unhealthy  2s    kubelet  Readiness probe failed: Get "http://10.244.1.4:80/": context deadline exceeded',
  ],
  [
    'nothing',
    null,
    'tcpdump',
    '08:48:20.467022 eth1  Out IP 10.16.0.9.52792 > 10.244.1.245.80: Flags [S], seq 738274731, win 56760, length 0',
  ],
  [
    'nothing',
    null,
    'sysctl err',
    'sysctl: cannot stat /proc/sys/net/netfilter/nf_conntrack_max: No such file or directory',
  ],
  [
    'run that failed',
    null,
    'events',
    'Events:\n  Type     Reason                  Age   From     Message\n  ----     ------                  ----  ----     -------\n  Warning  FailedCreatePodSandBox  3s    kubelet  Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc": plugin type="istio-cni" name="istio-cni" failed (add): unable to push CNI event (status code 500): partial add error: no ztunnel connection',
  ],
  [
    'run that failed',
    null,
    'validation',
    '2024-05-02T09:12:11.1Z\tinfo\tStarting iptables validation...\n2024-05-02T09:12:16.1Z\terror\tError connecting to 127.0.0.6:15002: dial tcp 127.0.0.1:0->127.0.0.6:15002: connect: connection refused\n2024-05-02T09:12:16.1Z\terror\tiptables validation failed; workload is not ready for Istio.\nWhen using Istio CNI, this can occur if a pod is scheduled before the node is ready.',
  ],
  [
    'description of a pod',
    null,
    'describe',
    'Name:             web-1\nNamespace:        shop\nLabels:           app=web\n                  security.istio.io/tlsMode=istio\nAnnotations:      sidecar.istio.io/status: {"initContainers":["istio-init"],"containers":["istio-proxy"]}\nInit Containers:\n  istio-init:\n    Image:         docker.io/istio/proxyv2:1.22.3\n    Args:\n      istio-iptables\n      -p\n      15001\n      -z\n      15006\n      -u\n      1337\n      -m\n      REDIRECT\n      -i\n      *\n      -x\n      \n      -b\n      *\n      -d\n      15090,15021,15020',
  ],
  [
    'ambient pod',
    null,
    'describe ambient',
    'Name:         web-1\nNamespace:    shop\nLabels:       app=web\nAnnotations:  ambient.istio.io/redirection: enabled\nStatus:       Running',
  ],
  [
    'gateway',
    null,
    'describe gw',
    'Name:         istio-ingressgateway-7f-x\nNamespace:    istio-system\nLabels:       app=istio-ingressgateway\n              istio=ingressgateway\nContainers:\n  istio-proxy:\n    Args:\n      proxy\n      router',
  ],
  [
    'ambient pod',
    null,
    'ambient pretty',
    '{\n  "apiVersion": "v1",\n  "kind": "Pod",\n  "metadata": {\n    "name": "web-1",\n    "annotations": {\n      "ambient.istio.io/redirection": "enabled"\n    }\n  }\n}',
  ],
  [
    'ambient pod',
    null,
    'ns label',
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient',
  ],
  [
    'another mesh',
    'Kuma',
    'kuma new',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUMA_MESH_INBOUND - [0:0]\n:KUMA_MESH_OUTBOUND - [0:0]\n:KUMA_MESH_INBOUND_REDIRECT - [0:0]\n-A PREROUTING -p tcp -j KUMA_MESH_INBOUND\n-A OUTPUT -p tcp -j KUMA_MESH_OUTBOUND\n-A KUMA_MESH_INBOUND -p tcp -j KUMA_MESH_INBOUND_REDIRECT\n-A KUMA_MESH_INBOUND_REDIRECT -p tcp -j REDIRECT --to-ports 15006\nCOMMIT',
  ],
  [
    'another mesh',
    'Kuma',
    'kuma old',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:MESH_INBOUND - [0:0]\n:MESH_OUTPUT - [0:0]\n:MESH_INBOUND_REDIRECT - [0:0]\n-A PREROUTING -p tcp -j MESH_INBOUND\n-A OUTPUT -p tcp -j MESH_OUTPUT\n-A MESH_INBOUND -p tcp -j MESH_INBOUND_REDIRECT\n-A MESH_INBOUND_REDIRECT -p tcp -j REDIRECT --to-ports 15006\nCOMMIT',
  ],
  [
    'another mesh',
    'Consul',
    'consul',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:CONSUL_PROXY_INBOUND - [0:0]\n:CONSUL_PROXY_OUTPUT - [0:0]\n-A PREROUTING -p tcp -j CONSUL_PROXY_INBOUND\n-A OUTPUT -p tcp -j CONSUL_PROXY_OUTPUT\n-A CONSUL_PROXY_INBOUND -p tcp -j REDIRECT --to-ports 20000\nCOMMIT',
  ],
  [
    'another mesh',
    'Open Service Mesh',
    'osm',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:OSM_PROXY_INBOUND - [0:0]\n:OSM_PROXY_IN_REDIRECT - [0:0]\n-A PREROUTING -p tcp -j OSM_PROXY_INBOUND\n-A OSM_PROXY_INBOUND -p tcp -j OSM_PROXY_IN_REDIRECT\n-A OSM_PROXY_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15003\nCOMMIT',
  ],
  [
    'another mesh',
    'AWS App Mesh',
    'appmesh',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:APPMESH_INGRESS - [0:0]\n:APPMESH_EGRESS - [0:0]\n-A PREROUTING -p tcp -m addrtype ! --src-type LOCAL -j APPMESH_INGRESS\n-A OUTPUT -p tcp -j APPMESH_EGRESS\n-A APPMESH_EGRESS -p tcp -j REDIRECT --to-ports 15001\nCOMMIT',
  ],
  [
    'another mesh',
    'Linkerd',
    'linkerd log',
    'time="2024-05-02T09:12:11Z" level=info msg="/sbin/iptables-legacy-save -t nat"\ntime="2024-05-02T09:12:11Z" level=info msg="/sbin/iptables-legacy -t nat -N PROXY_INIT_REDIRECT"\ntime="2024-05-02T09:12:11Z" level=info msg="/sbin/iptables-legacy -t nat -A PROXY_INIT_REDIRECT -p tcp --match multiport --dports 4190,4191,4567,4568 -j RETURN -m comment --comment proxy-init/ignore-port-4190,4191,4567,4568"\ntime="2024-05-02T09:12:11Z" level=info msg="/sbin/iptables-legacy -t nat -A PROXY_INIT_REDIRECT -p tcp -j REDIRECT --to-port 4143 -m comment --comment proxy-init/redirect-all-incoming-to-proxy-port"',
  ],
  [
    'node',
    'Calico',
    'calico',
    '*filter\n:INPUT ACCEPT [0:0]\n:cali-INPUT - [0:0]\n:cali-tw-cali1 - [0:0]\n-A INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT\n-A cali-INPUT -m comment --comment "cali:hash" -j ACCEPT\nCOMMIT',
  ],
  [
    'node',
    'Flannel',
    'flannel',
    '*nat\n:POSTROUTING ACCEPT [0:0]\n:FLANNEL-POSTRTG - [0:0]\n-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG\n-A FLANNEL-POSTRTG -s 10.42.0.0/16 -d 10.42.0.0/16 -m comment --comment "flanneld masq" -j RETURN\nCOMMIT',
  ],
  [
    'node',
    'Docker',
    'docker node',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER -i docker0 -j RETURN\nCOMMIT',
  ],
  [
    'node',
    'kube-proxy',
    'kp nft',
    'table ip kube-proxy {\n\tchain services {\n\t\tip daddr . meta l4proto . th dport vmap @service-ips\n\t}\n}',
  ],
  [
    'errors alone',
    null,
    'perm',
    '$ kubectl exec web-1 -c istio-proxy -- iptables-save\niptables-save v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
  ],
  [
    'errors alone',
    null,
    'notfound',
    'error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "abc": OCI runtime exec failed: exec failed: unable to start container process: exec: "iptables-save": executable file not found in $PATH: unknown',
  ],
  ['native nftables', null, 'set nft', 'istioctl install --set values.global.nativeNftables=true -y'],
  [
    'settings as YAML',
    null,
    'sidecar cr',
    'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\nspec:\n  egress:\n  - hosts:\n    - ./*',
  ],
  [
    'settings as YAML',
    null,
    'dr',
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: x\nspec:\n  host: x\n  trafficPolicy:\n    tls:\n      mode: DISABLE',
  ],
  [
    'settings as YAML',
    null,
    'iop',
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: ambient',
  ],
  [
    'settings as YAML',
    null,
    'ns inj',
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled',
  ],
  [
    'settings as YAML',
    null,
    'gwapi',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: gw\nspec:\n  gatewayClassName: istio',
  ],
  [
    'pod as YAML',
    null,
    'ds inject',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    metadata:\n      annotations:\n        traffic.sidecar.istio.io/excludeOutboundPorts: "3306"\n    spec:\n      containers:\n      - name: web\n        image: x',
  ],
  [
    'gateway',
    null,
    'waypoint',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: waypoint-x\n  labels:\n    gateway.networking.k8s.io/gateway-name: waypoint\n    istio.io/dataplane-mode: none\nspec:\n  containers:\n  - name: istio-proxy\n    image: docker.io/istio/proxyv2:1.30.1\n    args: [proxy, waypoint]',
  ],
  [
    'state of the network',
    null,
    'netstat',
    'Proto Recv-Q Send-Q Local Address Foreign Address State PID/Program name\ntcp 0 0 0.0.0.0:15006 0.0.0.0:* LISTEN 15/envoy\ntcp 0 0 127.0.0.1:8080 0.0.0.0:* LISTEN -',
  ],
  [
    'state of the network',
    null,
    'resolv',
    'cat /etc/resolv.conf\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5',
  ],
  [
    'state of the network',
    null,
    'ipset',
    'Name: istio-inpod-probes-v4\nType: hash:ip\nRevision: 0\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 296\nReferences: 1\nNumber of entries: 1\nMembers:\n10.244.1.5 comment "uid"',
  ],
  [
    'state of the network',
    null,
    'sysctl',
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 1\nnet.netfilter.nf_conntrack_max = 262144',
  ],
  [
    'older sidecar',
    null,
    'Istio 1.2, as iptables -S prints it',
    '-N ISTIO_OUTPUT\n-N ISTIO_REDIRECT\n-A OUTPUT -p tcp -j ISTIO_OUTPUT\n-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -j ISTIO_REDIRECT\n-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN\n-A ISTIO_OUTPUT -j ISTIO_REDIRECT\n-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
  ],
  [
    'own redirection',
    null,
    'tproxy cmd',
    'iptables -t mangle -A PREROUTING -p tcp -j TPROXY --on-port 8081 --tproxy-mark 0x1/0x1\nip rule add fwmark 1 lookup 100\nip route add local 0.0.0.0/0 dev lo table 100',
  ],
  [
    'own redirection',
    null,
    'html',
    '<pre><code>*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 10.0.0.0/8 -p tcp -j REDIRECT --to-ports 3128\nCOMMIT</code></pre>',
  ],
  [
    'own redirection',
    null,
    'ecs',
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -d 169.254.170.2/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 127.0.0.1:51679\n-A OUTPUT -d 169.254.170.2/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 51679\nCOMMIT',
  ],
  [
    'listing for people',
    null,
    'fwd',
    'iptables -t nat -L PREROUTING -n --line-numbers\nChain PREROUTING (policy ACCEPT)\nnum  target     prot opt source               destination\n1    ISTIO_INBOUND  tcp  --  0.0.0.0/0            0.0.0.0/0',
  ],
  [
    'ambient pod',
    null,
    'jsonpod ambient',
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","annotations":{"ambient.istio.io/redirection":"enabled"}}}',
  ],
  [
    'run that failed',
    null,
    'jsonlines',
    '{"level":"info","time":"2024-09-15T11:23:54.062634Z","msg":"Istio iptables environment:\\nENVOY_PORT=\\nINBOUND_CAPTURE_PORT=\\n"}\n{"level":"error","time":"2024-09-15T11:23:55Z","msg":"Failed to execute: iptables-restore --noflush, exit status 1"}',
  ],
  [
    'native nftables',
    null,
    'nftlog',
    '2025-11-02T09:12:11.1Z\tinfo\tRunning nft -f - with:\ntable ip istio-proxy-nat {\n\tchain prerouting {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t}\n}\n2025-11-02T09:12:11.2Z\terror\tnft: Error: Could not process rule: Operation not supported',
  ],
  [
    'settings as YAML',
    null,
    'kubevirt',
    'apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata:\n  name: vm\n  annotations:\n    sidecar.istio.io/inject: "true"',
  ],
];

const harm = /\b(delete|remove|is not a rule of Istio|rules? (is|are) missing)\b/i;

async function inspected(text: string, pod = 0): Promise<Inspection> {
  const { lines } = readPaste(text).pods[pod]?.yaml ?? { lines: [] };
  return inspect(text, pod, lines.length === 0 ? null : await optionsFromPod(lines.join('\n'))).inspection;
}

function told({ recognised, findings, ...rest }: Inspection): string {
  const [main] = recognised;
  const all = { recognised, findings, ...rest };
  return [summary(all), nextWords(main) ?? '', ...findings.map(findingSentence)].join('\n');
}

describe('what people paste is told for what it is', () => {
  test.for(pastes)('%s %s: %s', async ([kind, owner, , text]) => {
    const inspection = await inspected(text);
    expect(inspection.recognised[0]).toMatchObject({ kind, owner });
    expect(told(inspection)).not.toMatch(harm);
    expect(inspection.walks).toEqual([]);
  });
});

const nft = (table: string, rule: string) =>
  `add table inet ${table} { comment "rules of a pod" ; }\nadd chain inet ${table} output { type nat hook output priority -100 ; }\nadd rule inet ${table} output ${rule}`;
const asTable = (table: string, rule: string) =>
  `table inet ${table} {\n\tchain output {\n\t\ttype nat hook output priority dstnat; policy accept;\n\t\t${rule}\n\t}\n}`;
const ambientRules = (port: string, more: string) =>
  `* mangle\n-N ISTIO_PRERT\n-N ISTIO_OUTPUT\n-A PREROUTING -j ISTIO_PRERT\n-A OUTPUT -j ISTIO_OUTPUT\n-A ISTIO_PRERT -m mark --mark 0x539/0xfff -j CONNMARK --set-xmark 0x111/0xfff\nCOMMIT\n* nat\n-N ISTIO_PRERT\n-N ISTIO_OUTPUT\n-A PREROUTING -j ISTIO_PRERT\n-A OUTPUT -j ISTIO_OUTPUT\n-A ISTIO_PRERT -s ${port} -p tcp -m tcp -j ACCEPT\n${more}COMMIT`;

/** In the forms in which Istio's own tests write them: nft's commands, nft's listing, and what iptables-restore is given. */
const istios: readonly (readonly [of: Kind, text: string])[] = [
  ...['nat', 'mangle', 'raw'].flatMap((name): (readonly [Kind, string])[] => [
    ['native nftables', nft(`istio-proxy-${name}`, 'jump istio-output')],
    ['native nftables', asTable(`istio-proxy-${name}`, 'counter jump istio-output')],
    ['ambient pod', nft(`istio-ambient-${name}`, 'meta mark & 0xfff != 0x539 redirect to :15001')],
    [
      'ambient pod',
      asTable(`istio-ambient-${name}`, 'meta mark & 0xfff != 0x539 counter redirect to :15001'),
    ],
  ]),
  [
    'ambient node',
    nft('istio-ambient-nat', 'ip daddr @istio-inpod-probes-v4 meta l4proto tcp snat to 169.254.7.127'),
  ],
  ['ambient pod', ambientRules('169.254.7.127', '')],
  [
    'ambient pod',
    ambientRules('fd16:9254:7127:1337:ffff:ffff:ffff:ffff', '-A ISTIO_OUTPUT -o lo -j ACCEPT\n'),
  ],
  [
    'ambient node',
    '* nat\n-N ISTIO_POSTRT\n-A POSTROUTING -j ISTIO_POSTRT\n-A ISTIO_POSTRT -m owner --socket-exists -p tcp -m set --match-set istio-inpod-probes-v4 dst -j SNAT --to-source 169.254.7.127\nCOMMIT',
  ],
];

const ways = {
  'as it is': (text: string) => text,
  'behind a prefix of a log': (text: string) => text.replace(/^/gm, '[pod/istio-cni-node-x/install-cni] '),
  'fenced in prose': (text: string) => `Hello,\nI see:\n\n\`\`\`\n${text}\n\`\`\`\nAny idea?`,
};

describe('Istio’s ambient mode and native nft, in every form', () => {
  test.for(
    istios.flatMap(([kind, text]) =>
      Object.entries(ways).map(([way, put]) => [kind, way, put(text)] as const),
    ),
  )('%s %s', async ([kind, , text]) => {
    const inspection = await inspected(text);
    expect(inspection.recognised[0].kind).toBe(kind);
    expect(told(inspection)).not.toMatch(harm);
  });
});

test('every kind that is not judged has an example here or in the table of kinds', () => {
  const here = new Set([...pastes.map(([kind]) => kind), ...istios.map(([kind]) => kind)]);
  const there: readonly Kind[] = ['KubeVirt', 'a virtual machine', 'other nftables', 'iptables in nft'];
  const examples = [...new Set([...here, ...there])].filter((kind) => !kinds[kind].isJudged);
  expect(
    Object.keys(kinds)
      .filter((kind) => kinds[kind as Kind].isJudged === false)
      .sort(),
  ).toEqual(examples.sort());
});

test('a namespace of ambient mode is not called a pod', async () => {
  const text =
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient';
  expect(summary(await inspected(text))).toMatch(/^This namespace is put into ambient mode: /);
});
