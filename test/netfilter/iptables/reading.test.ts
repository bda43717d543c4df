/**
 * Reading and printing, for rulesets and texts that nobody chose: print then parse is the identity, the three ways
 * to write a ruleset say the same, and no text loses a line, throws or hangs.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Family,
  longestText,
  parseDumps,
  parseRuleset,
  printAddress,
  printRuleset,
  type Ruleset,
} from '../../../src/netfilter/index.ts';
import { problemWords } from '../../../src/words/index.ts';

/** Pieces of rules in the form that iptables-save prints, by family. */
const addresses: Readonly<Record<Family, fc.Arbitrary<string>>> = {
  v4: fc
    .tuple(fc.nat(0xffffffff), fc.integer({ min: 1, max: 32 }))
    .map(
      ([bits, length]) =>
        `${printAddress('v4', (BigInt(bits) >> BigInt(32 - length)) << BigInt(32 - length))}/${length}`,
    ),
  v6: fc
    .tuple(fc.bigInt(0n, (1n << 128n) - 1n), fc.integer({ min: 1, max: 128 }))
    .map(
      ([bits, length]) =>
        `${printAddress('v6', (bits >> BigInt(128 - length)) << BigInt(128 - length))}/${length}`,
    ),
};
const port = fc.integer({ min: 1, max: 65534 });
const portRange = fc.oneof(
  port.map(String),
  fc
    .tuple(port, port)
    .filter(([a, b]) => a < b)
    .map(([a, b]) => `${a}:${b}`),
);
const not = fc.constantFrom('', '! ');
const number = fc.nat(0xffffffff);
const hex = number.map((one) => `0x${one.toString(16)}`);
const text = fc.string({
  unit: fc.constantFrom(...'abcXYZ019 -_:/;,.!#%<>"\\\''),
  minLength: 1,
  maxLength: 30,
});

function quoted(one: string): string {
  return /^[\w-]+$/.test(one) ? one : `"${one.replace(/["\\']/g, '\\$&')}"`;
}

function head(family: Family): fc.Arbitrary<string> {
  const word = (name: string, value: fc.Arbitrary<string>) =>
    fc.option(
      fc.tuple(not, value).map(([no, one]) => `${no}${name} ${one}`),
      { nil: '' },
    );
  return fc
    .tuple(
      word('-s', addresses[family]),
      word('-d', addresses[family]),
      word('-i', fc.constantFrom('eth0', 'lo', 'veth+')),
      word('-o', fc.constantFrom('eth1', 'lo', 'cali+')),
    )
    .map((parts) => parts.filter((part) => part !== '').join(' '));
}

const matchOf = fc.oneof(
  fc.tuple(not, portRange).map(([no, range]) => ({ protocol: 'tcp', text: `-m tcp ${no}--dport ${range}` })),
  fc.tuple(not, portRange).map(([no, range]) => ({ protocol: 'udp', text: `-m udp ${no}--sport ${range}` })),
  fc
    .tuple(not, fc.uniqueArray(port, { minLength: 1, maxLength: 15 }))
    .map(([no, ports]) => ({ protocol: 'tcp', text: `-m multiport ${no}--dports ${ports.join(',')}` })),
  fc
    .tuple(not, fc.nat(70000))
    .map(([no, uid]) => ({ protocol: '', text: `-m owner ${no}--uid-owner ${uid}` })),
  fc.tuple(not, hex, hex).map(([no, value, mask]) => ({
    protocol: '',
    text: `-m mark ${no}--mark ${value}${mask === '0xffffffff' ? '' : `/${mask}`}`,
  })),
  fc
    .tuple(
      not,
      fc.subarray(['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED', 'SNAT', 'DNAT'], {
        minLength: 1,
      }),
    )
    .map(([no, states]) => ({ protocol: '', text: `-m conntrack ${no}--ctstate ${states.join(',')}` })),
  text.map((one) => ({ protocol: '', text: `-m comment --comment ${quoted(one)}` })),
  fc
    .tuple(not, fc.nat(65535))
    .map(([no, length]) => ({ protocol: '', text: `-m length ${no}--length ${length}` })),
  fc.constant({ protocol: '', text: '-m limit --limit 5/sec --limit-burst 10' }),
);

const target = fc.oneof(
  fc.constantFrom(
    '-j ACCEPT',
    '-j DROP',
    '-j RETURN',
    '-j USER',
    '-g OTHER',
    '',
    '-j TRACE',
    '-j LOG --log-prefix "a b: "',
  ),
  fc.tuple(hex, hex).map(([value, mask]) => `-j MARK --set-xmark ${value}/${mask}`),
);

const rule = (family: Family) =>
  fc.tuple(head(family), fc.array(matchOf, { maxLength: 3 }), target).map(([first, matches, last]) => {
    const protocol = matches.find((one) => one.protocol !== '')?.protocol ?? '';
    const fitting = matches.filter((one) => one.protocol === '' || one.protocol === protocol);
    return [first, protocol === '' ? '' : `-p ${protocol}`, ...fitting.map((one) => one.text), last]
      .filter((part) => part !== '')
      .join(' ');
  });

const counters = fc
  .tuple(fc.bigInt(0n, 10n ** 15n), fc.bigInt(0n, 10n ** 15n))
  .map(([a, b]) => `[${a}:${b}]`);

interface Generated {
  readonly family: Family;
  readonly text: string;
  readonly rules: readonly { readonly chain: string; readonly rule: string }[];
}

/** A table as iptables-save prints it, with counters or without. */
const dump: fc.Arbitrary<Generated> = fc.constantFrom<Family>('v4', 'v6').chain((family) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom('PREROUTING', 'OUTPUT', 'USER', 'OTHER'), rule(family), counters), {
        maxLength: 12,
      }),
      fc.boolean(),
      fc.array(counters, { minLength: 2, maxLength: 2 }),
    )
    .map(([drawn, isCounted, policies]) => {
      const order = ['PREROUTING', 'OUTPUT', 'OTHER', 'USER'];
      // USER and OTHER must not call each other
      const rules = drawn
        .map(([chain, one, count]) => ({
          chain,
          rule: chain === 'USER' || chain === 'OTHER' ? one.replace(/-[jg] (USER|OTHER)$/, '-j ACCEPT') : one,
          count,
        }))
        .sort((a, b) => order.indexOf(a.chain) - order.indexOf(b.chain));
      const lines = rules.map(
        ({ chain, rule: one, count }) =>
          `${isCounted ? `${count} ` : ''}-A ${chain}${one === '' ? '' : ` ${one}`}`,
      );
      const chains = [
        `:PREROUTING ACCEPT ${policies[0]}`,
        `:OUTPUT DROP ${policies[1]}`,
        ':OTHER - [0:0]',
        ':USER - [0:0]',
      ];
      return { family, rules, text: ['*raw', ...chains, ...lines, 'COMMIT', ''].join('\n') };
    }),
);

describe('a ruleset that iptables-save prints', () => {
  test('is printed as it was read', () => {
    fc.assert(
      fc.property(dump, ({ family, text: saved }) => {
        const { ruleset, problems } = parseRuleset(saved, family);
        expect(problems).toEqual([]);
        expect(printRuleset(ruleset)).toBe(saved);
      }),
      { numRuns: 500 },
    );
  });

  test('is the same ruleset as commands, and in the form that is restored', () => {
    fc.assert(
      fc.property(dump, ({ family, rules }) => {
        const tool = family === 'v4' ? 'iptables' : 'ip6tables';
        const made = ['OTHER', 'USER'];
        const saved = [
          '*raw',
          ':PREROUTING ACCEPT [0:0]',
          ':OUTPUT ACCEPT [0:0]',
          ...made.map((name) => `:${name} - [0:0]`),
          ...rules.map(({ chain, rule: one }) => `-A ${chain} ${one}`),
        ];
        const restored = [
          '*raw',
          ...made.map((name) => `-N ${name}`),
          '-P PREROUTING ACCEPT',
          '-P OUTPUT ACCEPT',
          ...[...rules].reverse().map(({ chain, rule: one }) => `-I ${chain} 1 ${one}`),
        ];
        const typed = [
          ...made.map((name) => `${tool} -t raw -N ${name}`),
          `${tool} -t raw -P PREROUTING ACCEPT`,
          `${tool} -t raw -P OUTPUT ACCEPT`,
          ...rules.map(({ chain, rule: one }) => `sudo ${tool} -w -t raw -A ${chain} ${one}`),
        ];
        const expected = chainsOf(parseRuleset(saved.join('\n'), family).ruleset);
        expect(chainsOf(parseRuleset(restored.join('\n'), family).ruleset)).toEqual(expected);
        expect(chainsOf(parseRuleset(typed.join('\n'), family).ruleset)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('is found again beside the other family', () => {
    fc.assert(
      fc.property(dump, dump, (first, second) => {
        fc.pre(first.family !== second.family);
        const [v4, v6] = first.family === 'v4' ? [first, second] : [second, first];
        const both = `# Generated by iptables-save v1.8.9 on a day\n${v4.text}# Generated by ip6tables-save v1.8.9 (nf_tables) on a day\n${v6.text}`;
        const parsed = parseDumps(both);
        expect(parsed.problems).toEqual([]);
        expect(printRuleset(parsed.v4 as Ruleset)).toBe(v4.text);
        expect(printRuleset(parsed.v6 as Ruleset)).toBe(v6.text);
      }),
      { numRuns: 200 },
    );
  });
});

/** Each chain by name, its rules as they are printed: neither the order of chains nor counters. */
function chainsOf(ruleset: Ruleset): Readonly<Record<string, string>> {
  const lines = printRuleset(ruleset).split('\n');
  return Object.fromEntries(
    ['PREROUTING', 'OUTPUT', 'USER', 'OTHER'].map((name) => [
      name,
      lines.filter((line) => line.startsWith(`-A ${name} `) || line === `-A ${name}`).join('\n'),
    ]),
  );
}

/** Every line is a rule that is kept, something else that was read, or in a problem. */
function expectNothingLost(garbage: string, family: Family): void {
  const { ruleset, problems, lines } = parseRuleset(garbage, family);
  const source = garbage.split('\n');
  expect(lines.length).toBe(source.length);
  const kept = new Set(
    ruleset.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.map(({ line }) => line))),
  );
  const removes = lines.includes('command');
  for (const [at, line] of source.entries()) {
    const reading = lines[at];
    const own = problems.filter((problem) => problem.line === at + 1);
    if (reading === 'unread') expect(own.map(({ text: whole }) => whole)).toContain(line);
    if (reading === 'rule' && !removes) expect(kept.has(at + 1)).toBe(true);
    if (reading === 'blank') expect(line.trim()).toBe('');
    if (reading === 'comment') expect(line.trimStart().startsWith('#')).toBe(true);
  }
  for (const problem of problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    const { found, expected, fix } = problemWords(problem);
    for (const words of [found, expected, fix]) expect(words).not.toBe('');
  }
}

describe('any text', () => {
  const words = fc.constantFrom(
    '-A',
    '-I',
    '-D',
    '-N',
    '-P',
    '-X',
    '-F',
    '-t',
    'nat',
    'OUTPUT',
    'INPUT',
    'USER',
    '-j',
    '-g',
    'ACCEPT',
    'DNAT',
    '--to-destination',
    '10.0.0.1',
    '10.0.0.1-10.0.0.9:80',
    'fd00::1',
    '!',
    '-m',
    'tcp',
    'conntrack',
    '--ctstate',
    'NEW',
    'multiport',
    '--dports',
    '1,2:3',
    '-p',
    '-s',
    '-d',
    '1.2.3.4/40',
    '"',
    "'",
    '\\',
    '[0:0]',
    '*nat',
    ':USER',
    '-',
    'COMMIT',
    '#',
    '--comment',
    '-c',
    '5',
    '-1',
    '--mark',
    '0x1/',
    'set',
    '--match-set',
    'end',
    '<b>',
    '𝒳',
    '\u0000',
    'constructor',
    '__proto__',
    'toString',
  );
  const line = fc.oneof(
    fc.array(words, { maxLength: 10 }).map((parts) => parts.join(' ')),
    fc.array(words, { maxLength: 10 }).map((parts) => `-A OUTPUT ${parts.join(' ')}`),
    fc.string({ maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }).map((one) => one.replaceAll('\n', ' ')),
  );

  test('is read without an exception, and without a line lost', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.constantFrom<Family>('v4', 'v6'), (parts, family) =>
        expectNothingLost(parts.join('\n'), family),
      ),
      { numRuns: 2000 },
    );
  });

  test('that is a good dump cut off or changed somewhere loses no line either', () => {
    fc.assert(
      fc.property(
        dump,
        fc.nat(),
        fc.nat(),
        fc.string({ maxLength: 3 }),
        ({ family, text: saved }, at, size, put) => {
          const from = at % (saved.length + 1);
          expectNothingLost(saved.slice(0, from) + put + saved.slice(from + (size % 20)), family);
          expectNothingLost(saved.slice(0, from), family);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('prints to a text that reads as the same', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (parts) => {
        const printed = printRuleset(parseRuleset(parts.join('\n'), 'v4').ruleset);
        expect(printRuleset(parseRuleset(printed, 'v4').ruleset)).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });

  test('with lines of 100 kB takes no longer than its length', () => {
    const long = 'x'.repeat(100_000);
    const hard = [
      long,
      `-A OUTPUT -s ${long} -j ACCEPT`,
      `-A OUTPUT -m comment --comment "${long}" -j ACCEPT`,
      `-A OUTPUT -m comment --comment "${long} -j ACCEPT`,
      `-A OUTPUT -j ${long}`,
      `-A ${long} -j ACCEPT`,
      `:${long} - [0:0]`,
      `-A OUTPUT ${'! '.repeat(50_000)}`,
      `-A OUTPUT ${'-m tcp '.repeat(15_000)}`,
      `-A OUTPUT -p tcp -m multiport --dports ${'1,'.repeat(50_000)}1`,
      `-A OUTPUT -s ${'10.0.0.1,'.repeat(10_000)}10.0.0.1 -j ACCEPT`,
      `-A OUTPUT -d ${':'.repeat(100_000)}`,
      `-A OUTPUT ${'\\'.repeat(100_000)}`,
      `-s${' '.repeat(100_000)}:`,
    ];
    const start = performance.now();
    for (const one of hard) {
      expectNothingLost(one, 'v4');
      parseDumps(one);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('of more than the limit is refused with the limit named', () => {
    const { problems } = parseRuleset('x'.repeat(longestText + 1));
    expect(problems).toEqual([
      {
        code: 'text too long',
        line: 1,
        column: 1,
        length: longestText + 1,
        most: longestText,
        text: '',
      },
    ]);
    expect(problems.map(problemWords)).toEqual([
      {
        found: 'a text of 33 MB',
        expected: 'at most 32 MB',
        fix: 'Cut it down to the tables in question: iptables-save -t nat',
      },
    ]);
  });
});
