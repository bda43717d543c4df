/** What a page shows of a walk is the journey, event for event, and is plain data. */
import { describe, expect, test } from 'vitest';
import { bind, type Scenario, scenarioNamed, scenarios } from '../../../src/handbook/scenarios/index.ts';
import {
  chainAt,
  hookPlaces,
  isLeftOut,
  legStarts,
  linkOf,
  nextOf,
  packetAt,
  passageAt,
  type State,
  stepAt,
  type Walked,
  walkerOn,
  withMore,
} from '../../../src/handbook/walk/index.ts';
import { findChain, hooks, parseRuleset, printRule, type Ruleset } from '../../../src/netfilter/index.ts';
import { mermaid, messages, stopLines } from '../../../src/render/index.ts';
import {
  because,
  destinationOf,
  ending,
  failedCondition,
  sentence,
  sourceOf,
} from '../../../src/words/index.ts';

const named = (name: string) => scenarioNamed(name) as Scenario;
const states = scenarios.flatMap(({ name }): readonly State[] => [
  { scenario: name },
  { scenario: name, replies: true },
  { scenario: name, release: '1.9', options: { redirectDNS: true, dnsServersV4: ['10.96.0.53'] } },
  { scenario: name, options: { inboundInterceptionMode: 'TPROXY' }, replies: true },
]);

/** Each event that is shown, with its leg. */
function eventsOf(state: State) {
  const { release, options } = state;
  const setting = { ...(release && { release }), ...(options && { options }) };
  const { journey } = bind(named(state.scenario ?? ''), { setting });
  const steps = journey.legs.flatMap((leg, at) =>
    leg.passages.flatMap(({ direction, traversal }, passage) =>
      direction === 'request' || state.replies === true
        ? traversal.events.map((event, number) => ({ leg, at, passage, number, event }))
        : [],
    ),
  );
  return { journey, steps };
}

function asPlainData(walked: Walked): Walked {
  return JSON.parse(JSON.stringify(walked)) as Walked;
}

describe.each(states)('$scenario, release $release, options $options, replies $replies', (state) => {
  const walked = walkerOn().walk(state);
  const { journey, steps } = eventsOf(state);

  test('survives being written as JSON and being handed over by a worker', () => {
    expect(asPlainData(walked)).toEqual(walked);
    expect(structuredClone(walked)).toEqual(walked);
  });

  test('says of each step what the journey says of its event', () => {
    expect(walked.length).toBe(steps.length);
    expect(walked.lines).toEqual(stopLines(journey, { replies: state.replies === true }));
    expect(walked.ending).toBe(ending(journey));
    for (const [step, { leg, at, passage, number, event }] of steps.entries()) {
      expect(passageAt(walked, step)).toMatchObject({ leg: at, passage, first: step - number });
      expect(stepAt(walked, { leg: at, passage, event: number })).toBe(step);
      expect(walked.words[step]).toMatchObject(sentence(journey.rulesets, leg, event));
      expect(packetAt(walked, step)?.now).toMatchObject({
        from: sourceOf(event.packet),
        to: destinationOf(event.packet),
        protocol: event.packet.protocol,
      });
      expect(walked.matches.includes(step)).toBe(event.kind === 'rule' && event.matched === true);
      expect(isLeftOut(walked, step)).toBe(false);
    }
  });

  test('marks a packet that was rewritten, and only there', () => {
    for (const [step, { number, event }] of steps.entries()) {
      const last = number === 0 ? event.packet : (steps[step - 1]?.event.packet ?? event.packet);
      const isRewritten =
        sourceOf(last) !== sourceOf(event.packet) ||
        destinationOf(last) !== destinationOf(event.packet) ||
        last.mark !== event.packet.mark;
      expect(packetAt(walked, step)?.before != null, `step ${step}`).toBe(isRewritten);
    }
  });

  test('shows the chain of each rule, with what became of every rule up to there', () => {
    for (const [step, { event }] of steps.entries()) {
      if (event.kind !== 'rule') continue;
      const view = chainAt(walked, step);
      expect(view).toMatchObject({ table: event.table, chain: event.chain });
      const current = view?.rules.find(({ isCurrent }) => isCurrent);
      const ruleset = journey.rulesets.v4 as Ruleset;
      const rule = findChain(ruleset, event.table, event.chain)?.rules[event.position - 1];
      expect(current).toMatchObject({
        position: event.position,
        text: rule && printRule('v4', rule),
        status: event.matched ? 'matched' : 'did not match',
        because: because(event),
        step,
        ...(event.failed === undefined ? {} : { failed: failedCondition(event) }),
      });
      for (const { step: tested, status } of view?.rules ?? []) {
        expect(tested === null).toBe(status === 'not reached');
        expect(tested ?? 0).toBeLessThanOrEqual(step);
      }
    }
  });

  test('finds the nearest visit of each hook of the passage', () => {
    for (const [step, { at, passage }] of steps.entries()) {
      const own = steps.flatMap(({ event, ...where }, index) =>
        event.kind === 'hook' && where.at === at && where.passage === passage
          ? [{ hook: event.hook, distance: Math.abs(index - step) }]
          : [],
      );
      for (const { hook, step: visit, isCurrent } of hookPlaces(walked, step, hooks)) {
        const distances = own.filter((one) => one.hook === hook).map(({ distance }) => distance);
        expect(visit === null ? null : Math.abs(visit - step)).toBe(
          distances.length === 0 ? null : Math.min(...distances),
        );
        if (isCurrent) expect(steps[step]?.event.hook).toBe(hook);
      }
    }
  });

  test('has the place of every message of both diagrams, in order', () => {
    for (const level of ['overview', 'detail'] as const) {
      const all = messages(journey, level, { replies: state.replies === true });
      const { source, places } = walkerOn().sequence(state, level);
      expect(source).toBe(mermaid(journey, level, { replies: state.replies === true }));
      expect(places).toEqual(
        all.map(({ kind, leg, passage, event }) => ({
          step: stepAt(walked, { leg, passage, event }),
          ...(kind === 'note' ? { isNote: true } : {}),
        })),
      );
    }
  });
});

test('the steps to go to: the next match, the next leg', () => {
  const walked = walkerOn().walk({ scenario: 'local-to-remote' });
  const [first = 0, second = 0] = walked.matches;
  expect(nextOf(walked.matches, 0, 1)).toBe(first);
  expect(nextOf(walked.matches, second, -1)).toBe(first);
  expect(nextOf(walked.matches, first, -1)).toBeNull();
  expect(nextOf(walked.matches, walked.length, 1)).toBeNull();
  expect(legStarts(walked).map(({ leg }) => leg)).toEqual([0, 1]);
});

test('every experiment begins at the rule that decides', () => {
  for (const { name } of scenarios) {
    const walker = walkerOn();
    for (const { state, meets, title } of walker.walk({ scenario: name }).scenario.experiments) {
      const walked = walker.walk(state, meets);
      expect(walked.matches, title).toContain(walked.state.step);
      expect(linkOf(walked.state, walked.scenario), title).not.toBe(linkOf({}, walked.scenario));
      expect(walker.outlook(name, title)).toMatch(/^meets |is not met any more$/);
    }
  }
});

test('a link opens what it led to, and says what is wrong with it', () => {
  const walker = walkerOn();
  const walked = walker.walk({ scenario: 'prometheus', request: { port: 15020 }, replies: true });
  const link = linkOf(walked.state, walked.scenario);
  const opened = walker.open(`#${link}&step=3`, 'local-to-remote');
  expect(opened.problems).toEqual([]);
  expect(linkOf(opened.walked.state, opened.walked.scenario)).toBe(link);
  expect(opened.walked.lines).toEqual(walked.lines);
  expect(opened.walked.state.step).toBe(3);
  expect(walker.open('#v=1&scenario=none', 'local-to-remote')).toMatchObject({
    walked: { scenario: { name: 'local-to-remote' } },
    problems: ['The link names scenario "none", which this handbook does not have.'],
  });
});

test('an address that is none is refused in words', () => {
  expect(() => walkerOn().walk({ request: { address: 'nowhere', port: 1 } })).toThrow(TypeError);
});

describe('a walk of very many steps', () => {
  const many = 5000;
  const { ruleset } = parseRuleset(
    [
      '*nat',
      ...Array.from({ length: many }, (_, at) => `-A OUTPUT -d 10.9.${at >> 8}.${at & 255}/32 -j ACCEPT`),
      '-A OUTPUT -p tcp -j REDIRECT --to-ports 15001',
      'COMMIT',
    ].join('\n'),
    'v4',
  );
  const walker = walkerOn({ rulesets: { v4: ruleset } });
  const walked = walker.walk({ scenario: 'local-to-remote' });

  test('is small when it is handed over', () => {
    expect(walked.length).toBeGreaterThan(many);
    expect(JSON.stringify(walked).length).toBeLessThan(60_000);
    expect(isLeftOut(walked, 0)).toBe(false);
  });

  test('tells what it left out around any step', () => {
    for (const step of [many / 2, many, walked.length - 1]) {
      const more = withMore(walked, walker.around(walked.state, step));
      expect(isLeftOut(more, step)).toBe(false);
      expect(chainAt(more, step)?.count).toBe(many + 1);
      expect(chainAt(more, step)?.rules).toHaveLength(120);
      expect(more.words[step]?.text).not.toBe('');
    }
  });

  test('shows the rules around the one that is tested', () => {
    const run = walked.tested.find(({ count }) => count === many + 1);
    const at = (run?.step ?? 0) + 1999;
    const view = chainAt(withMore(walked, walker.around(walked.state, at)), at);
    expect(view?.rules.find(({ isCurrent }) => isCurrent)).toMatchObject({
      position: 2000,
      text: '-d 10.9.7.207/32 -j ACCEPT',
      status: 'did not match',
    });
    expect(view?.rules.at(-1)?.status).toBe('not reached');
  });
});
