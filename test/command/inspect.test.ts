/** `sidetrack inspect` says what the lab says, in a terminal and to programs. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemas } from '../../src/command/schemas.ts';
import { wantsColours } from '../../src/command/terminal.ts';
import { inspect, inspectionWords } from '../../src/handbook/lab/index.ts';
import { plain } from '../../src/words/index.ts';
import { violations } from '../site/json-schema.ts';
import { folderWith, isRefused, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const samples = join(root, 'components/lab/samples');
const sidecar = join(root, 'components/lab/sample.iptables-save.txt');
const whole = readFileSync(sidecar, 'utf8');
/** One rule is gone, and two are not Istio's. */
const cut = whole
  .replace('-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN\n', '')
  .replace(
    '-A OUTPUT -j ISTIO',
    '-A OUTPUT -d 10.1.2.3/32 -p tcp -j ACCEPT\n-A OUTPUT -p tcp -m tcp --dport 99 -j DROP\n-A OUTPUT -j ISTIO',
  );

describe('the exit code', () => {
  test('0: judged and fine', async () => {
    const { exit, out, err } = await sidetrack(['inspect', sidecar]);
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('These are the rules of Istio');
  });

  test('1: findings, each with its fix and page, as the lab words them', async () => {
    expect(cut).not.toBe(whole);
    const { exit, out } = await sidetrack(['inspect', '-', '--handbook', 'https://mesh.example.org/book/'], {
      piped: cut,
    });
    expect(exit).toBe(1);
    const { findings } = inspectionWords(inspect(cut).inspection);
    expect(findings.length).toBeGreaterThan(1);
    for (const { id, says, fix, page } of findings) {
      expect(out).toContain(`${id}: ${plain(says)}.\n    Fix: ${plain(fix)}.`);
      expect(out).toContain(`https://mesh.example.org/book${page.path}`);
    }
  });

  test('1: the rules are Istio’s, and the filter of the pod throws away what they send to Envoy', async () => {
    const filter = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport 8080 -j ACCEPT\nCOMMIT\n';
    const { exit, out } = await sidetrack(['inspect', '-'], { piped: `${whole}${filter}` });
    expect([exit, out.includes('not dropped')]).toEqual([1, true]);
  });

  test.each(['hello\n', '\n\n', '{"a": 1}\n', 'kind: ConfigMap\n'])(
    '3: it was read and holds no rule: %j',
    async (piped) => {
      const { exit, out } = await sidetrack(['inspect', '-'], { piped });
      expect(exit).toBe(3);
      expect(out).not.toBe('');
    },
  );

  test('3, and it says why, where nothing came in', async () => {
    const { exit, err } = await sidetrack(['inspect'], { piped: '' });
    expect([exit, err.split('\n').length]).toEqual([3, 2]);
  });
});

test('every sample of the lab is inspected, and its JSON fits the schema', async () => {
  const names = readdirSync(samples);
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) {
    const [asText, asJson] = [
      await sidetrack(['inspect', join(samples, name)]),
      await sidetrack(['inspect', '--json', join(samples, name)]),
    ];
    expect(asText.exit, name).toBe(asJson.exit);
    expect([0, 1, 3], name).toContain(asText.exit);
    const answer = JSON.parse(asJson.out);
    expect(violations(answer, schemas.inspect), name).toEqual([]);
    expect(answer.exit, name).toBe(asJson.exit);
    expect(asText.out, name).toContain(answer.pods[0].summary);
  }
});

test('the schema is printed, and tells an answer that does not fit', async () => {
  const { exit, out } = await sidetrack(['schema', 'inspect']);
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(schemas.inspect)));
  expect(violations({ schema: 'sidetrack inspect', version: 1, exit: 2 }, schemas.inspect)).not.toEqual([]);
});

test('files that are named together are one text', async () => {
  const folder = folderWith({
    'rules.txt': whole,
    'pod.yaml':
      'kind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: app\n    securityContext: {runAsUser: 1337}\n',
  });
  const { exit, out } = await sidetrack(['inspect', join(folder, 'rules.txt'), join(folder, 'pod.yaml')]);
  expect(exit).toBe(1);
  expect(out).toContain('app.as-proxy');
});

test('of several pods each is told, or the one that is asked for', async () => {
  const piped = `===== shop/cart-1 =====\n${whole}\n===== shop/cart-2 =====\n${cut}`;
  const all = await sidetrack(['inspect', '-'], { piped });
  expect([all.exit, all.out.match(/^Pod shop\/cart-\d$/gm)]).toEqual([
    1,
    ['Pod shop/cart-1', 'Pod shop/cart-2'],
  ]);
  const one = await sidetrack(['inspect', '-', '--pod', 'shop/cart-1'], { piped });
  expect([one.exit, one.out.includes('cart-2')]).toEqual([0, false]);
  const none = await sidetrack(['inspect', '-', '--pod', 'cart-3'], { piped });
  expect(isRefused(none), none.err).toBe(true);
});

test('what kubectl prints of pods as JSON is YAML of pods, as its YAML is', async () => {
  const pod = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'app' }] },
  });
  const list = { apiVersion: 'v1', kind: 'List', items: [pod('a'), pod('b')] };
  for (const [text, name] of [
    [JSON.stringify(list, null, 4), 'a'],
    [JSON.stringify(pod('c'), null, 4), 'c'],
    [JSON.stringify(list, null, 4).replaceAll('\n', '\r\n'), 'a'],
  ] as const) {
    const { pods } = JSON.parse((await sidetrack(['inspect', '-', '--json'], { piped: text })).out);
    expect([pods[0].kind, pods[0].also.object]).toEqual(['pod as YAML', `Pod ${name}`]);
  }
});

test('names and addresses are replaced, each by the same one', async () => {
  const piped = `kubectl exec -n payments checkout-6f7d-abcde -- iptables-save\n${cut}`;
  const { out } = await sidetrack(['inspect', '-', '--redact'], { piped });
  expect(out).not.toMatch(/10\.1\.2\.3|payments|checkout/);
  expect(out).toContain('rule.foreign');
});

describe('bad use and bad input: one line, exit code 2, no stack', () => {
  const folder = folderWith({
    'utf16.txt': new Uint8Array(Buffer.from(`\ufeff${whole}`, 'utf16le')),
    'utf16-without-mark.txt': new Uint8Array(Buffer.from(whole, 'utf16le')),
    'packed.gz': new Uint8Array([0x1f, 0x8b, 8, 0]),
    'latin.txt': new Uint8Array(Buffer.from(`# für den Pod\n${whole}`, 'latin1')),
    'binary.bin': new Uint8Array([1, 2, 0, 4, 9, 9, 9, 9]),
  });
  test.each([
    [['inspect', '--jsn', sidecar]],
    [['inspekt', sidecar]],
    [['inspect', '--pod']],
    [['inspect', join(folder, 'absent.txt')]],
    [['inspect', join(sidecar, 'below-a-file')]],
    [['inspect', folder]],
    [['inspect', join(folder, 'utf16.txt')]],
    [['inspect', join(folder, 'utf16-without-mark.txt')]],
    [['inspect', join(folder, 'packed.gz')]],
    [['inspect', join(folder, 'latin.txt')]],
    [['inspect', join(folder, 'binary.bin')]],
    [['inspect', '/dev/zero']],
    [['inspect', sidecar, '--handbook', 'mesh.example.org']],
    [['inspect', sidecar, '--handbook', 'javascript:alert(1)']],
    [['inspect']],
    [['schema', 'nothing']],
    [['schema']],
  ])('%j', async (args) => {
    const answered = await sidetrack(args);
    expect(isRefused(answered), JSON.stringify(answered)).toBe(true);
  });

  test('where the encoding is another one, it says at which byte and how to turn it', async () => {
    const { err } = await sidetrack(['inspect', join(folder, 'latin.txt')]);
    expect(err).toContain('from byte 4 on');
    expect((await sidetrack(['inspect', join(folder, 'utf16.txt')])).err).toContain(
      'iconv -f UTF-16 -t UTF-8',
    );
  });

  test('a mark of UTF-8 and lines of Windows are read', async () => {
    const piped = `\ufeff${whole.replaceAll('\n', '\r\n')}`;
    expect((await sidetrack(['inspect', '-'], { piped })).exit).toBe(0);
  });
});

describe('as a process', () => {
  const main = join(root, 'src/command/main.ts');
  const shell = (line: string) =>
    spawnSync('bash', ['-c', `set -o pipefail; ${line}`], {
      encoding: 'utf8',
      env: { ...process.env, MAIN: main, NODE: process.execPath, SAMPLE: sidecar },
    });

  test('it reads a pipe, and prints no colours into one', () => {
    const { status, stdout, stderr } = shell('cat "$SAMPLE" | "$NODE" "$MAIN" inspect -');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Istio');
    expect(stdout).not.toContain('\u001b');
  });

  test('a pipe that closes is told in a line', () => {
    const { status, stderr } = shell('"$NODE" "$MAIN" inspect "$SAMPLE" | true');
    // It may have been faster than what reads it.
    if (status !== 0) expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).not.toMatch(/\n +at |EPIPE/);
  });
});

test('colours stand on a terminal alone, and where nobody asks for none', async () => {
  expect((await sidetrack(['inspect', sidecar], { hasColours: true })).out).toContain('\u001b[32m');
  expect(wantsColours(true, {})).toBe(true);
  expect([
    wantsColours(false, {}),
    wantsColours(true, { NO_COLOR: '1' }),
    wantsColours(true, { TERM: 'dumb' }),
  ]).toEqual([false, false, false]);
});

test('long work says on a terminal how far it is, and takes it away', async () => {
  const { out, err } = await sidetrack(['inspect', sidecar], { showsProgress: true });
  expect(err).toMatch(/Comparing with every release of Istio… 50 %/);
  expect(err.endsWith('\r\u001b[K')).toBe(true);
  expect(out).not.toContain('\u001b');
});

test('help shows examples and exit codes, of the whole and of each part', async () => {
  for (const args of [['--help'], ['help'], ['inspect', '--help'], ['schema', '--help']]) {
    const { exit, out, err } = await sidetrack(args);
    expect([exit, err], args.join(' ')).toEqual([0, '']);
    expect(out).toContain('Exit codes:\n  0  judged, and fine');
    if (args.length > 1) expect(out).toMatch(/Examples:\n {2}sidetrack|Examples:\n {2}\w/);
  }
});
