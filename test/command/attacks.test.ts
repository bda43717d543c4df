/** Names that are written to be obeyed by a terminal, in every place of every text that the command reads. */
import { chmodSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Around, folderWith, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const dump = readFileSync(join(root, 'components/lab/sample.iptables-save.txt'), 'utf8');
const envoyDump = readFileSync(join(root, 'components/lab/samples/configuration-of-envoy.txt'), 'utf8');

const attacks = {
  'a colour': '\u001b[31mred',
  'what hides the rest': '\u001b[8m',
  'a title': '\u001b]0;owned\u0007',
  'a link': '\u001b]8;;https://example.org\u001b\\here\u001b]8;;\u001b\\',
  'the clipboard': '\u001b]52;c;cm0gLXJmCg==\u0007',
  'an answer that is typed': '\u001b[6n\u001bP$q"p\u001b\\',
  'a screen that is wiped': '\u001b[2J\u001b[H',
  'eight bits': '\u009b31m\u009d0;owned\u009c',
  'a line written over': 'x\rfine: nothing is wrong',
  'a bell and a step back': '\u0007\b\b\b\u007f',
  'another page of letters': '\u000e\u000f\u000b\u000c',
  'letters that turn': '\u202egnp.exe\u202c \u2066x\u2069\u200f\u061c',
  'letters without a shape': 'a\u200b\u00ad\u2060\ufeff\u{e0041}b',
  'lines of another kind': 'x\u2028y\u2029z\u0085',
  'the marks of this command': '\ufdd0\u001b[31m\ufdd0',
} as const;

const obeyed = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The texts, with the attack in every place in which a name can stand. */
function filesWith(attack: string): Readonly<Record<string, string>> {
  const said = JSON.stringify(attack);
  // Nothing that ends a word or a comment: the rest of the text stays what it is.
  const word = attack.replaceAll(/["\\\s]/g, '');
  const chain = [...word].slice(0, 12).join('');
  const rules = dump
    .replaceAll('ISTIO_OUTPUT', `ISTIO_${chain}`)
    .replaceAll(/^(-A \S+) /gm, `$1 -m comment --comment "${word}" `);
  const broken = `*nat\n-A OUTPUT -j ${word}\n-A OUTPUT --${word} 1\n${word} x\n-A ${word} -p ${word}\nCOMMIT\n`;
  const pod = [
    'apiVersion: v1',
    'kind: Pod',
    `metadata: {name: ${said}, namespace: ${said}, labels: {app: ${said}}, annotations: {`,
    `  traffic.sidecar.istio.io/includeInboundPorts: ${said}, ${said}: x, sidecar.istio.io/inject: ${said},`,
    `  proxy.istio.io/config: ${JSON.stringify(`holdApplicationUntilProxyStarts: ${said}\n${said}: 1`)}}}`,
    `spec: {containers: [{name: ${said}, image: ${said}, securityContext: {runAsUser: 1337}}]}`,
    '',
  ].join('\n');
  const values = `global:\n  proxy:\n    excludeOutboundPorts: ${said}\n    ${said}: 1\nmeshConfig: {${said}: {}}\n`;
  const envoy = envoyDump
    .replaceAll(/((?:out|in)bound\|[^"]*)"/g, (_, name) => `${name}${said.slice(1)}`)
    .replaceAll(/"(allow_any|\*)"/g, (_, name) => `"${name}${said.slice(1)}`);
  return {
    'rules.txt': rules,
    'broken.txt': broken,
    'pod.yaml': pod,
    'values.yaml': values,
    'envoy.json': envoy,
    'suppressions.yaml': `- rule: ${said}\n  reason: ${said}\n  object: ${said}\n`,
  };
}

/** Each subcommand in the ways in which a text, a name or an address comes into it. */
function linesOf(folder: string, attack: string): readonly (readonly string[])[] {
  const at = (name: string) => join(folder, name);
  const named = attack.replaceAll('/', '');
  return [
    ...['rules.txt', 'broken.txt', 'pod.yaml', 'values.yaml', 'envoy.json'].flatMap((file) => [
      ['inspect', at(file)],
      ['inspect', '--json', at(file)],
      ['inspect', '--redact', at(file)],
      ['check', at(file)],
      ['check', '--json', at(file)],
      ['check', '--format', 'sarif', at(file)],
      ['walk', at(file), '--from', 'app', '--to', '10.96.0.7:80', '--why', '--replies'],
      ['walk', at(file), '--from', 'app', '--to', '10.96.0.7:80', '--json'],
    ]),
    ['diff', '1.30', at('rules.txt')],
    ['diff', '--json', '1.30', at('rules.txt')],
    ['inspect', at('rules.txt'), at('pod.yaml'), at('envoy.json')],
    [
      'walk',
      at('rules.txt'),
      at('pod.yaml'),
      at('envoy.json'),
      '--from',
      'app',
      '--to',
      '10.96.0.7:80',
      '--host',
      attack,
    ],
    ['inspect', '--pod', attack, at('rules.txt')],
    ['inspect', at(`${named}`)],
    ['check', folder],
    ['check', '--suppressions', at('suppressions.yaml'), at('pod.yaml')],
    ['check', '--suppressions', at(named), at('pod.yaml')],
    ['check', '--istio', attack, at('pod.yaml')],
    ['check', '--format', attack, at('pod.yaml')],
    ['walk', '--from', attack, '--to', '10.96.0.7:80'],
    ['walk', '--from', 'app', '--to', attack],
    ['walk', '--from', 'app', '--to', '10.96.0.7:80', '--set', `${attack}=1`],
    ['walk', '--from', 'app', '--to', '10.96.0.7:80', '--set', `outboundPortsExclude=${attack}`],
    ['walk', '--from', 'app', '--to', '10.96.0.7:80', '--values', at('values.yaml')],
    ['walk', '--from', 'app', '--to', '10.96.0.7:80', '--answer', attack],
    ['walk', '--from', 'app', '--to', '10.96.0.7:80', '--sends', attack],
    ['walk', '--ambient', '--from', 'app', '--to', '10.96.0.7:80', '--set', `${attack}=${attack}`],
    ['rules', '--istio', attack],
    ['rules', '--set', `inboundInterceptionMode=${attack}`],
    ['rules', '--set', `kubeVirtInterfaces=${attack}`],
    ['rules', '--json', '--set', `kubeVirtInterfaces=${attack}`],
    ['rules', '--values', at('values.yaml')],
    ['rules', '--values', at('pod.yaml')],
    ['diff', attack, '1.30'],
    ['diff', `1.30?${attack}`, '1.30'],
    ['upgrade', '--from', attack, '--to', '1.30'],
    ['upgrade', '--from', '1.29', '--to', '1.30', '--values', at('values.yaml')],
    ['upgrade', '--from', '1.29', '--to', '1.30', '--set', `outboundPortsExclude=${attack}`],
    ['collect', attack],
    ['collect', 'cart-1'],
    ['collect', 'cart-1', '--redact'],
    ['collect', 'cart-1', '--dry-run', '--context', attack, '--image', attack],
    ['schema', attack],
    ['completion', attack],
    [attack],
    [`--${attack}`],
    ['inspect', `--${attack}`],
  ];
}

function around(folder: string): Around {
  return {
    environment: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` },
    hasColours: true,
    showsProgress: true,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const own = /\u001b\[(?:1|22|2|31|39|33|32)m|\r\u001b\[K/g;
/** What the command itself tells a terminal, taken away. */
const withoutOwn = (text: string): string => text.replaceAll(own, '');
const all = Object.values(attacks).join('');

function folderOf(attack: string): string {
  const folder = folderWith({
    ...filesWith(attack),
    [`${attack.replaceAll('/', '')}.yaml`]: 'kind: Pod\nmetadata: {name: x}\nspec: {a: &a [*b]}\n',
    kubectl: `#!/bin/sh\ncd "$(dirname "$0")"\ncase "$1" in debug) cat rules.txt; cat pod.yaml >&2;; get) cat pod.yaml;; *) cat envoy.json;; esac\n`,
  });
  chmodSync(join(folder, 'kubectl'), 0o755);
  return folder;
}

/** The hostile characters of a name, as they are shown. */
const shown = /\\u[\da-f]{4}|⟨U\+[\dA-F]{4,5}⟩/;

describe('nothing that a name tells a terminal comes to it', () => {
  test.each(Object.entries(attacks))('%s', async (_, attack) => {
    const folder = folderOf(attack);
    const { out, err } = await sidetrack(['inspect', join(folder, 'pod.yaml')], around(folder));
    expect(obeyed.exec(withoutOwn(out + err))).toBeNull();
    expect(out).toMatch(shown);
    const refused = await sidetrack(['walk', '--from', attack, '--to', '10.96.0.7:80'], around(folder));
    expect(obeyed.exec(refused.err)).toBeNull();
    expect(refused.err).toMatch(shown);
  });

  test('all of them at once, in every text and in every way to ask', async () => {
    const folder = folderOf(all);
    const reached = new Set<string>();
    for (const args of linesOf(folder, all)) {
      const { out, err } = await sidetrack(args, around(folder));
      expect.soft(obeyed.exec(withoutOwn(out + err)), JSON.stringify(args)).toBeNull();
      if (!shown.test(out + err)) continue;
      const file = args.find((arg) => arg.startsWith(`${folder}/`))?.slice(folder.length + 1);
      reached.add(`${args[0]} ${file ?? 'arguments'}`);
      if (out !== '' && (args.includes('--json') || args.includes('sarif'))) JSON.parse(out);
    }
    // The names do come to what is told: the test looks at something.
    expect([...reached]).toEqual(
      expect.arrayContaining([
        ...['inspect', 'check', 'walk', 'diff'].map((command) => `${command} rules.txt`),
        ...['inspect', 'check', 'rules'].flatMap((command) => [
          `${command} pod.yaml`,
          `${command} values.yaml`,
        ]),
        ...['inspect', 'walk'].map((command) => `${command} envoy.json`),
        ...['walk', 'rules', 'diff', 'upgrade', 'collect', 'schema', 'completion'].map(
          (command) => `${command} arguments`,
        ),
      ]),
    );
  });

  test('what is told in colours is the same without them', async () => {
    const folder = folderOf(attacks['the marks of this command']);
    const [plain, painted] = [
      await sidetrack(['inspect', join(folder, 'pod.yaml')], { ...around(folder), hasColours: false }),
      await sidetrack(['inspect', join(folder, 'pod.yaml')], around(folder)),
    ];
    expect(withoutOwn(painted.out)).toBe(plain.out);
    expect(painted.out).not.toBe(plain.out);
  });
});

/** What a log of CI takes for an order is one only where it begins a line. */
test('no name begins a line', async () => {
  const attack = 'x\n::error::forged';
  const folder = folderOf(attack);
  for (const args of linesOf(folder, attack)) {
    if (args.includes('--json') || args.includes('sarif') || args[0] === 'collect') continue;
    const { out, err } = await sidetrack(args, around(folder));
    expect.soft(/^\s*::error/m.exec(withoutOwn(out + err)), JSON.stringify(args)).toBeNull();
  }
});
