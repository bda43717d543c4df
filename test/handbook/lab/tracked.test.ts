/** Pasted entries of conntrack: told in words, and each can be asked about, as it is and as a new one beside it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inspect, inspectionWords, type PastedConnection } from '../../../src/handbook/lab/index.ts';
import { bind, scenarioNamed } from '../../../src/handbook/scenarios/index.ts';
import { decodePermalink, encodePermalink } from '../../../src/handbook/walk/index.ts';
import { rulesFor } from '../../../src/istio/index.ts';
import { printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { pathLine } from '../../../src/render/index.ts';

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
