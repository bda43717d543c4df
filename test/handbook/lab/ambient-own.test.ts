/** A connection of the reader's own on pasted rules of ambient mode: of a pod, and of its node. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inspect, inspectionWords, labAfter, labWalker, newLab } from '../../../src/handbook/lab/index.ts';
import type { AmbientMeshChoice } from '../../../src/handbook/scenarios/index.ts';
import { encodePermalink, type State } from '../../../src/handbook/walk/index.ts';
import { type AmbientOptions, ambientRulesFor } from '../../../src/istio/index.ts';
import { parseNft, printNft, printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { lineText } from '../../../src/render/index.ts';

const sample = (name: string) => readFileSync(`components/lab/samples/${name}.txt`, 'utf8');
const podText = sample('ambient-pod');
const nodeText = sample('ambient-node');
const nft = (side: 'pod' | 'host') => {
  const { nft } = ambientRulesFor('1.30', { nativeNftables: true })[side];
  return nft === null ? '' : printNft(nft);
};

function lines(text: string, request: State['request'] = {}): readonly string[] {
  const inspected = inspect(text);
  const scenario = inspected.inspection.asksWith;
  if (scenario === null) throw new Error('no connection is walked on these rules');
  return labWalker(inspected).walk({ scenario, request }).lines.map(lineText);
}

describe('in a pod', () => {
  test.for([
    ['iptables', podText],
    ['nft', nft('pod')],
  ] as const)('by %s: its own call, one that comes in, and a port that nobody has told of', ([, text]) => {
    expect(lines(text)[0]).toMatch(/^app uid 1000 ▸ .* ▸ ztunnel :15001$/);
    const outside = { from: { name: 'peer', address: '203.0.113.10' }, address: '10.244.1.5', port: 9999 };
    expect(lines(text, outside)[0]).toMatch(/^peer ▸ .* ▸ ztunnel :15006$/);
    const probe = { ...outside, from: { name: 'kubelet', address: '169.254.7.127' }, port: 8080 };
    expect(lines(text, probe)).toHaveLength(1);
    const tunnel = { ...outside, port: 15008 };
    expect(lines(text, tunnel)[1]).toContain('app :8080');
    expect(lines(text, { protocol: 'udp', address: '203.0.113.20', port: 443 })).toHaveLength(1);
  });

  test('a question by IPv6 finds ztunnel where lo has IPv6, and nobody where it has none', () => {
    const rules = nft('pod');
    const request = { protocol: 'udp', address: 'fd00:10:96::53', port: 53 } as const;
    const addresses = (lo: string) =>
      `\n$ ip addr\n1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n${lo}2: eth0: <UP> mtu 1500\n    inet 10.244.1.5/24 scope global eth0\n    inet6 fd00:10:244:1::5/64 scope global\n`;
    const on = addresses('    inet6 ::1/128 scope host\n');
    for (const told of ['', on, `${on}net.ipv6.conf.lo.disable_ipv6 = 0\n`])
      expect(lines(`${rules}${told}`, request)[0]).toMatch(/ztunnel :15053$/);
    for (const told of [addresses(''), `${on}net.ipv6.conf.lo.disable_ipv6 = 1\n`]) {
      expect(lines(`${rules}${told}`, request).join()).not.toContain('ztunnel');
      expect(lines(`${rules}${told}`, { ...request, address: '10.96.0.53' })[0]).toMatch(/ztunnel :15053$/);
    }
  });

  test('a rule that somebody has added decides', () => {
    const changed = podText.replace(
      /^(-A ISTIO_OUTPUT .*\n)/m,
      '-A ISTIO_OUTPUT -d 203.0.113.20/32 -j ACCEPT\n$1',
    );
    expect(changed).not.toBe(podText);
    const request = { address: '203.0.113.20', port: 443 };
    expect(lines(podText, request)[0]).toContain('ztunnel :15001');
    const inNat = podText.replace(
      /(\*nat\n(?:.*\n)*?)(-A ISTIO_OUTPUT )/,
      '$1-A ISTIO_OUTPUT -d 203.0.113.20/32 -j ACCEPT\n$2',
    );
    expect(lines(inNat, request)[0]).toContain('203.0.113.20:443');
  });

  test('the mesh around it is the reader’s choice, and a link keeps it', () => {
    const walker = labWalker(inspect(podText));
    const plain: State = {
      scenario: 'ambient-service',
      request: { from: { name: 'peer', address: '203.0.113.10' }, address: '10.244.1.5', port: 8080 },
    };
    const strict: State = { ...plain, mesh: { peerAuthentication: 'STRICT' } };
    expect(walker.walk(plain)).toMatchObject({ arrived: true, menu: { releases: [] } });
    expect(walker.walk(strict)).toMatchObject({ arrived: false, ambient: { mesh: strict.mesh } });
    const { walked, problems } = walker.open(`#${encodePermalink(strict)}`, 'ambient-service');
    expect(problems).toEqual([]);
    expect(walked.ending).toBe('STRICT: ztunnel closes what comes in plain text.');
    const service: State = { scenario: 'ambient-service' };
    const line = (mesh: AmbientMeshChoice) => lineText(walker.walk({ ...service, mesh }).lines.at(-1) ?? []);
    expect(line({})).toContain('10.244.2.9:15008');
    expect(line({ waypoint: 'of the Service' })).toContain('10.244.3.20:15008');
    expect(line({ ztunnel: 'missing' })).toContain('refused');
  });

  test('a link that was copied there opens again, and is walked on these rules', () => {
    const walker = labWalker(inspect(podText));
    const state: State = {
      scenario: 'ambient-service',
      request: { from: { name: 'peer', address: '203.0.113.10' }, address: '10.244.1.5', port: 8080 },
    };
    const { walked, problems } = walker.open(`#${encodePermalink(state)}`, 'ambient-dns');
    expect(problems).toEqual([]);
    expect(walked.lines).toEqual(walker.walk(state).lines);
    expect(walked.scenario.experiments).toEqual([]);
  });

  test('the pod’s own address and port, where the text tells them', () => {
    const text = `${podText}\n2: eth0@if9: <BROADCAST,UP> mtu 1500\n    inet 10.9.8.7/24 scope global eth0\n`;
    const walked = labWalker(inspect(text)).walk({ scenario: 'ambient-own-address' });
    expect(walked.packets[0]?.[1].to).toContain('10.9.8.7');
    expect(walked.menu.calls.map(({ address }) => address)).toContain('10.9.8.7');
  });
});

describe('on a node', () => {
  test('the kubelet’s probe of an enrolled pod gets the address by which the pod knows it', () => {
    expect(lines(nodeText)[0]).toContain('ISTIO_POSTRT 1');
    const { packets } = labWalker(inspect(nodeText)).walk({ scenario: 'ambient-probe' });
    expect(packets.at(-1)?.[1].from).toContain('169.254.7.127');
    const { ambient } = labWalker(inspect(nodeText)).walk({ scenario: 'ambient-probe' });
    expect(ambient).not.toHaveProperty('mesh');
  });

  test('no pod is spoken of, and no proxy: what is sent goes out by the node’s interface', () => {
    const walker = labWalker(inspect(nodeText));
    for (const [address, by] of [
      ['10.244.1.5', 'cni0'],
      ['203.0.113.20', 'eth0'],
    ] as const) {
      const { ending, head } = walker.walk({ scenario: 'ambient-probe', request: { address } });
      expect(ending).toBe(`It goes out by ${by}.`);
      expect(head).toMatchObject({ says: ending, means: '' });
    }
    expect(labWalker(inspect(podText)).walk({ scenario: 'ambient-udp' }).ending).toBe(
      'It leaves the pod by eth0.',
    );
  });

  test('a pod that is not in the set keeps it away, and what is sent on has no socket', () => {
    expect(lines(nodeText, { address: '10.244.1.7' })[0]).not.toContain('ISTIO_POSTRT');
    const forwarded = { from: { name: 'pod of this node', address: '10.244.1.6' } };
    expect(lines(nodeText, forwarded)[0]).toContain('FORWARD');
    expect(lines(nodeText, forwarded)[0]).not.toContain('ISTIO_POSTRT');
  });

  test('where the members of the set are not told, the rule is asked about', () => {
    const [rules = ''] = nodeText.split(/^Name:/m);
    const inspected = inspect(rules);
    const { question } = labWalker(inspected).walk({ scenario: 'ambient-probe' });
    expect(question).toMatchObject({ chain: 'ISTIO_POSTRT', position: 1 });
  });

  describe('by nft', () => {
    const members = { v4: '10.244.1.5', v6: 'fd00:10:244:1::5' } as const;
    /** As `nft list ruleset` prints a node's rules, with a pod in each set; made of what Istio hands over. */
    const listed = (release: string, options: Partial<AmbientOptions> = {}) => {
      const { host, sets } = ambientRulesFor(release, { nativeNftables: true, ...options });
      const filled = sets.map(
        ({ name, family, table, made }) =>
          `${made}\nadd element inet ${table} ${name} { ${members[family]} }\n`,
      );
      const [table = '', flushed = '', ...rules] = (host.text.nft ?? '').split(/(?<=\n)/);
      expect([table, flushed]).toEqual([
        'add table inet istio-ambient-nat\n',
        'flush table inet istio-ambient-nat\n',
      ]);
      return printNft(parseNft([table, ...filled, ...rules].join('')).ruleset);
    };
    const text = listed('1.30');
    const dualStack = `${text}
$ ip addr
2: eth0: <BROADCAST,UP> mtu 1500
    inet 192.0.2.10/24 scope global eth0
3: cni0: <BROADCAST,UP> mtu 1500
    inet 10.244.1.1/24 scope global cni0
    inet6 fd00:10:244:1::1/64 scope global
`;
    const found = (given: string) => inspect(given).inspection;
    const sourceOf = (given: string, request: State['request'] = {}) =>
      labWalker(inspect(given)).walk({ scenario: 'ambient-probe', request }).packets.at(-1)?.[1].from;
    const rule = /\t\tmeta l4proto tcp meta skuid 0 ip daddr .*\n/;

    test('a node is told from a pod, and its releases and options are', () => {
      const { recognised, ambient, findings, asksWith, walks } = found(text);
      expect(recognised[0]).toMatchObject({ kind: 'ambient node' });
      expect(ambient).toMatchObject({
        side: 'node',
        releases: ['1.28', '1.29', '1.30', '1.31'],
        options: { nativeNftables: true },
        missing: [],
        foreign: [],
      });
      expect([findings, asksWith, walks]).toEqual([[], 'ambient-probe', []]);
      const { summary } = inspectionWords(found(text));
      expect(summary).toMatch(/^These are the rules of a node in ambient mode: .* Istio 1\.28 to 1\.31 /);
      const pod = found(nft('pod'));
      expect(pod.recognised[0]).toMatchObject({ kind: 'ambient pod' });
      expect(pod.ambient).toMatchObject({ side: 'pod', releases: ['1.28', '1.29', '1.30', '1.31'] });
      expect(inspectionWords(pod).summary).toMatch(/^This pod is in ambient mode/);
      expect([pod.asksWith, pod.walks === null]).toEqual(['ambient-service', false]);
    });

    test.for([
      [{ hostProbeSNATAddress: '169.254.9.9' }, '169.254.9.9:40000'],
      [{ kubeletUID: '999' }, '10.244.1.1:40000'],
    ] as const)('another setting is told, and decides: %o', ([options, source]) => {
      const other = listed('1.30', options);
      expect(found(other).ambient).toMatchObject({ options, missing: [], foreign: [] });
      expect(sourceOf(other)).toBe(source);
    });

    test('the kubelet alone gets the address, by its uid, in both families, and to members of the set alone', () => {
      const walked = (request: State['request'] = {}) => [
        lines(dualStack, request)[0],
        sourceOf(dualStack, request),
      ];
      const other = { name: 'a process of the node', uid: 1000, gid: 1000 };
      const [first, second] = ['1', '2'].map((at) => `inet istio-ambient-nat postrouting ${at}`);
      expect(walked()).toEqual([
        `kubelet uid 0 ▸ OUTPUT ▸ POSTROUTING ▸ ${first} ▸ 10.244.1.5:8080`,
        '169.254.7.127:40000',
      ]);
      expect(walked({ address: members.v6 })).toEqual([
        `kubelet uid 0 ▸ OUTPUT ▸ POSTROUTING ▸ ${second} ▸ [${members.v6}]:8080`,
        '[fd16:9254:7127:1337:ffff:ffff:ffff:ffff]:40000',
      ]);
      expect(walked({ from: other })).toEqual([
        'a process of the node uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ 10.244.1.5:8080',
        '10.244.1.1:40000',
      ]);
      expect(walked({ address: '10.244.1.7' })[1]).toBe('10.244.1.1:40000');
      expect(walked({ from: { name: 'pod of this node', address: '10.244.1.6' } })).toEqual([
        'pod of this node ▸ PREROUTING ▸ FORWARD ▸ POSTROUTING ▸ 10.244.1.5:8080',
        '10.244.1.6:40000',
      ]);
    });

    test.for([
      ['a rule that is gone', (all: string) => all.replace(rule, ''), 'ambient.rules-missing', 'node.probe'],
      [
        'that of IPv6, whose set is there',
        (all: string) => all.replace(/\t\t.* ip6 daddr .*\n/, ''),
        'ambient.rules-missing',
        'node.probe',
      ],
      [
        'a masquerade before it',
        (all: string) => all.replace(rule, '\t\tcounter masquerade\n$&'),
        'ambient.rules-foreign',
        null,
      ],
    ] as const)('%s is found', ([, change, id, role]) => {
      const changed = change(text);
      expect(changed).not.toBe(text);
      expect(found(changed).findings).toMatchObject([{ id, side: 'node', count: 1, first: { role } }]);
    });

    test('what is found decides', () => {
      expect(sourceOf(text.replace(rule, ''))).toBe('10.244.1.1:40000');
      expect(sourceOf(text.replace(rule, '\t\tcounter masquerade\n$&'))).toBe('10.244.1.1:40000');
    });
  });
});

test('a text that tells a part of the rules is not walked on', () => {
  const { v4 } = ambientRulesFor('1.30').pod;
  const [first] = withBuiltInChains(v4).tables;
  if (first === undefined) throw new Error('no table');
  const { inspection } = inspect(printRuleset({ family: 'v4', tables: [first] }));
  expect(inspection.asksWith).toBeNull();
});

test('the lab begins with a call that such a pod makes', () => {
  const { inspection } = inspect(podText);
  const reading = labAfter(newLab, { kind: 'put', text: podText });
  const words = {} as never;
  const ready = labAfter(reading, { kind: 'inspection', number: 1, inspection, words });
  expect(ready.own?.state).toEqual({ scenario: 'ambient-service' });
});

describe('what a text tells of ambient mode beside rules that are not', () => {
  const described =
    'Name: app-1\nNamespace: shop\nAnnotations: ambient.istio.io/redirection: enabled\nStatus: Running\n\n';
  const empty =
    '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n';
  const said = (text: string) => inspectionWords(inspect(text).inspection);

  test.for(['', empty])(
    'a pod that is enrolled and shows no rule of it is not told to be as it should be',
    (rules) => {
      const { summary, next } = said(`${described}${rules}`);
      expect(summary).toContain('This pod is in ambient mode');
      expect(next).toMatch(/^Paste what .* print in the pod\. If there is no rule of ambient mode among it/);
      expect(next).not.toContain('as they are');
      expect(said(`${described}${podText}`).next).not.toMatch(/^Paste/);
    },
  );

  test('the rules of a sidecar: nobody says that there is none', () => {
    const sidecar = readFileSync('components/lab/sample.iptables-save.txt', 'utf8');
    const { summary, alsoOf } = said(`${described}${sidecar}`);
    expect(summary).toMatch(/^One part of this text says .* they may be of two pods\./);
    expect(summary).not.toContain('no sidecar');
    expect(alsoOf).toContain('sidecar');
  });
});
