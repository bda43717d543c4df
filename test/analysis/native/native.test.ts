/** A sidecar's native rules in the lab: whose they are, and where they differ from Istio's. */
import { describe, expect, test } from 'vitest';
import { type Finding, listedText } from '../../../src/analysis/index.ts';
import { inspect } from '../../../src/handbook/lab/index.ts';
import { type RulesOptions, releases, rulesFor } from '../../../src/istio/index.ts';
import { parseNft, printNft, printNftRule } from '../../../src/netfilter/index.ts';
import { summary } from '../../../src/words/index.ts';
import { nativeCases } from '../../istio/cases/native.ts';

const inspected = (text: string) => inspect(text).inspection;
const idsOf = (text: string) => inspected(text).findings.map(({ id }: Finding) => id);

function dump(release: string, options: Parameters<typeof rulesFor>[1] = {}): string {
  const { nft, problems } = rulesFor(release, { ...options, nativeNftables: true });
  expect(nft, JSON.stringify(problems)).not.toBeNull();
  return nft === null ? '' : printNft(nft);
}

test('what the builder writes is compared in the words in which nft lists it', () => {
  let rules = 0;
  for (const { release, options, listed } of nativeCases()) {
    const ours = rulesFor(release, { ...options, nativeNftables: true }).nft;
    const theirs = parseNft(listed).ruleset;
    for (const [at, table] of theirs.tables.entries())
      for (const [place, chain] of table.chains.entries())
        for (const [position, rule] of chain.rules.entries()) {
          const own = ours?.tables[at]?.chains[place]?.rules[position];
          expect(own && listedText(own)).toBe(printNftRule(rule));
          expect(listedText(rule)).toBe(printNftRule(rule));
          rules++;
        }
  }
  expect(rules).toBeGreaterThan(1000);
});

describe('what nft lists is told by its release and options', () => {
  test('of Istio’s own cases every one', () => {
    const told = nativeCases().map(({ release, name, listed }) => {
      const { identified, findings } = inspected(listed);
      const [main] = identified;
      const minor = release.split('.').slice(0, 2).join('.');
      // A patch is told where its minor does not make these rules.
      const isOfIt = main?.releases.some((one) => one === minor || one === release) === true;
      const isMissing = findings.some(({ id }) => id === 'nft.rules-missing');
      return {
        name: `${release} ${name}`,
        isFound: main?.missing === 0 && main.foreign === 0 && isOfIt && !isMissing,
      };
    });
    expect(told.filter(({ isFound }) => !isFound).map(({ name }) => name)).toEqual([]);
  });

  test('what was brought back to a minor is told by the patch, and by that alone', () => {
    const options = { inboundInterceptionMode: 'TPROXY', inboundPortsInclude: '' } as const;
    expect(summary(inspected(dump('1.27.4', options)))).toMatch(
      /^These are the rules of Istio 1\.27\.4 with/,
    );
    const [usual] = inspected(dump('1.27.4')).identified;
    expect(usual?.releases).toEqual(['1.27']);
  });

  test.for([
    ['the defaults', {}],
    ['the CNI plugin', { cni: true }],
    ['DNS of all servers', { redirectDNS: true, captureAllDNS: true }],
    ['DNS of two', { redirectDNS: true, dnsServersV4: ['10.96.0.10', '169.254.20.10'] }],
    ['both families', { enableIPv6: true, outboundIPRangesExclude: '10.1.0.0/16,fd00:1::/64' }],
    ['TPROXY', { inboundInterceptionMode: 'TPROXY', inboundTProxyMark: '2337' }],
    ['other ports', { proxyPort: '25001', inboundCapturePort: '25006', inboundTunnelPort: '25008' }],
    ['other users', { proxyUID: '1000650001', proxyGID: '1000650001', ownerGroupsExclude: '888' }],
    ['groups', { ownerGroupsInclude: '202,203' }],
    ['interfaces', { excludeInterfaces: 'net1,net2', rerouteVirtualInterfaces: 'net3,net4' }],
    ['ranges', { outboundIPRangesInclude: '10.96.0.0/12,10.1.2.3/32', outboundPortsInclude: '8443' }],
    ['ports', { inboundPortsInclude: '8080,8443', outboundPortsExclude: '3306' }],
    ['dropInvalid', { dropInvalid: true, hostIPv4LoopbackCidr: '127.0.0.0/8' }],
  ] as const)('%s', ([, options]) => {
    for (const release of ['1.27', '1.28', '1.31']) {
      const { identified, findings, recognised } = inspected(dump(release, options));
      expect(recognised[0].kind).toBe('native nftables');
      expect(identified).toMatchObject([{ family: 'inet', missing: 0, foreign: 0, chains: [] }]);
      expect(identified[0]?.releases).toContain(release);
      const { nativeNftables, ...told }: RulesOptions = identified[0]?.options ?? {};
      expect(nativeNftables).toBe(true);
      expect(told).toEqual(options);
      expect(
        findings.filter(({ id }) => id !== 'nft.other-listener' && !id.startsWith('nft.nothing')),
      ).toEqual([]);
    }
  });

  test('in a sentence', () => {
    expect(summary(inspected(dump('1.30', { outboundPortsExclude: '3306' })))).toMatch(
      /^These are the rules of Istio 1\.28 to 1\.31 with native nftables and outboundPortsExclude 3306\./,
    );
  });
});

test('every form in which nft prints them: handles, numbers, JSON by line and by jq', () => {
  const [text] = nativeCases()
    .filter(({ release, name }) => release.startsWith('1.3') && name.includes('dns'))
    .map(({ listed }) => listed);
  const { ruleset } = parseNft(text ?? '');
  let handle = 1;
  const numbered = {
    tables: ruleset.tables.map((table) => ({
      ...table,
      handle: handle++,
      chains: table.chains.map((chain) => ({
        ...chain,
        handle: handle++,
        rules: chain.rules.map((rule) => ({ ...rule, handle: handle++ })),
      })),
    })),
  };
  const json = { nftables: [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, ...asJson] };
  const plain = inspected(dump('1.30'));
  for (const form of [
    printNft(numbered, { handles: true }),
    text?.replaceAll('counter', 'counter packets 7 bytes 420'),
  ])
    expect(inspected(form ?? '').identified).toEqual(inspected(text ?? '').identified);
  for (const form of [JSON.stringify(json), JSON.stringify(json, null, 2)]) {
    const { recognised, read } = inspected(`$ nft -j list ruleset\n${form}\n`);
    expect(recognised[0]).toMatchObject({ kind: 'native nftables', owner: null });
    expect(read).toMatchObject([{ family: 'nft', tables: 1, chains: 1, rules: 1 }]);
  }
  expect(plain.read).toMatchObject([{ family: 'nft', tables: 1 }]);
});

const asJson = [
  { table: { family: 'inet', name: 'istio-proxy-nat', handle: 1 } },
  { chain: { family: 'inet', table: 'istio-proxy-nat', name: 'istio-redirect', handle: 4 } },
  {
    rule: {
      family: 'inet',
      table: 'istio-proxy-nat',
      chain: 'istio-redirect',
      handle: 9,
      expr: [
        { match: { op: '==', left: { meta: { key: 'l4proto' } }, right: 'tcp' } },
        { counter: { packets: 0, bytes: 0 } },
        { redirect: { port: 15001 } },
      ],
    },
  },
];

describe('findings', () => {
  const text = dump('1.30');
  const redirect = '\t\tcounter jump istio-redirect\n';

  test('a rule of nobody’s, with the handle to delete', () => {
    const [finding] = inspected(
      text.replace(redirect, `\t\ttcp dport 443 accept # handle 77\n${redirect}`),
    ).findings;
    expect(finding).toMatchObject({
      id: 'nft.rule-foreign',
      at: { table: 'istio-proxy-nat', chain: 'istio-output', position: 9 },
      rule: 'tcp dport 443 accept',
      effect: 'passes by Envoy',
      handle: 77,
    });
  });

  test('a missing rule has its role, and the place to insert', () => {
    const [finding] = inspected(text.replace('\t\tmeta skuid 1337 counter return\n', '')).findings;
    expect(finding).toMatchObject({
      id: 'nft.rule-missing',
      role: 'output.proxy-bypass',
      at: { chain: 'istio-output', position: 4 },
      before: { index: 3 },
    });
  });

  test('a part of the rules is told as a part, whatever stands there', () => {
    const [part = ''] = /\tchain istio-output \{[^}]*\}\n/.exec(text) ?? [];
    const { findings, isCompared } = inspected(`table inet istio-proxy-nat {\n${part}}\n`);
    expect([findings.map(({ id }) => id), isCompared]).toEqual([['nft.part'], false]);
  });

  test('tables of others are named only where they take connections', () => {
    const beside = (rule: string, type = 'filter') =>
      `${text}table inet mine {\n\tchain out {\n\t\ttype ${type} hook output priority -150; policy accept;\n\t\t${rule}\n\t}\n}\n`;
    expect(idsOf(beside('tcp dport 80 accept'))).toEqual([]);
    expect(idsOf(beside('tcp dport 80 drop'))).toEqual(['nft.other-table']);
    expect(idsOf(beside('tcp dport 80 redirect to :1', 'nat'))).toEqual(['nft.other-table']);
  });

  test('iptables without a rule beside them are as they should be', () => {
    const empty = '*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
    expect(idsOf(`# Generated by iptables-save v1.8.9 (nf_tables)\n${empty}${text}`)).toEqual([]);
  });
});

test('a release that has no native rules is never told', () => {
  const first = releases.findIndex(({ name }) => rulesFor(name, { nativeNftables: true }).nft !== null);
  expect(releases[first]?.name).toBe('1.27');
});
