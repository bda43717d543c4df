/** Journeys that meet a rule of which nobody can tell beforehand whether it matches: both answers are walked. */
import { expect, test } from 'vitest';
import { compare, inspect } from '../../src/handbook/lab/index.ts';
import { bind, type RealPod, type Scenario, scenarioNamed } from '../../src/handbook/scenarios/index.ts';
import { openQuestion, walkerOn } from '../../src/handbook/walk/index.ts';
import { rulesFor } from '../../src/istio/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { parseRuleset } from '../../src/netfilter/index.ts';
import { pathLine } from '../../src/render/index.ts';
import { ending as endingOf, stopText } from '../../src/words/index.ts';

const istio = rulesFor('1.30').text.v4;
const scenario = scenarioNamed('local-to-remote') as Scenario;

const byChance = '-m statistic --mode random --probability 0.5 -j RETURN';
const byRate = '-p tcp -m limit --limit 5/min -j RETURN';

/** Istio's rules, with these before its own of ISTIO_OUTPUT. */
function textWith(...rules: readonly string[]): string {
  const lines = rules.map((rule) => `-A ISTIO_OUTPUT ${rule}\n`).join('');
  return istio.replace('-A ISTIO_OUTPUT', `${lines}-A ISTIO_OUTPUT`);
}

function podWith(...rules: readonly string[]): RealPod {
  const { ruleset, problems } = parseRuleset(textWith(...rules), 'v4');
  expect(problems).toEqual([]);
  return { rulesets: { v4: ruleset } };
}

function answer(position: number, matches: boolean): NonNullable<Request['answers']>[number] {
  return { table: 'nat', chain: 'ISTIO_OUTPUT', position, matches };
}

function walk(pod: RealPod, ...answers: NonNullable<Request['answers']>) {
  const bound = bind(scenario, { request: { answers } }, pod);
  return { path: pathLine(bound.journey), ending: endingOf(bound.journey), question: openQuestion(bound) };
}

const left = 'app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 1 ▸ POSTROUTING ▸ 10.96.0.7:80';

test('a rule that goes by chance is asked for, with what comes of either answer', () => {
  const pod = podWith(byChance);
  const { path, ending, question } = walk(pod);
  expect(path).toBe('app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 1 ▸ cannot tell');
  expect(ending).toBe(
    'Cannot tell: nat ISTIO_OUTPUT 1: it depends on chance, or on how many packets came before.',
  );
  const yes = walk(pod, answer(1, true));
  const no = walk(pod, answer(1, false));
  expect(yes).toEqual({ path: left, ending: 'It leaves the pod by eth0.', question: null });
  expect(question).toMatchObject({
    table: 'nat',
    chain: 'ISTIO_OUTPUT',
    position: 1,
    condition: '-m statistic --mode random --probability 0.50000000000',
    because: 'it depends on chance, or on how many packets came before',
    yes: 'ISTIO_OUTPUT 1 ▸ POSTROUTING ▸ 10.96.0.7:80. It leaves the pod by eth0.',
  });
  // Envoy dials on, and what it sends is asked for by the same rule: the answer holds for it, too.
  const [first = '', second = ''] = no.path.split('\n');
  expect(first).toMatch(/^app uid 1000 ▸ OUTPUT ▸ ISTIO_OUTPUT 10 ▸ ISTIO_REDIRECT 1 ▸ .*Envoy :15001$/);
  expect(second).toMatch(/^Envoy uid 1337 ▸ OUTPUT ▸ ISTIO_OUTPUT 5 ▸/);
  expect(no.question).toBeNull();
  expect(question?.no).toBe(`${first.slice(first.indexOf('ISTIO_OUTPUT 10'))}. ${no.ending}`);
});

test('a second question comes behind the first', () => {
  const pod = podWith(byChance, byRate);
  const first = walk(pod).question;
  expect(first?.position).toBe(1);
  expect(first?.no).toBe(
    'ISTIO_OUTPUT 2 ▸ cannot tell. Cannot tell: nat ISTIO_OUTPUT 2: it depends on how many packets came before.',
  );
  const second = walk(pod, answer(1, false)).question;
  expect(second).toMatchObject({ position: 2, condition: '-m limit --limit 5/min' });
  expect(walk(pod, answer(1, false), answer(2, true)).path).toBe(left.replace('OUTPUT 1', 'OUTPUT 2'));
  expect(walk(pod, answer(1, false), answer(2, false)).question).toBeNull();
});

test('an answer to what no rule asks changes nothing', () => {
  const pod = podWith(byChance);
  expect(walk(pod, answer(2, true))).toEqual(walk(pod));
  const istioAlone = podWith();
  expect(walk(istioAlone, answer(9, false))).toEqual(walk(istioAlone));
});

test('where both answers lead the same way, the same is said of both', () => {
  const text = istio.replace('-A OUTPUT', '-N EMPTY\n-A OUTPUT -m limit --limit 5/min -j EMPTY\n-A OUTPUT');
  const { question } = walk({ rulesets: { v4: parseRuleset(text, 'v4').ruleset } });
  expect(question).toMatchObject({ chain: 'OUTPUT', yes: question?.no, no: 'It leaves the pod by eth0.' });
});

test('a walk says its question, at the step that asks; the step is the same one once it is answered', () => {
  const walker = walkerOn(podWith(byChance));
  const walked = walker.walk({ scenario: 'local-to-remote' });
  const step = walked.question?.step ?? 0;
  expect(walked.words[step]?.text).toBe('ISTIO_OUTPUT 1: cannot tell whether it matches.');
  const yes = walker.walk({ scenario: 'local-to-remote', request: { answers: [answer(1, true)] }, step });
  expect(yes).not.toHaveProperty('question');
  expect(yes.words[step]).toMatchObject({ text: 'ISTIO_OUTPUT 1 matches: RETURN.' });
  expect(yes.words[step]?.reason).toMatch(/taken as a match$/);
});

test('an answer of the server that a rule may drop is asked for where answers are shown', () => {
  const text = `${istio}*mangle\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --sport 80 ${byRate.replace('-p tcp ', '').replace('RETURN', 'DROP')}\nCOMMIT\n`;
  const walker = walkerOn({ rulesets: { v4: parseRuleset(text, 'v4').ruleset } });
  expect(walker.walk({ scenario: 'local-to-remote' }).question).toBeUndefined();
  const walked = walker.walk({ scenario: 'local-to-remote', replies: true });
  expect(walked.question).toMatchObject({ table: 'mangle', chain: 'INPUT', position: 1 });
  expect(walked.question?.yes).toMatch(/^mangle INPUT 1 ▸ dropped\. /);
  expect(walked.words[walked.question?.step ?? 0]?.text).toMatch(/cannot tell whether it matches/);
});

test('the six types on such rules have their questions, and both ways ahead', () => {
  const { inspection } = inspect(textWith(byChance));
  const asking = inspection.walks?.filter(({ question }) => question !== null) ?? [];
  expect(asking.map(({ scenario: name }) => name)).toContain('local-to-remote');
  for (const { question, lines, verdict } of asking) {
    expect(verdict).toBe('cannot tell');
    expect(lines.at(-1)?.slice(-1).map(stopText)).toEqual(['cannot tell']);
    expect(question).toMatchObject({ chain: 'ISTIO_OUTPUT', position: 1 });
    expect(question?.yes).not.toBe(question?.no);
  }
});

test('a comparison names the question of a side, and what it did not follow on both', () => {
  const [chancy, without] = [podWith(byChance), podWith()];
  const found = compare(chancy, without);
  expect(found.open).toBe(0);
  const [first] = found.connections;
  expect(first?.questions[0]).toMatchObject({ chain: 'ISTIO_OUTPUT', position: 1 });
  expect(first?.questions[1]).toBeNull();
  const both = compare(chancy, podWith(byChance, '-p tcp -j RETURN'));
  expect(both.different).toBe(0);
  expect(both.open).toBeGreaterThan(0);
});
