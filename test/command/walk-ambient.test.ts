/** Ambient mode with `walk`, `rules`, `diff` and `upgrade`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemas } from '../../src/command/schemas.ts';
import { ambientRulesUnder, ambientScenarioNamed, bindAmbient } from '../../src/handbook/scenarios/index.ts';
import { printRuleset, withBuiltInChains } from '../../src/netfilter/index.ts';
import { json } from '../../src/render/index.ts';
import { violations } from '../site/json-schema.ts';
import { folderWith, isRefused, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const sidecar = join(root, 'components/lab/sample.iptables-save.txt');

const answered = async (args: readonly string[], piped?: string) => {
  const { exit, out, err } = await sidetrack([...args, '--json'], piped === undefined ? {} : { piped });
  expect(err).toBe('');
  const answer = JSON.parse(out);
  expect(violations(answer, schemas[args[0] as keyof typeof schemas])).toEqual([]);
  expect(answer.exit).toBe(exit);
  return answer;
};

describe('ambient mode', () => {
  test('a connection is walked as the handbook walks it, with options and a release', async () => {
    const { trace, release, options } = await answered([
      ...['walk', '--ambient', '--istio', '1.30', '--set', 'ingressMode=true'],
      ...['--from', '203.0.113.10', '--to', '10.244.1.5:8080'],
    ]);
    const asked = ambientScenarioNamed('ambient-ingress');
    if (asked === undefined) throw new Error('the scenario is gone');
    const { journey } = bindAmbient(
      { request: { ...asked.request, from: { name: 'peer', address: '203.0.113.10' } } },
      { release: '1.30', options: { ingressMode: true } },
    );
    expect(trace).toEqual(JSON.parse(json(journey)));
    expect([release, options.ingressMode]).toEqual(['1.30', true]);
    const { exit, out } = await sidetrack(['walk', '--ambient', '--from', 'app', '--to', '10.96.0.7:80']);
    expect([exit, out]).toEqual([0, expect.stringMatching(/^Through ztunnel, by ISTIO_OUTPUT 6\./)]);
  });

  test('a dump of an enrolled pod is walked as one; another pod’s process is none of it', async () => {
    const dump = readFileSync(join(root, 'test/analysis/pastes/ambient-save.txt'), 'utf8');
    const { exit, out } = await sidetrack(['walk', '-', '--from', 'app', '--to', '10.96.0.7:80'], {
      piped: dump,
    });
    expect([exit, out]).toEqual([0, expect.stringMatching(/^Through ztunnel/)]);
    const refused = await sidetrack(['walk', '-', '--from', 'Envoy', '--to', '10.96.0.7:80'], {
      piped: dump,
    });
    expect(isRefused(refused)).toBe(true);
    expect(refused.err).toContain('write app, ztunnel');
  });

  test('the mesh around the pod is chosen, on Istio’s rules and on a dump; a sidecar’s pod has none', async () => {
    const dump = readFileSync(join(root, 'test/analysis/pastes/ambient-save.txt'), 'utf8');
    const plain = ['--from', '203.0.113.10', '--to', '10.244.1.5:8080'];
    const strict = ['--mesh', 'peerAuthentication=STRICT'];
    for (const piped of [undefined, dump]) {
      const walk = (...more: readonly string[]) =>
        sidetrack(
          ['walk', piped === undefined ? '--ambient' : '-', ...more],
          piped === undefined ? {} : { piped },
        );
      expect((await walk(...plain)).exit).toBe(0);
      const closed = await walk(...plain, ...strict);
      expect([closed.exit, closed.out]).toEqual([1, expect.stringContaining('STRICT: ztunnel closes')]);
      const service = ['--from', 'app', '--to', '10.96.0.7:80'];
      expect((await walk(...service, '--mesh', 'waypoint=of the Service')).out).toContain(
        '10.244.3.20:15008',
      );
      const gone = await walk(...service, ...strict, '--mesh', 'ztunnel=missing');
      expect([gone.exit, gone.out]).toEqual([1, expect.stringContaining('refused')]);
      const wrong = await walk(...service, '--mesh', 'ztunnel=gone');
      expect(isRefused(wrong)).toBe(true);
      expect(wrong.err).toContain('ztunnel=running, ztunnel=missing');
    }
    for (const of of [['walk'], ['walk', sidecar]]) {
      const refused = await sidetrack([...of, ...plain, ...strict]);
      expect(isRefused(refused)).toBe(true);
      expect(refused.err).toContain('--ambient');
    }
  });

  describe('compared', () => {
    const made = ambientRulesUnder({ release: '1.30' }).pod;
    const dump = ['v4' as const, 'v6' as const]
      .map((family) => printRuleset(withBuiltInChains(made[family] ?? { family, tables: [] })))
      .join('');
    const node = readFileSync(join(root, 'components/lab/samples/ambient-node.txt'), 'utf8');
    const ends = (answer: { readonly connections: readonly { difference: string; connection: string }[] }) =>
      answer.connections
        .filter(({ difference }) => difference === 'ends otherwise')
        .map(({ connection }) => connection);

    test('two releases: DNS is captured since 1.25, and nothing else ends otherwise', async () => {
      const answer = await answered(['diff', 'ambient:1.24', 'ambient:1.31']);
      expect([answer.exit, answer.different, answer.otherwise]).toEqual([1, 3, 2]);
      expect(ends(answer)).toEqual([
        'app uid 1000 to 10.96.0.53:53, udp',
        'app uid 1000 to 10.96.0.53:53, tcp',
      ]);
      expect(answer.packets.isAll).toBe(true);
      const upgrade = await answered(['upgrade', '--ambient', '--from', '1.24', '--to', '1.31']);
      expect(upgrade.connections).toEqual(answer.connections);
      expect(upgrade.chains).toEqual(answer.chains);
    });

    test('two options: ingress mode lets plain text by, in both families', async () => {
      const answer = await answered(['diff', 'ambient:1.31', 'ambient:1.31?ingressMode=true']);
      expect(ends(answer)).toContain('outside client to 10.244.1.5:8080, tcp');
      expect(ends(answer)).toContain('outside client to [fd00:10:244:1::5]:8080, tcp');
      expect(answer.differing).toBe(4);
    });

    test('a release and a dump of it, and two dumps of which one was changed', async () => {
      const same = await answered(['diff', 'ambient:1.30', '-'], dump);
      expect([same.exit, same.differing, same.different]).toEqual([0, 0, 0]);
      const changed = dump.replace(
        /(\*nat\n(?:.*\n)*?)(-A ISTIO_OUTPUT )/,
        '$1-A ISTIO_OUTPUT -d 10.96.0.7/32 -j ACCEPT\n$2',
      );
      expect(changed).not.toBe(dump);
      const folder = folderWith({ 'a.txt': dump });
      const answer = await answered(['diff', join(folder, 'a.txt'), '-'], changed);
      expect([answer.exit, answer.differing]).toEqual([1, 1]);
      expect(ends(answer)).toEqual(['app uid 1000 to 10.96.0.7:80, tcp']);
    });

    test.for([
      ['ambient:1.31', 'ambient:1.31?nativeNftables=true'],
      ['node:1.31', 'node:1.31?nativeNftables=true'],
    ] as const)('the same options by iptables and by nft: %s and %s', async ([one, other]) => {
      const answer = await answered(['diff', one, other]);
      expect([answer.differing, answer.different]).toEqual([0, 0]);
    });

    test('on a node nft asks for the kubelet’s uid, and iptables for any socket', async () => {
      const { out } = await sidetrack(['diff', 'node:1.31', 'node:1.31?nativeNftables=true']);
      expect(out).toContain('from a process of the node:\n  TCP');
      expect(out).toContain('uid 1-4294967294');
      expect(out).toMatch(/node:1\.31: sent by cni0 to 10\.244\.1\.5:8080, from 169\.254\.7\.127\n/);
      const pasted = await answered(['diff', 'node:1.31', '-'], node);
      expect([pasted.exit, pasted.differing, pasted.different]).toEqual([0, 0, 0]);
      const moved = await answered(['diff', 'node:1.31?hostProbeSNATAddress=169.254.9.9', '-'], node);
      expect([moved.exit, moved.differing]).toEqual([1, 2]);
    });

    test('with a sidecar and enrolled: what a proxy no longer has, or has from now on', async () => {
      const answer = await answered(['diff', '1.31', 'ambient:1.31']);
      expect(ends(answer)).toEqual([
        'app uid 1000 to 10.96.0.53:53, udp',
        'kubelet to 10.244.1.5:8080, tcp',
        'app uid 1337 to 10.96.0.7:80, tcp',
        'app uid 1337 to 10.96.0.20:80, tcp',
        'app uid 1337 to 10.244.1.5:8080, tcp',
        'app uid 1337 to 10.96.0.53:53, udp',
        'app uid 1337 to 10.96.0.53:53, tcp',
        'app uid 1337 to 203.0.113.20:443, tcp',
      ]);
      expect(answer.chains).toEqual([]);
      const { out } = await sidetrack(['diff', sidecar, '-'], { piped: dump });
      expect(out).toMatch(/^One side is a pod with a sidecar, the other one of ambient mode\./);
    });

    test.for([
      ['ambient:1.31', 'node:1.31'],
      ['1.31', 'node:1.31'],
      ['ambient:1.x', 'ambient:1.31'],
      ['ambient:1.31?nothing=1', 'ambient:1.31'],
      ['ambient:1.20', 'ambient:1.31'],
    ] as const)('%s and %s are refused', async ([one, other]) => {
      expect(isRefused(await sidetrack(['diff', one, other]))).toBe(true);
    });

    test('a node without ambient mode has no upgrade', async () => {
      expect(isRefused(await sidetrack(['upgrade', '--node', '--from', '1.30', '--to', '1.31']))).toBe(true);
    });
  });

  test('its rules are those that istio-cni programs, of the pod or of the node', async () => {
    const { pod, host } = ambientRulesUnder({ release: '1.30' });
    const { out } = await sidetrack(['rules', '--ambient', '--istio', '1.30']);
    expect(out).toContain(printRuleset(withBuiltInChains(pod.v4)));
    const node = await sidetrack(['rules', '--ambient', '--istio', '1.30', '--node']);
    expect(node.out).toContain(printRuleset(withBuiltInChains(host.v4)));
    const inspected = await sidetrack(['inspect', '-'], { piped: out });
    expect(inspected.out).toMatch(/ambient/i);
    for (const more of [[], ['--node'], ['--nft'], ['--nft', '--node']]) {
      const { rules, nft } = await answered(['rules', '--ambient', '--istio', '1.31', ...more]);
      expect(rules.length, more.join(' ')).toBeGreaterThan(0);
      for (const { rule } of rules) expect(rule).not.toBe('');
      expect(nft === null).toBe(!more.includes('--nft'));
    }
  });

  test('what a release does not heed is told, and the rest is answered', async () => {
    const { exit, err } = await sidetrack([
      'rules',
      '--ambient',
      '--istio',
      '1.24',
      '--set',
      'virtualInterfaces=tap0',
    ]);
    expect([exit, err]).toEqual([0, expect.stringMatching(/^sidetrack: virtualInterfaces: .*1\.25\.0/)]);
  });
});
