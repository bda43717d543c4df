/**
 * Broken pods, as the kernel saved them (dumps/record.ts): each is diagnosed in one plain sentence that names the rule and the
 * fix.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPaste } from '../../src/analysis/index.ts';
import { inspect } from '../../src/handbook/lab/index.ts';
import { optionsFromPod } from '../../src/istio/index.ts';
import { findingSentence, stopText, summary } from '../../src/words/index.ts';

async function diagnose(file: string) {
  const text = readFileSync(join(import.meta.dirname, 'dumps', file), 'utf8');
  const yaml = readPaste(text).pods[0]?.yaml;
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromPod(yaml.lines.join('\n'));
  return inspect(text, 0, read).inspection;
}

const expected = [
  [
    '01-cni-race.txt',
    'Rules of a CNI plugin (portmap or bandwidth) are here, but none of Istio’s: PREROUTING 1, -p tcp -j ISTIO_INBOUND, and OUTPUT 1, -j ISTIO_OUTPUT, are missing, as after a pod that started before the CNI plugin was ready: see what its istio-validation says: while that fails, no app runs, and Istio repairs the pod unless cni.repair.enabled is off; delete the pod where it is off, or where the app runs.',
  ],
  [
    '02-second-mesh.txt',
    'OUTPUT 1, -j PROXY_INIT_OUTPUT, is of Linkerd and takes the connections before Istio’s OUTPUT 2 is asked: take the pod out of one of the two meshes, for example with the annotation linkerd.io/inject: disabled, and delete it.',
  ],
  [
    '03-hand-added-return.txt',
    'ISTIO_OUTPUT 1, -d 10.96.0.0/12 -m comment --comment hotfix -j RETURN, is not a rule of Istio 1.31 and lets what matches -d 10.96.0.0/12 pass by Envoy: remove it with iptables -t nat -D ISTIO_OUTPUT -d 10.96.0.0/12 -m comment --comment hotfix -j RETURN, or delete the pod.',
  ],
  [
    '04-wrong-order.txt',
    'ISTIO_OUTPUT 1, -j ISTIO_REDIRECT, stands before rules that Istio asks first; its place is 9: delete the pod, so that its rules are programmed anew.',
  ],
  [
    '05-wrong-family.txt',
    'This text has Istio’s rules for IPv6 and tells nothing of IPv4; if IPv4 has no -j ISTIO_OUTPUT, the pod’s IPv4 connections do not go through Envoy: paste the output of iptables-save, too, and if it is empty delete the pod.',
  ],
  [
    '06-legacy-and-nft.txt',
    'OUTPUT 1, -j ISTIO_OUTPUT, stands in the rules of iptables-legacy and of iptables-nft, and the kernel asks both, so what one of them lets pass the other may still capture: delete the pod, and have one image program it: the same version of istio-init or the CNI plugin on every node.',
  ],
  [
    '07-app-as-1337.txt',
    'The app runs as uid 1337, and ISTIO_OUTPUT 4, -m owner --uid-owner 1337 -j RETURN, takes what it sends for the proxy’s own, so it passes by Envoy: give the app another runAsUser than 1337.',
  ],
  [
    '08-exclude-typo.txt',
    'ISTIO_OUTPUT 1, -p tcp -m tcp --dport 6397 -j RETURN, excludes port 6397 and not 6379, which is one slip away and stays captured: if 6379 was meant, correct traffic.sidecar.istio.io/excludeOutboundPorts and delete the pod.',
  ],
  [
    '09-half-applied.txt',
    '7 rules of Istio 1.31 are missing in ISTIO_OUTPUT, ISTIO_REDIRECT, the first of them ISTIO_OUTPUT 4, -m owner --uid-owner 1337 -j RETURN, as when programming broke off half way: delete the pod, so that its rules are programmed anew.',
  ],
  [
    '10-empty.txt',
    'These tables have no rule at all, neither PREROUTING 1, -p tcp -j ISTIO_INBOUND, nor OUTPUT 1, -j ISTIO_OUTPUT; unless other tables have Istio’s, nothing of this pod goes through Envoy: look into the pod itself with iptables-save of both back ends and with nft list ruleset, as root; if all are empty there, and the pod is no gateway and not in ambient mode, delete it, so that istio-init or the CNI plugin programs it anew.',
  ],
  [
    '11-app-as-gid-1337.txt',
    'The app runs as gid 1337, and ISTIO_OUTPUT 7, -m owner --gid-owner 1337 -j RETURN, takes what it sends for the proxy’s own, so it passes by Envoy: give the app another runAsGroup than 1337.',
  ],
  [
    '12-kube-proxy-in-the-pod.txt',
    'PREROUTING 1, -m comment --comment "kubernetes service portals" -j KUBE-SERVICES, is of kube-proxy, not of Istio, and is asked before Istio’s PREROUTING 2, so that what it translates never comes to Envoy: find out why kube-proxy programs this pod, and not the node alone.',
  ],
  [
    '13-redirect-to-a-wrong-port.txt',
    'ISTIO_REDIRECT 1, -p tcp -j REDIRECT --to-ports 15011, sends what leaves the pod to port 15011, where Envoy listens only if the mesh sets it so, instead of to 15001: if meshConfig and the proxy’s bootstrap do not name 15011, delete the pod, so that its rules are programmed anew.',
  ],
  [
    '14-translated-before-istio.txt',
    'OUTPUT 1, -d 10.96.0.0/12 -p tcp -j DNAT --to-destination 10.244.9.9:3128, is not a rule of Istio 1.31 and sends what matches it elsewhere before Istio’s OUTPUT 2 is asked: remove it with iptables -t nat -D OUTPUT -d 10.96.0.0/12 -p tcp -j DNAT --to-destination 10.244.9.9:3128, or delete the pod.',
  ],
  [
    '15-istio-init-twice.txt',
    '18 rules stand there twice, as after the same commands have run twice, the first of them PREROUTING 2, -p tcp -j ISTIO_INBOUND, is the same as PREROUTING 1: delete the pod, so that its rules are programmed anew; the first of each decides, so nothing is lost meanwhile.',
  ],
  [
    '16-tunnel-port-missing.txt',
    'ISTIO_INBOUND 1, -p tcp -m tcp --dport 15008 -j RETURN, is missing (tunnelled traffic, HBONE, goes straight to its own Envoy listener on 15008): delete the pod, so that its rules are programmed anew.',
  ],
  [
    '17-dns-of-another-server.txt',
    'ISTIO_OUTPUT_DNS 1, -d 10.96.0.10/32 -p tcp -m tcp --dport 53 -j REDIRECT --to-ports 15053, captures DNS on its way to 10.96.0.10 alone, but resolv.conf names 169.254.20.10, so its queries go past pilot-agent: delete the pod, so that its rules are made with its resolv.conf of now.',
  ],
  [
    '18-rules-of-a-node.txt',
    'These are the rules of a node and not of a pod: KUBE-EXTERNAL-SERVICES is of kube-proxy, which programs nodes, and no chain is Istio’s: save the rules again inside the pod, by one of the commands at the end of this page.',
  ],
  [
    '19-tproxy-without-its-routing.txt',
    'mangle ISTIO_TPROXY 1, -j TPROXY, marks what comes in with 0x539, but no line of ip rule looks that mark up in table 133 and table 133 has no local route, so the app’s answers to inbound connections leave the pod instead of coming back to Envoy, and the connections hang: add it with ip rule add fwmark 1337 lookup 133 and ip route add local 0.0.0.0/0 dev lo table 133, or delete the pod.',
  ],
  [
    '20-annotation-without-effect.txt',
    'The annotation traffic.sidecar.istio.io/excludeOutboundPorts asks for 3306, 6379 in line 39, but the rules are made with 3306, so that 6379 is missing: delete the pod, because what its YAML asks for has an effect only when the pod is set up.',
  ],
  [
    '21-return-before-the-rest.txt',
    'ISTIO_OUTPUT 4, -p tcp -m comment --comment "debugging, take out" -j RETURN, is not a rule of Istio 1.31 and lets what matches -p tcp pass by Envoy: remove it with iptables -t nat -D ISTIO_OUTPUT -p tcp -m comment --comment "debugging, take out" -j RETURN, or delete the pod.',
  ],
] as const;

test.for(expected)('%s', async ([file, sentence]) => {
  const { findings, problems } = await diagnose(file);
  expect(findings.map(findingSentence)[0]).toBe(sentence);
  expect(problems).toEqual([]);
});

test('a sound pod has no finding, and every type goes as expected', () => {
  const file = join(import.meta.dirname, '../../components/lab/sample.iptables-save.txt');
  const { inspection } = inspect(readFileSync(file, 'utf8'));
  expect(summary(inspection)).toBe('These are the rules of Istio 1.25 to 1.31 with its default options.');
  expect(inspection.findings).toEqual([]);
  expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(Array(6).fill('as it is'));
});

test('an app that runs as the proxy goes another way than Istio means it to', async () => {
  for (const file of ['07-app-as-1337.txt', '11-app-as-gid-1337.txt']) {
    const { walks } = await diagnose(file);
    const outbound = walks?.find(({ scenario }) => scenario === 'local-to-remote');
    expect(outbound?.verdict, file).toBe('ends otherwise');
    expect(outbound?.lines.flat().map(stopText), file).not.toContain('Envoy :15001');
    expect(outbound?.expected, file).toContain('Envoy :15001');
  }
});

test('what is redirected to a port on which nothing listens is refused', async () => {
  const { walks } = await diagnose('13-redirect-to-a-wrong-port.txt');
  const outbound = walks?.find(({ scenario }) => scenario === 'local-to-remote');
  expect(outbound).toMatchObject({ verdict: 'ends otherwise', arrived: false });
  expect(outbound?.ending).toMatch(/^Refused: .*15011/);
});

test('rules that were programmed twice are counted, and not called foreign', async () => {
  expect(summary(await diagnose('15-istio-init-twice.txt'))).toBe(
    'These rules come nearest to Istio 1.25 to 1.31 with its default options: 18 rules stand there twice.',
  );
});

test('what a hand-added rule makes unreachable is a consequence', async () => {
  const { findings } = await diagnose('21-return-before-the-rest.txt');
  expect(findings.map(findingSentence).slice(1)).toEqual([
    'ISTIO_REDIRECT 1, -p tcp -j REDIRECT --to-ports 15001, can match nothing: no packet gets there: fix what stands above first.',
  ]);
});
