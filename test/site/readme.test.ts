/** What the README tells people to run is run. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

function block(language: string, containing: string): string {
  const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const found = blocks.find(([, of, text]) => of === language && text?.includes(containing));
  if (found?.[2] === undefined) throw new Error(`the README has no ${language} block with "${containing}"`);
  return found[2];
}

test('the ten lines that walk a connection print what the README says', () => {
  const program = block('ts', 'traverse(');
  const printed = execFileSync(process.execPath, ['--input-type=module-typescript'], {
    input: program,
    encoding: 'utf8',
  });
  expect(printed.trimEnd().split('\n').slice(-3).join('\n')).toBe(block('text', 'delivered').trimEnd());
  expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(14);
});

test('the one command prints a scenario’s journey as JSON', () => {
  const command = block('shell', 'scenarioNamed');
  const program = /npx node -e "([\s\S]*)"/.exec(command)?.[1] ?? '';
  const printed = JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
  expect(printed.legs).toHaveLength(2);
  expect(printed.path[0]).toContain('ISTIO_OUTPUT 9');
});

test('the two commands stand at the top and exist', () => {
  expect(readme.slice(0, 700)).toContain('npm ci && npm start');
  expect(readme.slice(0, 700)).toContain('npm ci && npm test');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [, name] of readme.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
});

test('every file that the README and the contributing guide name is there', () => {
  const texts = [readme, readFileSync('CONTRIBUTING.md', 'utf8')];
  const named = texts.flatMap((text) => [...text.matchAll(/`((?:src|test|content|components)\/[\w./-]+)`/g)]);
  for (const [, path] of named) expect(existsSync(path as string), path).toBe(true);
});
