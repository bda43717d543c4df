/** Pasted entries of conntrack: told in words, and each can be asked about, as it is and as a new one beside it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  inspect,
  inspectionWords,
  labWalker,
  type PastedConnection,
} from '../../../src/handbook/lab/index.ts';
import { bind, scenarioNamed } from '../../../src/handbook/scenarios/index.ts';
import { decodePermalink, encodePermalink } from '../../../src/handbook/walk/index.ts';
import { ambientRulesFor, rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { lineText, pathLine } from '../../../src/render/index.ts';

const dump = printRuleset(withBuiltInChains(rulesFor('1.30').v4));
const entries = [
  'tcp 6 431999 ESTABLISHED src=10.244.1.5 dst=10.96.0.7 sport=41234 dport=80 src=127.0.0.1 dst=10.244.1.5 sport=15001 dport=41234 [ASSURED] mark=0 use=1',
  'tcp 6 431999 ESTABLISHED src=10.244.2.9 dst=10.244.1.5 sport=51000 dport=8080 src=10.244.1.5 dst=10.244.2.9 sport=15006 dport=51000 [ASSURED] mark=0 use=1',
  'tcp 6 119 SYN_SENT src=10.244.1.5 dst=10.244.3.3 sport=41300 dport=8080 [UNREPLIED] src=10.244.3.3 dst=10.244.1.5 sport=8080 dport=41300 mark=0 use=1',
  'tcp 6 119 TIME_WAIT src=127.0.0.6 dst=10.244.1.5 sport=33000 dport=8080 src=10.244.1.5 dst=127.0.0.6 sport=8080 dport=33000 [ASSURED] mark=0 use=1',
  'icmp 1 29 src=10.244.1.5 dst=10.244.2.9 type=8 code=0 id=7 src=10.244.2.9 dst=10.244.1.5 type=0 code=0 id=7 mark=0 use=1',
].join('\n');

const { inspection, pod } = inspect(`${dump}\n${entries}`);
const words = inspectionWords(inspection);
const usual = scenarioNamed('local-to-remote');

function walked({ request }: Pick<PastedConnection, 'request'>): string {
  if (usual === undefined || request === null) throw new Error('there is nothing to walk');
  return pathLine(bind(usual, { request }, pod).journey);
}

test('each entry is told in words, with whose it is taken to be', () => {
  expect(words.tracked).toEqual({
    rows: [
      {
        says: 'tcp from 10.244.1.5:41234 to 10.96.0.7:80, sent to 127.0.0.1:15001 instead; answered (ESTABLISHED)',
        sender: 'taken to be of app',
      },
      {
        says: 'tcp from 10.244.2.9:51000 to 10.244.1.5:8080, sent to 10.244.1.5:15006 instead; answered (ESTABLISHED)',
        sender: 'from outside the pod',
      },
      {
        says: 'tcp from 10.244.1.5:41300 to 10.244.3.3:8080; no answer was seen (SYN_SENT)',
        sender: 'taken to be of Envoy',
      },
      {
        says: 'tcp from 127.0.0.6:33000 to 10.244.1.5:8080; answered (TIME_WAIT)',
        sender: 'taken to be of Envoy',
      },
      { says: 'icmp from 10.244.1.5 to 10.244.2.9; answered', sender: null },
    ],
    more: null,
  });
});

test('the connection itself goes as conntrack has it, a new one as the rules say', () => {
  const [outbound, inbound] = inspection.tracked.first as [PastedConnection, PastedConnection];
  expect(walked(outbound)).toMatch(
    /^app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ Envoy :15001/,
  );
  expect(walked(inbound)).toMatch(/^peer ▸ PREROUTING ▸ INPUT ▸ Envoy :15006/);
  const { sourcePort, ...another } = outbound.request as NonNullable<PastedConnection['request']>;
  expect(sourcePort).toBe(41234);
  expect(walked({ request: another })).toMatch(/^app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 9 ▸ ISTIO_REDIRECT 1/);
});

test('without rules they are told, and not asked about', () => {
  const text = readFileSync(new URL('../../analysis/pastes/conntrack.txt', import.meta.url), 'utf8');
  const { tracked } = inspectionWords(inspect(text).inspection);
  expect(tracked.rows).toEqual([
    {
      says: 'tcp from 10.9.0.1:40000 to 10.9.0.2:5000, sent to 10.9.0.2:15006 instead; answered (ESTABLISHED)',
      sender: null,
    },
    {
      says: 'tcp from 10.9.0.1:40000 to 10.9.0.2:5002, sent to 10.9.0.2:15006 instead, seen there as 10.9.0.1:29050, because another connection has port 40000 already; no answer was seen (SYN_SENT)',
      sender: null,
    },
  ]);
});

test('of thousands the first are listed, and the others are counted', () => {
  const many = Array.from({ length: 250 }, (_, at) =>
    entries.split('\n')[2]?.replaceAll('41300', String(41300 + at)),
  ).join('\n');
  const { inspection: one } = inspect(`${dump}\n${many}`);
  expect(one.tracked.first).toHaveLength(100);
  expect(inspectionWords(one).tracked.more).toBe('And 150 more, which the walks know as well.');
});

test('a link keeps the port of the connection', () => {
  const state = {
    scenario: 'local-to-remote',
    request: { address: '10.96.0.7', port: 80, sourcePort: 41234 },
  };
  const link = encodePermalink(state);
  expect(link).toBe('v=1&scenario=local-to-remote&to=10.96.0.7:80&sourcePort=41234');
  expect(decodePermalink(link)).toEqual({ state, problems: [] });
  expect(decodePermalink('v=1&sourcePort=70000').problems).toEqual([
    { code: 'no source port', text: '70000' },
  ]);
});

describe('of an enrolled pod of ambient mode', () => {
  const sample = (name: string) => readFileSync(`components/lab/samples/${name}.txt`, 'utf8');
  const enrolled = ambientRulesFor('1.30').pod;
  const text = [enrolled.v4, enrolled.v6 ?? enrolled.v4]
    .map((ruleset) => printRuleset(withBuiltInChains(ruleset)))
    .join('\n');
  const network =
    '2: eth0@if9: <BROADCAST,UP> mtu 1500\n    inet 10.244.1.5/24 scope global eth0\n    inet6 fd00:10:244:1::5/64 scope global\n';
  const listed = [
    '$ conntrack -L',
    'tcp 6 431999 ESTABLISHED src=10.244.1.5 dst=10.96.0.7 sport=41234 dport=80 src=127.0.0.1 dst=10.244.1.5 sport=15001 dport=41234 [ASSURED] mark=0 use=1',
    'tcp 6 431999 ESTABLISHED src=10.244.1.5 dst=10.244.2.9 sport=44000 dport=15008 src=10.244.2.9 dst=10.244.1.5 sport=15008 dport=44000 [ASSURED] mark=0 use=1',
    'tcp 6 431999 ESTABLISHED src=10.244.2.9 dst=10.244.1.5 sport=51000 dport=8080 src=10.244.1.5 dst=10.244.2.9 sport=8080 dport=51000 [ASSURED] mark=273 use=1',
    'tcp 6 431999 ESTABLISHED src=203.0.113.10 dst=10.244.1.5 sport=52000 dport=8080 src=10.244.1.5 dst=203.0.113.10 sport=15006 dport=52000 [ASSURED] mark=0 use=1',
    'udp 17 29 src=10.244.1.5 dst=10.96.0.53 sport=45000 dport=53 src=127.0.0.1 dst=10.244.1.5 sport=15053 dport=45000 mark=0 use=1',
    'udp 17 29 src=10.244.1.5 dst=10.96.0.53 sport=45001 dport=53 src=10.96.0.53 dst=10.244.1.5 sport=53 dport=45001 mark=0 zone=1 use=1',
    'udp 17 29 src=10.244.1.5 dst=203.0.113.20 sport=45002 dport=443 src=203.0.113.20 dst=10.244.1.5 sport=443 dport=45002 mark=0 use=1',
    '$ conntrack -L -f ipv6',
    'tcp 6 431999 ESTABLISHED src=fd00:10:244:1::5 dst=fd00:10:96::7 sport=41235 dport=80 src=::1 dst=fd00:10:244:1::5 sport=15001 dport=41235 [ASSURED] mark=0 use=1',
  ].join('\n');
  const inspected = inspect(`${text}\n${network}${listed}\n`);
  const { rows } = inspectionWords(inspected.inspection).tracked;
  const walker = labWalker(inspected);
  const scenario = inspected.inspection.asksWith ?? '';
  const paths = (at: number) => {
    const { request } = inspected.inspection.tracked.first[at] as PastedConnection;
    if (request === null) throw new Error('there is nothing to walk');
    const { sourcePort: _, ...another } = request;
    return [request, another].map((one) => lineText(walker.walk({ scenario, request: one }).lines[0] ?? []));
  };

  test('whose each is: the app’s, ztunnel’s, also from the address of a caller, or from outside', () => {
    expect(rows.map(({ sender }) => sender)).toEqual([
      'taken to be of app',
      'taken to be of ztunnel',
      'taken to be of ztunnel',
      'from outside the pod',
      'taken to be of app',
      'taken to be of ztunnel',
      'taken to be of app',
      'taken to be of app',
    ]);
    expect(inspected.inspection.tracked.first[2]?.request?.source).toBe('10.244.2.9');
  });

  test('each goes as conntrack has it, and a new one like it as the rules say', () => {
    const outbound = [
      'app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ ztunnel :15001',
      'app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 6 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ ztunnel :15001',
    ];
    expect(paths(0)).toEqual(outbound);
    expect(paths(7)).toEqual(outbound);
    expect(paths(1)[1]).toBe('ztunnel uid 0 ▸ OUTPUT ▸ POSTROUTING ▸ 10.244.2.9:15008');
    expect(paths(2)[1]).toMatch(/^ztunnel uid 0 ▸ .* ▸ mangle ISTIO_PRERT 1 ▸ INPUT ▸ app :8080$/);
    expect(paths(3)).toEqual([
      'peer ▸ PREROUTING ▸ INPUT ▸ ztunnel :15006',
      'peer ▸ PREROUTING ▸ ISTIO_PRERT 2 ▸ INPUT ▸ ztunnel :15006',
    ]);
    expect(paths(4)[1]).toMatch(/ISTIO_OUTPUT 2 .* ztunnel :15053$/);
    expect(paths(5)[1]).toMatch(/^ztunnel uid 0 .* raw ISTIO_OUTPUT 1 .* 10\.96\.0\.53:53$/);
    expect(paths(6)[1]).toBe('app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ 203.0.113.20:443');
  });

  test('a link to one is kept, and opened on the same rules', () => {
    const { request } = inspected.inspection.tracked.first[2] as PastedConnection;
    const state = { scenario, ...(request === null ? {} : { request }) };
    const { walked: opened, problems } = walker.open(`#${encodePermalink(state)}`, scenario);
    expect(problems).toEqual([]);
    expect(opened.lines).toEqual(walker.walk(state).lines);
  });

  test('of its node: a probe by the address that it got, another process of the node, and what is sent on', () => {
    const onNode = [
      '2: cni0: <BROADCAST,UP> mtu 1500\n    inet 10.244.1.1/24 scope global cni0',
      'tcp 6 431999 ESTABLISHED src=10.244.1.1 dst=10.244.1.5 sport=40100 dport=8080 src=10.244.1.5 dst=169.254.7.127 sport=8080 dport=40100 [ASSURED] mark=0 use=1',
      'tcp 6 431999 ESTABLISHED src=10.244.1.1 dst=10.244.1.7 sport=40200 dport=8080 src=10.244.1.7 dst=10.244.1.1 sport=8080 dport=40200 [ASSURED] mark=0 use=1',
      'tcp 6 431999 ESTABLISHED src=10.244.2.9 dst=10.244.1.5 sport=51000 dport=15008 src=10.244.1.5 dst=10.244.2.9 sport=15008 dport=51000 [ASSURED] mark=0 use=1',
    ].join('\n');
    const node = inspect(`${sample('ambient-node')}\n${onNode}\n`);
    expect(inspectionWords(node.inspection).tracked.rows.map(({ sender }) => sender)).toEqual([
      'taken to be of kubelet',
      'taken to be of a process of the node',
      'of no process of the node',
    ]);
    const first = (at: number, isNew: boolean) => {
      const { request } = node.inspection.tracked.first[at] as PastedConnection;
      const { sourcePort, ...another } = request ?? { address: '', port: 0, from: { process: '' } };
      return labWalker(node).walk({
        scenario: node.inspection.asksWith ?? '',
        request: isNew || sourcePort === undefined ? another : { ...another, sourcePort },
      });
    };
    expect(lineText(first(0, true).lines[0] ?? [])).toContain('ISTIO_POSTRT 1');
    // The entry has the address, and no rule of nat is asked again.
    expect(lineText(first(0, false).lines[0] ?? [])).not.toContain('ISTIO_POSTRT');
    expect(first(0, false).packets.at(-1)?.[1].from).toContain('169.254.7.127');
    expect(lineText(first(1, true).lines[0] ?? [])).not.toContain('ISTIO_POSTRT');
    expect(lineText(first(2, true).lines[0] ?? [])).toContain('FORWARD');
  });

  test('where the text has too few of the rules they are told, and not asked about', () => {
    const [nat = ''] = listed.split('\n').slice(1, 2);
    const part = text.replace(/\*mangle\n(?:.*\n)*?COMMIT\n/g, '');
    const { inspection: one } = inspect(`${part}\n${nat}\n`);
    expect(one.asksWith).toBeNull();
    expect(inspectionWords(one).tracked.rows).toMatchObject([{ sender: null }]);
  });
});
