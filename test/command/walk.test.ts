/** `walk`, `rules`, `diff` and `upgrade` answer as the lab and the pages do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemas } from '../../src/command/schemas.ts';
import { compare, inspect } from '../../src/handbook/lab/index.ts';
import { bind, scenarios } from '../../src/handbook/scenarios/index.ts';
import { releases, rulesFor } from '../../src/istio/index.ts';
import {
  parseDumps,
  parseNft,
  printNft,
  printRuleset,
  withBuiltInChains,
} from '../../src/netfilter/index.ts';
import { lineText, stopLines, text } from '../../src/render/index.ts';
import { differingWords, waysWords } from '../../src/words/index.ts';
import { violations } from '../site/json-schema.ts';
import { folderWith, isRefused, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const sidecar = join(root, 'components/lab/sample.iptables-save.txt');
const whole = readFileSync(sidecar, 'utf8');

const answered = async (args: readonly string[], piped?: string) => {
  const { exit, out, err } = await sidetrack([...args, '--json'], piped === undefined ? {} : { piped });
  expect(err).toBe('');
  const answer = JSON.parse(out);
  expect(violations(answer, schemas[args[0] as keyof typeof schemas])).toEqual([]);
  expect(answer.exit).toBe(exit);
  return answer;
};

describe('walk', () => {
  test('goes the way of the pages, for every one of the six types', async () => {
    for (const { isMain, request } of scenarios) {
      if (!isMain) continue;
      const { journey } = bind({ request });
      const from =
        'process' in request.from
          ? request.from.process
          : 'address' in request.from
            ? request.from.address
            : `${request.from.uid}:${request.from.gid}`;
      const { exit, out } = await sidetrack([
        'walk',
        '--from',
        from,
        '--to',
        `${request.address}:${request.port}`,
      ]);
      expect(exit).toBe(0);
      const lines = stopLines(journey).map(lineText);
      // A peer has no name here.
      for (const line of lines)
        expect(out).toContain('address' in request.from ? line.slice(line.indexOf('▸')) : line);
    }
  });

  test('on a dump, with every rule that was asked', async () => {
    const args = ['walk', sidecar, '--from', 'app', '--to', '10.96.0.7:80'];
    const request = { from: { process: 'app' }, address: '10.96.0.7', port: 80 };
    const { journey } = bind({ request }, { request }, inspect(whole).pod);
    expect((await sidetrack([...args, '--why'])).out).toContain(text(journey).trimEnd());
    expect((await answered(args)).trace.path).toEqual(stopLines(journey).map(lineText));
  });

  test('1 where nobody has it, and 3 with the way on where nobody can tell', async () => {
    const refused = await sidetrack(['walk', '--from', '10.244.2.9', '--to', '10.244.1.5:9999', '--udp']);
    expect(refused.exit).toBe(1);
    const limited = whole.replace(
      '-A OUTPUT -j ISTIO',
      '-A OUTPUT -m limit --limit 1/sec -j DROP\n-A OUTPUT -j ISTIO',
    );
    const open = await sidetrack(['walk', '-', '--from', 'app', '--to', '10.96.0.7:80'], { piped: limited });
    expect(open.exit).toBe(3);
    const [given = ''] = /nat\/OUTPUT\/1:yes/.exec(open.out) ?? [];
    const args = ['walk', '-', '--from', 'app', '--to', '10.96.0.7:80', '--answer', given];
    expect((await sidetrack(args, { piped: limited })).exit).toBe(1);
  });

  test('through what Envoy was told, alone or beside the rules that bring it there', async () => {
    const told = join(root, 'components/lab/samples/configuration-of-envoy.txt');
    const to = ['--from', 'app', '--to', '203.0.113.5:80'];
    const alone = await sidetrack(['walk', told, ...to, '--host', 'reviews']);
    expect([alone.exit, alone.err]).toEqual([0, '']);
    expect(alone.out).toMatch(/^It goes to \S+, by the cluster outbound\|80\|\|reviews\./);
    expect(alone.out).not.toContain('does not');
    expect((await sidetrack(['walk', told, ...to])).out).toMatch(/^It goes to .* cluster PassthroughCluster/);
    const both = await answered(['walk', sidecar, told, ...to, '--sends', 'http', '--host', 'reviews']);
    expect(both.envoy.before).toBe(both.trace.path[0]);
    expect(both.envoy).toMatchObject({ isPast: false, arrives: true });
    const onlyEnvoy = await answered(['walk', told, ...to, '--sends', 'nothing']);
    expect(onlyEnvoy).toMatchObject({ release: null, trace: null, question: null });
    // What the rules bring past Envoy goes by the rules alone.
    const past = await answered(['walk', sidecar, told, '--from', '1337:1337', '--to', '203.0.113.5:80']);
    expect(past.envoy.isPast).toBe(true);
    expect((await sidetrack(['walk', told, '--from', 'Envoy', '--to', '1.2.3.4:5'])).exit).toBe(3);
    const peer = ['--from', '10.244.2.9', '--to', '10.244.1.5:64999', '--sends', 'bytes'];
    expect((await sidetrack(['walk', sidecar, told, ...peer])).out).toContain('InboundPassthroughCluster');
    expect((await sidetrack(['walk', told, ...peer, '--why'])).out).toContain(' does not: ');
  });

  test('3 where the text has no rules to walk on', async () => {
    const { exit, out, err } = await sidetrack(['walk', '-', '--from', 'app', '--to', '1.2.3.4:5'], {
      piped: 'hello',
    });
    expect([exit, out, err.split('\n').length]).toEqual([3, '', 2]);
  });
});

describe('rules', () => {
  test('of every release, as Istio programs them, and inspect knows them again', async () => {
    for (const { name } of releases) {
      const { exit, out } = await sidetrack(['rules', '--istio', name]);
      expect(exit).toBe(0);
      expect(out).toBe(printRuleset(withBuiltInChains(rulesFor(name).v4)));
    }
    const { out } = await sidetrack(['rules', '--istio', '1.30']);
    expect((await sidetrack(['inspect', '-'], { piped: out })).exit).toBe(0);
  });

  test('with options, both families, what each is for, and as native nftables', async () => {
    const set = ['--set', 'enableIPv6=true', '--set', 'inboundInterceptionMode=TPROXY'];
    const { out } = await sidetrack(['rules', '--istio', '1.31', ...set]);
    const { v4, v6, problems } = parseDumps(out);
    expect([v4?.tables.length, v6?.tables.length, problems]).toEqual([2, 2, []]);
    expect(out).toMatch(/^# ip rule add fwmark 1337 lookup 133$/m);
    const { rules } = await answered(['rules', '--istio', '1.31', ...set]);
    expect(rules.length).toBeGreaterThan(20);
    for (const { rule, purpose } of rules) expect([rule, purpose]).not.toContain('');
    const native = await sidetrack(['rules', '--istio', '1.31', '--nft']);
    expect(printNft(parseNft(native.out).ruleset)).toBe(native.out.replace('# nft list ruleset\n', ''));
    await answered(['rules', '--istio', '1.31', '--nft']);
  });

  test('with the values of a Helm chart', async () => {
    const folder = folderWith({ 'values.yaml': 'global:\n  proxy:\n    excludeOutboundPorts: "3306"\n' });
    const { out } = await sidetrack(['rules', '--values', join(folder, 'values.yaml')]);
    expect(out).toContain('-A ISTIO_OUTPUT -p tcp -m tcp --dport 3306 -j RETURN');
  });
});

describe('diff and upgrade', () => {
  test('say what the lab says of the same two sides', async () => {
    const changed = whole.replace('-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN\n', '');
    const folder = folderWith({ 'a.txt': whole, 'b.txt': changed });
    const { exit, out } = await sidetrack(['diff', join(folder, 'a.txt'), join(folder, 'b.txt')]);
    const comparison = compare(inspect(whole).pod, inspect(changed).pod);
    expect(exit).toBe(1);
    expect(out).toContain(differingWords(comparison.differing));
    expect(out).toContain(waysWords(comparison));
    expect(out).toContain('- 8 -d 127.0.0.1/32 -j RETURN');
    await answered(['diff', join(folder, 'a.txt'), '-'], changed);
  });

  test('0 where nothing differs', async () => {
    expect((await sidetrack(['diff', sidecar, '-'], { piped: whole })).exit).toBe(0);
    expect((await sidetrack(['upgrade', '--from', '1.28', '--to', '1.28'])).exit).toBe(0);
  });

  test('an upgrade names what Istio changed on the way, and the connections that go another way', async () => {
    const { changes, connections } = await answered(['upgrade', '--from', '1.24', '--to', '1.25']);
    expect(changes.map(({ since }: { since: string }) => since)).toEqual(expect.arrayContaining(['1.25.0']));
    expect(changes.every(({ since }: { since: string }) => since.startsWith('1.25'))).toBe(true);
    expect(connections.length).toBeGreaterThan(0);
  });

  test('a release with options is a side', async () => {
    const { exit, out } = await sidetrack(['diff', '1.30', '1.30?outboundPortsExclude=3306,3307']);
    expect(exit).toBe(1);
    expect(out).toContain('+ 1 -p tcp -m tcp --dport 3306 -j RETURN');
  });

  test('all packets that fare otherwise are told, in few cases', async () => {
    const sides = ['1.30', '1.30?outboundPortsExclude=5432'];
    const { packets } = await answered(['diff', ...sides]);
    expect([packets.isAll, packets.because]).toEqual([true, null]);
    const [first] = packets.cases;
    expect(first).toMatchObject({
      difference: 'ends otherwise',
      sets: [
        'TCP, from 10.244.1.5, to an address that is not its own, port 5432, any uid but 1337, any gid but 1337',
      ],
      example: { protocol: 'tcp', destinationPort: 5432 },
      isExact: true,
    });
    expect(first.rules.map(({ position }: { position: number }) => position)).toEqual([9, 1]);
    const { out } = await sidetrack(['diff', ...sides]);
    expect(out).toContain('Every other packet fares alike.');
    expect(out).toContain('1.30: delivered to 127.0.0.1:15001, Envoy; ISTIO_OUTPUT 9 decides');
    expect(out).toContain(
      '1.30?outboundPortsExclude=5432: sent by eth0 to 10.96.0.7:5432; ISTIO_OUTPUT 1 decides',
    );
  });

  test('sides with other addresses, or with what is no set, are said to be not compared by all packets', async () => {
    const elsewhere = `${whole}\n# ip addr\n2: eth0    inet 10.9.9.9/24 scope global eth0\n`;
    const apart = await answered(['diff', sidecar, '-'], elsewhere);
    expect(apart.packets).toMatchObject({ isAll: false, cases: [] });
    expect(apart.packets.because).toMatch(/other addresses/);
    const ports = whole.replace('-p tcp -m tcp --dport 15008', '-p tcp -m multiport --ports 15008');
    const open = await answered(['diff', sidecar, '-'], ports);
    expect(open.packets.isAll).toBe(false);
    expect(open.packets.because).toMatch(/either port/);
  });

  test('3 where a side holds no rules of a pod', async () => {
    expect((await sidetrack(['diff', '1.30', '-'], { piped: 'hello' })).exit).toBe(3);
  });
});

describe('bad use: one line, exit code 2', () => {
  const folder = folderWith({ 'broken.yaml': 'a: [1,\nb: }{', 'prose.yaml': 'hello\n' });
  test.each([
    ['walk'],
    ['walk', '--from', 'app'],
    ['walk', '--from', 'nobody', '--to', '1.2.3.4:5'],
    ['walk', '--from', 'app', '--to', 'reviews:80'],
    ['walk', '--from', 'app', '--to', '10.96.0.7'],
    ['walk', '--from', 'app', '--to', '10.96.0.7:99999'],
    ['walk', '--from', 'app', '--to', '1.2.3.4:5', '--answer', 'ISTIO_OUTPUT'],
    ['walk', '--from', 'app', '--to', '1.2.3.4:5', '--istio', '9'],
    ['walk', sidecar, '--istio', '1.30', '--from', 'app', '--to', '1.2.3.4:5'],
    ['rules', '--istio', 'latest'],
    ['rules', '--set', 'redirectDNS'],
    ['rules', '--set', 'redirectDNS=maybe'],
    ['rules', '--set', 'redirectDns=true'],
    ['rules', '--set', 'inboundPortsExclude=70000'],
    ['rules', '--values', join(folder, 'broken.yaml')],
    ['rules', '--values', join(folder, 'prose.yaml')],
    ['rules', '--values', join(folder, 'absent.yaml')],
    ['rules', 'extra'],
    ['rules', '--node'],
    ['rules', '--ambient', '--istio', '1.10'],
    ['rules', '--ambient', '--istio', 'latest'],
    ['rules', '--ambient', '--set', 'redirectDns=true'],
    ['rules', '--ambient', '--set', 'ingressMode'],
    ['rules', '--ambient', '--set', 'ingressMode=maybe'],
    ['rules', '--ambient', '--set', 'dnsProxy=sometimes'],
    ['rules', '--ambient', '--values', join(folder, 'prose.yaml')],
    ['walk', '--from', 'ztunnel', '--to', '1.2.3.4:5'],
    ['walk', '--from', 'app', '--to', '1.2.3.4:5', '--sends', 'smoke'],
    ['walk', '--ambient', '--from', 'Envoy', '--to', '1.2.3.4:5'],
    ['walk', sidecar, '--ambient', '--from', 'app', '--to', '1.2.3.4:5'],
    ['diff', sidecar],
    ['diff', '-', '-'],
    ['diff', '1.30', '1.30?redirectDNS'],
    ['diff', '1.30', '1.x'],
    ['upgrade', '--from', '1.24'],
    ['upgrade', '--from', '1.24', '--to', '2.0'],
  ])('%s %s %s %s %s %s %s', async (...args) => {
    const refused = await sidetrack(args);
    expect(isRefused(refused), JSON.stringify(refused)).toBe(true);
  });
});

describe('native nftables, and values', () => {
  const to = ['--from', 'app', '--to', '10.96.0.7:80'];

  test('walk, rules and upgrade take --nft, as nativeNftables is set', async () => {
    const native = await sidetrack(['walk', '--nft', ...to]);
    expect(native.out).toContain('istio-proxy-nat istio-output 9');
    expect(native).toEqual(await sidetrack(['walk', '--set', 'nativeNftables=true', ...to]));
    const releases = ['upgrade', '--from', '1.26', '--to', '1.31'];
    const upgrade = await sidetrack([...releases, '--nft']);
    expect(upgrade.out).toBe((await sidetrack([...releases, '--set', 'nativeNftables=true'])).out);
    expect(upgrade.out).toContain('One side is of nftables');
    expect(upgrade.err).toContain('Istio 1.26 does not know it');
    expect(isRefused(await sidetrack(['walk', sidecar, '--nft', ...to]))).toBe(true);
  });

  test('a release without native nftables has rules of iptables, and a line says so', async () => {
    for (const args of [['walk', ...to], ['rules']]) {
      const { exit, out, err } = await sidetrack([...args, '--nft', '--istio', '1.20']);
      expect([exit, /ISTIO_OUTPUT/.test(out), err.split('\n').length], args[0]).toEqual([0, true, 2]);
      expect(err).toContain('Istio 1.20 does not know it');
    }
  });

  test('ambient mode reads values of istio-cni, an IstioOperator, a HelmRelease and a pod', async () => {
    const cni = 'ambient: {dnsCapture: false, ipv6: false}\nglobal: {tag: 1.30.1}\n';
    const below = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart: {spec: {chart: cni, version: 1.30.1}}\n  values: {ambient: {dnsCapture: false, ipv6: false}}\n`;
    const operator =
      'kind: IstioOperator\nspec:\n  tag: 1.30.1\n  values: {cni: {ambient: {dnsCapture: "false", ipv6: false}}}\n';
    const set = ['--set', 'redirectDNS=false', '--set', 'enableIPv6=false', '--istio', '1.30.1'];
    const asked = await sidetrack(['rules', '--ambient', ...set]);
    expect(asked.out).not.toMatch(/--dport 53|ip6tables/);
    for (const values of [cni, below, operator]) {
      const file = join(folderWith({ 'values.yaml': values }), 'values.yaml');
      expect(await sidetrack(['rules', '--ambient', '--values', file]), values).toEqual(asked);
    }
    const pod =
      'kind: Pod\nmetadata: {annotations: {ambient.istio.io/bypass-inbound-capture: "true"}}\nspec: {containers: [{name: app}]}\n';
    const file = join(
      folderWith({ 'pod.yaml': pod, 'none.yaml': 'a: 1\n', 'bad.yaml': 'a: [\n' }),
      'pod.yaml',
    );
    expect(await sidetrack(['rules', '--ambient', '--values', file])).toEqual(
      await sidetrack(['rules', '--ambient', '--set', 'ingressMode=true']),
    );
    const dns = folderWith({
      'pod.yaml':
        'kind: Pod\nmetadata: {annotations: {ambient.istio.io/dns-capture: "false"}}\nspec: {containers: [{name: app}]}\n',
    });
    expect(await sidetrack(['rules', '--ambient', '--values', join(dns, 'pod.yaml')])).toEqual(
      await sidetrack(['rules', '--ambient', '--set', 'dnsProxy=disabled']),
    );
    for (const name of ['none.yaml', 'bad.yaml'])
      expect(
        isRefused(await sidetrack(['rules', '--ambient', '--values', file.replace('pod.yaml', name)])),
        name,
      ).toBe(true);
  });
});
