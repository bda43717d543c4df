/** What a pasted text tells of the pod beside its rules, and what the walks make of it. */
import { expect, test } from 'vitest';
import { readPaste } from '../../../src/analysis/index.ts';
import { inspect } from '../../../src/handbook/lab/index.ts';
import { type Options, optionsFromPod, rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { findingSentence, knownWords, stopText } from '../../../src/words/index.ts';

const dump = (options: Partial<Options> = {}) =>
  printRuleset(withBuiltInChains(rulesFor('1.30', options).v4));

async function inspected(text: string) {
  const { yaml } = readPaste(text).pods[0] ?? {};
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromPod(yaml.lines.join('\n'));
  return inspect(text, 0, read);
}

const address = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
7: net0@if8: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UP
    inet 172.20.3.4/24 brd 172.20.3.255 scope global net0`;
const usualRules = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default';
const ownRule =
  '0:\tfrom all lookup local\n32765:\tfrom all fwmark 0x539 lookup 133\n32766:\tfrom all lookup main';
const ownRoute = 'local default dev lo table 133 scope host';
const mainRoutes = `default via 172.20.3.1 dev net0
local 172.20.3.4 dev net0 table local proto kernel scope host src 172.20.3.4`;

/** The pod is walked by its own addresses. */
test('ip address: the pod is called by its own address, over its own interface', async () => {
  const { inspection } = await inspected(`${dump()}\n${address}`);
  expect(knownWords(inspection.known)[0]).toBe('From ip address or ip route: net0 has 172.20.3.4/24.');
  const inbound = inspection.walks?.find(({ scenario }) => scenario === 'remote-to-local');
  expect(inbound?.verdict).toBe('as it is');
  expect(inbound?.lines.flat().map(stopText)).toContain('ISTIO_INBOUND 5');
  expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(Array(6).fill('as it is'));
});

test('ip address: a bridge with its ports and a VLAN are named as not modelled, where there are any', async () => {
  const flags = '<BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue';
  const ports = [1, 2, 3, 4, 5, 6, 7].map((at) => `${20 + at}: veth${at}@if2: ${flags} master cni0 state UP`);
  const devices = `${ports.join('\n')}
30: cni0: ${flags} state UP
    inet 10.244.1.1/24 scope global cni0
31: net0.100@net0: ${flags} state UP
    inet 10.9.0.1/24 scope global net0.100`;
  const { inspection } = await inspected(`${dump()}\n${address}\n${devices}`);
  expect(knownWords(inspection.known).filter((says) => says.startsWith('Not modelled'))).toEqual([
    'Not modelled: cni0 has veth1, veth2, veth3, veth4, veth5 and 2 more for its ports, as a bridge or a bond does. A packet is followed to cni0, and what one port sends to another is not walked.',
    'Not modelled: net0.100 stands on net0, as a VLAN does. A packet is followed to net0.100, and not through net0.',
  ]);
  const { inspection: plain } = await inspected(`${dump()}\n${address}`);
  expect(knownWords(plain.known).join()).not.toContain('Not modelled');
});

test('YAML: uid, gid, ports and address of the app', async () => {
  const { inspection, pod } = await inspected(`${dump()}
apiVersion: v1
kind: Pod
metadata:
  name: reviews-v1
spec:
  containers:
  - name: reviews
    securityContext: {runAsUser: 2001, runAsGroup: 3001}
    ports:
    - containerPort: 9080
status:
  podIP: 10.1.2.3
`);
  expect(pod.app).toEqual({
    uid: 2001,
    gid: 3001,
    ports: [{ port: 9080 }],
    addresses: ['10.1.2.3/32'],
  });
  expect(knownWords(inspection.known)).toEqual([
    'From Pod reviews-v1: the app runs as uid 2001 and gid 3001, it listens on 9080, its address is 10.1.2.3.',
  ]);
  const inbound = inspection.walks?.find(({ scenario }) => scenario === 'remote-to-local');
  expect(inbound?.lines.at(-1)?.slice(-1).map(stopText).join()).toMatch(/^app.*9080/);
  expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(Array(6).fill('as it is'));
});

test('what the text does not tell is said', async () => {
  const { inspection } = await inspected(dump());
  expect(knownWords(inspection.known)).toEqual([
    'Not told by this text, and taken from the handbook’s example: the address 10.244.1.5, the app’s uid 1000, its gid 1000, its port 8080.',
  ]);
});

const tproxy = dump({ inboundInterceptionMode: 'TPROXY' });

test('TPROXY with its routing rule and its table goes as expected', async () => {
  const { inspection } = await inspected([tproxy, address, ownRule, ownRoute, mainRoutes].join('\n'));
  expect(inspection.findings).toEqual([]);
  expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(Array(6).fill('as it is'));
});

test('TPROXY of which the text tells no routing is taken to have it', async () => {
  const { inspection } = await inspected(tproxy);
  expect(inspection.findings).toEqual([]);
  expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(Array(6).fill('as it is'));
});

test('TPROXY whose ip rule lacks the mark', async () => {
  const { inspection } = await inspected([tproxy, address, usualRules].join('\n'));
  expect(inspection.findings.map(findingSentence)).toEqual([
    'mangle ISTIO_TPROXY 1, -j TPROXY, marks what comes in with 0x539, but no line of ip rule looks that mark up in table 133, so the app’s answers to inbound connections leave the pod instead of coming back to Envoy, and the connections hang: add it with ip rule add fwmark 1337 lookup 133, or delete the pod.',
  ]);
});

test('TPROXY whose table 133 is empty', async () => {
  const { inspection } = await inspected([tproxy, address, ownRule, mainRoutes].join('\n'));
  expect(inspection.findings.map(findingSentence)).toEqual([
    'mangle ISTIO_TPROXY 1, -j TPROXY, marks what comes in with 0x539, but table 133 has no local route, so the app’s answers to inbound connections leave the pod instead of coming back to Envoy, and the connections hang: add it with ip route add local 0.0.0.0/0 dev lo table 133, or delete the pod.',
  ]);
});

test('a route of the pod decides where its connections go', async () => {
  const { inspection } = await inspected(
    [dump(), address, mainRoutes, 'unreachable 10.96.0.0/12 proto static'].join('\n'),
  );
  const outbound = inspection.walks?.find(({ scenario }) => scenario === 'local-to-remote');
  expect(outbound).toMatchObject({ verdict: 'ends otherwise', arrived: false });
  expect(outbound?.ending).toContain('route 10.96.0.0/12 in table main is of type unreachable');
});

test('ip route of the main table alone says nothing of table 133', async () => {
  const { inspection } = await inspected([tproxy, 'default via 10.244.1.1 dev eth0'].join('\n'));
  expect(inspection.findings).toEqual([]);
});

/** A pod with these annotations, as kubectl prints it. */
function pod(annotations: readonly string[], spec: readonly string[] = []): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: reviews-v1',
    '  annotations:',
    ...annotations.map((line) => `    ${line}`),
    'spec:',
    ...spec.map((line) => `  ${line}`),
    '  containers:',
    '  - name: reviews',
  ].join('\n');
}

const traffic = 'traffic.sidecar.istio.io';

test.for([
  [
    'an annotation that has no effect, because the pod was not made anew',
    dump(),
    pod([`${traffic}/excludeOutboundPorts: "6379"`]),
    `The annotation ${traffic}/excludeOutboundPorts asks for 6379 in line LINE, but the rules are made with none: delete the pod, because what its YAML asks for has an effect only when the pod is set up.`,
  ],
  [
    'one port of two',
    dump({ outboundPortsExclude: '3306' }),
    pod([`${traffic}/excludeOutboundPorts: "3306,6379"`]),
    `The annotation ${traffic}/excludeOutboundPorts asks for 3306, 6379 in line LINE, but the rules are made with 3306, so that 6379 is missing: delete the pod, because what its YAML asks for has an effect only when the pod is set up.`,
  ],
  [
    'an exclusion that the YAML does not ask for',
    dump({ outboundPortsExclude: '3306' }),
    pod([`${traffic}/includeInboundPorts: "*"`]),
    `The rules are made with ${traffic}/excludeOutboundPorts 3306, for which the pod’s YAML does not ask: look for it in the settings of the mesh or of the injector; if it is not there, it was taken out of the YAML after the pod was set up.`,
  ],
  [
    'a misspelt annotation',
    dump(),
    pod([`${traffic}/excludeOutboundPort: "6379"`]),
    expect.stringMatching(
      /^Line LINE, annotation traffic\.sidecar\.istio\.io\/excludeOutboundPort.*excludeOutboundPorts/,
    ),
  ],
  [
    'the app with the gid of the proxy',
    dump(),
    pod([`${traffic}/includeInboundPorts: "*"`], ['securityContext: {runAsGroup: 1337}']),
    'The app runs as gid 1337, and ISTIO_OUTPUT 7, -m owner --gid-owner 1337 -j RETURN, takes what it sends for the proxy’s own, so it passes by Envoy: give the app another runAsGroup than 1337.',
  ],
] as const)('%s', async ([, rules, yaml, sentence]) => {
  const text = `${rules}\n${yaml}`;
  const line = text.split('\n').findIndex((one) => one.includes(`${traffic}/exclude`)) + 1;
  const { inspection } = await inspected(text);
  expect(
    inspection.findings.map(findingSentence).map((said) => said.replace(`ine ${line},`, 'ine LINE,')),
  ).toEqual([sentence]);
});

test('what the YAML asks for and the rules have is no finding', async () => {
  const options = { outboundPortsExclude: '3306,6379', inboundPortsExclude: '15090,15021,9100,15020' };
  const { inspection } = await inspected(
    `${dump(options)}\n${pod([`${traffic}/excludeOutboundPorts: "6379, 3306"`, `${traffic}/excludeInboundPorts: "9100"`])}`,
  );
  expect(inspection.findings).toEqual([]);
});
