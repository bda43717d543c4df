import { describe, expect, test } from 'vitest';
import { parseRuleset, printRuleset, traverse } from '../../src/netfilter/index.ts';
import { because, problemWords } from '../../src/words/index.ts';

/** Chains that each jump some times to the next one: few rules, and a way that multiplies. */
function multiplying(depth: number, jumps: number): string {
  const chains = Array.from({ length: depth }, (_, at) => `C${at}`);
  const last = depth - 1;
  return [
    '*filter',
    ':OUTPUT ACCEPT [0:0]',
    ...chains.map((name) => `:${name} - [0:0]`),
    '-A OUTPUT -j C0',
    ...chains.slice(0, last).flatMap((name, at) => {
      return Array.from({ length: jumps }, () => `-A ${name} -j C${at + 1}`);
    }),
    `-A C${last} -p udp -j DROP`,
    'COMMIT',
    '',
  ].join('\n');
}

function walk(text: string) {
  const { ruleset } = parseRuleset(text);
  const interfaces = [
    { name: 'lo', addresses: ['127.0.0.1/8'] },
    { name: 'eth0', addresses: ['10.0.0.1/24'] },
  ];
  return traverse(
    { rulesets: { v4: ruleset }, interfaces },
    {
      protocol: 'tcp',
      source: '10.0.0.1',
      sourcePort: 40000,
      destination: '10.0.0.9',
      destinationPort: 80,
      from: { uid: 1, gid: 1 },
    },
  );
}

describe('how long a walk may become', () => {
  const shapes = [
    [16, 3],
    [4, 100],
  ] as const;
  test.each(shapes)(
    '%i chains with %i jumps each stop at the limit, with the chain named',
    (depth, jumps) => {
      const { events, outcome } = walk(multiplying(depth, jumps));
      expect(outcome).toMatchObject({
        kind: 'cannot tell',
        reason: { code: 'too many events', most: 400_000, to: `C${depth - 1}` },
      });
      expect(events.length).toBeLessThan(400_010);
      expect(outcome.kind === 'cannot tell' && because(outcome)).toMatch(
        /^filter C\d+ \d+ jumps on after 400000 steps, the most that are followed; chain C\d+ alone was entered \d+ times$/,
      );
    },
  );
  test('16 chains with 2 jumps each are walked to their end', () => {
    const { outcome } = walk(multiplying(16, 2));
    expect(outcome).toMatchObject({ kind: 'sent' });
  });
});

/** Different rules: one for each number. */
function addresses(count: number): string {
  return Array.from({ length: count }, (_, at) => `10.0.${at >> 8}.${at & 255}`).join(',');
}

describe('what one text may ask of its reader', () => {
  test('lists of addresses are as many rules as iptables makes of them, in its order', () => {
    const lines = (command: string) =>
      printRuleset(parseRuleset(`-A OUTPUT -j LOG\n${command} -s 1.0.0.1,1.0.0.2 -d 2.0.0.1,2.0.0.2`).ruleset)
        .split('\n')
        .filter((line) => line.startsWith('-A'))
        .map((line) => line.replaceAll(/-A OUTPUT |\/32|.0.0/g, ''));
    const pairs = ['-s 1.1 -d 2.1', '-s 1.1 -d 2.2', '-s 1.2 -d 2.1', '-s 1.2 -d 2.2'];
    expect(lines('-A OUTPUT')).toEqual(['-j LOG', ...pairs]);
    // As iptables 1.8.9 does, with both back ends.
    expect(lines('-I OUTPUT')).toEqual([...pairs.toReversed(), '-j LOG']);
    expect(lines('-I OUTPUT 2')).toEqual(['-j LOG', ...pairs.toReversed()]);
  });
  test.each(['-A OUTPUT', '-I OUTPUT', '-I OUTPUT 1'])(
    '%s with long lists is one rule that was not read',
    (command) => {
      const { ruleset, problems } = parseRuleset(
        `${command} -s ${addresses(100)} -d ${addresses(100)} -j DROP`,
      );
      expect(problems).toMatchObject([{ code: 'too many of lists', rules: 10_000, line: 1 }]);
      expect(problems.map((problem) => problemWords(problem).found)).toEqual([
        'lists of addresses that make 10000 rules',
      ]);
      const rules = ruleset.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
      expect(rules).toHaveLength(1);
      expect(rules[0]?.unread).toContain('-A OUTPUT -s 10.0.0.0,');
    },
  );
  test('all lists of a text together make so many rules, and the others are told', () => {
    const line = `-A OUTPUT -s ${addresses(64)} -d ${addresses(64)} -j DROP\n`;
    const { ruleset, problems } = parseRuleset(line.repeat(100));
    const rules = ruleset.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
    expect(rules).toHaveLength(24 * 4096 + 76);
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 76 }, () => 'too many of lists'));
  });
  test('a rule of thousands of words keeps its place and is not read', () => {
    const { ruleset, problems } = parseRuleset(
      `-A OUTPUT -j LOG\n-A OUTPUT ${'-m tcp '.repeat(5000)}\n-A OUTPUT -j DROP`,
    );
    expect(problems).toMatchObject([{ code: 'rule too long', words: 10_000, most: 1000 }]);
    expect(ruleset.tables[0]?.chains[0]?.rules.map(({ unread }) => unread !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
  });
  test('twenty thousand rules that are put in, and taken out from behind', () => {
    const rules = addresses(20_000).split(',');
    const text = (verb: string) => (address: string) => `iptables ${verb} OUTPUT -d ${address} -j DROP`;
    const commands = [...rules.map(text('-A')), ...rules.toReversed().map(text('-D'))];
    const { ruleset, problems } = parseRuleset(commands.join('\n'));
    expect(problems).toEqual([]);
    expect(ruleset.tables[0]?.chains[0]?.rules).toEqual([]);
  });
  test('what is put in between two that are taken out is found', () => {
    const commands = [
      '-A OUTPUT -d 1.1.1.1',
      '-A OUTPUT -d 2.2.2.2',
      '-A OUTPUT -d 1.1.1.1',
      '-D OUTPUT -d 2.2.2.2',
    ];
    commands.push('-I OUTPUT 2 -d 3.3.3.3', '-R OUTPUT 1 -d 4.4.4.4', '-A OUTPUT -d 5.5.5.5');
    commands.push('-D OUTPUT -d 1.1.1.1', '-D OUTPUT -d 5.5.5.5', '-D OUTPUT 1', '-A OUTPUT -d 3.3.3.3');
    commands.push('-D OUTPUT -d 3.3.3.3', '-A OUTPUT -j LOG', '-D OUTPUT -d 3.3.3.3');
    const { ruleset, problems } = parseRuleset(commands.join('\n'));
    expect(problems).toEqual([]);
    expect(printRuleset(ruleset)).toContain('-A OUTPUT -j LOG\nCOMMIT');
  });
  test('commands that go past many chains are carried out up to a limit, and the others are told', () => {
    const chains = Array.from({ length: 10_000 }, (_, at) => `iptables -N C${at}`);
    const { problems } = parseRuleset([...chains, ...Array(2100).fill('iptables -F')].join('\n'));
    expect(problems.length).toBe(100);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['too many passed']));
  });
});
