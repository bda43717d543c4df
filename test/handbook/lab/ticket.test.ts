/** What is copied for a ticket, and how names and addresses are replaced in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anonymiserOf, inspect, inspectRules, ticket } from '../../../src/handbook/lab/index.ts';
import { walkerOn } from '../../../src/handbook/walk/index.ts';
import { optionsFromPod, rulesFor } from '../../../src/istio/index.ts';

const lab = 'https://mesh.example/handbook/lab/';
const rules = rulesFor('1.30', {
  outboundIPRangesExclude: '10.60.0.0/14,52.95.110.0/24',
  outboundPortsExclude: '3306',
}).text.v4;
const broken = rules.replace(
  '-A ISTIO_OUTPUT',
  '-A ISTIO_OUTPUT -d 10.61.7.3/32 -p tcp -m tcp --sport 99 -j RETURN\n-A ISTIO_OUTPUT',
);
const pasted = `ops@bastion-7:~$ kubectl exec -n payments checkout-6f9c4-x2x -c istio-proxy -- iptables-save
${broken}
2: eth0@if7: <UP> mtu 1500
    inet 10.60.4.17/24 brd 10.60.4.255 scope global eth0
    inet6 2a05:d018:1::17/64 scope global
default via 10.60.4.1 dev eth0
nameserver 172.20.0.10
search payments.svc.cluster.local corp.acme-bank.com
`;

function written(text: string, fragment = '') {
  const { inspection, pod } = inspect(text);
  const connection = inspection.isWalkable
    ? walkerOn(pod).text({ scenario: 'local-to-remote' }, 'Markdown')
    : null;
  return ticket({ inspection, connection, lab, fragment });
}

test('has what it is, the findings with fixes and pages, a link back, release and options, then the path', () => {
  const text = written(broken);
  const order = [
    /^\*\*These rules come nearest to Istio/,
    // The range is excluded anyhow, so that nothing ends otherwise.
    /^- \*\*Doubtful\*\* `rule\.foreign`: .*`-d 10\.61\.7\.3\/32 -p tcp -m tcp --sport 99 -j RETURN`.*: remove it with .*\[Runbook\]\(https:\/\/mesh\.example\/handbook\/runbooks\/app-bypasses-envoy\/\)$/m,
    /^Looked at with: <https:\/\/mesh\.example\/handbook\/lab\/>$/m,
    /Release and options: Istio .*outboundPortsExclude 3306/,
    /^app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT/m,
  ].map((pattern) => text.search(pattern));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(written(broken, '#v=1&dump=abc')).toContain(
    'Open it in the lab: <https://mesh.example/handbook/lab/#v=1&dump=abc>',
  );
});

test('of a text that is not judged says what it is and what to do', () => {
  const text = written('*nat\n:ISTIO_PRERT - [0:0]\n-A PREROUTING -j ISTIO_PRERT\nCOMMIT\n');
  expect(text).toMatch(/^\*\*This pod is in ambient mode/);
  expect(text).toContain('No findings.');
  expect(text).not.toContain('▸');
});

test('names and addresses are replaced, the same by the same, and the verdict stays', () => {
  const replaced = anonymiserOf(pasted, 'a secret')(pasted);
  for (const name of [
    'bastion-7',
    'payments',
    'checkout',
    'acme-bank',
    '10.60.',
    '10.61.',
    '52.95',
    '2a05',
    '172.20',
  ])
    expect(replaced).not.toContain(name);
  for (const kept of [
    '127.0.0.6/32',
    '127.0.0.1/32',
    '3306',
    '15001',
    'svc.cluster.local',
    'istio-proxy',
    'eth0',
  ])
    expect(replaced).toContain(kept);
  // The namespace stands in the command and in resolv.conf.
  expect(replaced.match(/namespace-1/g)).toHaveLength(2);
  const [before, after] = [pasted, replaced].map((text) => inspectRules(text).inspection);
  expect(after?.findings.map(({ id }) => id)).toEqual(before?.findings.map(({ id }) => id));
  expect(after?.identified[0]?.releases).toEqual(before?.identified[0]?.releases);
  expect(after?.problems).toEqual([]);
  expect(written(replaced)).not.toMatch(/10\.6[01]\.|payments|checkout/);
});

test('what is in a network before is in it afterwards', () => {
  const text =
    'inet 10.60.4.17/24 dev eth0 10.60.4.0/24 10.60.9.0/24 10.0.0.0/8 192.168.7.9 fd00:7::1/64 fd00:7::/64';
  for (const secret of ['1', '2', '3', '4', '5']) {
    const replaced = anonymiserOf(text, secret)(text);
    const [, pod, own, other] =
      /inet (\S+)\.\d+\/24 dev eth0 (\S+)\.0\/24 (\S+)\.0\/24 10\.0\.0\.0\/8 192\.168\./.exec(replaced) ?? [];
    expect(pod, replaced).toBe(own);
    expect(other).not.toBe(own);
    const groups = (v6: string) => v6.replace(/::.*/, '').split(':').slice(0, 4).join(':');
    const [host = '', network = ''] = replaced.split(' ').slice(-2);
    expect(groups(host)).toBe(groups(network));
    expect(replaced).not.toContain('fd00:7:');
  }
});

test('every address that is not everybody’s is another one, in every kind of text', () => {
  const folder = new URL('../../analysis/pastes/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const replaced = anonymiserOf(text, 'a secret')(text);
    expect(replaced.split('\n').length, file).toBe(text.split('\n').length);
    expect(inspectRules(replaced).inspection.recognised[0].kind, file).toBe(
      inspectRules(text).inspection.recognised[0].kind,
    );
    for (const kept of text.match(/\b(?:127\.0\.0\.\d+|169\.254\.7\.127)\b|--to-ports \d+|-j [A-Z_]+/g) ?? [])
      expect(replaced, file).toContain(kept);
  }
});

test('secrets and values of the environment are replaced, the same by the same, and what tells the rules stays', async () => {
  const secret = 'hunter2-of-the-shop';
  const text = `kind: Pod
metadata:
  name: cart-1
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"kind":"Pod","spec":{"containers":[{"env":[{"name":"PIN","value":"4711"},{"name":"LINK","value":"say \\"hi\\" to bob"}]}]}}
spec:
  initContainers:
  - name: istio-init
    args: [istio-iptables, -p, "15001"]
    env:
    - name: ISTIO_META_DNS_CAPTURE
      value: "true"
  containers:
  - name: app
    args: [--password=${secret}, --url=postgres://cart:s3cret-of-db@db.shop.svc:5432/x]
    env:
    - name: PIN
      value: "4711"
    - name: LONG
      value: |-
        first line of bob
        second line of bob
    - value: bob
      name: FIRST
    ports:
    - containerPort: 8080
---
apiVersion: v1
data:
  key: Ym9iLWtleQ==
kind: Secret
metadata:
  name: of-bob
---
    Environment:
      BOB:  bob is here
      FROM:  <set to the key 'x' in secret 'y'>
Authorization: Bearer abcdef.0123456789
${secret} again
-----BEGIN PRIVATE KEY-----
Ym9iLWtleQ
-----END PRIVATE KEY-----
`;
  const replaced = anonymiserOf(text, 'a secret')(text);
  for (const gone of [
    '4711',
    'bob is',
    'line of bob',
    'to bob',
    'value: bob',
    secret,
    's3cret',
    'Ym9i',
    'abcdef.',
  ])
    expect(replaced).not.toContain(gone);
  for (const kept of [
    'value: "true"',
    'containerPort: 8080',
    'istio-init',
    '<set to the key',
    'kind: Secret',
  ])
    expect(replaced).toContain(kept);
  const pin = /PIN","value":"(secret-\d+)"/.exec(replaced)?.[1];
  expect(replaced).toMatch(new RegExp(`name: PIN\\n *value: ${pin}\\n`));
  expect(replaced.split('\n').length).toBe(text.split('\n').length);
  const [before, after] = await Promise.all([text, replaced].map((one) => optionsFromPod(one)));
  expect(after?.options).toEqual(before?.options);
  expect(after?.workload).toEqual(before?.workload);
});
