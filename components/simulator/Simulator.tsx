/**
 * The simulator: who calls whom, step by step. Its first view is made in the build, and stepping through a walk needs
 * nothing but the walk; whatever is changed is walked by the engine, which is loaded then. The whole state is in the
 * address's fragment.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  chainAt,
  hookPlaces,
  isLeftOut,
  legStarts,
  linkOf,
  nextOf,
  type OfferedExperiment,
  type Purposes,
  passageAt,
  type State,
  stepAt,
  type Walked,
  withMore,
} from '../../src/handbook/walk/index.ts';
import type { StopLine, Stop as StopShape } from '../../src/render/index.ts';
import { NotLoaded, type RemoteWalker } from '../engine/remote-walker.ts';
import { Stop } from '../path/Stop.tsx';
import { Announcement } from './Announcement.tsx';
import { ChainRules } from './ChainRules.tsx';
import { Controls } from './Controls.tsx';
import { Copying } from './Copying.tsx';
import { Experiments } from './Experiments.tsx';
import { Fold } from './Fold.tsx';
import { HookMap, hooksOfMap } from './HookMap.tsx';
import { LaterRedrawn } from './LaterRedrawn.tsx';
import { lightMessages, type Places } from './lit-message.ts';
import { Questions } from './Questions.tsx';
import { Stepper } from './Stepper.tsx';

export interface SimulatorProps {
  /** The page's scenario. */
  readonly scenario: string;
  /** What is shown first. */
  readonly first: Walked;
  /** The messages of the page's own diagram of it. */
  readonly places?: Places;
  /** What the rules of the first view are for. */
  readonly purposes?: Purposes;
  /** Its outlooks, in the order of its experiments; absent: they are asked for. */
  readonly outlooks?: readonly string[];
  readonly walker: RemoteWalker;
  /** The rules are a real pod's: release and options have no say, and no diagram of the page shows them. */
  readonly isLab?: boolean;
  /** False where the first view was asked for: then the address has no say in it. */
  readonly opensAddress?: boolean;
  /** What else belongs into the address: a pasted dump, already encoded. */
  readonly alsoInAddress?: string;
}

/** What could not be walked, and whether it helps to try again. */
interface Problem {
  readonly says: string;
  readonly again: (() => void) | null;
}

/** What is shown: a walk, and the state that was asked for, which is ahead of it while it is being walked. */
interface Shown {
  readonly walked: Walked;
  readonly state: State;
}

/** What can be undone. */
const longestHistory = 50;
/** Shorter waiting is not told of, in milliseconds. */
const unnoticed = 300;

export function Simulator(props: SimulatorProps) {
  const { scenario, first, walker, isLab = false, opensAddress = true, alsoInAddress } = props;
  const [{ walked, state }, setShown] = useState<Shown>({ walked: first, state: first.state });
  const [history, setHistory] = useState<readonly Walked[]>([]);
  const [tried, setTried] = useState<OfferedExperiment | null>(null);
  const [linkProblems, setLinkProblems] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [isPlaying, setPlaying] = useState(false);
  // A drawing comes when it is ready: its message is lit then.
  const [drawn, setDrawn] = useState<Places>({});
  const frame = useRef<HTMLElement>(null);
  // An answer counts while nothing else has been asked for since.
  const asked = useRef(0);

  const { length } = walked;
  const at = Math.max(0, Math.min(walked.state.step ?? 0, length - 1));
  const link = linkOf(walked.state, walked.scenario);
  const isOfAnother = link !== linkOf({}, first.scenario);
  const needsDrawing = isOfAnother || isLab;

  /** Shows what is walked, once it is; until then, and where it cannot be walked, what was shown before. */
  const show = (walking: Promise<Walked>, wanted: State | null, again: () => void, done?: () => void) => {
    const number = ++asked.current;
    const isCurrent = () => number === asked.current;
    if (wanted !== null) setShown((before) => ({ ...before, state: wanted }));
    setWaiting(true);
    walking.then(
      (next) => {
        if (!isCurrent()) return;
        setShown({ walked: next, state: next.state });
        setProblem(null);
        setWaiting(false);
        done?.();
      },
      (error: Error) => {
        if (!isCurrent()) return;
        setProblem({ says: error.message, again: error instanceof NotLoaded ? again : null });
        setWaiting(false);
      },
    );
  };

  // Before anything is painted: what the address asks for is on its way from then on.
  useLayoutEffect(() => {
    const open = () => {
      const { hash } = location;
      if (!hash.startsWith('#v=')) return;
      const opening = walker.open(hash, scenario);
      show(
        opening.then(({ walked: opened }) => opened),
        null,
        open,
      );
      opening.then(
        ({ problems }) => {
          setLinkProblems(problems);
          setTried(null);
        },
        () => {},
      );
    };
    // On the page it came with, or followed on it: the simulator comes into sight.
    const follow = () => {
      open();
      frame.current?.scrollIntoView({ block: 'start' });
    };
    if (opensAddress) open();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [scenario]);

  const address = addressOf(link, walked.state, alsoInAddress);
  useEffect(() => {
    if (isOfAnother || walked.state.step !== undefined) window.history.replaceState(null, '', address);
  }, [address, isOfAnother]);

  // A long walk comes with the steps around the first one.
  const isPart = isLeftOut(walked, at);
  useEffect(() => {
    if (!isPart) return;
    walker.around(walked.state, at).then(
      (more) =>
        setShown((before) =>
          linkOf(before.walked.state, before.walked.scenario) === link
            ? { ...before, walked: withMore(before.walked, more) }
            : before,
        ),
      () => {},
    );
  }, [link, at, isPart]);

  const change = (next: State, experiment: OfferedExperiment | null = null, from = 0) => {
    const { step, ...wanted } = next;
    setHistory((before) => (isWaiting ? before : [...before, walked].slice(-longestHistory)));
    setTried(null);
    setPlaying(false);
    setLinkProblems([]);
    setProblem(null);
    const ask = () =>
      show(walker.walk({ ...wanted, step: from }, experiment?.meets), wanted, ask, () =>
        setTried(experiment),
      );
    ask();
  };
  /** Another way of showing the same. */
  const showWith = (next: State) => {
    const ask = () => show(walker.walk({ ...next, step: 0 }), next, ask);
    ask();
  };
  const go = (to: number) => {
    const step = Math.max(0, Math.min(to, length - 1));
    setShown((before) => ({
      ...before,
      walked: { ...before.walked, state: { ...before.walked.state, step } },
    }));
  };
  const goByHand = (to: number) => {
    setPlaying(false);
    go(to);
  };
  const undo = () => {
    const before = history.at(-1);
    if (before === undefined) return;
    asked.current++;
    setWaiting(false);
    setHistory(history.slice(0, -1));
    setTried(null);
    setProblem(null);
    setShown({ walked: before, state: before.state });
  };

  const press = (event: KeyboardEvent) => {
    const to = stepOfKey(event, at, walked);
    if (to === null) return;
    event.preventDefault();
    goByHand(to);
  };
  // Whoever looks at the simulator and has put the focus nowhere steps through it, too.
  const pressed = useRef(press);
  pressed.current = press;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { activeElement } = document;
      const isNowhere = activeElement === null || activeElement === document.body;
      if (isNowhere && /^Arrow(Left|Right)$/.test(event.key) && isInSight(frame.current))
        pressed.current(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);

  useEffect(() => {
    const root = needsDrawing ? frame.current : document;
    const selector = needsDrawing ? '.redrawn svg' : `svg[id^="diagram-${scenario}-drawn-"]`;
    return lightMessages([...(root?.querySelectorAll<SVGElement>(selector) ?? [])], {
      places: needsDrawing ? drawn : (props.places ?? {}),
      step: at,
      onGo: goByHand,
    });
  });

  const wake = () => walker.wake();

  return (
    <section
      class="simulator not-content"
      aria-label="Simulator"
      aria-busy={isWaiting}
      onKeyDown={press}
      ref={frame}
    >
      {linkProblems.length > 0 && (
        <div class="simulator-problem" role="alert">
          {linkProblems.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
      <div class="simulator-path">
        {walked.lines.map((line, index) => (
          <ol
            class="stops"
            key={`${line[0]?.leg}-${line[0]?.passage}`}
            aria-label={walked.lines.length > 1 ? `Path ${index + 1} of ${walked.lines.length}` : 'The path'}
          >
            {line.map((stop) => (
              <Stop
                key={`${stop.event}-${stop.kind}`}
                stop={stop}
                current={isAt(walked, line, stop, at)}
                onSelect={() => goByHand(stepAt(walked, stop) ?? at)}
              />
            ))}
          </ol>
        ))}
        <p class={walked.arrived ? 'simulator-ending' : 'simulator-ending failed'}>{walked.ending}</p>
      </div>
      <Questions
        walked={walked}
        onAnswers={(answers, step) => {
          const { state: before } = walked;
          change({ ...before, request: { ...before.request, answers } }, null, step);
        }}
      />
      {tried !== null && (
        <p class="simulator-tried">
          <strong>{tried.title}.</strong> {tried.says}
        </p>
      )}
      {isWaiting && <Waiting />}
      {problem !== null && (
        <div class="simulator-problem" role="alert">
          <p>{capital(problem.says)}.</p>
          {problem.again !== null && (
            <p>
              What is shown is what was walked last, and you can step through it.{' '}
              <button type="button" onClick={problem.again}>
                Try again
              </button>
            </p>
          )}
        </div>
      )}
      {walked.problems.map(({ option, because, fix, severity }) => (
        <p class="simulator-problem" role="alert" data-severity={severity} key={`${option} ${because}`}>
          <code>{option}</code>: {because} {fix}
        </p>
      ))}
      <div class="simulator-columns">
        <div class="simulator-controls" onPointerEnter={wake} onFocusIn={wake}>
          <Fold label="Who calls whom, and on which Istio">
            <Controls walked={walked} state={state} onChange={change} onShow={showWith} isLab={isLab} />
          </Fold>
        </div>
        <Stepper
          walked={walked}
          at={at}
          onGo={goByHand}
          onPlay={go}
          isPlaying={isPlaying}
          onPlaying={setPlaying}
        />
        <div class="simulator-side">
          <HookMap places={hookPlaces(walked, at, hooksOfMap)} onGo={goByHand} />
          <ChainRules view={chainAt(walked, at)} walker={walker} known={props.purposes} onGo={goByHand} />
        </div>
      </div>
      <div onPointerEnter={wake} onFocusIn={wake}>
        <Experiments
          scenario={walked.scenario}
          state={walked.state}
          onChange={change}
          onUndo={history.length > 0 ? undo : null}
          walker={walker}
          {...(props.outlooks !== undefined && walked.scenario.name === scenario
            ? { outlooks: props.outlooks }
            : {})}
        />
      </div>
      {needsDrawing && (
        <LaterRedrawn walked={walked} walker={walker} id={`redrawn-${scenario}`} onDrawn={setDrawn} />
      )}
      <Copying walked={walked} address={address} walker={walker} />
      <Announcement
        text={spoken(walked, at)}
        isQuiet={walked.words[at] === undefined || (isPlaying && !walked.stops.includes(at))}
      />
    </section>
  );
}

/** Told of only where it takes its time. */
function Waiting() {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), unnoticed);
    return () => clearTimeout(timer);
  }, []);
  return isLong ? (
    <p class="simulator-waiting" role="status">
      It is being walked…
    </p>
  ) : null;
}

/** The fragment that leads to what is shown. */
function addressOf(link: string, { step }: State, alsoInAddress: string | undefined): string {
  return [`#${link}`, ...(step === undefined ? [] : [`step=${step}`]), alsoInAddress ?? '']
    .filter((part) => part !== '')
    .join('&');
}

/** Where a key leads, or null where it is none of the simulator's. */
function stepOfKey(event: KeyboardEvent, at: number, walked: Walked): number | null {
  const target = event.target as HTMLElement;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || event.altKey || event.ctrlKey || event.metaKey)
    return null;
  const last = walked.length - 1;
  switch (event.key) {
    case 'ArrowRight':
      return event.shiftKey ? (nextOf(walked.matches, at, 1) ?? last) : at + 1;
    case 'ArrowLeft':
      return event.shiftKey ? (nextOf(walked.matches, at, -1) ?? 0) : at - 1;
    case 'l':
      return legStarts(walked).find(({ first }) => first > at)?.first ?? at;
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function isInSight(part: HTMLElement | null): boolean {
  if (part === null) return false;
  const { top, bottom } = part.getBoundingClientRect();
  return top < innerHeight / 2 && bottom > innerHeight / 2;
}

function spoken({ words, length }: Walked, at: number): string {
  const { text = '', reason = '' } = words[at] ?? {};
  return `Step ${at + 1} of ${length}. ${text} ${reason}`;
}

/** The last stop of a line that lies at or before the step. */
function isAt(walked: Walked, line: StopLine, stop: StopShape, at: number): boolean {
  const { leg, passage, first } = passageAt(walked, at);
  if (stop.leg !== leg || stop.passage !== passage) return false;
  return line.findLast(({ event }) => first + event <= at) === stop;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replace(/\.$/, '');
}
