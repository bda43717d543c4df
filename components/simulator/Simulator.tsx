/**
 * The simulator: who calls whom, step by step. Its first view is made in the build, and stepping through a walk needs
 * nothing but the walk; whatever is changed is walked by the engine, which is loaded then. The whole state is in the
 * address's fragment. What happens to it is `src/handbook/walk/session.ts`; this shows it.
 */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  again,
  type Beginning,
  chainAt,
  change,
  goTo,
  having,
  hookPlaces,
  isChanged,
  show,
  shownAddress,
  stepAt,
  stepOf,
  stepOfKey,
  stopAt,
  type Walked,
} from '../../src/handbook/walk/index.ts';
import { asSentence } from '../../src/words/index.ts';
import type { RemoteWalker } from '../engine/remote-walker.ts';
import type { DrawnEvent } from '../path/drawn-event.ts';
import { OutcomeLine } from '../path/OutcomeLine.tsx';
import { Stop } from '../path/Stop.tsx';
import { Announcement } from './Announcement.tsx';
import { ChainRules } from './ChainRules.tsx';
import { Controls, type SettingsProps } from './Controls.tsx';
import { Copying } from './Copying.tsx';
import { Experiments } from './Experiments.tsx';
import { Fold } from './Fold.tsx';
import { type FirstView, readFirstView } from './first-view.ts';
import { HookMap, hooksOfMap } from './HookMap.tsx';
import { LaterEnvoy } from './LaterEnvoy.tsx';
import { LaterRedrawn } from './LaterRedrawn.tsx';
import { LaterSeldom } from './LaterSeldom.tsx';
import { lightMessages } from './lit-message.ts';
import { Stepper } from './Stepper.tsx';
import { useSession } from './use-session.ts';

export interface SimulatorProps {
  readonly beginning: Beginning;
  readonly walker: RemoteWalker;
  /** The fields of what else can be changed; where the rules are a real pod's, neither release nor options. */
  readonly settings?: ComponentType<SettingsProps>;
  /** False where the first view was asked for: then the address has no say in it. */
  readonly opensAddress?: boolean;
  /** What else belongs into a link that the reader copies: a pasted dump, already encoded. */
  readonly alsoInLink?: string;
  /** The same is in the address already, which otherwise never gets it: a browser writes its history to disk. */
  readonly alsoInAddress?: boolean;
}

/** Shorter waiting is not told of, in milliseconds. */
const unnoticed = 300;

export function Simulator({
  beginning,
  walker,
  settings,
  opensAddress = true,
  alsoInLink,
  alsoInAddress = false,
}: SimulatorProps) {
  const { scenario, doors = [], isLab = false } = beginning;
  const frame = useRef<HTMLElement>(null);
  const [session, tell] = useSession(beginning, {
    walker,
    frame,
    opensAddress,
    alsoInAddress: alsoInAddress ? alsoInLink : undefined,
  });
  const { walked, state, walking, tried, linkProblems, failure, isPlaying } = session;
  const at = stepOf(session);
  const needsDrawing = isLab || isChanged(session);
  const go = (to: number) => tell(goTo, to);

  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || event.altKey || event.ctrlKey || event.metaKey)
      return;
    const to = stepOfKey(session, event.key, event.shiftKey);
    if (to === null) return;
    event.preventDefault();
    go(to);
  };
  const [, relight] = useState({});
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
    const drawn = () => relight({});
    addEventListener('keydown', listen);
    addEventListener('diagram-drawn' satisfies DrawnEvent, drawn);
    return () => {
      removeEventListener('keydown', listen);
      removeEventListener('diagram-drawn' satisfies DrawnEvent, drawn);
    };
  }, []);

  useEffect(() => {
    const root = needsDrawing ? frame.current : document;
    const selector = needsDrawing ? '.redrawn svg' : `svg[id^="diagram-${scenario}-drawn-"]`;
    return lightMessages([...(root?.querySelectorAll<SVGElement>(selector) ?? [])], {
      places: needsDrawing ? session.drawn : (beginning.places ?? {}),
      step: at,
      onGo: go,
    });
  });

  const wake = () => walker.wake();
  const learn = () =>
    walker.purposes().then(
      (purposes) => tell(having, { purposes }),
      () => {},
    );

  return (
    <section
      class="simulator not-content"
      aria-label="Simulator"
      aria-busy={walking !== null}
      onKeyDown={press}
      ref={frame}
    >
      <LaterSeldom session={session} tell={tell} />
      {linkProblems.length > 0 && (
        <div class="simulator-problem" role="alert">
          {linkProblems.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </div>
      )}
      <div class="simulator-path">
        <OutcomeLine {...walked.head} />
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
                current={stop === stopAt(walked, line, at)}
                onSelect={() => go(stepAt(walked, stop) ?? at)}
              />
            ))}
          </ol>
        ))}
      </div>
      {tried !== null && (
        <p class="simulator-tried">
          <strong>{tried.title}.</strong> {tried.says}
        </p>
      )}
      {walking !== null && <Waiting />}
      {failure !== null && (
        <div class="simulator-problem" role="alert">
          <p>{asSentence(failure.because)}</p>
          {failure.again !== null && (
            <p>
              What is shown is what was walked last.{' '}
              <button type="button" onClick={() => tell(again)}>
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
            <Controls
              walked={walked}
              state={state}
              onChange={(next) => tell(change, next)}
              onShow={(next) => tell(show, next)}
              settings={settings}
            />
          </Fold>
        </div>
        <Stepper session={session} tell={tell} />
        <div class="simulator-side">
          <HookMap places={hookPlaces(walked, at, hooksOfMap)} onGo={go} />
          <ChainRules view={chainAt(walked, at)} purposes={session.purposes} onUnknown={learn} onGo={go} />
        </div>
      </div>
      {walked.lines.flat().some((stop) => stop.kind === 'envoy' && doors.includes(stop.port as number)) && (
        <LaterEnvoy session={session} tell={tell} />
      )}
      <div onPointerEnter={wake} onFocusIn={wake}>
        <Experiments session={session} tell={tell} />
      </div>
      {needsDrawing && (
        <LaterRedrawn
          walked={walked}
          walker={walker}
          id={`redrawn-${scenario}`}
          onDrawn={(drawn) => tell(having, { drawn })}
        />
      )}
      <Copying walked={walked} address={shownAddress(session, alsoInLink)} walker={walker} />
      <Announcement
        text={spoken(walked, at)}
        isQuiet={walked.words[at] === undefined || (isPlaying && !walked.stops.includes(at))}
      />
    </section>
  );
}

export interface OfPageProps {
  readonly shows: ComponentType<FirstView>;
}

/** The simulator of a page, with the first view that stands there. In the build it is an empty part that keeps the room. */
export function OfPage({ shows: Shows }: OfPageProps) {
  // Its attributes are those of the simulator, which takes it over. It can have the focus: who comes to it by keyboard
  // brings it in sight, and then has what is in it before them.
  if (import.meta.env.SSR)
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as above.
    return <section class="simulator not-content" aria-label="Simulator" aria-busy={false} tabIndex={0} />;
  return <Shows {...readFirstView()} />;
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

function isInSight(part: HTMLElement | null): boolean {
  if (part === null) return false;
  const { top, bottom } = part.getBoundingClientRect();
  return top < innerHeight / 2 && bottom > innerHeight / 2;
}

function spoken({ words, length }: Walked, at: number): string {
  const { text = '', reason = '' } = words[at] ?? {};
  return `Step ${at + 1} of ${length}. ${text} ${reason}`;
}
