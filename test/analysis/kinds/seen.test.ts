/** What a text without rules is told to be: never “none of its lines is one that nft prints” of what nft printed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectionWords, inspectRules } from '../../../src/handbook/lab/index.ts';

const texts: readonly (readonly [seen: string, text: string])[] = [
  [
    'trace of the kernel',
    'trace id 4a2c1b3d ip nat OUTPUT packet: oif "eth0" ip saddr 10.244.1.5 ip daddr 10.96.0.10 tcp dport 80\ntrace id 4a2c1b3d ip nat OUTPUT rule meta l4proto tcp counter packets 3 bytes 180 jump ISTIO_OUTPUT (verdict jump ISTIO_OUTPUT)',
  ],
  [
    'trace of the kernel',
    'PACKET: 2 475d6afd OUT=eth0 SRC=10.244.1.5 DST=10.96.0.10 LEN=60 TOS=0x0 TTL=64 ID=1DF SPORT=43210 DPORT=80 SYN\n TRACE: 2 475d6afd nat:OUTPUT:rule:0x4:JUMP:ISTIO_OUTPUT  -4 -t nat -A OUTPUT -p tcp -j ISTIO_OUTPUT',
  ],
  [
    'trace of the kernel',
    '[12345.678901] TRACE: nat:ISTIO_OUTPUT:rule:9 IN= OUT=eth0 SRC=10.244.1.5 DST=10.96.0.10 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=43210 DPT=80',
  ],
  [
    'counters of Envoy',
    'cluster.outbound|80||web.default.svc.cluster.local.upstream_cx_connect_fail: 12\nlistener.0.0.0.0_15006.downstream_cx_total: 4',
  ],
  [
    'counters of Envoy',
    '# TYPE envoy_cluster_upstream_cx_total counter\nenvoy_cluster_upstream_cx_total{cluster_name="xds-grpc"} 1',
  ],
  [
    'output of istioctl',
    'Error [IST0101] (VirtualService default/items) Referenced host not found: "items-v2"\nInfo [IST0118] (Service default/items) Port name  (port: 8080, targetPort: 8080) doesn\'t follow the naming convention of Istio port.',
  ],
];

test.each(texts)('%s', (seen, text) => {
  const { inspection } = inspectRules(text);
  expect(inspection.recognised.map((one) => one.seen)).toEqual([seen]);
  expect(inspection.findings).toEqual([]);
  expect(JSON.stringify(inspectionWords(inspection))).not.toMatch(/none of its lines|delete|remove/);
});

const dump = readFileSync(
  join(import.meta.dirname, '../../../components/lab/sample.iptables-save.txt'),
  'utf8',
);
const lines = dump.trimEnd().split('\n');

test.each([
  ['diff -y', lines.map((line) => `${line.padEnd(61)}\t${line}`)],
  [
    'diff -y of other rules',
    lines.map((line) => `${line.padEnd(61)} |\t${line.replace('RETURN', 'ACCEPT')}`),
  ],
  ['pr -m', lines.map((line) => `${line.slice(0, 60).padEnd(64)}${line}`)],
])('two texts side by side are of neither: %s', (_, sides) => {
  const { inspection } = inspectRules(sides.join('\n'));
  expect(inspection.recognised.map((one) => one.seen)).toEqual(['comparison of texts']);
  expect([inspection.isWalkable, inspection.isCompared, inspection.findings]).toEqual([false, false, []]);
});

test('a rule in a comment is no second text', () => {
  const commented = dump.replaceAll(
    '-p tcp -j',
    '-p tcp -m comment --comment "was -A ISTIO_OUTPUT  -A OUTPUT" -j',
  );
  expect(inspectRules(commented).inspection.recognised[0]?.kind).toBe('sidecar');
});

test('base64 is named', () => {
  const { inspection } = inspectRules(btoa(dump).replace(/.{76}/g, '$&\n'));
  expect(inspection.recognised.map((one) => one.seen)).toEqual(['base64']);
});

test.each([
  ['grep -n', (line: string, at: number) => `${at + 1}:${line}`],
  ['grep -C', (line: string, at: number) => `${at + 1}${at % 3 === 0 ? ':' : '-'}${line}`],
  ['grep -H', (line: string) => `pod.txt:${line}`],
  ['grep -Hn', (line: string, at: number) => `dumps/pod.txt:${at + 1}:${line}`],
])('what %s puts before lines is taken off', (_, prefixed) => {
  const { inspection } = inspectRules(lines.map(prefixed).join('\n'));
  expect(inspection.read.map(({ rules }) => rules)).toEqual([18]);
  expect(inspection.findings).toEqual([]);
});

test('lines of a listing are counted without the blank ones', () => {
  const { inspection } = inspectRules(
    'target     prot opt source               destination\nRETURN     all  --  anywhere             anywhere\n\n',
  );
  expect(inspection.also.listing).toBe(2);
});

test('a probe that fails is no reason why the CNI plugin failed: both are told', () => {
  const { inspection } = inspectRules(
    [
      'Warning  FailedCreatePodSandBox  12s  kubelet  Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "abc": plugin type="istio-cni" name="istio-cni" failed (add): exit status 1',
      'Warning  Unhealthy  5s  kubelet  Readiness probe failed: Get "http://10.244.1.5:15021/healthz/ready": dial tcp 10.244.1.5:15021: connect: connection refused',
    ].join('\n'),
  );
  expect(inspection.findings.map((one) => (one.id === 'log.error' ? one.error.code : one.id))).toEqual([
    'cni.failed',
    'probe.refused',
  ]);
});
