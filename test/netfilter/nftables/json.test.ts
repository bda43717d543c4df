/** `nft -j list ruleset` and `nft -a list ruleset` of one kernel are one ruleset. Recorded with nft 1.0.6. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isNftJson, parseNft, parseNftJson } from '../../../src/netfilter/index.ts';
import { writePriority } from '../../../src/netfilter/nftables/index.ts';
import { nftProblemWords } from '../../../src/words/index.ts';
import { asJsonTells } from './as-json-tells.ts';

const form = (name: string) => readFileSync(new URL(`forms/${name}`, import.meta.url), 'utf8');
const json = form('every-form.told');

const ofRules = (...rules: readonly string[]) =>
  `{"nftables": [{"table": {"family": "inet", "name": "t"}}, {"chain": {"family": "inet", "table": "t", "name": "c"}}, ${rules
    .map((expr) => `{"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [${expr}]}}`)
    .join(', ')}]}`;
const rulesOf = (text: string) => parseNftJson(text).ruleset.tables[0]?.chains[0]?.rules ?? [];

describe('a ruleset in JSON', () => {
  test('is the one that is listed', () => {
    const { ruleset, problems } = parseNftJson(json);
    expect(problems).toEqual([]);
    expect(asJsonTells(ruleset)).toEqual(asJsonTells(parseNft(form('every-form.list')).ruleset));
    expect(isNftJson(json)).toBe(true);
    expect(isNftJson(form('every-form.list'))).toBe(false);
  });

  test('keeps what is not known of a rule, and reads the rest', () => {
    const text = ofRules(
      '{"counter": null}, {"teleport": {"to": "mars"}}, {"accept": null}',
      '{"drop": null}',
    );
    const { problems } = parseNftJson(text);
    expect(problems).toMatchObject([
      { code: 'JSON part unknown', part: '{"teleport":{"to":"mars"}}', line: 1 },
    ]);
    expect(text.slice((problems[0]?.column ?? 0) - 1)).toMatch(/^\{"rule": .*teleport/);
    expect(rulesOf(text).map(({ statements }) => statements)).toEqual([
      [{ kind: 'counter' }, { kind: 'kept', text: '{"teleport":{"to":"mars"}} {"accept":null}' }],
      [{ kind: 'verdict', verdict: { kind: 'drop' } }],
    ]);
  });

  test('that breaks off is read as far as it goes', () => {
    const whole = ofRules('{"drop": null}', '{"accept": null}');
    for (const length of [whole.length - 1, whole.length - 12, whole.length - 40]) {
      const { ruleset, problems } = parseNftJson(whole.slice(0, length));
      expect(problems.map(({ code }) => code)).toContain('JSON unreadable');
      expect(ruleset.tables[0]?.chains[0]?.rules[0]?.statements).toMatchObject([{ kind: 'verdict' }]);
      for (const problem of problems)
        for (const words of Object.values(nftProblemWords(problem))) expect(words).not.toBe('');
    }
  });

  test('a name cannot end the block that it stands in', () => {
    for (const name of ['a\\n}', 'a } table ip evil {', 'a" accept', 'a;b']) {
      const text = ofRules(`{"jump": {"target": "${name.replaceAll('"', '\\"')}"}}`, '{"drop": null}');
      const { ruleset, problems } = parseNftJson(text);
      expect(problems).toMatchObject([{ code: 'JSON part unknown' }]);
      expect(ruleset.tables).toHaveLength(1);
      expect(rulesOf(text)).toHaveLength(2);
    }
  });

  test('that nests without an end fills no stack', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"&": [', ']}'],
      ['{"add": ', '}'],
    ] as const) {
      const deep = `${open.repeat(50_000)}1${close.repeat(50_000)}`;
      for (const text of [deep, `{"nftables": [${deep}]}`, ofRules(deep)])
        expect(parseNftJson(text).problems.map(({ code }) => code)).toContain('JSON unreadable');
    }
  });

  test('a set of 20,000 elements is read whole', () => {
    const elements = (count: number) =>
      JSON.stringify({
        nftables: [
          { table: { family: 'ip', name: 't' } },
          {
            set: {
              family: 'ip',
              name: 's',
              table: 't',
              type: 'ipv4_addr',
              elem: Array.from({ length: count }, (_, at) => `10.0.${at >> 8}.${at & 255}`),
            },
          },
        ],
      });
    const { ruleset, problems } = parseNftJson(elements(20_000));
    expect(problems).toEqual([]);
    expect(ruleset.tables[0]?.sets[0]?.elements).toHaveLength(20_000);
  });
});

describe('priorities', () => {
  test.for([
    [-300, 'ip', 'output', 'raw'],
    [-105, 'inet', 'prerouting', 'dstnat - 5'],
    [-100, 'inet', 'output', '-100'],
    [101, 'ip6', 'postrouting', 'srcnat + 1'],
    [11, 'ip', 'input', '11'],
    [100, 'bridge', 'output', 'out'],
    [-210, 'bridge', 'prerouting', 'filter - 10'],
    [-300, 'netdev', 'ingress', '-300'],
  ] as const)('%d of %s at %s is %s', ([priority, family, hook, name]) => {
    expect(writePriority(priority, family, hook)).toBe(name);
  });
});
