/**
 * The simulator: who calls whom, step by step. Its first view is rendered in the build; in the browser every
 * change is walked at once, and the whole state is in the address's fragment.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  chainAt,
  decidingStep,
  decodePermalink,
  type Experiment,
  encodePermalink,
  hookPlaces,
  legStarts,
  nextMatch,
  type Simulation,
  type State,
  simulate,
  stepAt,
  stepWords,
} from '../../src/handbook/index.ts';
import type { Rulesets } from '../../src/journey/index.ts';
import {
  type Level,
  type Message,
  messages,
  type StopLine,
  type Stop as StopShape,
  stopLines,
} from '../../src/render/index.ts';
import { Stop } from '../Stop.tsx';
import { Announcement } from './Announcement.tsx';
import { ChainRules } from './ChainRules.tsx';
import { Controls } from './Controls.tsx';
import { Copying } from './Copying.tsx';
import { Experiments } from './Experiments.tsx';
import { Fold } from './Fold.tsx';
import { HookMap } from './HookMap.tsx';
import { LaterRedrawn } from './LaterRedrawn.tsx';
import { lightMessages } from './lit-message.ts';
import { Stepper } from './Stepper.tsx';

export interface SimulatorProps {
  /** The page's scenario. */
  readonly scenario: string;
  /** A real pod's rules, in the lab. */
  readonly rulesets?: Rulesets;
  /** False where several stand on one page: then none owns the address. */
  readonly ownsAddress?: boolean;
  /** What else belongs into the address: a pasted dump, already encoded. */
  readonly alsoInAddress?: string;
  /** What is walked first, where it is not the scenario alone. */
  readonly opens?: State;
}

/** What could be walked, and why the rest could not. */
interface Walk {
  readonly simulation: Simulation;
  readonly problem: string | null;
}

/** What can be undone. */
const longestHistory = 50;

export function Simulator({ scenario, rulesets, ownsAddress = true, alsoInAddress, opens }: SimulatorProps) {
  const [state, setState] = useState<State>({ scenario, ...opens });
  const [history, setHistory] = useState<readonly State[]>([]);
  const [tried, setTried] = useState<Experiment | null>(null);
  const [linkProblems, setLinkProblems] = useState<readonly string[]>([]);
  const [isPlaying, setPlaying] = useState(false);
  // A drawing comes when it is ready: its message is lit then.
  const [, setDrawn] = useState(0);
  const last = useRef<Simulation | null>(null);
  const frame = useRef<HTMLElement>(null);

  const { simulation, problem } = useMemo((): Walk => {
    const { step, ...walked } = state;
    try {
      last.current = simulate(walked, rulesets);
      return { simulation: last.current, problem: null };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { simulation: last.current ?? simulate({ scenario }, rulesets), problem: message };
    }
  }, [JSON.stringify({ ...state, step: 0 }), rulesets]);

  const { steps, bound } = simulation;
  const replies = state.replies === true;
  const at = Math.min(state.step ?? 0, steps.length - 1);
  const step = steps[at];
  const lines = useMemo(() => stopLines(bound.journey, { replies }), [simulation]);
  const messagesOf = useMemo(() => {
    const made = new Map<Level, readonly Message[]>();
    return (level: Level) => {
      const all = made.get(level) ?? messages(bound.journey, level, { replies });
      made.set(level, all);
      return all;
    };
  }, [simulation]);
  const isChanged = encodePermalink({ ...state, step: 0 }) !== encodePermalink({ scenario, step: 0 });
  const needsDrawing = isChanged || rulesets !== undefined;

  useEffect(() => {
    if (!ownsAddress) return;
    const open = () => {
      if (!location.hash.startsWith('#v=')) return;
      const { state: linked, problems } = decodePermalink(location.hash);
      setState({ scenario, ...linked });
      setTried(null);
      setLinkProblems(problems);
    };
    // On the page it came with, or followed on it: the simulator comes into sight.
    const follow = () => {
      open();
      frame.current?.scrollIntoView({ block: 'start' });
    };
    open();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [scenario, ownsAddress]);

  useEffect(() => {
    if (!ownsAddress || (!isChanged && state.step === undefined)) return;
    const also = alsoInAddress === undefined ? '' : `&${alsoInAddress}`;
    window.history.replaceState(null, '', `#${encodePermalink(state)}${also}`);
  }, [state, isChanged, ownsAddress, alsoInAddress]);

  const change = (next: State, experiment: Experiment | null = null) => {
    setHistory((before) => [...before, state].slice(-longestHistory));
    setTried(experiment);
    setPlaying(false);
    setLinkProblems([]);
    setState({ ...next, step: experiment === null ? 0 : deciding(next, experiment, rulesets) });
  };
  const go = (to: number) => {
    const step = Math.max(0, Math.min(to, steps.length - 1));
    setState((before) => ({ ...before, step }));
  };
  const goByHand = (to: number) => {
    setPlaying(false);
    go(to);
  };
  const undo = () => {
    const before = history.at(-1);
    if (before === undefined) return;
    setHistory(history.slice(0, -1));
    setTried(null);
    setState(before);
  };

  const press = (event: KeyboardEvent) => {
    const to = stepOfKey(event, at, steps);
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
    if (step === undefined) return;
    const root = needsDrawing ? frame.current : document;
    const selector = needsDrawing ? '.redrawn svg' : `svg[id^="diagram-${scenario}-drawn-"]`;
    return lightMessages([...(root?.querySelectorAll<SVGElement>(selector) ?? [])], {
      messagesOf,
      step,
      onGo: (place) => goByHand(stepAt(steps, place) ?? at),
    });
  });

  return (
    <section class="simulator not-content" aria-label="Simulator" onKeyDown={press} ref={frame}>
      {linkProblems.length > 0 && (
        <div class="simulator-problem" role="alert">
          {linkProblems.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
      <div class="simulator-path">
        {lines.map((line, index) => (
          <ol
            class="stops"
            key={`${line[0]?.leg}-${line[0]?.passage}`}
            aria-label={lines.length > 1 ? `Path ${index + 1} of ${lines.length}` : 'The path'}
          >
            {line.map((stop) => (
              <Stop
                key={`${stop.event}-${stop.text}`}
                stop={stop}
                current={isAt(line, stop, step)}
                onSelect={() => goByHand(stepAt(steps, stop) ?? at)}
              />
            ))}
          </ol>
        ))}
        <p class={bound.journey.arrived ? 'simulator-ending' : 'simulator-ending failed'}>
          {bound.journey.ending}
        </p>
      </div>
      {tried !== null && (
        <p class="simulator-tried">
          <strong>{tried.title}.</strong> {tried.says}
        </p>
      )}
      {problem !== null && (
        <p class="simulator-problem" role="alert">
          {capital(problem)}.
        </p>
      )}
      {simulation.problems.map(({ option, because, mend, severity }) => (
        <p class="simulator-problem" role="alert" data-severity={severity} key={`${option} ${because}`}>
          <code>{option}</code>: {because} {mend}
        </p>
      ))}
      <div class="simulator-columns">
        <div class="simulator-controls">
          <Fold label="Who calls whom, and on which Istio">
            <Controls
              state={state}
              bound={bound}
              onChange={change}
              onShow={setState}
              isLab={rulesets !== undefined}
            />
          </Fold>
        </div>
        <Stepper
          simulation={simulation}
          at={at}
          onGo={goByHand}
          onPlay={go}
          isPlaying={isPlaying}
          onPlaying={setPlaying}
        />
        <div class="simulator-side">
          <HookMap places={hookPlaces(steps, at)} onGo={goByHand} />
          <ChainRules view={chainAt(simulation, at)} onGo={goByHand} />
        </div>
      </div>
      <Experiments
        scenario={simulation.scenario}
        state={state}
        onChange={change}
        onUndo={history.length > 0 ? undo : null}
        {...(rulesets === undefined ? {} : { rulesets })}
      />
      {needsDrawing && (
        <LaterRedrawn
          journey={bound.journey}
          replies={replies}
          title={simulation.scenario.title}
          id={`redrawn-${scenario}`}
          onDrawn={() => setDrawn((drawn) => drawn + 1)}
        />
      )}
      <Copying
        state={state}
        journey={bound.journey}
        title={simulation.scenario.title}
        {...(alsoInAddress === undefined ? {} : { alsoInAddress })}
      />
      <Announcement text={spoken(simulation, at)} isQuiet={isPlaying && step?.isStop === false} />
    </section>
  );
}

/** Where an experiment is looked at first: at the rule that decides. */
function deciding(state: State, { meets }: Experiment, rulesets: Rulesets | undefined): number {
  try {
    return decidingStep(simulate(state, rulesets), meets);
  } catch {
    return 0;
  }
}

/** Where a key leads, or null where it is none of the simulator's. */
function stepOfKey(event: KeyboardEvent, at: number, steps: Simulation['steps']): number | null {
  const target = event.target as HTMLElement;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || event.altKey || event.ctrlKey || event.metaKey)
    return null;
  switch (event.key) {
    case 'ArrowRight':
      return event.shiftKey ? (nextMatch(steps, at, 1) ?? steps.length - 1) : at + 1;
    case 'ArrowLeft':
      return event.shiftKey ? (nextMatch(steps, at, -1) ?? 0) : at - 1;
    case 'l':
      return legStarts(steps).find(({ step }) => step > at)?.step ?? at;
    case 'Home':
      return 0;
    case 'End':
      return steps.length - 1;
    default:
      return null;
  }
}

function isInSight(part: HTMLElement | null): boolean {
  if (part === null) return false;
  const { top, bottom } = part.getBoundingClientRect();
  return top < innerHeight / 2 && bottom > innerHeight / 2;
}

function spoken(simulation: Simulation, at: number): string {
  const { text, reason } = stepWords(simulation, at);
  return `Step ${at + 1} of ${simulation.steps.length}. ${text} ${reason}`;
}

/** The last stop of a line that lies at or before the step. */
function isAt(line: StopLine, stop: StopShape, step: Simulation['steps'][number] | undefined): boolean {
  if (step === undefined || stop.leg !== step.leg || stop.passage !== step.passage) return false;
  return line.findLast(({ event }) => event <= step.event) === stop;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replace(/\.$/, '');
}
