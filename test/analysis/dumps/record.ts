/**
 * Breaks pods in network namespaces of their own, the way they break in clusters, and writes down what the kernel
 * saves of them. As root: npx node test/analysis/dumps/record.ts
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Options, rulesFor } from '../../../src/istio/index.ts';

interface BrokenPod {
  readonly name: string;
  /** What is loaded first, in `iptables-restore`'s form. */
  readonly rules: string;
  /** What broke it. */
  readonly breaking?: readonly string[];
  /** What is printed behind the rules. */
  readonly printing?: readonly string[];
  /** What stands behind all: YAML, resolv.conf. */
  readonly beside?: string;
}

const istio = (options: Partial<Options> = {}) => rulesFor('1.30', options).text.v4;
const kubeProxy = readFileSync(
  new URL('../../netfilter/iptables/dumps/kube-proxy.rules', import.meta.url),
  'utf8',
);

function yaml(annotations: readonly string[], context: readonly string[] = []): string {
  return [
    '---',
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: reviews-v1-6f9c',
    ...(annotations.length === 0 ? [] : ['  annotations:', ...annotations.map((line) => `    ${line}`)]),
    'spec:',
    ...(context.length === 0 ? [] : ['  securityContext:', ...context.map((line) => `    ${line}`)]),
    '  containers:',
    '    - name: reviews',
    '      image: registry.example/reviews:1',
    '      ports:',
    '        - containerPort: 9080',
    'status:',
    '  podIP: 10.244.1.5',
    '',
  ].join('\n');
}

const pods: readonly BrokenPod[] = [
  {
    name: '11-app-as-gid-1337',
    rules: istio(),
    beside: yaml([], ['runAsUser: 2000', 'runAsGroup: 1337']),
  },
  {
    name: '12-kube-proxy-in-the-pod',
    rules: istio(),
    breaking: [
      'iptables -t nat -N KUBE-SERVICES',
      'iptables -t nat -N KUBE-SVC-ERIFXISQEP7F7OF4',
      'iptables -t nat -A KUBE-SVC-ERIFXISQEP7F7OF4 -p tcp -j DNAT --to-destination 10.244.2.9:9080',
      "iptables -t nat -A KUBE-SERVICES -d 10.96.0.7/32 -p tcp -m comment --comment 'default/reviews cluster IP' -m tcp --dport 80 -j KUBE-SVC-ERIFXISQEP7F7OF4",
      "iptables -t nat -I OUTPUT 1 -m comment --comment 'kubernetes service portals' -j KUBE-SERVICES",
      "iptables -t nat -I PREROUTING 1 -m comment --comment 'kubernetes service portals' -j KUBE-SERVICES",
    ],
  },
  {
    name: '13-redirect-to-a-wrong-port',
    rules: istio(),
    breaking: ['iptables -t nat -R ISTIO_REDIRECT 1 -p tcp -j REDIRECT --to-ports 15011'],
  },
  {
    name: '14-translated-before-istio',
    rules: istio(),
    breaking: ['iptables -t nat -I OUTPUT 1 -d 10.96.0.0/12 -p tcp -j DNAT --to-destination 10.244.9.9:3128'],
  },
  {
    name: '15-istio-init-twice',
    rules: istio(),
    breaking: [
      'iptables-save -t nat | grep -e ^-A -e COMMIT -e "^[*]" > again',
      'iptables-restore --noflush < again',
      'rm again',
    ],
  },
  {
    name: '16-tunnel-port-missing',
    rules: istio(),
    breaking: ['iptables -t nat -D ISTIO_INBOUND -p tcp -m tcp --dport 15008 -j RETURN'],
  },
  {
    name: '17-dns-of-another-server',
    rules: istio({ redirectDNS: true, dnsServersV4: ['10.96.0.10'] }),
    beside:
      '$ cat /etc/resolv.conf\nsearch default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 169.254.20.10\noptions ndots:5\n',
  },
  { name: '18-rules-of-a-node', rules: kubeProxy },
  {
    name: '19-tproxy-without-its-routing',
    rules: istio({ inboundInterceptionMode: 'TPROXY' }),
    breaking: [
      'ip link set lo up',
      'ip link add eth0 type veth peer name veth1',
      'ip link set veth1 up',
      'ip address add 10.244.1.5/24 dev eth0',
      'ip link set eth0 up',
      'ip route add default via 10.244.1.1',
    ],
    printing: ['ip rule', 'ip route show table all'],
  },
  {
    name: '20-annotation-without-effect',
    rules: istio({ outboundPortsExclude: '3306' }),
    beside: yaml(['traffic.sidecar.istio.io/excludeOutboundPorts: "3306,6379"']),
  },
  {
    name: '21-return-before-the-rest',
    rules: istio(),
    breaking: [
      'iptables -t nat -I ISTIO_OUTPUT 4 -p tcp -m comment --comment "debugging, take out" -j RETURN',
    ],
  },
];

for (const { name, rules, breaking = [], printing = [], beside = '' } of pods) {
  const script = [
    'set -e',
    'iptables-restore',
    ...breaking,
    'iptables-save -c | grep -v "^# Warning"',
    ...printing.map((command) => `echo '$ ${command}'; ${command}`),
  ].join('\n');
  const ran = spawnSync('unshare', ['--net', 'sh', '-c', script], {
    input: rules,
    encoding: 'utf8',
    cwd: '/tmp',
  });
  if (ran.status !== 0) throw new Error(`${name}: ${ran.stderr}`);
  const saved = ran.stdout
    .replaceAll(/ on \w+ \w+ +\d+ [\d:]+ \d+$/gm, ' on Mon Jan  5 09:30:00 2026')
    .replaceAll(/^\[\d+:\d+\]/gm, '[0:0]')
    .replaceAll(/^(:\S+ \S+) \[\d+:\d+\]/gm, '$1 [0:0]');
  writeFileSync(new URL(`${name}.txt`, import.meta.url), `${saved}${beside}`);
}
