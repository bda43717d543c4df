/** `sidetrack collect` with a kubectl that answers what a pod answered, and that writes down what it was asked. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { askNode, askPod } from '../../src/handbook/lab/index.ts';
import { folderWith, isRefused, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const dump = readFileSync(join(root, 'components/lab/sample.iptables-save.txt'), 'utf8');

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: cart-1
  namespace: shop
spec:
  containers:
  - name: app
    image: x
    securityContext: {runAsUser: 1337}
`;

/** What the container prints when it is told to run the script. */
const answers = `# iptables-nft-save
${dump}# iptables-legacy-save
# ip6tables-nft-save
# ip6tables-legacy-save
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
2: eth0@if9: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    inet 10.244.7.9/24 brd 10.244.7.255 scope global eth0
0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
default via 10.244.7.1 dev eth0
nameserver 10.96.0.10
search shop.svc.cluster.local svc.cluster.local cluster.local
`;

let folder = '';
let environment: Record<string, string> = {};

beforeEach(() => {
  folder = folderWith({
    'answers.txt': answers,
    'pod.yaml': pod,
    'envoy.json': '{\n  "configs": []\n}\n',
    kubectl: `#!/bin/sh
cd "$(dirname "$0")"
for word in "$@"; do printf '%s\\n' "$word" >> asked.txt; done; echo ---- >> asked.txt
[ -e "no-$1" ] && { echo "Error from server (Forbidden): $1" >&2; exit 1; }
case "$1" in
  debug) echo 'Defaulting debug container name to debugger-x.' >&2; cat answers.txt;;
  exec) cat envoy.json;;
  get) cat pod.yaml;;
  *) exit 9;;
esac
`,
  });
  chmodSync(join(folder, 'kubectl'), 0o755);
  environment = { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` };
});

function asked(): readonly (readonly string[])[] {
  return readFileSync(join(folder, 'asked.txt'), 'utf8')
    .split('----\n')
    .filter((one) => one !== '')
    .map((one) => one.trimEnd().split('\n'));
}

test('what is collected of a pod is what inspect reads: rules, addresses, routes, DNS, YAML', async () => {
  const { exit, out } = await sidetrack(['collect', '-n', 'shop', 'cart-1'], { environment });
  expect(exit).toBe(0);
  const inspected = await sidetrack(['inspect', '-', '--json'], { piped: out });
  const { pods } = JSON.parse(inspected.out);
  expect(pods).toHaveLength(1);
  const [{ name, also, findings, kind }] = pods;
  expect([name, kind, also.servers, also.object]).toEqual(['shop/cart-1', 'sidecar', 1, 'Pod cart-1']);
  expect(also.routing).toBeGreaterThan(5);
  expect(findings.map(({ id }: { id: string }) => id)).toContain('app.as-proxy');
  expect(inspected.exit).toBe(1);
});

test('what Envoy was told is read, and its calls are walked', async () => {
  const told = readFileSync(join(root, 'components/lab/samples/configuration-of-envoy.txt'), 'utf8');
  writeFileSync(join(folder, 'envoy.json'), told);
  const { out } = await sidetrack(['collect', 'shop/cart-1'], { environment });
  const { pods } = JSON.parse((await sidetrack(['inspect', '-', '--json'], { piped: out })).out);
  expect([pods.length, pods[0].kind, pods[0].also.object]).toEqual([1, 'sidecar', 'Pod cart-1']);
  expect(pods[0].envoy.walks.length).toBeGreaterThan(2);
  writeFileSync(join(folder, 'envoy.json'), 'upstream connect error\n*nat\n');
  const failed = await sidetrack(['collect', 'shop/cart-1'], { environment });
  expect(failed.out).toContain('# upstream connect error\n# *nat\n');
});

test('each command is told before it runs, and it is what kubectl gets', async () => {
  const { err } = await sidetrack(['collect', 'shop/cart-1', '--context', 'east'], { environment });
  const told = err.split('\n').filter((line) => line.startsWith('$ '));
  expect(told).toHaveLength(3);
  expect(err).toContain('ephemeral container');
  expect(err).toContain('Defaulting debug container name');
  const [debug, exec, get] = asked();
  expect(debug?.slice(0, 6)).toEqual(['debug', '--context', 'east', '-n', 'shop', 'cart-1']);
  expect(debug?.join('\n')).toContain(askPod);
  expect(exec?.slice(-4)).toEqual(['pilot-agent', 'request', 'GET', 'config_dump']);
  expect(get).toEqual(['get', 'pod', '--context', 'east', '-n', 'shop', 'cart-1', '-o', 'yaml']);
});

test('nothing but reading verbs is ever given to kubectl', async () => {
  await sidetrack(['collect', 'shop/cart-1'], { environment });
  await sidetrack(['collect', '--node', 'worker-1'], { environment });
  expect(new Set(asked().map(([verb]) => verb))).toEqual(new Set(['debug', 'exec', 'get']));
  const words = `${askPod}\n${askNode}`;
  expect(words).not.toMatch(/-restore|\s-[AIDFXPN]\s|\b(?:add|del|delete|flush|set|replace)\b/);
});

test('of a node its own rules are asked', async () => {
  const { exit, err } = await sidetrack(['collect', '--node', 'worker-1'], { environment });
  expect([exit, err.includes('delete it when you are done')]).toEqual([0, true]);
  expect(asked().map((args) => args.slice(0, 2))).toEqual([['debug', 'node/worker-1']]);
});

test('a dry run prints commands that a shell takes, and runs none', async () => {
  const { exit, out, err } = await sidetrack(['collect', 'shop/cart-1', '--dry-run'], { environment });
  expect([exit, err, existsSync(join(folder, 'asked.txt'))]).toEqual([0, '', false]);
  writeFileSync(join(folder, 'dry.sh'), out);
  const { spawnSync } = await import('node:child_process');
  const ran = spawnSync('sh', [join(folder, 'dry.sh')], { encoding: 'utf8', env: environment });
  expect(ran.status).toBe(0);
  const dry = asked();
  await sidetrack(['collect', 'shop/cart-1'], { environment });
  expect(asked().slice(dry.length)).toEqual(dry);
});

test('redacted, the same name stands for the same one, and what is found stays', async () => {
  const { out } = await sidetrack(['collect', 'shop/cart-1', '--redact'], { environment });
  expect(out).not.toMatch(/cart-1|10\.244\.7\.9|\bshop\b/);
  const { exit, out: inspected } = await sidetrack(['inspect', '-'], { piped: out });
  expect([exit, inspected.includes('app.as-proxy')]).toEqual([1, true]);
});

describe('what goes wrong', () => {
  test('without rules the rest is printed, and the exit code is 3', async () => {
    writeFileSync(join(folder, 'no-debug'), '');
    const { exit, out, err } = await sidetrack(['collect', 'shop/cart-1'], { environment });
    expect([exit, out.includes('kind: Pod')]).toEqual([3, true]);
    expect(err).toContain('Forbidden');
    expect(err).toContain('kubectl debug ended with exit code 1');
  });

  test('a pod without Envoy is collected all the same', async () => {
    writeFileSync(join(folder, 'no-exec'), '');
    const { exit, out } = await sidetrack(['collect', 'shop/cart-1'], { environment });
    expect([exit, out.includes('configs')]).toEqual([0, false]);
  });

  test.each([
    [['collect']],
    [['collect', 'cart-1', '--node', 'worker-1']],
    [['collect', 'cart_1']],
    [['collect', '--node', 'a b']],
    [['collect', '-n', '--evil', 'cart-1']],
    [['collect', 'cart-1', '--imag', 'x']],
  ])('refused in one line: %j', async (args) => {
    const answered = await sidetrack(args, { environment });
    expect(isRefused(answered), answered.err).toBe(true);
    expect(existsSync(join(folder, 'asked.txt'))).toBe(false);
  });

  test('without kubectl one line says so', async () => {
    const { exit, out, err } = await sidetrack(['collect', 'cart-1'], {
      environment: { PATH: '/nonexistent' },
    });
    expect([exit, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^sidetrack: kubectl cannot be run/);
  });
});
