/** The published paths on pasted rules: who takes each, or where it ends; and whether it can be asked at all. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectRules, publishedPathsOn } from '../../../src/handbook/lab/index.ts';
import { bind } from '../../../src/handbook/scenarios/bind.ts';
import { scenarioNamed } from '../../../src/handbook/scenarios/index.ts';
import { publishedVerdict } from '../../../src/handbook/scenarios/published.ts';
import { handbookSetting } from '../../../src/handbook/scenarios/setting.ts';
import { type Options, rulesFor } from '../../../src/istio/index.ts';
import { printNft, printRuleset, withBuiltInChains } from '../../../src/netfilter/index.ts';
import { stopLines } from '../../../src/render/index.ts';
import { stopText } from '../../../src/words/index.ts';

const dumps = join(import.meta.dirname, '../../analysis/dumps');
const dump = (name: string) => readFileSync(join(dumps, name), 'utf8');
const istios = (options: Partial<Options> = {}) =>
  printRuleset(withBuiltInChains(rulesFor(handbookSetting.release, options).v4));

function asked(text: string) {
  const inspected = inspectRules(text);
  expect(inspected.inspection.asksPaths).toBe(true);
  const said = publishedPathsOn(inspected);
  const answers = Object.fromEntries(said.paths.map(({ scenario, answer }) => [scenario, answer]));
  return { ...said, answers, pod: inspected.pod };
}

describe('of the rules that Istio programs by default', () => {
  const { paths, summary, placings } = asked(istios());

  test('each answer is the one that its own connection gives, stop by stop', () => {
    expect(paths.map(({ scenario }) => scenario)).toHaveLength(6);
    for (const { scenario: name, verdict } of paths) {
      const scenario = scenarioNamed(name);
      if (scenario === undefined) throw new Error(`no scenario ${name}`);
      expect([name, verdict]).toEqual([name, publishedVerdict(scenario) === 'holds' ? 'taken' : 'not taken']);
    }
  });

  test('what is told first: how many are taken, and that this is as it should be', () => {
    expect(summary).toBe(
      `As on Istio ${handbookSetting.release}’s own rules. Of 6 published paths 3 are taken here: types 1, 2 and 4.`,
    );
    expect([placings, paths.flatMap(({ meant }) => meant ?? [])]).toEqual([[], []]);
  });

  test('the first step where one dies, and what takes its packets', () => {
    const toItself = paths.find(({ scenario }) => scenario === 'inside-envoy');
    expect(toItself?.answer).toBe('ends before ISTIO_OUTPUT 8');
    expect(toItself?.says[0]).toContain('rules 1, 2 and 4 take all that come so far.');
  });
});

describe('a rule before all others', () => {
  const { answers, paths, summary, placings, pod } = asked(dump('03-hand-added-return.txt'));

  test('moves the rules of a path, which are followed to where they stand', () => {
    expect(placings).toContain(
      'ISTIO_OUTPUT 9 of the published paths is ISTIO_OUTPUT 10 here: -j ISTIO_REDIRECT.',
    );
    expect(answers['local-to-remote']).toBe('taken');
    expect(paths[1]?.stops).toContain('ISTIO_OUTPUT 10');
  });

  test('takes some packets from it: for which it is taken, and that others take it on Istio’s own', () => {
    expect(summary).toMatch(/^On Istio .* own rules other packets take the paths of types 2 and 4\. /);
    expect(paths[1]?.says[0]).toContain('to an address that is not its own but 10.96.0.0/12');
    expect(paths[1]?.meant).toContain('to an address that is not its own, uid 1000');
    const scenario = scenarioNamed('local-to-remote');
    if (scenario === undefined) throw new Error('the usual scenario is gone');
    const stopsTo = (address: string) =>
      stopLines(bind(scenario, { request: { address } }, pod).journey)
        .flat()
        .map(stopText)
        .join();
    expect(stopsTo('10.96.0.7')).not.toContain('ISTIO_OUTPUT 10');
    expect(stopsTo('192.0.2.10')).toContain('ISTIO_OUTPUT 10');
  });
});

test('a rule that is not there ends it, and is named', () => {
  const { answers, placings, paths, summary } = asked(dump('09-half-applied.txt'));
  expect(answers['local-to-remote']).toBe('ends before ISTIO_OUTPUT 9');
  expect(placings).toContain('ISTIO_OUTPUT 9 of the published paths is -j ISTIO_REDIRECT, and is not here.');
  expect(paths[1]?.meant).toBe('With Istio 1.31’s own rules: taken.');
  expect(summary).toMatch(/^Otherwise than on Istio .* own rules for types 2 and 4\. /);
});

test('a rule that nobody can judge: nobody can tell, and only of those that it may take', () => {
  const random = '-A ISTIO_OUTPUT -m statistic --mode random --probability 0.5 -j RETURN';
  const { answers, summary } = asked(istios().replace('-A ISTIO_OUTPUT', `${random}\n-A ISTIO_OUTPUT`));
  expect(answers).toEqual({
    'remote-to-local': 'nobody can tell',
    'local-to-remote': 'nobody can tell',
    prometheus: 'ends before ISTIO_OUTPUT 4',
    'local-to-local': 'nobody can tell',
    'inside-envoy': 'ends before ISTIO_OUTPUT 9',
    'sidecar-to-istiod': 'ends before ISTIO_OUTPUT 10',
  });
  expect(summary).toMatch(/None of .* is known to be taken here\. Nobody can tell of types 1, 2 and 4\.$/);
});

test('a rule that only logs keeps nobody from a path, though nobody can tell when it matches', () => {
  const logs = '-A ISTIO_OUTPUT -m limit --limit 5/min -j LOG';
  const { summary } = asked(istios().replace('-A ISTIO_OUTPUT', `${logs}\n-A ISTIO_OUTPUT`));
  expect(summary).toMatch(
    /^As on Istio .* own rules\. Of 6 published paths 3 are taken here: types 1, 2 and 4\.$/,
  );
});

test('with TPROXY the chain of inbound traffic is the one that is called, in mangle', () => {
  const { answers } = asked(istios({ inboundInterceptionMode: 'TPROXY' }));
  expect(answers['remote-to-local']).toBe('ends before ISTIO_IN_REDIRECT');
  expect(answers['local-to-remote']).toBe('ends before ISTIO_OUTPUT 4');
});

test('without an excluded port no scrape comes to a process that answers it', () => {
  expect(asked(istios({ inboundPortsInclude: '8080' })).answers.prometheus).toBe(
    'ends before the process that answers',
  );
});

describe('no question', () => {
  const samples = join(import.meta.dirname, '../../../components/lab/samples');
  test.each(readdirSync(samples))('of %s', (name) => {
    expect(inspectRules(readFileSync(join(samples, name), 'utf8')).inspection.asksPaths).toBe(false);
  });

  test('of a part of the rules, of IPv6 alone, and of nft', () => {
    const { nft } = rulesFor(handbookSetting.release, { nativeNftables: true });
    const part = istios().split('\n').slice(0, 3).join('\n');
    for (const text of [
      part,
      dump('05-wrong-family.txt'),
      `*nat\n:ISTIO_OUTPUT - [0:0]\n-A ISTIO_OUTPUT -j FOREIGN\nCOMMIT`,
      nft === null ? '' : printNft(nft),
    ])
      expect(inspectRules(text).inspection.asksPaths).toBe(false);
  });
});
