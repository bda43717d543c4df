/** The net holds whatever is thrown into it, and the update changes fences and nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  acceptPaths,
  checkBound,
  pathOf,
  problemTag,
  readFences,
  readPathQuestion,
  sourceHere,
  withProblems,
} from '../../../src/handbook/claims/index.ts';
import { readPage } from '../../../src/handbook/claims/page.ts';
import { allScenarios } from '../../../src/handbook/scenarios/index.ts';
import { bareFrontMatter, bareStatements } from './bare-statements.ts';

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '```',
      '~~~',
      '`',
      '``',
      '<',
      '/>',
      '</',
      '>',
      '{',
      '}',
      '{/*',
      '*/}',
      '[a](b)',
      '](',
      '---',
      '\n',
      ' ',
      '> ',
      '- ',
    ],
    ...[
      '<Rule role="',
      '<Where option="redirectDNS=true">',
      '<Where option="redirectDNS=false">',
      '<Where ',
      '</Where>',
      '"',
      '<Unchecked because="x">',
      '</Unchecked>',
      'rule 4',
      'ISTIO_OUTPUT',
      '15006',
      '▸',
      'import a from "b"',
    ],
    ...['```path inside-envoy\n', '```iptables ISTIO_OUTPUT\n', '```shell\n', '\u{1f600}', '\r'],
  ),
  fc.string({ maxLength: 6 }),
);
const page = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

test('any text is read without an error, and every line and column stays', () => {
  fc.assert(
    fc.property(page, (source) => {
      const { lines } = readPage(source);
      expect(lines.map(({ length }) => length)).toEqual(source.split('\n').map(({ length }) => length));
      for (const [at, line] of source.split('\n').entries()) {
        for (const [index, unit] of line.split('').entries()) {
          const read = lines[at]?.[index];
          expect(read === unit || read === ' ').toBe(true);
        }
      }
      for (const problem of checkBound('page.mdx', source)) {
        expect(problem.message.startsWith(`page.mdx:${problem.line}:${problem.column}: `)).toBe(true);
        expect(problem.line).toBeLessThanOrEqual(source.split('\n').length + 1);
      }
    }),
    { numRuns: 500 },
  );
});

test('an accepted page is accepted again as it is, and what the engine writes is right', () => {
  fc.assert(
    fc.property(page, (source) => {
      const accepted = acceptPaths(source);
      expect(acceptPaths(accepted)).toBe(accepted);
      const problems = checkBound('page.mdx', accepted).map(({ message }) => message);
      expect(problems.filter((message) => message.includes('the path of scenario'))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('what holds elsewhere goes, what holds here stays, and the problems are in their places', () => {
  const off = '<Where option="redirectDNS=true">';
  const on = '<Where option="redirectDNS=false">';
  expect(sourceHere(`a ${off}b${on}c</Where></Where>d ${on}e</Where>f.\n`)).toBe('a d ef.\n');
  expect(sourceHere(`- a\n- ${off}b\n  b</Where>\n- ${on}c</Where>\n\nd\n`)).toBe('- a\n- c\n\n\n\nd\n');
  expect(sourceHere(`a\n${off}b</Where>\nc\n`)).toBe('a\nc\n\n');
  expect(sourceHere(`a\n\n${off}\n\n## B\n\n\`\`\`path x\n\`\`\`\n\n</Where>\n\nc`)).toMatch(/^a\n+c$/);
  expect(sourceHere(`| a |\n|---|\n${on}\n| b |\n</Where>\n`)).toBe('| a |\n|---|\n| b |\n\n\n');
  expect(sourceHere(`\`\`\`mdx\n${off}b</Where>\n\`\`\`\n`)).toBe(`\`\`\`mdx\n${off}b</Where>\n\`\`\`\n`);
  fc.assert(
    fc.property(page, (source) => {
      const told = withProblems(source, checkBound('page.mdx', source));
      expect(told.split(`<${problemTag} `).length).toBe(checkBound('page.mdx', source).length + 1);
      expect(sourceHere(source).split('\n').length).toBe(source.split('\n').length);
    }),
    { numRuns: 300 },
  );
});

describe('a bare statement', () => {
  const caught = [
    ...[
      'rule 4',
      'Rule 9',
      'rules 3',
      'rule #4',
      'rule number 4',
      'rule four',
      'the 4th rule',
      'the first rule',
    ],
    ...[
      'position 4',
      'ISTIO_OUTPUT',
      'ISTIO\\_OUTPUT',
      'istio_output',
      'OUTPUT 1',
      '`ISTIO_OUTPUT 9`',
      '**15006**',
    ],
    ...[
      'port 15001',
      ':15090',
      'uid 1337',
      '1337:1337',
      'Istio 1.17',
      'since 1.10.3',
      'app → Envoy',
      'a -> b',
      'a ▸ b',
    ],
    ...['traffic.sidecar.istio.io/excludeInboundPorts', 'ISTIO_META_DNS_CAPTURE', '<Aside title="rule 4" />'],
    ...[
      '<Aside>rule 4</Aside>',
      '[rule 4](/x/)',
      '# Rule 4',
      '| rule 4 |',
      '> rule 4',
      '{"rule 4"}',
      '![rule 4](x.png)',
    ],
  ];
  test.each(caught)('is caught: %s', (text) => {
    expect(checkBound('page.mdx', `Some words.\n\n${text}\n`).map(({ line }) => line)).toContain(3);
  });

  test.each(bareStatements)('of this kind is caught: %j', (text) => {
    const found = checkBound('page.mdx', `Some words.\n\n${text}\n`);
    expect(found.length).toBeGreaterThan(0);
    const last = 2 + text.split('\n').length;
    for (const { line } of found) expect(line >= 3 && line <= last).toBe(true);
  });

  test.each(bareFrontMatter)('in front matter is caught: %j', (text) => {
    const found = checkBound('page.mdx', `---\nslug: x\n${text}\n---\n\nSome words.\n`);
    expect(found.map(({ line }) => line)).toEqual([2 + text.split('\n').length]);
  });

  const free = [
    ...[
      '10.244.1.5:8080',
      '1.1.1.1',
      '127.0.0.6',
      '15 minutes',
      '150 rules',
      'rules of Istio',
      'Linux 6.18',
      'in 2026',
    ],
    ...[
      '[a](/reference/ports/#15006)',
      '<a href="/x/#rule-4">a</a>',
      '{/* rule 4 */}',
      'OUTPUT',
      'a > b',
      '`-o lo`',
    ],
    ...[
      '<Rule role="output.capture" />',
      '<Port number={15006} />',
      '<Uid />',
      '115006',
      '15006000',
      'ruler 4 u',
      'with its first rules in hand',
      'What the article says, and where it errs',
      'one of the kernel’s own chains',
      'The article: <Verdict scenario="inside-envoy" says="errs" />. Of its six paths <Count published="holds" /> hold',
      'in the first place',
      'the first of those',
      'REGISTRY_ONLY and IP_TRANSPARENT',
      'holdApplicationUntilProxyStarts',
      'two rules for each port',
      'the first packet of three connections',
      'type 1 and types 5 and 6',
      'OUTPUT and POSTROUTING',
      'a user of the mesh',
      '&nbsp;&amp; more',
      '<Mark /> and <Count chain="ISTIO_OUTPUT" /> rules',
      '```shell\niptables -t nat -L ISTIO_OUTPUT -n --line-numbers\n```',
      '```yaml\nsidecar.istio.io/interceptionMode: TPROXY\n```',
    ],
  ];
  test.each(free)('is none: %s', (text) => {
    expect(checkBound('page.mdx', `Some words.\n\n${text}\n`)).toEqual([]);
  });
});

test('a fence in a list keeps its indent', () => {
  const [first = ''] = pathOf({ scenario: 'inside-envoy', change: {}, replies: false });
  const source = '1. This:\n\n   ```path inside-envoy\n   wrong\n   ```\n';
  expect(acceptPaths(source)).toBe(`1. This:\n\n   \`\`\`path inside-envoy\n   ${first}\n   \`\`\`\n`);
  expect(checkBound('page.mdx', acceptPaths(source))).toEqual([]);
});

test('every scenario can be asked for, with a release, options and answers', () => {
  for (const { name } of allScenarios) {
    for (const words of [
      '',
      ' replies',
      ' release=1.17',
      ' release=1.17 redirectDNS=true dnsServersV4=10.96.0.53 replies',
    ]) {
      const question = readPathQuestion(`${name}${words}`);
      expect(typeof question, `${name}${words}`).toBe('object');
    }
  }
  expect(readFences('```path a b\nx\n```')).toEqual([
    { line: 1, indent: '', language: 'path', meta: 'a b', body: ['x'], isClosed: true },
  ]);
});

test('a scenario of ambient mode takes options of that mode, and no others', () => {
  const asked = readPathQuestion('ambient-dns release=1.30 dnsProxy=disabled');
  expect(asked).toEqual({
    scenario: 'ambient-dns',
    replies: false,
    change: { setting: { release: '1.30' }, ambient: { dnsProxy: 'disabled' } },
  });
  if (typeof asked === 'string') throw new Error(asked);
  expect(pathOf(asked)).toEqual(['app uid 1000 ▸ OUTPUT ▸ POSTROUTING ▸ 10.96.0.53:53']);
  const strict =
    '```path ambient-plain-text ingressMode=true\noutside client ▸ PREROUTING ▸ INPUT ▸ app :8080\n```';
  expect(checkBound('page.mdx', strict)).toEqual([]);
  expect(checkBound('page.mdx', strict.replace(' ingressMode=true', ''))).toHaveLength(2);
  for (const [words, wrong] of [
    ['dnsProxy=off', /off/],
    ['dnsServersV4=10.96.0.53', /dnsServersV4|no such option|not an option/i],
    ['release=1.21 ingressMode=true', /1\.24/],
    ['release=1.5', /1\.5 redirects nothing/],
    ['leg', /OPTION=VALUE/],
  ] as const)
    expect(readPathQuestion(`ambient-dns ${words}`), words).toMatch(wrong);
});
