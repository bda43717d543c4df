/** What becomes of traffic of an enrolled pod, leg by leg, over the rules of every kind of release. */
import { describe, expect, test } from 'vitest';
import {
  type AmbientChange,
  ambientScenarioNamed,
  ambientScenarios,
  bindAmbient,
  enrolledWorkload,
} from '../../src/handbook/scenarios/index.ts';
import { enrolledPodOf, journey, type Request } from '../../src/journey/index.ts';
import { lineText, mermaid, messages, stopLines } from '../../src/render/index.ts';
import { ending, outcomePhrase } from '../../src/words/index.ts';

function walked(name: string, change: AmbientChange = {}) {
  const scenario = ambientScenarioNamed(name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return bindAmbient(scenario, change).journey;
}

const lines = (name: string, change: AmbientChange = {}, replies = false): readonly string[] =>
  stopLines(walked(name, change), { replies }).map(lineText);
const becomes = (name: string, change: AmbientChange = {}): string =>
  `${outcomePhrase(walked(name, change).outcome)}. ${ending(walked(name, change))}`;

/** The source and the mark of each dialled connection. */
const dialled = (name: string, change: AmbientChange = {}) =>
  walked(name, change).legs.map(({ dialled: { source, destination, destinationPort }, passages }) => {
    const mark = passages[0]?.traversal.events[0]?.packet.mark;
    return `${source} to ${destination}:${destinationPort}${mark === undefined || mark === 0 ? '' : ` 0x${mark.toString(16)}`}`;
  });

describe('since 1.25', () => {
  test('a peer by HBONE: no rule for the tunnel, the app sees the caller, and its answer comes back over lo', () => {
    expect(lines('ambient-hbone', {}, true)).toEqual([
      'remote pod ▸ PREROUTING ▸ INPUT ▸ ztunnel :15008',
      'ztunnel :15008 ▸ OUTPUT ▸ POSTROUTING ▸ remote pod',
      'ztunnel uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 5 ▸ POSTROUTING ▸ PREROUTING ▸ mangle ISTIO_PRERT 1 ▸ INPUT ▸ app :8080',
      'app :8080 ▸ OUTPUT ▸ mangle ISTIO_OUTPUT 1 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ ztunnel uid 0',
    ]);
    expect(dialled('ambient-hbone')).toEqual([
      '10.244.2.9 to 10.244.1.5:15008',
      '10.244.2.9 to 10.244.1.5:8080 0x539',
    ]);
    expect(becomes('ambient-hbone')).toBe('through ztunnel. The app has the connection.');
  });

  test('plain text: redirected, and the app sees the caller', () => {
    expect(lines('ambient-plain-text')[0]).toBe(
      'outside client ▸ PREROUTING ▸ ISTIO_PRERT 2 ▸ INPUT ▸ ztunnel :15006',
    );
    expect(dialled('ambient-plain-text')[1]).toBe('203.0.113.10 to 10.244.1.5:8080 0x539');
    expect(becomes('ambient-plain-text-strict')).toBe(
      'refused. STRICT: ztunnel closes what comes in plain text.',
    );
  });

  test('a Service: HBONE to the pod that ztunnel chose', () => {
    expect(dialled('ambient-service')).toEqual([
      '10.244.1.5 to 10.96.0.7:80',
      '10.244.1.5 to 10.244.2.9:15008 0x539',
    ]);
    expect(becomes('ambient-service')).toBe('through ztunnel, by ISTIO_OUTPUT 6. It leaves the pod by eth0.');
    expect(dialled('ambient-waypoint')[1]).toBe('10.244.1.5 to 10.244.3.20:15008 0x539');
    expect(dialled('ambient-unknown')[1]).toBe('10.244.1.5 to 203.0.113.10:443 0x539');
  });

  test('its own Service goes through ztunnel twice, its own address and localhost not at all', () => {
    expect(dialled('ambient-own-service').slice(1)).toEqual([
      '10.244.1.5 to 10.244.1.5:15008 0x539',
      '10.244.1.5 to 10.244.1.5:8080 0x539',
    ]);
    expect(becomes('ambient-own-address')).toBe(
      'past ztunnel, by ISTIO_OUTPUT 5. The app has the connection.',
    );
    expect(becomes('ambient-localhost')).toBe('past ztunnel. The app has the connection.');
  });

  test('a probe is let pass by its address, and only by that', () => {
    expect(becomes('ambient-probe')).toBe('past ztunnel, by ISTIO_PRERT 1. The app has the connection.');
    expect(becomes('ambient-probe-lost')).toBe('refused. STRICT: ztunnel closes what comes in plain text.');
  });

  test('DNS: to ztunnel, which asks in a zone of its own; not where it is off', () => {
    expect(lines('ambient-dns')).toEqual([
      'app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 2 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ ztunnel :15053',
      'ztunnel uid 0 ▸ OUTPUT ▸ raw ISTIO_OUTPUT 1 ▸ POSTROUTING ▸ 10.96.0.53:53',
    ]);
    const off = { options: { dnsProxy: 'disabled' } };
    expect(lines('ambient-dns', off)).toEqual(['app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ 10.96.0.53:53']);
  });

  test('what no rule takes: UDP, ztunnel’s own calls, a pod in ingress mode', () => {
    expect(lines('ambient-udp')).toEqual(['app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ 203.0.113.10:443']);
    expect(lines('ambient-ztunnel')).toHaveLength(1);
    expect(becomes('ambient-ingress')).toBe('past ztunnel. The app has the connection.');
  });

  test('no ztunnel: what is captured is refused, and 1337 is no way round it', () => {
    expect(becomes('ambient-ztunnel-missing')).toBe(
      'refused. Refused: no tcp socket listens on 127.0.0.1:15001.',
    );
    expect(lines('ambient-proxy-uid')[0]).toContain('ISTIO_OUTPUT 6');
  });

  test('a virtual machine in the pod is captured where its interface is named', () => {
    expect(lines('ambient-guest')[0]).toBe(
      'virtual machine ▸ PREROUTING ▸ ISTIO_PRERT 1 ▸ INPUT ▸ ztunnel :15001',
    );
    expect(dialled('ambient-guest')[1]).toBe('10.244.1.5 to 10.244.2.9:15008 0x539');
    const none = { options: { virtualInterfaces: '' } };
    expect(lines('ambient-guest', none)[0]).toContain('ztunnel :15006');
  });
});

describe('older releases', () => {
  test('until 1.23 TPROXY hands over both a tunnel and plain text, unchanged', () => {
    for (const release of ['1.21', '1.22', '1.23.0', '1.23']) {
      expect(lines('ambient-hbone', { release })[0], release).toBe(
        'remote pod ▸ PREROUTING ▸ mangle ISTIO_PRERT 4 ▸ INPUT ▸ ztunnel :15008',
      );
      expect(lines('ambient-plain-text', { release })[0], release).toBe(
        'outside client ▸ PREROUTING ▸ mangle ISTIO_PRERT 6 ▸ INPUT ▸ ztunnel :15006',
      );
      expect(becomes('ambient-probe', { release }), release).toContain('past ztunnel');
    }
  });

  test('every release takes the same requests to the same end', () => {
    const releases = ['1.21', '1.22', '1.23.0', '1.23', '1.24', '1.25', '1.28', '1.29', '1.31'];
    // Not known to all of them: DNS needs the zone of 1.24, ingress mode and virtual interfaces came later.
    const known = ambientScenarios.filter(({ name }) => !/dns|ingress|guest/.test(name));
    for (const { name } of known)
      for (const release of releases)
        expect(becomes(name, { release }).replace(/, by [^.]*/, ''), `${release} ${name}`).toBe(
          becomes(name).replace(/, by [^.]*/, ''),
        );
  });
});

describe('IPv6', () => {
  const workload = { ...enrolledWorkload, addresses: ['fd00::5/64'], peers: [], services: [] };
  const pod = (release = '1.31') => enrolledPodOf(release, {}, workload);
  const legsOf = (request: Request, release?: string) =>
    stopLines(journey(pod(release), request), { replies: false }).map(lineText);
  const peer = { name: 'peer', address: 'fd00::9' };

  test('goes the same ways since 1.23', () => {
    const request: Request = { from: peer, address: 'fd00::5', port: 15008, path: '[fd00::5]:8080' };
    expect(legsOf(request)).toEqual([
      'peer ▸ PREROUTING ▸ INPUT ▸ ztunnel :15008',
      'ztunnel uid 0 ▸ OUTPUT ▸ ISTIO_OUTPUT 5 ▸ POSTROUTING ▸ PREROUTING ▸ mangle ISTIO_PRERT 1 ▸ INPUT ▸ app :8080',
    ]);
    expect(legsOf({ from: peer, address: 'fd00::5', port: 8080 })[0]).toContain('ztunnel :15006');
    expect(legsOf({ from: { process: 'app' }, address: '2001:db8::1', port: 443 })).toEqual([
      'app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 6 ▸ POSTROUTING ▸ PREROUTING ▸ INPUT ▸ ztunnel :15001',
      'ztunnel uid 0 ▸ OUTPUT ▸ POSTROUTING ▸ [2001:db8::1]:443',
    ]);
  });

  test('is not captured before', () => {
    expect(legsOf({ from: { process: 'app' }, address: '2001:db8::1', port: 443 }, '1.22')).toEqual([
      'app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ [2001:db8::1]:443',
    ]);
  });
});

describe('what ztunnel closes', () => {
  const pod = enrolledPodOf('1.31', {}, enrolledWorkload);
  const said = (request: Request) => ending(journey(pod, request));
  const peer = { name: 'peer', address: '10.244.2.9' };
  const to = { address: '10.244.1.5' };

  test.each([
    [
      { from: peer, ...to, port: 15008, path: '10.244.1.5:15006' },
      'ztunnel would call itself, and closes the connection.',
    ],
    [{ from: peer, ...to, port: 15006 }, 'ztunnel would call itself, and closes the connection.'],
    [
      { from: peer, ...to, port: 15008 },
      'Nothing asks for a port of the app through the tunnel, so ztunnel closes it.',
    ],
    [
      { from: { process: 'app' }, ...to, port: 15001 },
      'ztunnel would call itself, and closes the connection.',
    ],
    [
      { from: { process: 'app' }, address: '10.96.0.7', port: 81 },
      'ztunnel knows no endpoint of reviews for this port and closes the connection.',
    ],
  ] as const)('%o', (request, expected) => {
    expect(said(request)).toBe(expected);
  });

  test('a port that nobody listens on is accepted, and then refused to ztunnel', () => {
    const { legs, outcome } = journey(pod, { from: peer, ...to, port: 9999 });
    expect(legs).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: 'refused', leg: 1, by: 'no listener' });
  });
});

describe('a probe, over its node and in its pod', () => {
  test.each([
    ['1.22', {}],
    ['1.31', {}],
    ['1.31', { nativeNftables: true }],
    ['1.31', { hostProbeSNATAddress: '10.9.9.9' }],
  ] as const)('%s, %o: one way, in the order in which its packets go', (release, options) => {
    const told = lines('ambient-probe', { release, options }, true);
    expect(told).toHaveLength(4);
    expect(told[0]).toMatch(/^kubelet uid 0 ▸ OUTPUT ▸ POSTROUTING ▸ .* 1 ▸ 10\.244\.1\.5:8080$/);
    expect(told[1]).toMatch(/^kubelet ▸ PREROUTING ▸ .* ▸ app :8080$/);
    expect(told[2]).toMatch(/^app :8080 ▸ .* ▸ kubelet$/);
    expect(told[3]).toMatch(/^10\.244\.1\.5:8080 ▸ .* ▸ kubelet uid 0$/);
    const { legs, outcome } = walked('ambient-probe', { release, options });
    expect(legs.map(({ node }) => node !== undefined)).toEqual([true, false]);
    expect(outcome).toMatchObject({ kind: 'past ztunnel', leg: 1, decided: { leg: 1 } });
    // What the node has made of the source is what the pod sees.
    const left = legs[0]?.passages[0]?.traversal.events.at(-1)?.packet;
    expect(left?.source).toBe(legs[1]?.dialled.source);
  });

  test('in each diagram the packet goes on from the node’s kernel into the pod’s, and back', () => {
    const journey = walked('ambient-probe');
    for (const level of ['overview', 'detail'] as const) {
      const all = messages(journey, level, { replies: true });
      for (const [at, message] of all.entries())
        expect(message.from).toEqual(all[at - 1]?.to ?? message.from);
      const crossing = all.filter(
        ({ from, to }) => from.kind !== 'process' && to.kind !== 'process' && 'on' in from !== 'on' in to,
      );
      expect(crossing.map(({ isReply }) => isReply)).toEqual([false, true]);
      const source = mermaid(journey, level, { replies: true });
      expect(source).toContain(`${level === 'overview' ? 'Linux kernel' : 'POSTROUTING'} of the node`);
      expect(source.match(/as kubelet/g)).toHaveLength(1);
    }
  });

  test('what the node does not give the address of probes begins in the pod', () => {
    expect(lines('ambient-probe-lost')).toHaveLength(1);
    const service = { address: '10.96.0.7', port: 80 };
    expect(lines('ambient-probe', { request: service })[0]).toMatch(/^kubelet ▸ PREROUTING/);
  });
});
