/** What each option does to every packet that opens a connection, as its page tells it. */
import { expect, test } from 'vitest';
import { packetsEndingOtherwise } from '../../../src/handbook/tables/index.ts';
import { type OptionName, optionNames } from '../../../src/istio/index.ts';
import { optionPacketsWords } from '../../../src/words/index.ts';

const answers = new Map(optionNames.map((name) => [name, packetsEndingOtherwise(name)]));
const rowsOf = (name: OptionName) =>
  (answers.get(name) ?? []).map(
    ({ where, sets, without, with: withIt }) => `${where}: ${sets.join('; or ')} | ${without} | ${withIt}`,
  );

test('each option is answered, and only one of them gives the pod other addresses', () => {
  expect(optionNames.filter((name) => answers.get(name) === null)).toEqual(['enableIPv6']);
});

test('those under which every packet ends as before', () => {
  expect(optionNames.filter((name) => answers.get(name)?.length === 0)).toEqual([
    'inboundTProxyMark',
    'inboundTProxyRouteTable',
    // The pod has no interface but lo and eth0.
    'rerouteVirtualInterfaces',
    'excludeInterfaces',
    'dnsServersV6',
    'dnsConntrackZone',
    // What is invalid opens no connection.
    'dropInvalid',
    'dualStack',
    // Both of Istio's back ends do the same.
    'nativeNftables',
  ]);
});

test('an excluded port, out and in', () => {
  expect(rowsOf('outboundPortsExclude')).toEqual([
    'from a process of the pod: TCP, from 10.244.1.5, to an address that is not its own, port 3306, any uid but 1337, any gid but 1337 | delivered to 127.0.0.1:15001, Envoy | sent by eth0 to 203.0.113.10:3306',
    // Envoy's own call to the pod's address is not led to its inbound side either.
    'from a process of the pod: TCP, from any address but 127.0.0.6, to an own address but 127.0.0.1, port 3306, uid 1337 | delivered to 127.0.0.1:15006, Envoy | refused at 10.244.1.5:3306, where nobody listens',
  ]);
  expect(rowsOf('inboundPortsExclude')).toContain(
    'in by eth0: TCP, from an address that is not its own, to 10.244.1.5, port 9100 | delivered to 10.244.1.5:15006, Envoy | delivered to 10.244.1.5:9100, app',
  );
});

test('how many there are is told first', () => {
  expect([null, 0, 1, 2].map(optionPacketsWords)).toEqual([
    'With it the pod has other addresses, so that its packets are others.',
    'Every packet that opens a connection ends as without it.',
    'Of all packets that open a connection, 1 kind ends otherwise; every other ends as without it.',
    'Of all packets that open a connection, 2 kinds end otherwise; every other ends as without it.',
  ]);
});
