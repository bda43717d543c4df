/** The tables of the pages that teach: what they say, and that the walk makes them say it. */
import { expect, test } from 'vitest';
import { conntrackEntries, decisions } from '../../../src/handbook/tables/index.ts';

const lines = (table: Parameters<typeof decisions>[0]) =>
  decisions(table).map(({ what, rule, taken }) => `${what}: ${rule?.role}, ${taken}`);

test('who owns the socket decides about a call to a Service', () => {
  expect(lines('by owner')).toEqual([
    'the app, uid 1000, gid 1000: output.capture, Envoy, port 15001',
    'an app that runs as root, uid 0, gid 0: output.capture, Envoy, port 15001',
    'an app with a uid of the proxy’s, uid 1337, gid 1000: output.proxy-bypass, 10.96.0.7:80',
    'an app with a gid of the proxy’s, uid 1000, gid 1337: output.proxy-bypass-gid, 10.96.0.7:80',
    'Envoy, uid 1337, gid 1337: output.proxy-bypass, 10.96.0.7:80',
    'pilot-agent, uid 1337, gid 1337: output.proxy-bypass, 10.96.0.7:80',
  ]);
});

test('who sends, and from where, decides about what goes over lo', () => {
  expect(lines('over lo')).toEqual([
    'the app to the address of the pod: output.app-self-call, app, port 8080',
    'the app to 127.0.0.1: output.app-self-call, app, port 8080',
    'Envoy to the address of the pod: output.proxy-self-call, Envoy, port 15006',
    'Envoy to the address of the pod, from 127.0.0.6: output.passthrough, app, port 8080',
    'Envoy to 127.0.0.1: output.proxy-bypass, Envoy, port 15000',
    'for comparison, a remote pod to the address of the pod: inbound.capture, Envoy, port 15006',
  ]);
});

test('each rule that decides has a reason', () => {
  for (const table of ['by owner', 'over lo'] as const) {
    for (const { what, rule } of decisions(table)) expect(rule?.because, what).toBeTruthy();
  }
});

test('conntrack keeps one entry a leg, and what was rewritten stands in its answers', () => {
  expect(conntrackEntries('local-to-remote')).toEqual([
    {
      what: 'app to 10.96.0.7:80',
      original: 'src=10.244.1.5 dst=10.96.0.7 sport=40000 dport=80',
      reply: 'src=127.0.0.1 dst=10.244.1.5 sport=15001 dport=40000',
      isRewritten: true,
    },
    {
      what: 'Envoy to 10.244.2.9:9080',
      original: 'src=10.244.1.5 dst=10.244.2.9 sport=40001 dport=9080',
      reply: 'src=10.244.2.9 dst=10.244.1.5 sport=9080 dport=40001',
      isRewritten: false,
    },
  ]);
  expect(() => conntrackEntries('nowhere')).toThrow('found no scenario "nowhere"');
});
