/**
 * The simulator: who calls whom, step by step. Its first view is rendered in the build; in the browser every
 * change is walked at once, and the whole state is in the address's fragment.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  chainAt,
  decodePermalink,
  encodePermalink,
  type Simulation,
  type State,
  simulate,
  stepAt,
} from '../../src/handbook/index.ts';
import type { Rulesets } from '../../src/journey/index.ts';
import { stopLines } from '../../src/render/index.ts';
import { Stop } from '../Stop.tsx';
import { ChainRules } from './ChainRules.tsx';
import { Controls } from './Controls.tsx';
import { Copying } from './Copying.tsx';
import { Experiments } from './Experiments.tsx';
import { Redrawn } from './Redrawn.tsx';
import { Stepper } from './Stepper.tsx';

export interface SimulatorProps {
  /** The page's scenario. */
  readonly scenario: string;
  /** A real pod's rules, in the lab. */
  readonly rulesets?: Rulesets;
  /** False where several stand on one page: then none owns the address. */
  readonly ownsAddress?: boolean;
}

/** What could be walked, and why the rest could not. */
interface Walk {
  readonly simulation: Simulation;
  readonly problem: string | null;
}

export function Simulator({ scenario, rulesets, ownsAddress = true }: SimulatorProps) {
  const [state, setState] = useState<State>({ scenario });
  const [history, setHistory] = useState<readonly State[]>([]);
  const [linkProblems, setLinkProblems] = useState<readonly string[]>([]);
  const last = useRef<Simulation | null>(null);

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
  const at = Math.min(state.step ?? 0, steps.length - 1);
  const step = steps[at];
  const chain = chainAt(simulation, at);
  const lines = stopLines(bound.journey, { replies: state.replies === true });
  const isChanged = encodePermalink({ ...state, step: 0 }) !== encodePermalink({ scenario, step: 0 });

  useEffect(() => {
    if (!ownsAddress) return;
    const open = () => {
      if (!location.hash.startsWith('#v=')) return;
      const { state: linked, problems } = decodePermalink(location.hash);
      setState({ scenario, ...linked });
      setLinkProblems(problems);
    };
    open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [scenario, ownsAddress]);

  useEffect(() => {
    if (!ownsAddress || (!isChanged && state.step === undefined)) return;
    window.history.replaceState(null, '', `#${encodePermalink(state)}`);
  }, [state, isChanged, ownsAddress]);

  const change = (next: State) => {
    setHistory((before) => [...before.slice(-49), state]);
    setState({ ...next, step: 0 });
  };
  const go = (to: number) =>
    setState((before) => ({ ...before, step: Math.max(0, Math.min(to, steps.length - 1)) }));
  const undo = () => {
    const before = history.at(-1);
    if (before === undefined) return;
    setHistory(history.slice(0, -1));
    setState(before);
  };

  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || event.altKey || event.ctrlKey || event.metaKey)
      return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };

  return (
    <section class="simulator not-content" aria-label="Simulator" onKeyDown={keys}>
      {linkProblems.map((text) => (
        <p class="simulator-problem" role="alert" key={text}>
          {text}
        </p>
      ))}
      <div class="simulator-path">
        {lines.map((line) => (
          <ol class="stops" key={`${line[0]?.leg}-${line[0]?.passage}`}>
            {line.map((stop) => (
              <Stop
                key={`${stop.event}-${stop.text}`}
                stop={stop}
                current={isAt(line, stop, step)}
                onSelect={() => go(stepAt(steps, stop) ?? at)}
              />
            ))}
          </ol>
        ))}
        <p class={bound.journey.arrived ? 'simulator-ending' : 'simulator-ending failed'}>
          {bound.journey.ending}
        </p>
      </div>
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
        <Controls
          state={state}
          bound={bound}
          onChange={change}
          onShow={setState}
          isLab={rulesets !== undefined}
        />
        <Stepper steps={steps} at={at} onGo={go} legs={bound.journey.legs} />
        <ChainRules view={chain} onGo={go} />
      </div>
      <Experiments
        scenario={simulation.scenario}
        state={state}
        onChange={change}
        onUndo={history.length > 0 ? undo : null}
        {...(rulesets === undefined ? {} : { rulesets })}
      />
      {isChanged && (
        <Redrawn journey={bound.journey} replies={state.replies === true} title={simulation.scenario.title} />
      )}
      <Copying state={state} journey={bound.journey} />
    </section>
  );
}

/** The last stop of a line that lies at or before the step. */
function isAt(
  line: ReturnType<typeof stopLines>[number],
  stop: ReturnType<typeof stopLines>[number][number],
  step: Simulation['steps'][number] | undefined,
): boolean {
  if (step === undefined || stop.leg !== step.leg || stop.passage !== step.passage) return false;
  return line.findLast(({ event }) => event <= step.event) === stop;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`.replace(/\.$/, '');
}
