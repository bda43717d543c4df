/**
 * The lab's samples, one of each kind, with names, order and what stands around them altered: each stays of its kind, and
 * nothing that is no sidecar's is told to be removed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Kind, kinds, readPaste } from '../../src/analysis/index.ts';
import { inspectionWords, inspectRules } from '../../src/handbook/lab/index.ts';
import { optionsFromYaml, rulesFor } from '../../src/istio/index.ts';
import { printRuleset, type Ruleset, withBuiltInChains } from '../../src/netfilter/index.ts';
import { findingSentence } from '../../src/words/index.ts';

const folder = join(import.meta.dirname, '../../components/lab');
const sample = (name: string) => readFileSync(join(folder, `${name}.txt`), 'utf8').trimEnd();

const samples: Partial<Readonly<Record<Kind, string>>> = {
  sidecar: sample('sample.iptables-save'),
  'older sidecar': sample('samples/older-sidecar'),
  'ambient pod': sample('samples/ambient-pod'),
  'ambient node': sample('samples/ambient-node'),
  'native nftables': sample('samples/native-nftables'),
  'other nftables': sample('samples/other-nftables'),
  gateway: sample('samples/gateway'),
  node: sample('samples/node'),
  'another mesh': sample('samples/another-mesh'),
  KubeVirt: sample('samples/kubevirt'),
  'a virtual machine': sample('samples/virtual-machine'),
  'own redirection': sample('samples/own-redirection'),
  'tables without nat': sample('samples/tables-without-nat'),
  'run that failed': sample('samples/run-that-failed'),
  'listing for people': sample('samples/listing-for-people'),
  'pod as YAML': sample('samples/pod-as-yaml'),
  'description of a pod': sample('samples/description-of-a-pod'),
  'settings as YAML': sample('samples/settings-as-yaml'),
  'state of the network': sample('samples/state-of-the-network'),
  'errors alone': sample('samples/errors-alone'),
  'iptables in nft': sample('samples/iptables-in-nft'),
  'other rules': sample('samples/other-rules'),
  'empty tables': sample('samples/empty-tables'),
};

/** Whole tables in the other order. */
function turned(text: string): string {
  const lines = text.split('\n');
  const tables: string[][] = [];
  for (const line of lines) {
    if (/^\*[a-z]+$/.test(line)) tables.push([]);
    if (tables.length > 0 && !line.startsWith('#')) tables.at(-1)?.push(line);
  }
  const isPlain = lines.every((line) => /^(?:[*:#-]|\[\d+:\d+\] -A|COMMIT|$)/.test(line));
  return isPlain && tables.length > 1 ? tables.toReversed().flat().join('\n') : text;
}

const before = (prefix: string) => (text: string) => text.replace(/^/gm, prefix);

const altered: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'the pod has another name': (text) =>
    text.replaceAll(/\b(?:web|reviews|httpbin)-[\w-]+\b/g, 'constructor-0'),
  'tables in the other order': turned,
  'behind the prefix of kubectl logs': before('[pod/constructor-0/istio-proxy] '),
  'behind the prefix of a container runtime': before('2026-02-03T04:05:06.789012345Z stdout F '),
  'behind the prefix of a journal': before('Feb 03 04:05:06 node-7 containerd[812]: '),
  'in a quoted mail': before('> '),
  'in a mail quoted twice': before('>> '),
  'in a list of a ticket': before('    '),
  'behind a prompt': (text) => `root@constructor-0:/# # what it shows\n${text}\nroot@constructor-0:/# exit`,
  'fenced, with prose': (text) => `It broke at noon.\n\n~~~text\n${text}\n~~~\n\nShould I delete the pod?`,
};

const harm = /\b(?:delete|remove|is not a rule of Istio|rules? (?:is|are) missing)\b/i;

async function inspected(text: string) {
  const yaml = readPaste(text).pods[0]?.yaml;
  const read =
    yaml === undefined || yaml.lines.length === 0 ? null : await optionsFromYaml(yaml.lines.join('\n'));
  return inspectRules(text, 0, read).inspection;
}

describe.each(Object.entries(samples) as [Kind, string][])('%s', (kind, text) => {
  test.for(Object.entries(altered))('%s', async ([, alter]) => {
    const inspection = await inspected(alter(text));
    expect(inspection.recognised[0].kind).toBe(kind);
    const { summary, next, inPlace } = inspectionWords(inspection);
    const told = [summary, next ?? '', ...inspection.findings.map(findingSentence)].join('\n');
    expect(told).not.toMatch(/undefined|\[object|NaN|function/);
    if (kind === 'sidecar') expect(inspection.findings.map(({ id }) => id)).toEqual([]);
    else if (!kinds[kind].isJudged) expect(told).not.toMatch(harm);
    expect(inPlace).toBeNull();
  });
});

/** Texts without rules: each is told for what was seen. */
const seen: readonly (readonly [says: RegExp, text: string])[] = [
  [/the text is empty/, '\n \n'],
  [/no text/, `\u007fELF\u0002\u0001${'\u0000\ufffd\u0003 '.repeat(60)}`],
  [
    /picture/,
    ':PREROUTlNG ACCEPT [O:O]\n:ISTIO_lNBOUND - [0:0]\n-A PREROUTING -p tcp -j ISTIO_lNBOUND\nCOMMIT',
  ],
  [/picture/, 'Chain ISTIO INBOUND (1 references)\nO O RETURN tcp any any anywhere anywhere tcp dpt:l5008'],
  [/web page/, '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>'],
  [
    /log of Istio’s CNI plugin/,
    '2026-11-20T10:00:00.1Z\tinfo\tcni-plugin\texcluded due to not containing sidecar annotation\tpod=shop/web-1',
  ],
  [/get pods prints/, 'NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/2     Error     5          3m'],
  [/curl prints/, '*   Trying 10.96.0.7:80...\ncurl: (7) Failed to connect to reviews port 80'],
  [/none of its lines/, 'Seit gestern geht nichts mehr.\n昨天开始无法访问。'],
  [
    /a DestinationRule, which says what Envoy does/,
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: constructor\nspec:\n  host: reviews',
  ],
  [
    /a Sidecar, which .* changes no rule/,
    'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default',
  ],
  [
    /a ProxyConfig, which .*ISTIO_META_DNS_CAPTURE/,
    'apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata:\n  name: pc',
  ],
  [
    /a Namespace, which says which pods get a sidecar/,
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled',
  ],
  [
    /a Gateway, which/,
    'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: gw\nspec:\n  selector:\n    istio: ingressgateway',
  ],
  [
    /a Constructor, which has no part/,
    'apiVersion: example.com/v1\nkind: Constructor\nmetadata:\n  name: __proto__',
  ],
  [
    /2 kinds of objects/,
    'kind: VirtualService\napiVersion: networking.istio.io/v1\n---\nkind: Service\napiVersion: v1',
  ],
];

test.for(seen)('without rules, %s', async ([says, text]) => {
  for (const [how, alter] of Object.entries(altered)) {
    // With a prefix before it an empty line is none.
    if (/prompt|fenced/.test(how) || (text.trim() === '' && /prefix/.test(how))) continue;
    const inspection = await inspected(alter(text));
    const { summary, next } = inspectionWords(inspection);
    expect(`${how}: ${summary}`).toMatch(says);
    expect(`${summary} ${next}`).not.toMatch(harm);
  }
});

test('rows with numbers, and with counters too wide for their column, are rows', async () => {
  const listing = [
    'Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '1    102934 6176K ISTIO_INBOUND  tcp  --  *      *       0.0.0.0/0            0.0.0.0/0',
    '',
    'Chain ISTIO_INBOUND (1 references)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '1        0     0 RETURN     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:15008',
  ].join('\n');
  const { aside, read } = await inspected(listing);
  expect(aside.count).toBe(0);
  expect(read).toMatchObject([{ rules: 2 }]);
});

test.each([
  [
    'a grep of one chain',
    '# iptables-save | grep ISTIO_OUTPUT\n:ISTIO_OUTPUT - [0:0]\n-A OUTPUT -p tcp -j ISTIO_OUTPUT\n-A ISTIO_OUTPUT -d 10.0.0.5/32 -j RETURN\n-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN\n-A ISTIO_OUTPUT -j ISTIO_REDIRECT',
    ['1.5', '1.24'],
  ],
  ['one rule', '-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN', ['1.5', '1.31']],
] as const)('of a part every release that has such rules is named: %s', async (_, text, ends) => {
  const { identified, findings } = await inspected(text);
  expect([identified[0]?.releases.at(0), identified[0]?.releases.at(-1)]).toEqual(ends);
  expect(findings.map(({ id }) => id)).toEqual(['rules.part']);
});

test('without -n what iptables itself names is no doubt, and a name of the system is one', async () => {
  const listing = (user: string) =>
    [
      'iptables -t nat -L -v',
      'Chain PREROUTING (policy ACCEPT 0 packets, 0 bytes)',
      ' pkts bytes target     prot opt in     out     source               destination',
      '    0     0 ISTIO_INBOUND  tcp  --  any    any     anywhere             anywhere',
      '',
      'Chain ISTIO_OUTPUT (1 references)',
      ' pkts bytes target     prot opt in     out     source               destination',
      '    0     0 RETURN     all  --  any    lo      127.0.0.6            anywhere',
      `    0     0 RETURN     all  --  any    any     anywhere             !localhost            owner UID match ${user}`,
    ].join('\n');
  expect((await inspected(listing('1337'))).recognised[0].kind).toBe('sidecar');
  expect((await inspected(listing('istio-proxy'))).recognised[0]).toMatchObject({
    kind: 'listing for people',
    keepsBack: ['numbers'],
  });
});

/** What terminals, editors, chats and web pages do to a dump. */
const damaged: Readonly<Record<string, (text: string) => string>> = {
  'broken by a terminal of 80 columns': (text) => text.replace(/.{80}(?=.)/g, '$&\n'),
  'broken by a terminal of 100 columns': (text) => text.replace(/.{100}(?=.)/g, '$&\n'),
  'broken between words by a mail': (text) =>
    text.replace(/(?=.{61}).{1,60}(?= )/g, '$&\n').replaceAll('\n ', '\n'),
  'without the ends of its lines': (text) => text.replaceAll('\n', ' '),
  'with the dashes of an editor': (text) =>
    text.replaceAll(' --', ' \u2014').replace(/(^| )-(?=[A-Za-z] )/gm, '$1\u2013'),
  'with the blanks of a web page': (text) => text.replaceAll(' ', '\u00a0'),
  'between bars': (text) => text.replace(/^.*$/gm, '|$&|'),
  'with the bullets of a chat': (text) => text.replace(/^(?=.)/gm, '\u2022 '),
  'as a list of JSON': (text) => JSON.stringify(text.split('\n'), null, 2),
  'as a list of JSON in one line': (text) => JSON.stringify([{ pod: 'web-1', rules: text.split('\n') }]),
  'as what a tool of automation answered': (text) => JSON.stringify({ rc: 0, stdout: text }),
  'as the lines that such a tool shows': (text) =>
    `stdout_lines:\n${text.replace(/^.*$/gm, (line) => `  - ${JSON.stringify(line)}`)}`,
  'as a column of CSV': (text) =>
    text.replace(/^.*$/gm, (line) => `"2026-11-01","web-1","${line.replaceAll('"', '""')}"`),
  'in single quotes': (text) => text.replace(/^.*$/gm, (line) => `'${line.replaceAll("'", "''")}',`),
};

describe('what leaves every word in its place leaves a healthy pod healthy', () => {
  const dumps = (['sidecar', 'ambient pod', 'node', 'another mesh', 'KubeVirt'] as const).map(
    (kind) => [kind, samples[kind] ?? ''] as const,
  );
  test.for(
    dumps.flatMap(([kind, text]) =>
      Object.entries(damaged).map(([how, alter]) => [kind, how, alter(text), text] as const),
    ),
  )('%s, %s', async ([kind, , text, whole]) => {
    const [found, meant] = [await inspected(text), await inspected(whole)];
    expect(found.recognised[0].kind).toBe(kind);
    expect(found.problems).toEqual([]);
    expect(found.read).toEqual(meant.read);
    expect(found.findings.map(({ id }) => id)).toEqual(meant.findings.map(({ id }) => id));
  });
});

/** What takes something away: nothing is concluded from what is not there. */
const torn: Readonly<Record<string, (text: string) => string>> = {
  'long lines cut off': (text) => text.replace(/^(.{64}).+$/gm, '$1'),
  'long lines cut off with dots': (text) => text.replace(/^(.{64}).{4,}$/gm, '$1...'),
  sorted: (text) => text.split('\n').toSorted().join('\n'),
  'the first lines': (text) => text.split('\n').slice(0, 18).join('\n'),
  'the last lines': (text) => text.split('\n').slice(-12).join('\n'),
  'one rule of two': (text) =>
    text
      .split('\n')
      .filter((line, at) => !line.includes('-A') || at % 2 === 0)
      .slice(4)
      .join('\n'),
  'in small letters': (text) => text.toLowerCase(),
  'compared by diff': (text) => `12,14c12,13\n${text.replace(/^/gm, '< ')}`,
};

test.for(Object.entries(torn))(
  'a healthy pod of which the text is torn is not ill: %s',
  async ([, alter]) => {
    const { findings, inPlace, ...rest } = await inspected(alter(samples.sidecar ?? ''));
    const { summary, next } = inspectionWords({ findings, inPlace, ...rest });
    expect([summary, next ?? '', ...findings.map(findingSentence)].join('\n')).not.toMatch(harm);
    expect(findings.filter(({ weight }) => weight !== 'note')).toEqual([]);
    expect(inPlace).toEqual([]);
  },
);

describe('which family rules are of', () => {
  const { v4, v6 } = rulesFor('1.30', { enableIPv6: true });
  const printed = (ruleset: Ruleset) => printRuleset(withBuiltInChains(ruleset));
  const [saved4, saved6] = [printed(v4), printed(v6 ?? v4)];
  const listed = (text: string) =>
    text
      .replace(/^:(\S+) ACCEPT.*/gm, '-P $1 ACCEPT')
      .replace(/^:(\S+) -.*/gm, '-N $1')
      .replace(/^(?:\*.*|COMMIT)\n/gm, '');
  const rulesAlone = (text: string) => text.replace(/^[^-].*\n/gm, '');
  const command = (tool: string) => `$ ${tool} -t nat -S\n`;

  test.each([
    ['both dumps', saved4 + saved6],
    ['the other way round', saved6 + saved4],
    ['both commands, then what they print', `iptables-save\nip6tables-save\n${saved4}${saved6}`],
    [
      'both commands in one line',
      `$ iptables -t nat -S; ip6tables -t nat -S\n${listed(saved4)}${listed(saved6)}`,
    ],
    ['each behind its command', command('iptables') + listed(saved4) + command('ip6tables') + listed(saved6)],
    ['listings without a command', listed(saved4) + listed(saved6)],
    ['rules without their chains', rulesAlone(saved4) + rulesAlone(saved6)],
  ])('%s: both are whole, of one pod', async (_, text) => {
    const { read, findings, problems, recognised } = await inspected(text);
    expect([recognised[0].kind, problems, findings.filter(({ weight }) => weight !== 'note')]).toEqual([
      'sidecar',
      [],
      [],
    ]);
    expect(read.map(({ family, rules }) => [family, rules])).toEqual([
      ['v4', 18],
      ['v6', 18],
    ]);
    expect(readPaste(text).pods).toHaveLength(1);
  });

  test.each([
    ['dumps', saved4 + saved4],
    ['listings', listed(saved4) + listed(saved4)],
    ['listings behind one command', command('iptables') + listed(saved4) + listed(saved4)],
    ['listings behind a command each', (command('iptables') + listed(saved4)).repeat(2)],
    ['rules without their chains', rulesAlone(saved4) + rulesAlone(saved4)],
  ])('%s of one family twice are two pods, and no doubled rules', async (_, text) => {
    expect(readPaste(text).pods).toHaveLength(2);
    const { findings, identified } = await inspected(text);
    expect(findings.filter(({ weight }) => weight !== 'note')).toEqual([]);
    expect(identified[0]?.releases.at(-1)).toBe('1.31');
  });

  test('a command that was run before says less than the addresses in the rules', async () => {
    const { read, findings } = await inspected(`$ ip6tables-save\n${saved4}`);
    expect(read.map(({ family }) => family)).toEqual(['v4']);
    expect(findings).toEqual([]);
  });

  test('of IPv6 alone nothing is concluded for IPv4', async () => {
    const { findings } = await inspected(saved6);
    expect(findings.map(({ id, weight }) => [id, weight])).toEqual([['family.v6-alone', 'doubtful']]);
  });
});
