/** What `iptables -L` prints for people, read as rules: the real one's answers, and what people make of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Family,
  guessListedTable,
  isListingHeading,
  printRule,
  printRuleset,
  type Rule,
  readListing,
  type TableName,
} from '../../../src/netfilter/index.ts';
import { growthOf, mostGrowth } from '../growth.ts';
import { readAnswers } from './forms/answers.ts';

const columns = ' pkts bytes target     prot opt in     out     source               destination';

/** The rule that one row of `iptables -L -n -v` is. */
function rowRead(form: string, row: string, family: Family) {
  const [, table = '', chain = ''] = form.split(' ');
  const listing = readListing(
    ['Chain USER (1 references)', `Chain ${chain} (policy ACCEPT 0 packets, 0 bytes)`, columns, row],
    { family, table: table as TableName },
  );
  const rule = listing[family]?.tables[0]?.chains.find(({ name }) => name === chain)?.rules[0] as Rule;
  return { rule, saved: `-A ${chain} ${printRule(family, rule)}`.trimEnd(), listing };
}

/**
 * What iptables prints less of than there is: a hashlimit's name, whether a quota is negated, a program without its
 * length, chunks of SCTP by their numbers, a cgroup's number that may be its path, a text that may be written in
 * hexadecimal form, a prefix of HMARK's without the length.
 */
const printsLess =
  /-m (hashlimit|quota|cgroup --cgroup|cgroup ! --cgroup|bpf --bytecode|string --hex-string)|--chunk-types|--hmark-src-prefix 128/;

/** iptables-nft prints nothing of a match that has nothing to print but its name. */
const isSilent = (form: string, backends: readonly string[]) =>
  form.includes('-m eui64') && backends.includes('nft');

describe('each form of each extension, as the real iptables lists it, is the rule that iptables-save has', () => {
  const saved = new Map(
    readAnswers('recorded.txt').flatMap(({ form, family, backends, answer }) =>
      backends.map((backend) => [`${form} ${family} ${backend}`, answer] as const),
    ),
  );
  const rows = readAnswers('listed.txt');

  test('all of them are here', () => {
    expect(rows.flatMap(({ backends }) => backends)).toHaveLength(saved.size);
    expect(saved.size).toBeGreaterThan(1000);
  });

  test.each(rows.map((one) => [`${one.family} ${one.form} ${one.backends.join(' ')}`, one] as const))(
    '%s',
    (_, { form, family, backends, answer, line }) => {
      const where = `test/netfilter/iptables/forms/listed.txt:${line}`;
      const { rule, saved: read, listing } = rowRead(form, answer, family);
      if (isSilent(form, backends)) {
        expect(rule.matches, where).toEqual([]);
        return;
      }
      if (backends.some((backend) => printsLess.test(saved.get(`${form} ${family} ${backend}`) ?? ''))) {
        expect(rule.unread, where).toBeDefined();
        expect(listing.problems, where).toMatchObject([{ line: 4 }]);
        return;
      }
      expect(listing.problems, where).toEqual([]);
      for (const backend of backends) expect(read, where).toBe(saved.get(`${form} ${family} ${backend}`));
    },
  );
});

/** Rules of a sidecar as an older iptables lists them; the names are made up. */
const nat = `Chain PREROUTING (policy ACCEPT 10 packets, 600 bytes)
 pkts bytes target     prot opt in     out     source               destination
   10   600 IN_CHAIN   tcp  --  *      *       0.0.0.0/0            0.0.0.0/0

Chain OUTPUT (policy ACCEPT 12K packets, 600K bytes)
 pkts bytes target     prot opt in     out     source               destination
  12K  600K OUT_CHAIN  all  --  *      *       0.0.0.0/0            0.0.0.0/0

Chain IN_CHAIN (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 RETURN     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:8008
   10   600 REDIRECT   tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            redir ports 9006

Chain OUT_CHAIN (1 references)
 pkts bytes target     prot opt in     out     source               destination
    0     0 RETURN     all  --  *      lo      127.0.0.6            0.0.0.0/0
    0     0 IN_CHAIN   tcp  --  *      lo      0.0.0.0/0           !127.0.0.1            tcp dpt:!8008 owner UID match 1337
    0     0            udp  --  *      !lo     0.0.0.0/0            0.0.0.0/0            ! owner UID match 1337 /* only counts */
    5   300 RETURN     all  --  *      *       0.0.0.0/0            0.0.0.0/0            owner UID match 1337`;

const read = (text: string, about?: Parameters<typeof readListing>[1]) =>
  readListing(text.split('\n'), about);

describe('a listing whole', () => {
  test('is the ruleset that iptables-save -c prints', () => {
    const { v4, v6, problems, tables, tells } = read(nat);
    expect(problems).toEqual([]);
    expect(v6).toBeUndefined();
    expect(tables).toEqual([
      {
        from: 0,
        to: 19,
        family: 'v4',
        table: 'nat',
        by: 'chains',
        tells: { interfaces: true, numbers: true },
      },
    ]);
    expect(tells).toEqual({ interfaces: true, numbers: true });
    expect(v4 && printRuleset(v4)).toBe(`*nat
:PREROUTING ACCEPT [10:600]
:OUTPUT ACCEPT [0:0]
:IN_CHAIN - [0:0]
:OUT_CHAIN - [0:0]
[10:600] -A PREROUTING -p tcp -j IN_CHAIN
-A OUTPUT -j OUT_CHAIN
[0:0] -A IN_CHAIN -p tcp -m tcp --dport 8008 -j RETURN
[10:600] -A IN_CHAIN -p tcp -j REDIRECT --to-ports 9006
[0:0] -A OUT_CHAIN -s 127.0.0.6/32 -o lo -j RETURN
[0:0] -A OUT_CHAIN ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 8008 -m owner --uid-owner 1337 -j IN_CHAIN
[0:0] -A OUT_CHAIN ! -o lo -p udp -m owner ! --uid-owner 1337 -m comment --comment "only counts"
[5:300] -A OUT_CHAIN -m owner --uid-owner 1337 -j RETURN
COMMIT
`);
  });

  test('rules know their lines, and each line what it was', () => {
    const { v4, lines } = read(nat);
    expect(v4?.tables[0]?.chains.map(({ rules }) => rules.map(({ line }) => line))).toEqual([
      [3],
      [7],
      [11, 12],
      [16, 17, 18, 19],
    ]);
    expect(lines).toHaveLength(19);
    expect(lines.slice(0, 4)).toEqual(['chain', 'chain', 'rule', 'blank']);
  });

  test('numbered, without counters, with its blanks gone', () => {
    const { v4, problems } = read(`Chain OUTPUT (policy DROP)
num target prot opt source destination
1 ACCEPT tcp -- 0.0.0.0/0 10.0.0.0/8 tcp dpts:8000:8080
2 tcp -- 0.0.0.0/0 0.0.0.0/0`);
    expect(problems.map(({ code }) => code)).toEqual(['listed table unknown']);
    expect(v4 && printRuleset(v4)).toContain(
      '-A OUTPUT -d 10.0.0.0/8 -p tcp -m tcp --dport 8000:8080 -j ACCEPT\n-A OUTPUT -p tcp\n',
    );
  });

  test('of an older ip6tables, which leaves a column empty', () => {
    const { v6, tells, problems } = read(`Chain POSTROUTING (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
    0     0 MASQUERADE  all      *      eth0    fd00:1::/64          ::/0
    0     0            tcp      *      *       ::/0                 ::/0                 tcp dpt:80
Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination`);
    expect(problems).toEqual([]);
    expect(tells).toEqual({ interfaces: true, numbers: true });
    expect(v6 && printRuleset(v6)).toContain(
      '[0:0] -A POSTROUTING -s fd00:1::/64 -o eth0 -j MASQUERADE\n[0:0] -A POSTROUTING -p tcp -m tcp --dport 80\n',
    );
  });

  test('several tables of both families: by their commands, or by a chain that comes again', () => {
    const chain = (rule: string) =>
      `Chain OUTPUT (policy ACCEPT)\ntarget     prot opt source               destination\n${rule}`;
    const { v4, v6, tables } = read(`$ sudo iptables -t nat -nL
${chain('REDIRECT   tcp  --  0.0.0.0/0            0.0.0.0/0            redir ports 80')}
# ip6tables -L -n --table=mangle
${chain('MARK       all      ::/0                 ::/0                 MARK set 0x1')}
${chain('CT         all      ::/0                 ::/0                 CT notrack')}`);
    expect(tables.map(({ from, to, family, table, by }) => [from, to, family, table, by])).toEqual([
      [0, 4, 'v4', 'nat', 'command'],
      [4, 8, 'v6', 'mangle', 'command'],
      [8, 11, 'v6', 'raw', 'chains'],
    ]);
    expect(v4 && printRuleset(v4)).toContain('-A OUTPUT -p tcp -j REDIRECT --to-ports 80');
    expect(v6 && printRuleset(v6)).toMatch(
      /\*mangle[^*]*--set-xmark 0x1\/0xffffffff[^*]*\*raw[^*]*--notrack/,
    );
  });

  test('the caller knows better which table it is', () => {
    expect(read(nat, { table: 'mangle', family: 'v4' }).tables).toMatchObject([
      { table: 'mangle', by: 'caller' },
    ]);
  });
});

describe('what a listing does not tell', () => {
  const plain = `Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination
RETURN     all  --  anywhere             localhost
ACCEPT     tcp  --  reviews.example      anywhere             tcp dpt:http
RETURN     all  --  anywhere             anywhere             owner UID match sidecar`;

  test('without -v no interfaces, without -n names in the place of numbers', () => {
    const { tells, v4, problems } = read(plain, { table: 'nat' });
    expect(tells).toEqual({ interfaces: false, numbers: false });
    const rules = v4?.tables[0]?.chains[0]?.rules ?? [];
    expect(rules.map(({ unread }) => unread !== undefined)).toEqual([false, true, true]);
    expect(problems).toMatchObject([
      { line: 4, code: 'value unreadable', value: 'reviews.example', column: 21 },
      { line: 5, code: 'value unreadable', value: 'sidecar', column: 63 },
    ]);
    expect(printRule('v4', rules[0] as Rule)).toBe('-d 127.0.0.1/32 -j RETURN');
  });

  test.each([
    [
      'a match that is not known',
      'RETURN     all  --  *      *       0.0.0.0/0            0.0.0.0/0            realm zz top',
    ],
    [
      'a target’s end that was cut off',
      'REDIRECT   tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            redir por',
    ],
    [
      'a target that says nothing of what it does',
      'DNAT       tcp  --  *      *       0.0.0.0/0            0.0.0.0/0',
    ],
    [
      'an option of a match that does not stand there',
      'RETURN     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            dpt:80',
    ],
    [
      'a comment that nobody can tell the end of',
      'RETURN     all  --  *      *       0.0.0.0/0            0.0.0.0/0            /* a */ owner UID match 0 /* b */',
    ],
    [
      'columns that were eaten',
      'RETURN     tcp  --  *      0.0.0.0/0            0.0.0.0/0            tcp dpt:80',
    ],
  ])('%s makes a rule that was not read, in its place', (_, row) => {
    const { v4, problems, lines } = read(
      `Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
target     prot opt in     out     source               destination
ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0
${row}
ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0`,
      { table: 'nat' },
    );
    const rules = v4?.tables[0]?.chains[0]?.rules ?? [];
    expect(rules.map(({ unread }) => unread)).toEqual([undefined, `-A OUTPUT ${row.trim()}`, undefined]);
    expect(problems).toMatchObject([{ line: 4, text: row }]);
    expect(lines).toEqual(['chain', 'chain', 'rule', 'rule', 'rule']);
  });

  test('comments are no options, and options no comments', () => {
    const row = (behind: string) => `Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination
RETURN     all  --  0.0.0.0/0            0.0.0.0/0            ${behind}`;
    const rule = (behind: string) =>
      read(row(behind), { table: 'nat' }).v4?.tables[0]?.chains[0]?.rules[0] as Rule;
    expect(printRule('v4', rule('/* owner UID match 0 */'))).toBe(
      '-m comment --comment "owner UID match 0" -j RETURN',
    );
    expect(printRule('v4', rule('/*  */ mark match 0x1'))).toBe(
      '-m comment --comment "" -m mark --mark 0x1 -j RETURN',
    );
    expect(printRule('v4', rule('/* a */ /* b */'))).toBe(
      '-m comment --comment a -m comment --comment b -j RETURN',
    );
    expect(rule('/* a */ tcp */').unread).toBeDefined();
  });

  test('a row without its headings is none', () => {
    const { v4, problems, lines } = read(nat.split('\n').slice(2, 3).join('\n'));
    expect(v4).toBeUndefined();
    expect(lines).toEqual(['unread']);
    expect(problems).toMatchObject([{ code: 'listed row unknown', rest: null, line: 1 }]);
  });
});

test('the table by its targets, else by its chains', () => {
  const chains = (...names: readonly string[]) => names.map((name) => `Chain ${name} (policy ACCEPT)`);
  expect(
    guessListedTable([...chains('PREROUTING', 'OUTPUT'), ' 0 0 REDIRECT tcp -- * * 0.0.0.0/0 0.0.0.0/0']),
  ).toBe('nat');
  expect(guessListedTable(['0 0 TPROXY tcp'])).toBe('mangle');
  expect(guessListedTable(chains('INPUT', 'FORWARD', 'OUTPUT'))).toBe('filter');
  expect(guessListedTable(chains('PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'))).toBe('mangle');
  expect(guessListedTable(chains('PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'))).toBe('nat');
  expect(guessListedTable(chains('PREROUTING', 'OUTPUT'))).toBe('raw');
  expect(guessListedTable([...chains('PREROUTING', 'OUTPUT'), 'ACCEPT all'])).toBeNull();
  expect(guessListedTable(chains('constructor', '__proto__'))).toBeNull();
});

test('headings are told apart from other lines', () => {
  const is = ['Chain A (1 references)', columns, 'num  target     prot opt source               destination'];
  expect(is.map(isListingHeading)).toEqual([true, true, true]);
  const isNot = ['', 'Chain of command (1 reference)', '-A OUTPUT', 'target prot', 'Chain INPUT {'];
  expect(isNot.map(isListingHeading)).toEqual([false, false, false, false, false]);
});

test('whatever stands there, each line is heard and nothing is thrown', () => {
  const rows = readAnswers('listed.txt').map(({ answer }) => answer);
  const piece = fc.oneof(
    fc.constantFrom(...rows, ...nat.split('\n'), columns, 'iptables -t nat -L', 'ip6tables -t x -L', ''),
    fc.tuple(fc.constantFrom(...rows), fc.nat(120)).map(([row, at]) => row.slice(0, at)),
    fc
      .tuple(fc.constantFrom(...rows), fc.nat(120), fc.string())
      .map(([row, at, text]) => row.slice(0, at) + text + row.slice(at)),
    fc
      .constantFrom('constructor', '__proto__', 'toString')
      .map((name) => `0 0 ${name} all -- * * 0.0.0.0/0 0.0.0.0/0 ${name}`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (lines) => {
      const { lines: readings, v4, v6, problems } = readListing(lines);
      expect(readings).toHaveLength(lines.length);
      const rules = [v4, v6].flatMap(
        (one) => one?.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules)) ?? [],
      );
      expect(rules.length).toBe(readings.filter((reading) => reading === 'rule').length);
      for (const rule of rules) {
        if (rule.unread !== undefined) expect(problems.some(({ line }) => line === rule.line)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
});

test('the time grows with the lines, and not faster', () => {
  const rows = nat.split('\n').slice(14);
  const texts = [
    (count: number) => [
      'Chain A (1 references)',
      columns,
      ...Array.from({ length: count }, (_, at) => rows[1 + (at % 4)] as string),
    ],
    (count: number) => Array.from({ length: count }, (_, at) => `Chain C${at} (1 references)`),
    (count: number) => Array.from({ length: count }, () => 'iptables -t nat -L'),
    (count: number) => [
      'Chain A (1 references)',
      columns,
      `0 0 RETURN all -- * * 0.0.0.0/0 0.0.0.0/0 ${'/* a */ '.repeat(count)}`,
    ],
    (count: number) => [
      'Chain A (1 references)',
      columns,
      `0 0 RETURN all -- * * 0.0.0.0/0 0.0.0.0/0 ${'dpt:80 tcp '.repeat(count)}`,
    ],
  ];
  for (const text of texts) expect(growthOf(readListing, text)).toBeLessThan(mostGrowth);
});
