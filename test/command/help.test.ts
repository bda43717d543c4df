/** What help shows is so: every example runs, and completions offer what the commands take. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const dump = readFileSync(join(root, 'components/lab/sample.iptables-save.txt'), 'utf8');
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: cart-1, namespace: shop}\nspec: {containers: [{name: app}]}\n';

async function helpOf(...args: readonly string[]): Promise<string> {
  return (await sidetrack([...args, '--help'])).out;
}

async function commandNames(): Promise<readonly string[]> {
  const [, listed = ''] = (await helpOf()).split('Commands:\n');
  return [...listed.matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

function examplesIn(help: string): readonly string[] {
  const [, shown = ''] = /Examples:\n((?: {2}.+\n)+)/.exec(help) ?? [];
  return shown.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

const folder = folderWith({
  ...{ 'pod.txt': dump, 'rules.txt': dump, 'before.txt': dump, 'after.txt': dump, 'pod.yaml': pod },
  'values.yaml': 'global:\n  proxy:\n    excludeOutboundPorts: "3306"\n',
  'iptables-save': `#!/bin/sh\ncat '${join(root, 'components/lab/sample.iptables-save.txt')}'\n`,
  kubectl: `#!/bin/sh\ncase "$1" in debug) exec iptables-save;; get) cat "$(dirname "$0")/pod.yaml";; *) echo '{}';; esac\n`,
});
for (const program of ['iptables-save', 'kubectl']) chmodSync(join(folder, program), 0o755);
mkdirSync(join(folder, 'deploy'));
writeFileSync(join(folder, 'deploy/pod.yaml'), pod);
const environment = { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` };

/** Runs a line of a shell with pipes and a file for the output; `sidetrack` in this process, and in the folder. */
async function runLine(
  line: string,
): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  const [pipeline = '', file] = line.split(' > ');
  let piped: string | undefined;
  let last = { exit: 0, out: '', err: '' };
  for (const command of pipeline.split(' | ')) {
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const [program = '', ...args] = words.map((word) =>
      existsSync(join(folder, word)) ? join(folder, word) : word,
    );
    if (words[0] === 'sidetrack')
      last = await sidetrack(args, { environment, ...(piped === undefined ? {} : { piped }) });
    else {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: environment });
      last = { exit: status ?? 2, out: stdout, err: stderr };
    }
    piped = last.out;
  }
  if (file !== undefined) expect(file).toMatch(/^[\w.-]+$/);
  return last;
}

test('every command has examples, and each of them runs', async () => {
  const names = await commandNames();
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) {
    const examples = examplesIn(await helpOf(name));
    expect(examples.length, name).toBeGreaterThan(0);
    for (const line of examples) {
      expect(line).toContain(`sidetrack ${name}`);
      const { exit, out, err } = await runLine(line);
      expect([0, 1], `${line}: ${err}`).toContain(exit);
      expect(out, line).not.toBe('');
    }
  }
}, 60_000);

test('an example that does not run is seen', async () => {
  expect((await runLine('sidetrack inspect absent.txt')).exit).toBe(2);
  expect((await runLine('iptables-save | sidetrack inspect --jsn -')).exit).toBe(2);
});

describe('completions', () => {
  /** What bash offers at the end of a line. */
  async function offered(line: string): Promise<readonly string[]> {
    const { out } = await sidetrack(['completion', 'bash']);
    const words = line.split(' ');
    const script = `${out}
compopt() { :; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_sidetrack; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    return stdout.split('\n').filter((word) => word !== '');
  }

  test('bash offers commands, options, and values of options', async () => {
    const names = await commandNames();
    expect(await offered('sidetrack ')).toEqual(expect.arrayContaining([...names]));
    for (const name of names) {
      const options = [...(await helpOf(name)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(
        ([, one]) => one,
      );
      expect(await offered(`sidetrack ${name} -`), name).toEqual(expect.arrayContaining(options));
    }
    expect(await offered('sidetrack check --format ')).toEqual(['text', 'json', 'sarif']);
    expect(await offered('sidetrack rules --istio 1.3')).toContain('1.30');
    expect(await offered('sidetrack rules --set redirectD')).toEqual(['redirectDNS=']);
    expect(await offered('sidetrack schema ch')).toEqual(['check']);
    expect(await offered('sidetrack ins')).toEqual(['inspect']);
    expect(await offered('sidetrack inspect po')).toEqual([]);
  });

  test('zsh is told of every command and every option', async () => {
    const { out } = await sidetrack(['completion', 'zsh']);
    expect(out).toMatch(/^#compdef sidetrack kubectl-sidetrack\n/);
    for (const name of await commandNames()) {
      const [arguments_ = ''] = new RegExp(`^ {4}${name}\\) _arguments .*$`, 'm').exec(out) ?? [];
      for (const [, option] of (await helpOf(name)).matchAll(/^ {2}(?:-\w, )?(--(?!help)[a-z-]+)/gm))
        expect(arguments_, name).toContain(`'*${option}[`);
      // Every quote is closed within its line.
      expect((arguments_.match(/'/g) ?? []).length % 2, name).toBe(0);
    }
    if (spawnSync('zsh', ['--version']).status === 0)
      expect(spawnSync('zsh', ['-n'], { input: out, encoding: 'utf8' }).stderr).toBe('');
  });
});
