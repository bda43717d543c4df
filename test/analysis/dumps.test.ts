/**
 * Ten broken pods, as the kernel saved them: each is diagnosed in one plain sentence that names the rule and the
 * mend.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findingSentence, readPaste } from '../../src/analysis/index.ts';
import { inspect, summary } from '../../src/handbook/index.ts';
import { optionsFromPod } from '../../src/istio/index.ts';

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
    'Rules of a CNI plugin (portmap or bandwidth) are here, but none of Istio’s: PREROUTING 1, -p tcp -j ISTIO_INBOUND, and OUTPUT 1, -j ISTIO_OUTPUT, are missing, as after a pod that started before the CNI plugin was ready: delete the pod, and set cni.repair.enabled so that Istio does this by itself.',
  ],
  [
    '02-second-mesh.txt',
    'OUTPUT 1, -j PROXY_INIT_OUTPUT, is of Linkerd and takes the connections before Istio’s OUTPUT 2 is asked: take the pod out of one of the two meshes, for example with the annotation linkerd.io/inject: disabled, and delete it.',
  ],
  [
    '03-hand-added-return.txt',
    'ISTIO_OUTPUT 1, -d 10.96.0.0/12 -m comment --comment hotfix -j RETURN, is not a rule of Istio 1.30 and lets what matches -d 10.96.0.0/12 pass by Envoy: remove it with iptables -t nat -D ISTIO_OUTPUT 1, or delete the pod.',
  ],
  [
    '04-wrong-order.txt',
    'ISTIO_OUTPUT 1, -j ISTIO_REDIRECT, stands before rules that Istio asks first; its place is 9: delete the pod, so that its rules are programmed anew.',
  ],
  [
    '05-wrong-family.txt',
    'Istio’s rules stand in IPv6 alone: OUTPUT 1, -j ISTIO_OUTPUT, is missing in IPv4, so IPv4 connections of this pod do not go through Envoy: paste the output of iptables-save, too, and if it is empty delete the pod.',
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
    '7 rules of Istio 1.30 are missing in ISTIO_OUTPUT, ISTIO_REDIRECT, the first of them ISTIO_OUTPUT 4, -m owner --uid-owner 1337 -j RETURN, as when programming broke off half way: delete the pod, so that its rules are programmed anew.',
  ],
  [
    '10-empty.txt',
    'There is no rule at all, neither PREROUTING 1, -p tcp -j ISTIO_INBOUND, nor OUTPUT 1, -j ISTIO_OUTPUT, so nothing of this pod goes through Envoy: look into the pod itself with iptables-save as root, and if it is empty there too, delete the pod so that istio-init or the CNI plugin programs it anew.',
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
  expect(summary(inspection)).toBe('These are the rules of Istio 1.25 to 1.30 with its default options.');
  expect(inspection.findings).toEqual([]);
  expect(inspection.walks?.map(({ verdict }) => verdict)).toEqual(Array(6).fill('as expected'));
});
