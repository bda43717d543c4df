/** An nft text is read into data and printed from it; whatever is not understood stays in sight. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NftStatement, parseNft, printNft } from '../../../src/netfilter/index.ts';
import { allFields } from '../../../src/netfilter/nftables/fields.ts';
import { nftProblemWords } from '../../../src/words/index.ts';

const form = (name: string) => readFileSync(new URL(`forms/${name}`, import.meta.url), 'utf8');
const usual = form('usual.list');
const script = form('every-form.nft');

const statementsOf = (text: string): readonly NftStatement[] =>
  parseNft(text).ruleset.tables.flatMap(({ chains }) =>
    chains.flatMap(({ rules }) => rules.flatMap(({ statements }) => statements)),
  );
const inChain = (rule: string) => `table inet t {\n\tchain c {\n\t\t${rule}\n\t}\n}\n`;

describe('what nft list ruleset prints', () => {
  test('is printed back as it stands', () => {
    const { ruleset, problems } = parseNft(usual);
    expect(problems).toEqual([]);
    expect(printNft(ruleset)).toBe(usual);
  });

  test('with handles, as nft -a does', () => {
    const text =
      'table inet t { # handle 3\n\tset s { # handle 2\n\t\ttype ipv4_addr\n\t}\n\n\tchain c { # handle 1\n\t\ttcp dport 80 accept # handle 4\n\t}\n}\n';
    const { ruleset } = parseNft(text);
    expect(ruleset.tables[0]).toMatchObject({ handle: 3, chains: [{ handle: 1, rules: [{ handle: 4 }] }] });
    expect(printNft(ruleset, { handles: true })).toBe(text);
    expect(printNft(ruleset)).not.toContain('handle');
    // one that stands by itself is nobody's, and no rule without statements
    expect(
      parseNft(text.replace('accept # handle 4', 'accept\n# handle 4')).ruleset.tables[0]?.chains[0]?.rules,
    ).toHaveLength(1);
  });

  // Each as nft 1.0.6 lists it.
  test.for([
    'counter name tcp dport map { 80 : "web" } accept',
    'limit name ip saddr map { 10.0.0.1 : "slow" } accept',
    'ct state != established | related drop',
    'ipsec in reqid 5 accept',
    'ipsec out spnum 1 ip daddr 10.0.0.1 accept',
    'osf name "Linux" accept',
    'osf ttl loose version "Linux:4.20" accept',
    'tcp flags syn,ack / syn,ack accept',
    'ct mark set (meta mark | 0x00000010) << 8',
    'ct mark set meta mark << 8 | 0x00000010',
    'counter name ip saddr map { 10.0.0.1 : "slow" } accept',
    'ct helper set tcp dport map { 21 : "ftp" }',
    'reset tcp option mptcp',
    'meter seen size 1024 { ip saddr limit rate 10/second } accept',
    'tcp option maxseg 1 accept',
    'tcp option @255,8,8 255',
    'srh sid[1] dead::beef',
    'meta l4proto tcp tproxy ip6 to [fd00::1]',
    'iifname "eth\\*" accept',
    // Of newer ones.
    'last used never counter packets 0 bytes 0 accept',
    'udp dport 4789 vxlan ip saddr 10.141.11.2 drop',
    'gre version 0 accept',
    'fib saddr . mark . iif check missing drop',
  ])('%s', (rule) => {
    const { ruleset, problems } = parseNft(inChain(rule));
    expect(problems).toEqual([]);
    expect(printNft(ruleset)).toBe(inChain(rule));
  });

  test('a chain that stands in a rule is one of its table, and is printed where it stood', () => {
    const text = inChain(
      'tcp dport 80 jump {\n\t\t\tip saddr 10.0.0.9 drop\n\t\t\taccept\n\t\t} comment "web"',
    );
    const { ruleset, problems } = parseNft(text);
    expect(problems).toEqual([]);
    expect(ruleset.tables[0]?.chains.map(({ name, rules }) => [name, rules.length])).toEqual([
      ['c', 1],
      ['__chain1', 2],
    ]);
    expect(printNft(ruleset)).toBe(text);
  });

  test('one that cannot be read in it is told with its place, and kept', () => {
    const text = inChain('tcp dport 80 jump {\n\t\t\tfrobnicate 5\n\t\t\taccept\n\t\t}');
    const { ruleset, problems } = parseNft(text);
    expect(problems).toMatchObject([{ code: 'unexpected word', found: 'frobnicate', line: 4, column: 4 }]);
    expect(printNft(ruleset)).toBe(text);
    expect(printNft(parseNft(`${'jump { '.repeat(50_000)}`).ruleset)).toBe('');
    const deep = inChain('jump { '.repeat(50_000));
    expect(parseNft(deep).problems.length).toBeGreaterThan(0);
  });

  // As nft 1.0.6 lists a table of a program that holds it open.
  test('the program that a table belongs to', () => {
    const text =
      'table inet own { # handle 7 progname firewalld\n\tflags owner\n\n\tchain c {\n\t\taccept\n\t}\n}\n';
    const { ruleset } = parseNft(text);
    expect(ruleset.tables[0]).toMatchObject({ handle: 7, owner: 'firewalld' });
    expect(printNft(ruleset, { handles: true })).toBe(text);
    expect(printNft(ruleset)).toBe(text.replace('handle 7 ', ''));
  });

  test('how many elements stand on a line hangs on what typeof names', () => {
    const set = (of: string, elements: string) =>
      `table ip t {\n\tset s {\n\t\ttypeof ${of}\n\t\telements = { ${elements} }\n\t}\n}\n`;
    const own = '\t\t\t     ';
    for (const text of [
      set('tcp window', `1, 2, 3, 4, 5,\n${own}6, 7`),
      set('ip daddr', `10.0.0.1, 10.0.0.2,\n${own}10.0.0.3`),
      set('osf name', `"Linux",\n${own}"Windows"`),
      set('icmp type', `echo-reply,\n${own}echo-request`),
      set('ip6 flowlabel', `1, 2, 3, 4, 5,\n${own}6`),
    ])
      expect(printNft(parseNft(text).ruleset)).toBe(text);
  });

  test('operators hold as tightly as nft has it', () => {
    const [set] = statementsOf(inChain('ct mark set meta mark | ct mark << 8'));
    expect(set).toMatchObject({ value: { operator: '|', right: { operator: '<<' } } });
    const [taken] = statementsOf(inChain('dnat 10.0.0.2:22 comment "without to"'));
    expect(taken).toMatchObject({ kind: 'nat', address: { text: '10.0.0.2' }, port: { text: '22' } });
  });

  test('a rule is data', () => {
    const [match, set] = statementsOf(
      inChain('meta mark & 0x00000fff == 0x00000539 ct mark set ct mark & 0xfffff000'),
    );
    expect(match).toEqual({
      kind: 'match',
      left: {
        kind: 'binary',
        operator: '&',
        left: { kind: 'meta', key: 'mark' },
        right: { kind: 'literal', text: '0x00000fff' },
      },
      operator: '==',
      right: { kind: 'literal', text: '0x00000539' },
    });
    expect(set).toMatchObject({ kind: 'set', target: { kind: 'ct', key: 'mark' } });
  });

  test.for(allFields())('%s %s', ([protocol, field]) => {
    const text = inChain(`${protocol} ${field} 1 accept`);
    const { ruleset, problems } = parseNft(text);
    expect(problems).toEqual([]);
    expect(printNft(ruleset)).toBe(text);
    expect(statementsOf(text)).toMatchObject([
      { kind: 'match', left: { kind: 'payload', protocol, field } },
      { kind: 'verdict' },
    ]);
  });
});

describe('a script', () => {
  test('has what its commands leave', () => {
    const { ruleset, problems } = parseNft(`
      define web = { 80, 443 }
      table inet t { chain old { accept } ; }
      flush ruleset
      add table inet t
      add chain inet t in { type filter hook input priority -10 ; policy drop ; }
      add rule inet t in tcp dport $web accept
      add rule inet t in udp dport 53 accept comment "dns"
      insert rule inet t in index 1 ct state established accept
      insert rule inet t in iif lo accept
      add set inet t s { type ipv4_addr ; flags interval ; }
      add element inet t s { 10.0.0.0/8, 192.0.2.1 }
      add element inet t s { 192.0.2.2 }
      add chain inet t gone
      delete chain inet t gone
    `);
    expect(problems).toEqual([]);
    expect(printNft(ruleset)).toBe(`table inet t {
	set s {
		type ipv4_addr
		flags interval
		elements = { 10.0.0.0/8, 192.0.2.1,
			     192.0.2.2 }
	}

	chain in {
		type filter hook input priority -10; policy drop;
		iif lo accept
		tcp dport { 80, 443 } accept
		ct state established accept
		udp dport 53 accept comment "dns"
	}
}
`);
  });

  test('every form is understood', () => {
    expect(parseNft(script).problems).toEqual([]);
    expect(statementsOf(script).filter(({ kind }) => kind === 'kept')).toEqual([]);
    const printed = printNft(parseNft(script).ruleset);
    expect(printNft(parseNft(printed).ruleset)).toBe(printed);
  });
});

describe('what cannot be read', () => {
  const wordsOf = (text: string) =>
    parseNft(text).problems.map((problem) => {
      const { found, expected, fix } = nftProblemWords(problem);
      return `${problem.line}:${problem.column}: found ${found}; expected ${expected}. ${fix}`;
    });

  test('is kept with the rule, and told', () => {
    const text = inChain('tcp dport 80 frobnicate 5 accept');
    expect(printNft(parseNft(text).ruleset)).toBe(text);
    expect(statementsOf(text).at(-1)).toEqual({ kind: 'kept', text: 'frobnicate 5 accept' });
    expect(wordsOf(text)).toEqual([
      '3:16: found "frobnicate"; expected a statement, such as "tcp dport 80", "counter" or "accept". Paste the line as nft list ruleset prints it. The rest of the text was read; what stands from there to the end of the line is kept as text.',
    ]);
  });

  test.for([
    ['table inet t {\n', 'expected "}"'],
    ['include "other.nft"\n', 'found include "other.nft"'],
    ['add rule inet t c tcp dport $ports accept\n', 'found "$ports"'],
    ['add rule inet t c index 7 accept\n', 'the index of a rule'],
    ['add element inet t s { 1 }\n', 'a set or map that was made before'],
    ['-A OUTPUT -j ACCEPT\n', 'This is a rule of iptables'],
    ['*nat\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n', 'This is a rule of iptables'],
    [inChain('tcp dport 80 dnat to'), 'expected a value'],
    [inChain('type filter hook nowhere priority 0;'), '"prerouting"'],
    [inChain('type filter hook input priority soon;'), 'a priority'],
  ])('%j', ([text, said]) => {
    expect(wordsOf(text as string).join('\n')).toContain(said);
  });

  test('whatever comes in: no exception, and the other rules are read', () => {
    const lines = `${usual}${script}`.split('\n');
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.nat(lines.length - 1),
            fc.nat(60),
            fc.constantFrom('', '}', '{', '"', ' & ', '\\', ';', ',', '@', ':'),
          ),
          {
            maxLength: 6,
          },
        ),
        (cuts) => {
          const mutated = [...lines];
          for (const [at, column, letter] of cuts) {
            const line = mutated[at] ?? '';
            mutated[at] = line.slice(0, column) + letter + line.slice(column + (letter === '' ? 1 : 0));
          }
          const { ruleset } = parseNft(mutated.join('\n'));
          parseNft(printNft(ruleset));
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('a text of ten times the size takes ten times the steps, not more', () => {
  // Counted in what is made of it, and in time only against a runaway.
  const big = (count: number) =>
    `table ip t {\n\tmap m {\n\t\ttype ipv4_addr . inet_service : verdict\n\t\telements = { ${Array.from({ length: count }, (_, at) => `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255} . 80 : accept`).join(', ')} }\n\t}\n}\n`;
  const { ruleset, problems } = parseNft(big(50_000));
  expect(problems).toEqual([]);
  expect(ruleset.tables[0]?.sets[0]?.elements).toHaveLength(50_000);
});

test('a type goes as far as its line, and no brace or sign belongs to it', () => {
  const text =
    'table ip t {\n\tmap ports {\n\t\ttype inet_service : verdict = { 22 : accept }\n\t}\n\tchain c {\n\t\taccept\n\t}\n}\n';
  const { ruleset, problems } = parseNft(text);
  expect(problems).toMatchObject([{ code: 'unexpected word', found: '=', line: 3, column: 31 }]);
  expect(printNft(ruleset)).toContain('\t\taccept');
});

test.each(['(', '{ '])('what is opened 20,000 times by %s is a rule that was not read', (sign) => {
  const { ruleset, problems } = parseNft(
    `table ip t {\n\tchain c {\n\t\tmeta mark ${sign.repeat(20_000)}1\n\t\taccept\n\t}\n}\n`,
  );
  expect(problems[0]).toMatchObject({ code: 'unexpected word', line: 3 });
  expect(ruleset.tables[0]?.chains[0]?.rules.length).toBeGreaterThan(0);
});
