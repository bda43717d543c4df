/**
 * What people really paste: each is told for what it is, and nothing is said of what was not read. The inputs are in
 * `pastes`; what is right is written beside their names here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kinds, readPaste } from '../../../src/analysis/index.ts';
import { type Inspection, inspect } from '../../../src/handbook/lab/index.ts';
import { optionsFromPod, rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import {
  findingSentence,
  kindWords,
  nextWords,
  repairWords,
  signWords,
  summary,
} from '../../../src/words/index.ts';

const folder = join(import.meta.dirname, '../pastes');
const paste = (file: string) => readFileSync(join(folder, file), 'utf8');

async function inspected(text: string, pod = 0): Promise<Inspection> {
  const yaml = readPaste(text).pods[pod]?.yaml;
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromPod(yaml.lines.join('\n'));
  return inspect(text, pod, read).inspection;
}

/** All that a reader is told. */
function told(inspection: Inspection): string {
  const [main] = inspection.recognised;
  return [summary(inspection), nextWords(main) ?? '', ...inspection.findings.map(findingSentence)].join('\n');
}

/** In a line: what it is, what it says first, the findings. */
function inShort(inspection: Inspection): readonly string[] {
  return [
    inspection.recognised.map(({ kind, owner }) => (owner === null ? kind : `${kind} ${owner}`)).join(', '),
    summary(inspection),
    ...inspection.findings.map(({ id, weight }) => `${weight} ${id}`),
  ];
}

const whole = 'These are the rules of Istio 1.25 to 1.31 with its default options.';
const ambient =
  'This pod is in ambient mode: ztunnel takes its traffic, and there is no sidecar. Nothing is compared with the rules of a sidecar.';
const part = (of: string) =>
  `These are a part of the rules of Istio ${of}: the text does not tell of the others, so nothing is said of the pod.`;

const expected: Readonly<Record<string, readonly string[]>> = {
  'L-n-v.txt': ['sidecar', part('1.25 to 1.31'), 'note rules.part'],
  'ambient-pod.yaml': ['ambient pod', ambient],
  'ambient-save.txt': [
    'ambient pod',
    'This pod is in ambient mode: ztunnel takes its traffic, and there is no sidecar. Its rules are those of Istio 1.24 with its default options, or of Istio 1.25 to 1.31 with redirectDNS false.',
  ],
  'backslash.txt': ['sidecar', part('1.5 to 1.31'), 'note rules.part'],
  'cni-log-two-pods.txt': ['ambient pod', ambient],
  'conntrack.txt': [
    'state of the network',
    'No rules were read: this is what other commands print of a network namespace.',
  ],
  'docker-masquerade.txt': [
    'sidecar, node Docker',
    'These rules come nearest to Istio 1.25 to 1.31 with its default options: 2 rules are not Istio’s or not in place.',
    'doubtful rule.of-other-software',
    'note rule.of-other-software',
  ],
  'failed-restore.txt': [
    'run that failed, sidecar',
    'This log tells what was to be programmed, and that it failed for IPv4: iptables-restore writes each table as one transaction, so nothing of the table that failed is there, and nothing of those behind it.',
    'wrong log.error',
  ],
  'fenced-pod.txt': ['pod as YAML', 'No rules were read: this is the YAML of a pod.'],
  'headless.txt': ['sidecar', whole],
  'init-args-snippet.yaml': ['pod as YAML', 'No rules were read: this is the YAML of a pod.'],
  'ip-route-add.txt': [
    'sidecar',
    'These are the rules of Istio 1.11 to 1.12 with inboundInterceptionMode TPROXY. Istio 1.12 gets no more fixes.',
  ],
  'istio-1.5-inbound-list.txt': [
    'sidecar',
    'These are the rules of Istio 1.5 with inboundPortsInclude 8080. Istio 1.5 gets no more fixes.',
  ],
  'json-log.txt': ['sidecar', part('1.25 to 1.31'), 'note rules.part'],
  'linkerd-only.txt': [
    'another mesh Linkerd',
    'These are the rules of Linkerd, and none of them is Istio’s. Nothing is compared with the rules of a sidecar.',
  ],
  'md-ate-star.txt': [
    'sidecar',
    'These are the rules of Istio 1.11 to 1.12 with DNS capture for 10.96.0.10. Istio 1.12 gets no more fixes.',
  ],
  'pod-native-nft.yaml': [
    'native nftables',
    'This pod’s rules are made with native nftables: iptables-save shows nothing of them, nft list ruleset does.',
  ],
  'prefix-after-grep-pod.txt': [
    'nothing',
    'No rules were read in this text: none of its lines is one that iptables, nft, ip or kubectl prints, so nothing is said of a pod.',
  ],
  'prefix-kubectl-logs.txt': ['sidecar', part('1.25 to 1.31'), 'note rules.part'],
  'prefix-setx.txt': ['sidecar', part('1.5 to 1.24'), 'note rules.part'],
  'restore-then-save.txt': ['sidecar', whole],
  'two-foreign.txt': [
    'sidecar',
    'These rules come nearest to Istio 1.25 to 1.31 with its default options: 2 rules are not Istio’s or not in place.',
    'wrong rule.foreign',
    'wrong rule.foreign',
  ],
  'commands-that-remove.txt': [
    'nothing',
    'No rules were read: these are commands that make chains, empty them or take rules away, and no rule is left of what they tell. What the kernel has, iptables-save shows.',
  ],
  'crictl-inspect.txt': [
    'nothing',
    'No rules were read: this is what crictl prints of a container. Its process ID leads into the network namespace of the pod: nsenter -t PID -n iptables-save -c, run on the node.',
  ],
  'cut-off-before-rules.txt': [
    'sidecar',
    'These are a part of the rules of Istio 1.5 to 1.31: the text does not tell of the others, so nothing is said of the pod.',
    'note rules.part',
  ],
  'dash-and-blank.txt': ['sidecar', 'These are the rules of Istio 1.25 to 1.31 with its default options.'],
  'dmesg.txt': [
    'errors alone',
    'No rules were read: this is the kernel’s own log, as dmesg prints it, which shows no rule.',
    'wrong log.error',
    'doubtful log.error',
  ],
  'emptied-chains.txt': [
    'empty tables',
    'These tables are empty: no rule stands in them.',
    'doubtful rules.none',
  ],
  'entities-by-number.txt': [
    'sidecar',
    'These are the rules of Istio 1.25 to 1.31 with its default options.',
  ],
  'json-behind-a-time.txt': [
    'sidecar',
    'These are the rules of Istio 1.25 to 1.31 with its default options.',
  ],
  'kubevirt-nft.txt': [
    'KubeVirt',
    'This is the pod of a virtual machine of KubeVirt, which has rules of its own. Nothing is compared with the rules of a sidecar.',
  ],
  'lines-left-out.txt': [
    'sidecar',
    'These are a part of the rules of Istio 1.25 to 1.31: the text does not tell of the others, so nothing is said of the pod.',
    'note rules.part',
  ],
  'linkerd-2020-log.txt': [
    'another mesh Linkerd',
    'These are the rules of Linkerd, and none of them is Istio’s. Nothing is compared with the rules of a sidecar.',
  ],
  'listing-left-out.txt': [
    'sidecar',
    'These are a part of the rules of Istio 1.5 to 1.12: the text does not tell of the others, so nothing is said of the pod.',
    'note rules.part',
  ],
  'listing-of-istio-1.5.txt': [
    'sidecar',
    'These are the rules of Istio 1.5 with inboundPortsExclude 15090,15020. Istio 1.5 gets no more fixes.',
  ],
  'listing-without-headings.txt': [
    'nothing',
    'No rules were read: these are rows of iptables -L without the headings above them, which name the chains, so that nothing tells where each rule stands.',
  ],
  'native-cut-off.txt': [
    'native nftables',
    'These are a part of the rules of Istio 1.28 to 1.31: the text does not tell of the others, so nothing is said of the pod.',
    'note nft.part',
  ],
  'native-left-out.txt': [
    'native nftables',
    'These are a part of the rules of Istio 1.28 to 1.31: the text does not tell of the others, so nothing is said of the pod.',
    'note nft.part',
  ],
  'node-of-azure.txt': [
    'node Azure NPM',
    'These are the rules of a node, not of a pod: there are chains of Azure NPM. Nothing is compared with the rules of a sidecar.',
    'wrong rules.of-node',
  ],
  'node-of-ovn.txt': [
    'node ovn-kubernetes',
    'These are the rules of a node, not of a pod: there are chains of ovn-kubernetes. Nothing is compared with the rules of a sidecar.',
    'wrong rules.of-node',
  ],
  'rules-eaten.txt': [
    'sidecar',
    'These are a part of the rules of Istio 1.5 to 1.31: the text does not tell of the others, so nothing is said of the pod.',
    'note rules.part',
  ],
  'settings-of-istio-init.txt': [
    'nothing',
    'No rules were read: these are the settings at the head of a log of istio-init. Paste the log as a whole: the rules, and errors, stand below them.',
  ],
  'sudo-refused.txt': [
    'errors alone',
    'No rules were read: the command failed.',
    'wrong log.error',
    'wrong log.error',
  ],
  'versions.txt': ['nothing', 'No rules were read: these are versions of programs, and no rule of a pod.'],
};

describe('what people paste', () => {
  test.for(Object.entries(expected))('%s', async ([file, lines]) => {
    expect(inShort(await inspected(paste(file)))).toEqual(lines);
  });

  test('every file of the folder is here', () => {
    expect(readdirSync(folder).filter((file) => expected[file] === undefined)).toEqual([]);
  });

  test('a piece of YAML tells the options all the same', async () => {
    const read = await optionsFromPod(paste('init-args-snippet.yaml'));
    expect(read).toMatchObject({ release: '1.20.0', options: { outboundIPRangesExclude: '10.0.0.0/8' } });
    expect(read.messages).toEqual([]);
  });

  test('a listing that keeps something back is not judged', async () => {
    const text =
      'Chain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination\nISTIO_OUTPUT  tcp  --  anywhere             anywhere';
    expect(inShort(await inspected(text))[0]).toBe('listing for people');
  });

  test('two pods of one log', async () => {
    const text = paste('cni-log-two-pods.txt');
    const second = await inspected(text, 1);
    expect(second.pods).toEqual(['web-1', 'web-2']);
    expect(second.read).toMatchObject([{ family: 'v4', rules: 2 }]);
  });

  test('foreign rules are deleted by what they are, so that one fix does not move the next', async () => {
    const { findings } = await inspected(paste('two-foreign.txt'));
    const fixes = findings.map((one) => findingSentence(one).replace(/.*: remove it with /, ''));
    expect(fixes).toEqual([
      'iptables -t nat -D OUTPUT -d 10.1.0.0/16 -j ACCEPT, or delete the pod.',
      'iptables -t nat -D OUTPUT -d 10.2.0.0/16 -j ACCEPT, or delete the pod.',
    ]);
  });

  test('what was taken off is told', async () => {
    const { repairs } = await inspected(paste('prefix-kubectl-logs.txt'));
    expect(repairs.map(repairWords)).toEqual([
      'a prefix before lines (“[pod/istio-cni-node-abcde/install-cni]”), 17 lines from 1',
    ]);
  });
});

const harm = /\b(delete|remove|is not a rule of Istio|rules? (is|are) missing)\b/i;
const dump = printRuleset(withBuiltInChains(rulesFor('1.30').v4));
const nftRules = (name: string) =>
  `table inet ${name} {\n\tchain output {\n\t\ttype nat hook output priority dstnat; policy accept;\n\t\tcounter jump istio-output\n\t}\n}`;
const kubeNode = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':KUBE-SERVICES - [0:0]',
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j ACCEPT',
  'COMMIT',
].join('\n');
const mesh = (chain: string) =>
  `*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:${chain} - [0:0]\n-A OUTPUT -p tcp -j ${chain}\n-A ${chain} -p tcp -j REDIRECT --to-ports 15001\nCOMMIT`;

/** One of each kind that is no sidecar's iptables. */
const others: Readonly<Record<string, string>> = {
  'older sidecar': [
    '*nat',
    ':OUTPUT ACCEPT [0:0]',
    ':ISTIO_IN_REDIRECT - [0:0]',
    ':ISTIO_OUTPUT - [0:0]',
    '-A OUTPUT -p tcp -j ISTIO_OUTPUT',
    '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
    '-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -j ISTIO_IN_REDIRECT',
    '-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN',
    'COMMIT',
  ].join('\n'),
  'ambient pod': paste('ambient-save.txt'),
  'ambient node': [
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    ':ISTIO_POSTRT - [0:0]',
    '-A POSTROUTING -j ISTIO_POSTRT',
    '-A ISTIO_POSTRT -p tcp -m owner --socket-exists -m set --match-set istio-inpod-probes-v4 dst -j SNAT --to-source 169.254.7.127',
    'COMMIT',
  ].join('\n'),
  'iptables in nft':
    '# Warning: table ip nat is managed by iptables-nft, do not touch!\ntable ip nat {\n\tchain ISTIO_OUTPUT {\n\t\tmeta skuid 1337 counter packets 0 bytes 0 return\n\t}\n\n\tchain OUTPUT {\n\t\ttype nat hook output priority -100; policy accept;\n\t\tmeta l4proto tcp xt match "comment" counter packets 0 bytes 0 jump ISTIO_OUTPUT\n\t}\n}',
  'other nftables': nftRules('firewalld'),
  gateway: 'metadata:\n  labels:\n    istio: ingressgateway\nspec:\n  containers:\n  - name: istio-proxy',
  node: kubeNode,
  'another mesh': mesh('KUMA_MESH_OUTBOUND'),
  KubeVirt: mesh('KUBEVIRT_PREINBOUND'),
  'a virtual machine': 'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: vm-1',
  'tables without nat': '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT',
  'own redirection':
    '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports 8888\nCOMMIT',
  'description of a pod': 'Name:             web-1\nNamespace:        shop\nLabels:           app=web',
  'pod as YAML': paste('fenced-pod.txt'),
  'settings as YAML': 'global:\n  proxy:\n    privileged: true',
  'state of the network': paste('conntrack.txt'),
  'run that failed': paste('failed-restore.txt'),
  'errors alone':
    'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
  'listing for people':
    'Chain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination\nISTIO_OUTPUT  tcp  --  anywhere             anywhere',
  nothing: 'It worked yesterday, and now the connection is refused.',
};

const wrapped: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'behind a prefix of a log': (text) => text.replace(/^/gm, '[pod/web-1/istio-init] '),
  'fenced in prose': (text) => `Hello,\nthis is what I see:\n\n\`\`\`\n${text}\n\`\`\`\nAny idea?`,
  'with ends of lines of Windows': (text) => text.replaceAll('\n', '\r\n'),
  'with prose behind it': (text) => `${text}\n\nI have deleted the pod already.`,
};

describe('what is no sidecar’s is never told to be removed', () => {
  const cases = Object.entries(others).flatMap(([kind, text]) =>
    Object.entries(wrapped).map(([how, wrap]) => [kind, how, wrap(text)] as const),
  );
  test.for(cases)('%s, %s', async ([kind, , text]) => {
    const inspection = await inspected(text);
    expect(inspection.recognised[0].kind).toBe(kind);
    expect(told(inspection)).not.toMatch(harm);
    // The rules of an enrolled pod are walked with ztunnel.
    if (kind === 'ambient pod')
      expect(new Set(inspection.walks?.map(({ verdict }) => verdict))).toEqual(new Set(['as it is']));
    else expect(inspection.walks).toEqual([]);
    expect(inspection.identified).toEqual([]);
  });

  test('every kind that is not judged is in this table', () => {
    const unjudged = Object.entries(kinds).flatMap(([kind, { isJudged }]) => (isJudged ? [] : [kind]));
    expect(unjudged.filter((kind) => others[kind] === undefined)).toEqual([]);
  });
});

test('there are words for every kind, and for what shows it', async () => {
  for (const text of Object.values(others)) {
    const { recognised } = await inspected(text);
    for (const one of recognised) {
      expect(kindWords(one)).toMatch(/^[A-Z].+\.$/);
      for (const sign of one.signs) expect(signWords(sign)).not.toMatch(/undefined|null/);
    }
  }
});

test('that one family is empty says nothing where the other is a node’s', async () => {
  const text = `${kubeNode}\n# Generated by ip6tables-save v1.8.9 (nf_tables) on Mon Jan  5 09:30:00 2026\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT`;
  const { findings } = await inspected(text);
  expect(findings.map(({ id }) => id)).toEqual(['rules.of-node']);
});

test.for([
  ['in mangle, as a piece of an ambient pod', '*mangle\n:OUTPUT ACCEPT [0:0]\n:ISTIO_OUTPUT - [0:0]\nCOMMIT'],
  ['above the rules of a node', `:OUTPUT ACCEPT [0:0]\n:ISTIO_OUTPUT - [0:0]\n${kubeNode}`],
])('an ISTIO_OUTPUT without a rule tells of no sidecar, %s', async ([, text = '']) => {
  const { recognised, findings } = await inspected(text);
  expect(recognised.map(({ kind }) => kind)).not.toContain('sidecar');
  for (const finding of findings) expect(findingSentence(finding)).not.toMatch(/delete|remove/);
});

test('an ISTIO_OUTPUT in mangle is an ambient pod’s', async () => {
  const piece =
    '*mangle\n:ISTIO_OUTPUT - [0:0]\n-A ISTIO_OUTPUT -m connmark --mark 0x111/0xfff -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff\nCOMMIT';
  const { recognised } = await inspected(piece);
  expect(recognised.map(({ kind }) => kind)).toEqual(['ambient pod']);
});

test.for([
  "# Table `nat' is incompatible, use 'nft' tool.",
  '# Warning: iptables-legacy tables present, use iptables-legacy to see them',
])('%s is heard though it is a remark', async (line) => {
  const { recognised, aside } = await inspected(line);
  expect(recognised[0].kind).toBe('errors alone');
  expect(aside.count).toBe(1);
});

describe('rules are read as they stand', () => {
  test('a letter that nobody sees makes another name, and that is told', async () => {
    const { findings } = await inspected(dump.replace('-A ISTIO_OUTPUT -j', '-A ISTIO_\u200bOUTPUT -j'));
    expect(findings.map(({ id }) => id)).toContain('text.look-alike');
  });

  test.for([
    ['an entity', '"&quot;quoted&quot;"'],
    ['a remark’s sign', '"ticket # 4711 // here"'],
    ['a backslash', '"back \\\\ slash # and"'],
    ['the name of a tool', '"ip6tables"'],
    ['two blanks', '"two  blanks"'],
    ['a dash of an editor', '"from – to"'],
  ])('%s in a comment', async ([, comment]) => {
    const rule = `-A ISTIO_OUTPUT -d 10.9.0.0/16 -m comment --comment ${comment} -j RETURN`;
    const text = dump.replace('-A ISTIO_OUTPUT -j', `${rule}\n-A ISTIO_OUTPUT -j`);
    const [{ rules } = { rules: [] }] = readPaste(text).pods;
    expect(rules[0]?.lines).toContain(rule);
    const { read, problems } = await inspected(text);
    expect(read).toMatchObject([{ family: 'v4', rules: 19 }]);
    expect(problems).toEqual([]);
  });

  test('a heading of signs is no pod', async () => {
    const nat = dump;
    const { pods } = await inspected(`=== iptables-save ===\n${nat}\n=== nat-table ===\n\n=== after ===\n`);
    expect(pods).toEqual([null]);
  });
});
