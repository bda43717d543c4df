/** What a text tells of a pod beside its rules is what the walks go by. */
import { expect, test } from 'vitest';
import { inspect } from '../../src/handbook/lab/index.ts';
import { podOfScenario, scenarios } from '../../src/handbook/scenarios/index.ts';
import { rulesFor } from '../../src/istio/index.ts';
import { printRuleset, traverse, withBuiltInChains } from '../../src/netfilter/index.ts';
import { alsoWords, knownWords } from '../../src/words/index.ts';

const dump = printRuleset(withBuiltInChains(rulesFor('1.30').v4));

function told(beside: string) {
  const { inspection, pod } = inspect(`${dump}\n${beside}`);
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('there is no scenario');
  return { inspection, host: podOfScenario(scenario, {}, pod).pod.host };
}

const sockets = `$ ss -ltnp
State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
LISTEN 0      4096         0.0.0.0:15006      0.0.0.0:*    users:(("envoy",pid=20,fd=33))
LISTEN 0      4096       127.0.0.1:15004      0.0.0.0:*    users:(("pilot-agent",pid=1,fd=15))
LISTEN 0      511        127.0.0.1:8085       0.0.0.0:*
LISTEN 0      511                *:8086             *:*    users:(("java",pid=9,fd=7))`;

test('the app listens where ss says so', () => {
  const { inspection, host } = told(sockets);
  const apps = host.sockets?.filter(({ process }) => process === 'app');
  // the last is the handbook's, which one of the scenarios asks for
  expect(apps?.map(({ address, port }) => [address, port]).slice(0, 2)).toEqual([
    ['127.0.0.1', 8085],
    ['::', 8086],
  ]);
  expect(knownWords(inspection.known)).toContain('From ss or netstat: the app listens on 8085, 8086.');
  expect(alsoWords(inspection.also)).toEqual(['6 lines of ss or netstat']);
  expect(inspection.aside.count).toBe(0);
});

test('a second connection meets the first, and gets another source port', () => {
  const entry = (port: number) =>
    `tcp      6 431999 ESTABLISHED src=10.9.0.1 dst=10.244.1.5 sport=40000 dport=${port} src=10.244.1.5 dst=10.9.0.1 sport=15006 dport=40000 [ASSURED] mark=0 use=1`;
  const packet = {
    protocol: 'tcp',
    source: '10.9.0.1',
    sourcePort: 40000,
    destination: '10.244.1.5',
    destinationPort: 5002,
    from: { interface: 'eth0' },
  };
  const made = (beside: string) => traverse(told(beside).host, packet).connections.at(-1)?.reply;
  expect(made('')?.destinationPort).toBe(40000);
  expect(made(entry(5000))).toMatchObject({ sourcePort: 15006 });
  expect(made(entry(5000))?.destinationPort).not.toBe(40000);
  // a packet of the connection itself asks no rule of nat
  const { events } = traverse(told(entry(5002)).host, { ...packet, flags: ['ACK'] });
  expect(JSON.stringify(events)).not.toContain('ISTIO_INBOUND');
  expect(knownWords(told(entry(5000)).inspection.known)).toContain(
    'From conntrack: 1 connection, which a new one meets.',
  );
});

test('settings and sets are the pod’s', () => {
  const { inspection, host } = told(
    'net.ipv4.ip_forward = 1\nName: allowed\nType: hash:ip\nHeader: family inet\nMembers:\n10.0.0.1\n',
  );
  expect(host.sysctls).toMatchObject({ 'net.ipv4.ip_forward': 1 });
  expect(host.sets).toMatchObject({ allowed: { type: 'hash:ip', members: ['10.0.0.1'] } });
  expect(alsoWords(inspection.also)).toEqual(['5 lines of ipset', '1 line of sysctl']);
  expect(inspection.aside.count).toBe(0);
});

const ofSave =
  'create own hash:ip family inet hashsize 1024\nadd own 10.0.0.1\ncreate all list:set size 8\nadd all own';
const ofList =
  'Name: own\nType: hash:ip\nHeader: family inet\nMembers:\n10.0.0.1\n\nName: all\nType: list:set\nHeader: size 8\nMembers:\nown';

test.each([
  ['ipset save', ofSave],
  ['ipset save, behind its command', `$ ipset save\n${ofSave}`],
  ['ipset list', ofList],
])('%s: a rule asks the sets as they are, and lists in them', (_, beside) => {
  const rules = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set all src -j DROP\nCOMMIT\n';
  const { inspection, pod } = inspect(`${rules}${beside}`);
  expect(inspection.aside.count).toBe(0);
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('there is no scenario');
  const { host } = podOfScenario(scenario, {}, pod).pod;
  const ends = ['10.0.0.1', '10.0.0.2'].map((source) => {
    const packet = {
      protocol: 'tcp',
      source,
      sourcePort: 40000,
      destination: '10.244.1.5',
      destinationPort: 8080,
      from: { interface: 'eth0' },
    };
    return traverse(host, packet).outcome.kind;
  });
  expect(ends).toEqual(['dropped', 'delivered']);
});

test('Istio’s own commands of TPROXY are not told twice', () => {
  const { host } = told('ip rule add fwmark 1337 lookup 133\nip route add local default dev lo table 133');
  expect(host.rules?.filter(({ table }) => table === '133')).toHaveLength(1);
  expect(host.routes?.filter(({ table }) => table === '133')).toHaveLength(1);
  // a command that adds one route tells of no other
  expect(
    host.routes?.some(({ destination, table }) => destination === 'default' && table === undefined),
  ).toBe(true);
});
