/** Addresses, the rules of two families in one text, and the commands that a text may give. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseDumps,
  parseRuleset,
  printAddress,
  printRuleset,
  type Ruleset,
  readAddress,
} from '../../../src/netfilter/index.ts';
import { problemWords } from '../../../src/words/index.ts';

describe('addresses', () => {
  test('are read as they are printed', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 128n) - 1n), (value) => {
        expect(readAddress(printAddress('v6', value))).toEqual({ family: 'v6', value });
        const v4 = value & 0xffffffffn;
        expect(readAddress(printAddress('v4', v4))).toEqual({ family: 'v4', value: v4 });
      }),
    );
  });
  test.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1..2.3',
    ':::',
    '1::2::3',
    'g::',
    '12345::',
    '1.2.3.4:80',
  ])('%s is none', (one) => {
    expect(readAddress(one)).toBeNull();
  });
});

test('-R puts one rule in the place of another: a list of addresses is refused, and the old rule stays', () => {
  // "Replacement rule does not specify a unique address", by iptables 1.8.9 with both back ends
  for (const list of ['-s 1.1.1.1,2.2.2.2', '-d 1.1.1.1,2.2.2.2', '-s 1.1.1.1,1.1.1.1']) {
    const { ruleset, problems } = parseRuleset(
      `iptables -A OUTPUT -d 9.9.9.9\niptables -R OUTPUT 1 ${list} -j ACCEPT`,
    );
    expect(problems).toMatchObject([{ code: 'replaced by several', line: 2 }]);
    expect(problems.map((problem) => problemWords(problem).found)).toEqual([
      'a list of addresses that makes 2 rules',
    ]);
    expect(printRuleset(ruleset)).toContain('\n-A OUTPUT -d 9.9.9.9/32\nCOMMIT');
  }
});

describe('two families in one paste', () => {
  const families = (pasted: string) => {
    const { v4, v6, problems } = parseDumps(pasted);
    const count = (ruleset: Ruleset | undefined) =>
      ruleset?.tables.map(({ name, chains }) => `${name} ${chains.flatMap(({ rules }) => rules).length}`);
    return { v4: count(v4), v6: count(v6), problems: problems.length };
  };

  test('tables that come a second time are the other family’s', () => {
    const table = '*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -j ACCEPT\nCOMMIT\n';
    expect(families(table + table)).toEqual({ v4: ['nat 1'], v6: ['nat 1'], problems: 0 });
  });
  test('addresses tell the family where no tool does', () => {
    expect(
      families(
        '*nat\n-A OUTPUT -d ::1/128 -j RETURN\nCOMMIT\n*nat\n-A OUTPUT -d 127.0.0.1/32 -j RETURN\nCOMMIT\n',
      ),
    ).toEqual({ v4: ['nat 1'], v6: ['nat 1'], problems: 0 });
  });
  test('commands of both tools', () => {
    expect(
      families(
        'iptables -t nat -A OUTPUT -j RETURN\nip6tables -t nat -A OUTPUT -j RETURN\nip6tables -A INPUT -j DROP\n',
      ),
    ).toEqual({ v4: ['nat 1'], v6: ['nat 1', 'filter 1'], problems: 0 });
  });
  test('what a shell shows', () => {
    expect(
      families(
        '$ sudo iptables-save\n*raw\nCOMMIT\n$ sudo ip6tables-save\n*filter\n-A INPUT -j DROP\nCOMMIT\n',
      ),
    ).toEqual({ v4: ['raw 0'], v6: ['filter 1'], problems: 0 });
  });
});

describe('commands', () => {
  const printed = (...lines: readonly string[]) => {
    const { ruleset, problems } = parseRuleset(['*filter', ...lines, 'COMMIT'].join('\n'), 'v4');
    return {
      rules: printRuleset(ruleset)
        .split('\n')
        .filter((line) => line.startsWith('-A')),
      problems: problems.map((problem) => `${problem.line} ${problemWords(problem).found}`),
    };
  };

  test('-I puts a rule at a position, or first', () => {
    expect(printed('-A INPUT -s 1.1.1.1', '-I INPUT -s 2.2.2.2', '-I INPUT 2 -s 3.3.3.3').rules).toEqual([
      '-A INPUT -s 2.2.2.2/32',
      '-A INPUT -s 3.3.3.3/32',
      '-A INPUT -s 1.1.1.1/32',
    ]);
  });
  test('-D takes a rule away, by position or by its words', () => {
    expect(printed('-A INPUT -s 1.1.1.1', '-A INPUT -s 2.2.2.2', '-D INPUT 1').rules).toEqual([
      '-A INPUT -s 2.2.2.2/32',
    ]);
    expect(
      printed(
        '-A INPUT -p tcp --dport 80 -j DROP',
        '-A INPUT -s 2.2.2.2',
        '-D INPUT -p tcp -m tcp --dport 80 -j DROP',
      ).rules,
    ).toEqual(['-A INPUT -s 2.2.2.2/32']);
    expect(printed('-A INPUT -j DROP', '-D INPUT -j ACCEPT')).toEqual({
      rules: ['-A INPUT -j DROP'],
      problems: ['3 no such rule in chain "INPUT"'],
    });
  });
  test('-R replaces, -F empties, -X takes an empty chain away', () => {
    expect(printed('-A INPUT -s 1.1.1.1', '-R INPUT 1 -s 2.2.2.2').rules).toEqual(['-A INPUT -s 2.2.2.2/32']);
    expect(printed('-A INPUT -s 1.1.1.1', '-F INPUT').rules).toEqual([]);
    expect(printed(':X - [0:0]', '-A X -j DROP', '-X X').problems).toEqual(['4 chain "X", which has 1 rule']);
    expect(printed(':X - [0:0]', '-X X', '-A INPUT -j X').problems).toEqual(['4 target "X"']);
  });
  test('-E and -C are named', () => {
    expect(printed('-E A B', '-C INPUT -j DROP').problems).toEqual(['2 "-E A B"', '3 "-C INPUT -j DROP"']);
  });
  test('what iptables -S prints', () => {
    const { ruleset, problems } = parseRuleset(
      '-P INPUT DROP -c 5 300\n-N X\n-A INPUT -p tcp -c 7 420 -j X\n',
      'v4',
    );
    expect(problems).toEqual([]);
    expect(printRuleset(ruleset)).toBe(
      '*filter\n:INPUT DROP [5:300]\n:X - [0:0]\n[7:420] -A INPUT -p tcp -j X\nCOMMIT\n',
    );
  });
});
