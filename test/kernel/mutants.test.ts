/**
 * A test of the tests: mistakes that could be made in the engine, each made in a copy of it. What the kernel has
 * said must catch every one. A mistake whose place is not found any more fails too, so that the list does not rot.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface Mutant {
  readonly mistake: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const mutants: readonly Mutant[] = [
  {
    mistake: 'a negation is dropped',
    file: 'src/netfilter/evaluate.ts',
    from: 'finding.holds !== option.negated',
    to: 'finding.holds',
  },
  {
    mistake: 'positions count from 0',
    file: 'src/netfilter/traverse.ts',
    from: 'const at = { hook, table: table.name, chain: chain.name, position };',
    to: 'const at = { hook, table: table.name, chain: chain.name, position: position - 1 };',
  },
  {
    mistake: 'nat is asked on a reply',
    file: 'src/netfilter/traverse.ts',
    from: `    if (this.tracked.direction === 'reply')
      return 'this is a reply: nat rules are asked for the first packet of a connection';
    if (this.tracked.state !== 'NEW')
      return 'the connection is established: nat rules are asked for its first packet';
    if (!this.tracked.decided[side]) return null;`,
    to: `    if (this.tracked.direction === 'reply') return null;`,
  },
  {
    mistake: 'nat is asked again when a packet comes back over lo',
    file: 'src/netfilter/traverse.ts',
    from: 'if (!this.tracked.decided[side]) return null;',
    to: 'return null;',
  },
  {
    mistake: 'replies are not translated back',
    file: 'src/netfilter/nat.ts',
    from: "invert(direction === 'original' ? connection.reply : connection.original)",
    to: 'invert(connection.reply)',
  },
  {
    mistake: 'REDIRECT from a local process goes to the address of the interface',
    file: 'src/netfilter/targets/REDIRECT.ts',
    from: "if (hook === 'OUTPUT')",
    to: "if (hook === 'INPUT')",
  },
  {
    mistake: 'a rewritten packet is not routed again',
    file: 'src/netfilter/traverse.ts',
    from: "const next = this.routeAgain('the destination was rewritten');\n      if (typeof next !== 'string') return next;\n      out = next;",
    to: '',
  },
  {
    mistake: 'the fourth rule of ISTIO_OUTPUT asks for another user',
    file: 'src/istio/steps.ts',
    from: `\`-m owner --\${owner}-owner \${id} -j RETURN\`,\n      ownerRole(owner, 'output.proxy-bypass'),`,
    to: `\`-m owner ! --\${owner}-owner \${id} -j RETURN\`,\n      ownerRole(owner, 'output.proxy-bypass'),`,
  },
];

const copied = [
  'src',
  'test/kernel',
  'test/netfilter',
  'handbook.config.ts',
  'package.json',
  'tsconfig.json',
];
/** Not inside node_modules, where vitest neither looks for tests nor reads TypeScript. */
const cache = resolve('.cache');
let copy = '';

beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  copy = mkdtempSync(join(cache, 'mutant-'));
  for (const path of copied) cpSync(path, join(copy, path), { recursive: true });
  writeFileSync(join(copy, 'vitest.config.ts'), 'export default { test: { testTimeout: 60_000 } };\n');
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Replays what the kernel said against the copy. */
function replay() {
  return spawnSync(
    process.execPath,
    [
      resolve('node_modules/vitest/vitest.mjs'),
      'run',
      `--root=${copy}`,
      'test/kernel/scenarios.test.ts',
      'test/kernel/six-types.test.ts',
    ],
    { encoding: 'utf8', env: { ...process.env, SIDETRACK_KERNEL: 'recorded', CI: '', NO_COLOR: '1' } },
  );
}

test('the copy without a mistake agrees with the kernel', () => {
  const { status, stdout, stderr } = replay();
  expect(status, stdout + stderr).toBe(0);
});

describe('the kernel catches it when', () => {
  test.each(mutants)('$mistake', ({ file, from, to }) => {
    const path = join(copy, file);
    const sound = readFileSync(path, 'utf8');
    expect(sound.split(from), `the place in ${file}`).toHaveLength(2);
    try {
      writeFileSync(
        path,
        sound.replace(from, () => to),
      );
      const { status, stdout } = replay();
      expect(status).not.toBe(0);
      expect(stdout).toMatch(/Tests .*\d+ failed/);
    } finally {
      writeFileSync(path, sound);
    }
  });
});
