/** The check in CI: the lines of the action, of GitLab's job and of the hook are run by a shell, with the real command. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderWith, sidetrack } from './terminal.ts';

const root = join(import.meta.dirname, '../..');
const yaml = (path: string) => parse(readFileSync(join(root, path), 'utf8'));

const good = 'apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n';
const bad =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {sidecar.istio.io/inject: "true"}}\nspec: {containers: [{name: app}]}\nstatus: {phase: Running}\n';

/** A folder with a manifest, and the command as if it were installed. */
function repository(manifest: string): string {
  const folder = folderWith({});
  mkdirSync(join(folder, 'deploy'));
  writeFileSync(join(folder, 'deploy/a.yaml'), manifest);
  mkdirSync(join(folder, 'bin'));
  const main = join(root, 'src/command/main.ts');
  writeFileSync(join(folder, 'bin/sidetrack'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(folder, 'bin/sidetrack'), 0o755);
  return folder;
}

/** The exit code of a script, and the results in the SARIF that it has written. */
function runs(script: string, manifest: string, env: Readonly<Record<string, string>> = {}) {
  const folder = repository(manifest);
  const path = `${join(folder, 'bin')}${delimiter}${process.env.PATH ?? ''}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: path, SIDETRACK_PATHS: 'deploy', SIDETRACK_ARGUMENTS: '', ...env },
  });
  const sarif = () =>
    JSON.parse(readFileSync(join(folder, 'sidetrack.sarif'), 'utf8')).runs[0].results.length;
  return { status, said: `${stdout}${stderr}`, sarif };
}

const action = yaml('deploy/check/action.yml');
const job = yaml('deploy/gitlab-check.yml')['sidetrack-check'];
const checkStep = action.runs.steps.find(({ run = '' }: { run?: string }) => run.includes('sidetrack check'));

test.each([
  ['the action', checkStep.run, { SIDETRACK_SARIF: action.inputs.sarif.default }],
  ['the job', job.script.filter((line: string) => !line.startsWith('npm ')).join('\n'), {}],
] as const)('%s passes what is fine, fails for a finding, and writes SARIF for both', (_, script, env) => {
  const [fine, wrong] = [runs(script, good, env), runs(script, bad, env)];
  expect([fine.status, fine.sarif()], fine.said).toEqual([0, 0]);
  expect([wrong.status, wrong.sarif()], wrong.said).toEqual([1, 1]);
  expect(wrong.said).toContain('mesh.not-injected');
});

test('the action gives each of its steps what the step reads, and nothing is put into a script', () => {
  for (const { run = '', env = {} } of action.runs.steps) {
    expect(run).not.toContain('${{');
    for (const [, name = ''] of run.matchAll(/\$(SIDETRACK_\w+)/g)) expect(Object.keys(env)).toContain(name);
  }
});

test('the hook takes files, passes those that hold nothing to judge, and fails for a finding', async () => {
  const [{ entry, files }] = yaml('deploy/pre-commit-config.yaml').repos[0].hooks;
  expect(['a.yaml', 'b/c.yml', 'd.json'].every((name) => new RegExp(files).test(name))).toBe(true);
  expect(new RegExp(files).test('a.yaml.tmpl')).toBe(false);
  const hook = (manifest: string) =>
    sidetrack([...entry.split(' ').slice(1), join(repository(manifest), 'deploy/a.yaml')]);
  expect((await hook('services: [a, b]\n')).exit).toBe(0);
  expect((await hook(bad)).exit).toBe(1);
});
