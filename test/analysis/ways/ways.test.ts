/** All ways through a host, as sets of packets: what is said of a set is so for each packet of it. */
import { describe, expect, test } from 'vitest';
import {
  bypass,
  deadRules,
  packetsThatDiffer,
  reach,
  type Survey,
  survey,
} from '../../../src/analysis/index.ts';
import { entrancesOf, waysOf } from '../../../src/analysis/ways/index.ts';
import { type Options, portOf, rulesFor, type Workload } from '../../../src/istio/index.ts';
import { podOf } from '../../../src/journey/index.ts';
import { addressValue, type Host, parseNft, parseRuleset, traverse } from '../../../src/netfilter/index.ts';
import { deadRuleWords, packetsWords } from '../../../src/words/index.ts';
import { Draw } from '../../kernel/draw.ts';
import { seedOf } from '../../long/seed.ts';
import { faultsOf, faultsOfBatch, nothingCounted, signatureOf } from './compare-ways.ts';

const workload: Workload = {
  addresses: ['10.244.1.5/24', 'fd00::5/64'],
  uid: 1000,
  gid: 1000,
  ports: [{ port: 8080 }],
  services: [],
  outboundTrafficPolicy: 'ALLOW_ANY',
};

function hostUnder(options: Partial<Options> = {}, release = '1.31'): Host {
  return podOf(release, options, workload).host;
}

const seed = seedOf(process.env);

describe('the sidecar', () => {
  const found = survey(hostUnder());

  function matched(position: number): readonly string[] {
    const rule = { family: 'v4', table: 'nat', chain: 'ISTIO_OUTPUT', position } as const;
    return reach(found, rule).matched.flatMap(packetsWords);
  }

  test('each rule of ISTIO_OUTPUT is matched by these packets and no others', () => {
    expect(found.isWhole).toBe(true);
    expect(found.open).toEqual([]);
    expect([1, 2, 3, 7, 9].map(matched)).toEqual([
      ['from 127.0.0.6, to an own address'],
      ['TCP, from any address but 127.0.0.6, to an own address but 127.0.0.1, any port but 15008, uid 1337'],
      ['from any address but 127.0.0.6, to an own address, any uid but 1337'],
      ['from 10.244.1.5, to an address that is not its own, any uid but 1337, gid 1337'],
      ['from 10.244.1.5, to an address that is not its own, any uid but 1337, any gid but 1337'],
    ]);
  });

  test('rules 5, 6 and 8 match nothing; 8 is asked only about what does not leave over lo', () => {
    expect(deadRules(found).map(({ position, takenBy, rare }) => [position, takenBy, rare])).toEqual([
      [5, [1, 2, 3, 4], []],
      [6, [1, 2, 3, 4], []],
      [8, [1, 2, 3, 4, 7], ['bound']],
    ]);
    const eighth = reach(found, { family: 'v4', table: 'nat', chain: 'ISTIO_OUTPUT', position: 8 });
    expect(eighth.asked.flatMap(packetsWords)).toEqual([
      'from 10.244.1.5, to an address that is not its own, any uid but 1337, any gid but 1337',
    ]);
    expect(deadRuleWords({ takenBy: [1, 2], rare: [] })).toBe(
      'No packet matches it here: rules 1 and 2 take before it what it would match.',
    );
    expect(deadRuleWords({ takenBy: [], rare: [] })).toBe(
      'No packet matches it here: none that it asks for comes to its chain.',
    );
  });

  test.each([
    ['DNS capture', { redirectDNS: true, captureAllDNS: true }],
    ['a loopback range that is included', { outboundIPRangesInclude: '127.0.0.0/8' }],
  ])('5 and 8 come alive with %s', (_, options) => {
    const host = hostUnder(options);
    const rules = rulesFor('1.31', options);
    const dead = deadRules(survey(host)).map(
      (rule) =>
        rules.roles.find(
          (placed) =>
            placed.family === rule.family && placed.chain === rule.chain && placed.position === rule.position,
        )?.role,
    );
    expect(dead).not.toContain('output.proxy-self-call-gid');
    expect(dead).not.toContain('output.loopback');
  });

  test('what goes past Envoy, by the rule that lets it by', () => {
    const ports = { inbound: portOf('envoy-inbound'), outbound: portOf('envoy-outbound') };
    const holes = bypass(found, ports).filter(({ decided }) => decided?.family !== 'v6');
    const said = holes
      .filter(({ packets }) => packets.entrance.kind === 'interface')
      .flatMap(({ decided, packets }) =>
        packetsWords(packets).map((set) => [decided?.position ?? null, set]),
      );
    expect(said).toContainEqual([2, 'TCP, from an address that is not its own, to 10.244.1.5, port 15090']);
    expect(said).toContainEqual([
      null,
      'any protocol but TCP, from an address that is not its own, to 10.244.1.5',
    ]);
  });

  describe('an excluded port', () => {
    const excluded = survey(hostUnder({ outboundPortsExclude: '5432' }));
    const differences = packetsThatDiffer(found, excluded);

    const ending = differences?.cases.filter(({ kind }) => kind === 'ends otherwise') ?? [];

    test('changes the end of these packets: an app’s that leave, and a call of Envoy to its own pod', () => {
      expect(differences?.isWhole).toBe(true);
      expect(ending.flatMap(({ packets }) => packetsWords(packets))).toEqual([
        'TCP, from 10.244.1.5, to an address that is not its own, port 5432, any uid but 1337, any gid but 1337',
        'TCP, from any address but 127.0.0.6, to an own address but 127.0.0.1, port 5432, uid 1337',
      ]);
    });

    test('is decided by other rules for others, all of this port; where a rule stands is no difference', () => {
      expect(ending[0]?.parting.map((rule) => rule?.position)).toEqual([9, 1]);
      for (const { boxes } of differences?.cases ?? [])
        for (const box of boxes) expect(box.get('destinationPort')).toEqual([[5432n, 5432n]]);
      expect(packetsThatDiffer(found, found)?.cases).toEqual([]);
    });

    test('every example fares so, as the engine has it', () => {
      for (const { packets, traversals } of ending) {
        const walked = [found, excluded].map(({ host }) => traverse(host, packets.example).outcome);
        expect(traversals.map(({ outcome }) => outcome)).toEqual(walked);
        expect(walked[0]).not.toEqual(walked[1]);
      }
    });
  });

  test.each(['v4', 'v6'] as const)('a host that does not name lo has it: %s', (family) => {
    const { rulesets, sockets = [] } = hostUnder();
    const host = { rulesets, sockets, interfaces: [{ name: 'eth0', addresses: workload.addresses }] };
    const { ways } = waysOf(host, family, { kind: 'process' });
    // rules have 127.0.0.1 alone
    const own = { v4: '127.0.0.2', v6: '::1' }[family];
    const value = addressValue(own);
    const toItself = ways.filter(({ packets }) =>
      packets.get('destination')?.some(([first, last]) => first <= value && value <= last),
    );
    expect(toItself.length).toBeGreaterThan(4);
    for (const { example } of toItself)
      expect(signatureOf(traverse(host, { ...example, destination: own }))).toBe(
        signatureOf(traverse(host, example)),
      );
  });

  test('with other addresses they are not compared', () => {
    const host = hostUnder();
    const other = { ...host, interfaces: [{ name: 'eth0', addresses: ['10.0.0.2/24'] }] };
    expect(packetsThatDiffer(found, survey(other))).toBe(null);
  });
});

test.each<[string, Partial<Options>, string]>([
  ['the defaults', {}, '1.31'],
  ['an old release', {}, '1.10'],
  ['TPROXY', { inboundInterceptionMode: 'TPROXY', enableIPv6: true }, '1.31'],
  ['DNS capture', { redirectDNS: true, captureAllDNS: true, enableIPv6: true }, '1.31'],
  [
    'lists',
    { outboundIPRangesInclude: '10.0.0.0/8', inboundPortsInclude: '80', ownerGroupsExclude: '2000' },
    '1.31',
  ],
])('%s: every packet of a set goes its way', (_, options, release) => {
  const host = hostUnder(options, release);
  for (const family of ['v4', 'v6'] as const)
    expect(faultsOf(host, family, new Draw(seed), 4, nothingCounted())).toEqual([]);
});

test(`random rules, seed ${seed}: every packet of a set goes its way`, () => {
  const counted = nothingCounted();
  const faults = [seed, seed + 1, seed + 2].flatMap((one) => faultsOfBatch(one, one % 1000, counted, 2));
  expect(faults).toEqual([]);
  expect(counted.packets).toBeGreaterThan(300);
  expect(counted.anywhere).toBeGreaterThan(50);
  expect(counted.openWays / counted.ways).toBeLessThan(0.6);
});

test('the sets of one entrance have no packet in common, and miss none', () => {
  const host = hostUnder();
  const draw = new Draw(seed);
  for (const entrance of entrancesOf(host)) {
    const { ways } = waysOf(host, 'v4', entrance);
    for (let again = 0; again < 300; again++) {
      const point = new Map(
        [...draw.pick(ways).packets].map(([field, [first]]) => [field, first?.[0] ?? 0n]),
      );
      point.set('destination', BigInt(draw.below(2 ** 31)) * 2n);
      const having = ways.filter(({ packets }) =>
        [...packets].every(([field, intervals]) =>
          intervals.some(
            ([first, last]) => first <= (point.get(field) ?? 0n) && (point.get(field) ?? 0n) <= last,
          ),
        ),
      );
      expect(having.length).toBe(1);
    }
  }
});

test('more ways than the limit: what was not looked at is said, and no rule is called dead', () => {
  const { ways, unfinished } = waysOf(hostUnder(), 'v4', { kind: 'process' }, { most: 5 });
  expect(ways.length).toBe(5);
  expect(unfinished.length).toBeGreaterThan(0);
  expect(deadRules(survey(hostUnder(), { most: 5 }))).toEqual([]);
});

test('what hangs on a match that is not told apart is named, and no rule is called dead', () => {
  const { ruleset } = parseRuleset(
    '*nat\n-A OUTPUT -p tcp -m multiport --ports 80 -j RETURN\n-A OUTPUT -p tcp -j REDIRECT --to-ports 15001\nCOMMIT',
  );
  const found = survey({
    rulesets: { v4: ruleset },
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.2/24'] }],
  });
  expect(found.open).toEqual(['both ports']);
  expect(deadRules(found)).toEqual([]);
});

test('a rule that asks for a socket without any option is matched by packets of its port only', () => {
  const { ruleset } = parseRuleset(
    '*mangle\n-A INPUT -p udp -m socket -j ACCEPT\nCOMMIT\n*filter\n:INPUT DROP [0:0]\nCOMMIT',
  );
  const host: Host = {
    rulesets: { v4: ruleset },
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.2/24'] }],
    sockets: [{ protocol: 'udp', address: '10.0.0.2', port: 8080, uid: 0, gid: 0 }],
  };
  const rule = { family: 'v4', table: 'mangle', chain: 'INPUT', position: 1 } as const;
  const [matched] = reach(survey(host), rule).matched.filter(({ entrance }) => entrance.kind === 'interface');
  expect(matched === undefined ? [] : packetsWords(matched)).toEqual([
    'UDP, from an address that is not its own, to 10.0.0.2, port 8080',
  ]);
  expect(faultsOf(host, 'v4', new Draw(seed), 10, nothingCounted())).toEqual([]);
});

test('the protocol of a connection is that of its packet, also where the rest of the rule is asked of the reader', () => {
  const chain = 'type filter hook output priority 0; policy accept; ct protocol udp ct bytes > 10 accept';
  const { ruleset, problems } = parseNft(`table ip t { chain out { ${chain}; } }`);
  expect(problems).toEqual([]);
  const host: Host = {
    rulesets: { nft: ruleset },
    interfaces: [
      { name: 'lo', addresses: ['127.0.0.1/8'] },
      { name: 'eth0', addresses: ['10.0.0.2/24'] },
    ],
  };
  const rule = { family: 'v4', table: 'ip t', chain: 'out', position: 1 } as const;
  const found = survey(host);
  expect(found.open).toEqual([]);
  const said = reach(found, rule).matched.flatMap(packetsWords);
  expect(said.length).toBe(2);
  for (const one of said) expect(one).toMatch(/^UDP\b/);
  expect(faultsOf(host, 'v4', new Draw(seed), 10, nothingCounted())).toEqual([]);
});

test('a rule that depends on chance is taken both ways', () => {
  const { ruleset } = parseRuleset(
    '*nat\n-A OUTPUT -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.9:80\n-A OUTPUT -p tcp -j DNAT --to-destination 10.0.0.8:80\nCOMMIT',
  );
  const found = survey({
    rulesets: { v4: ruleset },
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.2/24'] }],
  });
  const place = (position: number) => ({ family: 'v4', table: 'nat', chain: 'OUTPUT', position }) as const;
  expect(reach(found, place(1)).matched.flatMap(packetsWords)).toEqual(
    reach(found, place(2)).matched.flatMap(packetsWords),
  );
});

test('marks that only one of two hosts tells apart are compared, too', () => {
  const hosts = [1337, 2337].map((mark): Host => {
    const { ruleset } = parseRuleset(`*filter\n-A OUTPUT -m mark --mark ${mark} -j DROP\nCOMMIT`);
    return { rulesets: { v4: ruleset }, interfaces: [{ name: 'eth0', addresses: ['10.0.0.2/24'] }] };
  });
  const [one, other] = hosts.map((host) => survey(host)) as [Survey, Survey];
  const cases = packetsThatDiffer(one, other)?.cases ?? [];
  const ending = cases.filter(({ kind }) => kind === 'ends otherwise');
  const places = ['from 10.0.0.2, to an address that is not its own', 'to an own address'];
  expect(new Set(ending.flatMap(({ packets }) => packetsWords(packets)))).toEqual(
    new Set(['0x539', '0x921'].flatMap((mark) => places.map((place) => `${place}, mark ${mark}`))),
  );
});

describe('with native nftables', () => {
  const { interfaces } = hostUnder();
  const native = rulesFor('1.31', { nativeNftables: true });
  if (native.nft === null) throw new Error('Istio 1.31 has native nftables');
  const found = survey({ ...hostUnder(), rulesets: { nft: native.nft }, interfaces });

  test('all ways are told apart', () => {
    expect(found.isWhole).toBe(true);
    expect(found.open).toEqual([]);
  });

  test('the rules that nothing matches are those of iptables, but for packets without a process', () => {
    expect(deadRules(found).map(({ chain, position, rare }) => [chain, position, rare])).toEqual([
      ['istio-output', 5, []],
      ['istio-output', 6, []],
      ['istio-output', 8, ['kernel', 'bound']],
    ]);
  });

  test('the rule that captures is matched by these packets and no others', () => {
    const table = 'inet istio-proxy-nat';
    const ninth = { family: 'v4', table, chain: 'istio-output', position: 9 } as const;
    expect(reach(found, ninth).matched.flatMap(packetsWords)).toEqual([
      'from 10.244.1.5, to an address that is not its own, any uid but 1337, any gid but 1337',
    ]);
  });

  const ended = (options: Partial<Options>) => {
    const both = [options, { ...options, nativeNftables: true }].map((one) => survey(hostUnder(one)));
    return packetsThatDiffer(both[0] as Survey, both[1] as Survey, { by: 'ends' });
  };

  test.each<[string, Partial<Options>]>([
    ['IPv6', { enableIPv6: true }],
    ['IPv6 and DNS capture', { enableIPv6: true, redirectDNS: true, captureAllDNS: true }],
  ])('every first packet ends as with iptables: %s', (_, options) => {
    expect(ended(options)).toEqual({ cases: [], isWhole: true, open: [] });
  });

  test('without IPv6, iptables has no rules for it, and nft has: those packets end otherwise', () => {
    const cases = ended({})?.cases ?? [];
    expect(cases.length).toBeGreaterThan(0);
    expect(new Set(cases.map(({ family, kind }) => `${family} ${kind}`))).toEqual(
      new Set(['v6 ends otherwise']),
    );
  });
});
