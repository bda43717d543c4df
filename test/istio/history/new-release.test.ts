/**
 * A release to come with one changed rule is one edit in one file: everything that lists releases, changes, or
 * rules takes it from there.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'sidetrack-'));
afterAll(() => rmSync(copy, { recursive: true }));

/** What one would write for it. */
const before = `nat('ISTIO_OUTPUT', \`-d \${loopback(building)} -j RETURN\`, 'output.loopback')],
  },
`;
const entry = `  {
    by: {
      since: '1.33.0',
      subject: 'iptables: leave all of 127/8 alone',
      effect: 'The rule for localhost is for 127.0.0.0/8',
    },
    is: ({ family }) => [
      nat('ISTIO_OUTPUT', \`-d \${family === 'v4' ? '127.0.0.0/8' : '::1/128'} -j RETURN\`, 'output.loopback'),
    ],
  },
`;

/** What the engine in a folder says of its releases and of the rules of each, with and without DNS capture. */
const question = `
  const { checkOptions, newestRelease, releases, rulesFor, optionsFromPod } = await import(process.argv[1]);
  const dns = { redirectDNS: true, dnsServersV4: ['10.96.0.10'], enableIPv6: true };
  console.log(JSON.stringify({
    newestRelease,
    releases,
    rules: Object.fromEntries(releases.map(({ name }) => [name, [rulesFor(name).text, rulesFor(name, dns).text]])),
    problems: checkOptions('1.33'),
  }));
`;

interface Said {
  readonly newestRelease: string;
  readonly releases: readonly {
    readonly name: string;
    readonly changes: readonly { readonly subject?: string }[];
  }[];
  readonly rules: Readonly<Record<string, readonly { readonly v4: string }[]>>;
  readonly problems: readonly unknown[];
}

function ask(folder: string): Said {
  const door = join(folder, 'istio/index.ts');
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', question, door], { encoding: 'utf8' }),
  );
}

test('a release to come is one entry in one file', () => {
  for (const folder of ['istio', 'netfilter'])
    cpSync(join(source, folder), join(copy, folder), { recursive: true });
  const steps = readFileSync(join(copy, 'istio/steps/outbound.ts'), 'utf8');
  expect(steps.split(before)).toHaveLength(2);
  writeFileSync(join(copy, 'istio/steps/outbound.ts'), steps.replace(before, before + entry));

  const changed = ['istio', 'netfilter'].flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter(
        (name) =>
          readFileSync(join(source, folder, name), 'utf8') !== readFileSync(join(copy, folder, name), 'utf8'),
      ),
  );
  expect(changed).toEqual(['steps/outbound.ts']);

  const old = ask(source);
  const next = ask(copy);
  expect(old.newestRelease).toBe('1.32');
  expect(old.problems).toMatchObject([{ severity: 'warning', code: 'newer release', newest: '1.32' }]);
  expect(next.newestRelease).toBe('1.33');
  expect(next.problems).toEqual([]);
  expect(next.releases.slice(0, -1)).toEqual(old.releases);
  expect(next.releases.at(-1)).toEqual({
    name: '1.33',
    changes: [
      {
        since: '1.33.0',
        subject: 'iptables: leave all of 127/8 alone',
        effect: 'The rule for localhost is for 127.0.0.0/8',
      },
    ],
  });
  const { '1.33': rules, ...others } = next.rules;
  expect(others).toEqual(old.rules);
  expect(rules?.[0]?.v4).toBe(
    old.rules['1.32']?.[0]?.v4.replace(
      '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
      '-A ISTIO_OUTPUT -d 127.0.0.0/8 -j RETURN',
    ),
  );
});
