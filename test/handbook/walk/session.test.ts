/** The simulator in a reader's hands: what is shown after what happens, with a real walker that answers when it is let. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  again,
  answersOf,
  type Beginning,
  change,
  giveAnswer,
  goTo,
  hasNotWalked,
  hasWalked,
  having,
  isChanged,
  isForAddress,
  linkedCall,
  newSession,
  openLink,
  openPage,
  play,
  redo,
  type Session,
  show,
  shownAddress,
  shownLink,
  stepOf,
  stepOfKey,
  stopAt,
  takeBack,
  tick,
  toldMore,
  toldOutlook,
  tryOut,
  undo,
  type Walker,
  walkerOn,
  wantedOutlook,
  wantsMore,
} from '../../../src/handbook/walk/index.ts';
import { parseRuleset } from '../../../src/netfilter/index.ts';
import { lineText } from '../../../src/render/index.ts';

const istio = walkerOn();
const scenario = 'local-to-remote';
const first = istio.walk({ scenario });
const beginning: Beginning = { scenario, first };
const excluded = { scenario, options: { outboundPortsExclude: '80' } };
const asUid = (uid: number) => ({ scenario, request: { from: { uid, gid: uid } } });

/** What happens to a session. */
type Happening = (session: Session) => Session;

function hear(session: Session, ...happened: readonly Happening[]): Session {
  return happened.reduce((before, happens) => happens(before), session);
}

/** What a walker answers to what is being walked. */
function answerTo({ walking, beginning: { scenario: page } }: Session, walker: Walker = istio): Happening {
  if (walking === null) throw new Error('nothing is being walked');
  try {
    if ('fragment' in walking) {
      const { walked, problems } = walker.open(walking.fragment, page);
      return (s) => hasWalked(s, walking, walked, problems);
    }
    const walked = walker.walk(walking.state, walking.tries?.meets);
    return (s) => hasWalked(s, walking, walked);
  } catch (error) {
    return (s) => hasNotWalked(s, walking, (error as Error).message, false);
  }
}

/** The engine that was to walk it could not be loaded. */
function lost({ walking }: Session): Happening {
  if (walking === null) throw new Error('nothing is being walked');
  return (s) => hasNotWalked(s, walking, 'lost', true);
}

/** What happens, and the answer to it. */
function answered(session: Session, happens: Happening, walker?: Walker): Session {
  const asking = happens(session);
  return hear(asking, answerTo(asking, walker));
}

const path = ({ walked: { lines } }: Session) => lines.map(lineText);
const text = (session: Session) => session.walked.words[stepOf(session)]?.text;
const fresh = newSession(beginning);
const last = first.length - 1;

describe('stepping', () => {
  test('begins at the first step, and the address says nothing of it', () => {
    expect(stepOf(fresh)).toBe(0);
    expect(fresh.walking).toBeNull();
    expect(isChanged(fresh)).toBe(false);
    expect(isForAddress(fresh)).toBe(false);
    expect(shownAddress(fresh)).toBe(`#v=1&scenario=${scenario}`);
  });

  test('leads to a step, stays within the walk, and stands in the address', () => {
    const fifth = hear(fresh, (s) => goTo(s, 4));
    expect(stepOf(fifth)).toBe(4);
    expect(isForAddress(fifth)).toBe(true);
    expect(isChanged(fifth)).toBe(false);
    expect(shownAddress(fifth)).toBe(`#v=1&scenario=${scenario}&step=4`);
    expect(shownAddress(fifth, 'dump=abc')).toBe(`#v=1&scenario=${scenario}&step=4&dump=abc`);
    expect(stepOf(hear(fresh, (s) => goTo(s, 9999)))).toBe(last);
    expect(stepOf(hear(fifth, (s) => goTo(s, -3)))).toBe(0);
  });

  test('by keys, to the next match and the next leg with them', () => {
    const press = (session: Session, key: string, isWithShift = false) => {
      const to = stepOfKey(session, key, isWithShift);
      return to === null ? session : goTo(session, to);
    };
    const second = press(fresh, 'ArrowRight');
    expect(stepOf(second)).toBe(1);
    expect(stepOf(press(second, 'ArrowLeft'))).toBe(0);
    expect(stepOf(press(fresh, 'ArrowLeft'))).toBe(0);
    const match = press(press(fresh, 'ArrowRight', true), 'ArrowRight', true);
    expect(text(match)).toBe('ISTIO_OUTPUT 9 matches: ISTIO_REDIRECT.');
    expect(text(press(match, 'ArrowLeft', true))).toBe('OUTPUT 1 matches: ISTIO_OUTPUT.');
    expect(stepOf(press(fresh, 'ArrowLeft', true))).toBe(0);
    expect(stepOf(press(press(fresh, 'End'), 'ArrowRight', true))).toBe(last);
    const leg = press(fresh, 'l');
    expect(first.passages.find((one) => one.first === stepOf(leg))?.leg).toBe(1);
    expect(stepOf(press(leg, 'l'))).toBe(stepOf(leg));
    expect(stepOf(press(fresh, 'End'))).toBe(last);
    expect(stepOf(press(leg, 'Home'))).toBe(0);
    expect(stepOfKey(fresh, 'x', false)).toBeNull();
  });

  test('the current stop is the last one of its line that was reached, and of no other line', () => {
    const [line, other] = first.lines;
    const at = first.matches[1] as number;
    expect(stopAt(first, line ?? [], at)).toMatchObject({ kind: 'chain', chain: 'ISTIO_OUTPUT' });
    expect(stopAt(first, other ?? [], at)).toBeUndefined();
    expect(stopAt(first, line ?? [], 0)?.kind).toBe('process');
  });
});

describe('playing', () => {
  test('goes step by step to the end, and stops there', () => {
    let session = hear(fresh, play);
    const steps = [stepOf(session)];
    while (session.isPlaying) {
      session = tick(session);
      steps.push(stepOf(session));
      expect(steps.length).toBeLessThan(first.length + 2);
    }
    expect(steps).toEqual([...Array.from({ length: first.length }, (_, at) => at), last]);
  });

  test('begins anew at the end, and nowhere else', () => {
    expect(stepOf(hear(fresh, (s) => goTo(s, last), play))).toBe(0);
    expect(stepOf(hear(fresh, (s) => goTo(s, 3), play))).toBe(3);
  });

  test('ends by hand and with a change; the time that was under way then does nothing', () => {
    const playing = hear(fresh, play, tick, tick);
    const endings: readonly Happening[] = [
      (s) => having(s, { isPlaying: false }),
      (s) => goTo(s, 2),
      (s) => change(s, excluded),
    ];
    for (const event of endings) {
      const stopped = hear(playing, event);
      expect(stopped.isPlaying).toBe(false);
      expect(stepOf(hear(stopped, tick))).toBe(2);
    }
  });

  test('keeps its pace', () => {
    expect(fresh.pace).toBe(900);
    expect(hear(fresh, (s) => having(s, { pace: 300 }), play).pace).toBe(300);
  });
});

describe('a change', () => {
  test('shows what was before until it is walked, and the controls ahead of it', () => {
    const third = hear(fresh, (s) => goTo(s, 2));
    const asking = hear(third, (s) => change(s, { ...excluded, step: 7 }));
    expect(asking.walked).toEqual(third.walked);
    expect(asking.state).toMatchObject(excluded);
    expect(asking.walking).toEqual({ state: { ...excluded, step: 0 }, tries: null });
    const walked = hear(asking, answerTo(asking));
    expect(walked.walking).toBeNull();
    expect(walked.walked).toEqual(istio.walk({ ...excluded, step: 0 }));
    expect(path(walked)[0]).toContain('ISTIO_OUTPUT 1 ▸');
    expect(isChanged(walked)).toBe(true);
    expect(shownAddress(walked)).toBe(`#v=1&scenario=${scenario}&option.outboundPortsExclude=80&step=0`);
  });

  test('while another is under way: the old answer, which comes late, is ignored', () => {
    const one = hear(fresh, (s) => change(s, asUid(1337)));
    const other = hear(one, (s) => change(s, asUid(0)));
    const late = hear(other, answerTo(one));
    expect(late).toEqual(other);
    const walked = hear(late, answerTo(other), answerTo(one));
    expect(walked.walked.state.request).toEqual(asUid(0).request);
    // What was never shown is nothing to come back to.
    expect(hear(walked, undo).walked).toEqual(first);
    expect(walked.history).toHaveLength(1);
  });

  test('a refusal that comes late is ignored, too', () => {
    const one = hear(fresh, (s) => change(s, asUid(1337)));
    const other = hear(one, (s) => change(s, asUid(0)));
    expect(hear(other, lost(one))).toEqual(other);
  });

  test('is undone to the step that was shown, also while the next one is under way', () => {
    const at5 = hear(fresh, (s) => goTo(s, 5));
    const changed = answered(at5, (s) => change(s, excluded));
    const back = hear(changed, undo);
    expect(back.walked).toEqual(at5.walked);
    expect(back.history).toEqual([]);
    expect(hear(back, undo)).toEqual(back);
    const asking = hear(changed, (s) => change(s, asUid(0)));
    const undone = hear(asking, undo);
    expect(undone.walked).toEqual(changed.walked);
    expect(hear(undone, answerTo(asking))).toEqual(undone);
  });

  test('what was undone can be redone, one after the other, until something else is shown', () => {
    const one = answered(fresh, (s) => change(s, excluded));
    const two = hear(
      answered(one, (s) => change(s, asUid(0))),
      (s) => goTo(s, 2),
    );
    const back = hear(two, undo, undo);
    expect(back.walked).toEqual(first);
    const forth = hear(back, redo);
    expect(forth).toMatchObject({ walked: one.walked, history: [first], cameBy: 'change' });
    expect(hear(forth, redo)).toMatchObject({ walked: two.walked, history: [first, one.walked], undone: [] });
    expect(hear(forth, redo, redo)).toEqual(hear(forth, redo));
    expect(hear(forth, redo, undo, undo).walked).toEqual(first);
    expect(answered(forth, (s) => change(s, asUid(1337))).undone).toEqual([]);
    expect(hear(forth, openPage).undone).toEqual([]);
  });

  test('fifty can be undone', () => {
    let session = fresh;
    for (let uid = 1; uid <= 60; uid++) session = answered(session, (s) => change(s, asUid(uid)));
    let undone = 0;
    for (; session.history.length > 0; undone++) session = undo(session);
    expect(undone).toBe(50);
    expect(session.walked.state.request).toEqual(asUid(10).request);
  });

  test('of what is shown alone is nothing to undo', () => {
    const replies = answered(fresh, (s) => show(s, { ...fresh.state, replies: true }));
    expect(replies.walked.length).toBeGreaterThan(first.length);
    expect(replies.history).toEqual([]);
    expect(shownLink(replies)).toContain('replies=1');
  });
});

describe('what cannot be walked', () => {
  const wrong = { scenario, request: { address: 'nowhere', port: 80 } };

  test('is told, and what was walked last is shown and stepped through', () => {
    const good = answered(fresh, (s) => change(s, excluded));
    const failed = answered(good, (s) => change(s, wrong));
    expect(failed.failure?.because).toContain('nowhere');
    expect(failed.failure?.again).toBeNull();
    expect(hear(failed, again)).toEqual(failed);
    expect(failed.walking).toBeNull();
    expect(failed.walked).toEqual(good.walked);
    // The controls go on showing what was asked for.
    expect(failed.state.request).toEqual(wrong.request);
    expect(stepOf(hear(failed, (s) => goTo(s, 3)))).toBe(3);
    expect(answered(failed, (s) => change(s, asUid(0))).failure).toBeNull();
    expect(hear(failed, undo)).toMatchObject({ failure: null, state: good.state });
  });

  test('because the engine is not there is tried again, with the experiment that it was', () => {
    const experiment = first.scenario.experiments[0] as (typeof first.scenario.experiments)[number];
    const asking = hear(fresh, (s) => tryOut(s, experiment));
    const failed = hear(asking, lost(asking));
    expect(failed).toMatchObject({ walking: null, tried: null, walked: first });
    const retried = hear(failed, (s) => goTo(s, 1), again);
    expect(retried.walking).toEqual(asking.walking);
    expect(retried.failure?.because).toBe('lost');
    const walked = hear(retried, answerTo(retried));
    expect(walked).toMatchObject({ failure: null, tried: experiment });
    expect(isChanged(walked)).toBe(true);
  });
});

describe('an experiment', () => {
  const [experiment] = first.scenario.experiments;
  if (experiment === undefined) throw new Error('the scenario offers none');

  test('begins at the rule that it is about, and says so until something else is changed', () => {
    const asking = hear(fresh, (s) => tryOut(s, experiment));
    expect(asking.tried).toBeNull();
    const tried = hear(asking, answerTo(asking));
    expect(tried.tried).toBe(experiment);
    expect(tried.walked.matches).toContain(stepOf(tried));
    expect(tried.walked).toEqual(istio.walk({ ...experiment.state, step: 0 }, experiment.meets));
    expect(hear(tried, (s) => change(s, excluded)).tried).toBeNull();
    expect(hear(tried, undo).tried).toBeNull();
  });

  test('leaves the answers shown where they are', () => {
    const replies = answered(fresh, (s) => show(s, { ...fresh.state, replies: true }));
    expect(answered(replies, (s) => tryOut(s, experiment)).walked.state.replies).toBe(true);
    expect(answered(fresh, (s) => tryOut(s, experiment)).walked.state.replies).toBeUndefined();
  });

  test('each is asked for what it will change, one after the other, and told once', () => {
    let session = fresh;
    const asked: string[] = [];
    for (let next = wantedOutlook(session); next !== null; next = wantedOutlook(session)) {
      asked.push(next.experiment);
      const says = istio.outlook(next.scenario, next.experiment);
      const told = toldOutlook(session, next, says);
      expect(toldOutlook(told, next, 'late')).toEqual(told);
      session = told;
    }
    expect(asked).toEqual(first.scenario.experiments.map(({ title }) => title));
    expect(session.outlooks).toEqual(asked.map((title) => istio.outlook(scenario, title)));
    expect(session.outlooks).not.toContain('');
  });

  test('none is asked for what the page knows', () => {
    const outlooks = first.scenario.experiments.map(({ title }) => title);
    expect(wantedOutlook(newSession({ ...beginning, outlooks }))).toBeNull();
  });

  test('of another scenario has its own', () => {
    const page = newSession({ ...beginning, outlooks: first.scenario.experiments.map(() => 'known') });
    const other = answered(page, (s) => openLink(s, '#v=1&scenario=remote-to-local'));
    expect(other.outlooks).toEqual([]);
    expect(wantedOutlook(other)).toMatchObject({ scenario: 'remote-to-local', at: 0 });
    expect(answered(other, (s) => openLink(s, '#v=1')).outlooks).toContain('known');
  });
});

describe('a link', () => {
  test('opens the same walk at the same step that it was taken from', () => {
    const shown = hear(
      answered(fresh, (s) => change(s, asUid(1337))),
      (s) => goTo(s, 6),
    );
    const opened = answered(fresh, (s) => openLink(s, shownAddress(shown)));
    expect(path(opened)).toEqual(path(shown));
    expect(stepOf(opened)).toBe(6);
    expect(shownAddress(opened)).toBe(shownAddress(shown));
    expect(opened.linkProblems).toEqual([]);
    // Nobody has changed anything.
    expect(opened.history).toEqual([]);
  });

  test('is told as one, until something is changed', () => {
    expect(linkedCall(fresh)).toBeNull();
    const opened = answered(fresh, (s) => openLink(s, '#v=1&from=uid:1337:1337&step=3'));
    expect(opened.cameBy).toBe('link');
    expect(linkedCall(opened)).toBe('process uid 1337 to 10.96.0.7:80');
    expect(linkedCall(hear(opened, (s) => goTo(s, 5)))).toBe('process uid 1337 to 10.96.0.7:80');
    expect(linkedCall(answered(opened, (s) => change(s, excluded)))).toBeNull();
    expect(linkedCall(answered(fresh, (s) => openLink(s, '#v=1&step=3', true)))).toBeNull();
  });

  test('of the browser’s own history takes back what undoing would', () => {
    const one = answered(fresh, (s) => change(s, excluded));
    const two = answered(one, (s) => change(s, asUid(1337)));
    const back = answered(two, (s) => openLink(s, shownAddress(one), true));
    expect(shownLink(back)).toBe(shownLink(one));
    expect(back.history).toEqual(one.history);
    const page = hear(back, openPage);
    expect(shownLink(page)).toBe(shownLink(fresh));
    expect(page.history).toEqual([]);
    expect(page.walking).toBeNull();
  });

  test('that is damaged says what is wrong, until something is changed', () => {
    const opened = answered(fresh, (s) => openLink(s, '#v=1&release=9.9.9.9&step=99999'));
    expect(opened.linkProblems).toEqual(['The link names release "9.9.9.9"; expected one such as 1.30.']);
    expect(stepOf(opened)).toBe(last);
    expect(hear(opened, (s) => change(s, excluded)).linkProblems).toEqual([]);
  });

  test('that is followed while a change is under way counts; the change does not come any more', () => {
    const changing = hear(fresh, (s) => change(s, excluded));
    const opening = hear(changing, (s) => openLink(s, '#v=1&from=uid:0:0'));
    const opened = hear(opening, answerTo(changing), answerTo(opening));
    expect(opened.walked.state.request?.from).toEqual({ uid: 0, gid: 0 });
  });

  test('that cannot be walked leaves what is shown', () => {
    const opening = hear(fresh, (s) => openLink(s, '#v=1'));
    const failed = hear(opening, lost(opening));
    expect(failed.walked).toBe(first);
    expect(hear(failed, again).walking).toEqual({ fragment: '#v=1' });
  });
});

describe('a rule that nobody can judge', () => {
  const { ruleset } = parseRuleset(
    '*filter\n-A OUTPUT -m limit --limit 5/min -j DROP\n-A OUTPUT -m quota --quota 99 -j DROP\nCOMMIT',
  );
  const real = walkerOn({ rulesets: { v4: ruleset } });
  const asked = newSession({ scenario, first: real.walk({ scenario }), isLab: true });
  const say = (session: Session, matches: boolean) => answered(session, (s) => giveAnswer(s, matches), real);

  test('is answered yes', () => {
    const dropped = say(asked, true);
    expect(dropped.walked.question).toBeUndefined();
    expect(dropped.walked.arrived).toBe(false);
    expect(answersOf(dropped)).toEqual([{ table: 'filter', chain: 'OUTPUT', position: 1, matches: true }]);
    expect(shownAddress(dropped)).toContain('&answer=filter/OUTPUT/1:yes');
  });

  test('is answered no, stands at the step that asked, and the next one asks', () => {
    const next = say(asked, false);
    expect(text(next)).toBe('filter OUTPUT 1 does not match.');
    expect(stepOf(next)).toBe(asked.walked.question?.step);
    expect(next.walked.question).toMatchObject({ chain: 'OUTPUT', position: 2 });
    const through = say(next, false);
    expect(through.walked.question).toBeUndefined();
    expect(answersOf(through).map(({ matches }) => matches)).toEqual([false, false]);
  });

  test('an answer is taken back, and that is undone', () => {
    const through = say(say(asked, false), false);
    const [one] = answersOf(through);
    if (one === undefined) throw new Error('nothing was answered');
    const open = answered(through, (s) => takeBack(s, one), real);
    expect(open.walked.question).toMatchObject({ position: 1 });
    expect(answersOf(open)).toHaveLength(1);
    expect(hear(open, undo).walked).toEqual(through.walked);
  });

  test('where nothing is asked an answer is none', () => {
    expect(hear(fresh, (s) => giveAnswer(s, true))).toBe(fresh);
  });
});

test('of a walk of very many steps more is asked for where it was left out, and put to no other walk', () => {
  const rules = Array.from({ length: 900 }, (_, at) => `-A OUTPUT -d 192.0.2.${at % 256}/32 -j ACCEPT`);
  const { ruleset } = parseRuleset(`*filter\n${rules.join('\n')}\nCOMMIT`);
  const real = walkerOn({ rulesets: { v4: ruleset } });
  const begun = newSession({ scenario, first: real.walk({ scenario }), isLab: true });
  expect(wantsMore(begun)).toBe(false);
  const far = hear(begun, (s) => goTo(s, 450));
  expect(wantsMore(far)).toBe(true);
  expect(text(far)).toBeUndefined();
  const around = real.around(far.walked.state, 450);
  const told = hear(far, (s) => toldMore(s, shownLink(far), around));
  expect(wantsMore(told)).toBe(false);
  expect(text(told)).toMatch(/^filter OUTPUT \d+ does not match\.$/);
  expect(hear(far, (s) => toldMore(s, 'v=1&scenario=other', around))).toBe(far);
});

test('whatever happens, in whatever order, something whole is shown', () => {
  let stale: Session['walking'] = null;
  const events: fc.Arbitrary<Happening> = fc.oneof(
    fc.integer({ min: -5, max: 99 }).map(
      (to): Happening =>
        (s) =>
          goTo(s, to),
    ),
    fc.constantFrom(...first.scenario.experiments).map(
      (one): Happening =>
        (s) =>
          tryOut(s, one),
    ),
    fc.constantFrom<Happening>(
      play,
      tick,
      undo,
      again,
      (s) => having(s, { isPlaying: false }),
      (s) => change(s, excluded),
      (s) => change(s, asUid(1337)),
      (s) => show(s, { scenario, replies: true }),
      (s) => openLink(s, '#v=1&scenario=remote-to-local&step=3'),
      (s) => (s.walking === null ? s : lost(s)(s)),
      // What was asked for some time ago.
      (s) => (stale === null || stale === s.walking ? s : hasNotWalked(s, stale, 'late', true)),
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(events, fc.boolean()), { maxLength: 20 }), (happened) => {
      let session = fresh;
      stale = null;
      for (const [event, isAnswered] of happened) {
        session = event(session);
        if (isAnswered && session.walking !== null) session = hear(session, answerTo(session));
        expect(stepOf(session)).toBeLessThan(session.walked.length);
        expect(text(session)).not.toBeUndefined();
        expect(session.failure?.because).not.toBe('late');
        stale ??= session.walking;
        expect(isForAddress(session) || shownAddress(session) === shownAddress(fresh)).toBe(true);
      }
    }),
  );
});
