/** The steps of a journey: the current one large, and the ways to another. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { legStarts, nextMatch, type Simulation, type Step, stepWords } from '../../src/handbook/index.ts';
import { clientName, destinationOf, serverName, sourceOf } from '../../src/render/index.ts';
import { Playing } from './Playing.tsx';
import { StepButton } from './StepButton.tsx';

export interface StepperProps {
  readonly simulation: Simulation;
  readonly at: number;
  readonly onGo: (to: number) => void;
  /** A step that nobody asked for by hand. */
  readonly onPlay: (to: number) => void;
  readonly isPlaying: boolean;
  readonly onPlaying: (isPlaying: boolean) => void;
}

export function Stepper({ simulation, at, onGo, onPlay, isPlaying, onPlaying }: StepperProps) {
  const { steps, bound } = simulation;
  const { legs } = bound.journey;
  const step = steps[at];
  if (step === undefined) return <div class="stepper">There is nothing to step through.</div>;
  const leg = legs[step.leg];
  const starts = legStarts(steps);
  const { text, reason } = stepWords(simulation, at);
  const nextLeg = starts.find((start) => start.step > at);
  const match = nextMatch(steps, at, 1);
  const matchBefore = nextMatch(steps, at, -1);
  const isLast = at === steps.length - 1;
  const first = Math.max(0, at - 2);
  return (
    <div class="stepper">
      <p class="stepper-leg">
        Leg {step.leg + 1} of {legs.length}
        {leg && (
          <>
            : {clientName(leg.client)} to {leg.server === null ? 'nobody' : serverName(leg.server)}
          </>
        )}
        {step.passage > 0 && ', the answer'}
      </p>
      <div class="stepper-now">
        <p class="stepper-text">{text}</p>
        {reason !== '' && <p class="stepper-reason">{reason.replace(/\.$/, '')}.</p>}
      </div>
      <Packet step={step} />
      <fieldset class="stepper-buttons" aria-label="Stepping">
        <StepButton label="To the start" icon="start" onClick={() => onGo(0)} isOff={at === 0} />
        <StepButton
          label="To the matching rule before"
          icon="matchBefore"
          onClick={() => onGo(matchBefore ?? 0)}
          isOff={matchBefore === null}
        />
        <StepButton label="One step back" icon="back" onClick={() => onGo(at - 1)} isOff={at === 0} />
        <StepButton
          label="One step forward"
          icon="forward"
          onClick={() => onGo(at + 1)}
          isOff={isLast}
          isMain
        />
        <StepButton
          label="To the next rule that matches"
          icon="nextMatch"
          onClick={() => onGo(match ?? at)}
          isOff={match === null}
        />
        <StepButton
          label="To the next leg"
          icon="nextLeg"
          onClick={() => onGo(nextLeg?.step ?? at)}
          isOff={nextLeg === undefined}
        />
        <StepButton label="To the end" icon="end" onClick={() => onGo(steps.length - 1)} isOff={isLast} />
      </fieldset>
      <label class="stepper-scrubber">
        <span class="sr-only">Step</span>
        <input
          type="range"
          min={1}
          max={steps.length}
          value={at + 1}
          aria-valuetext={`Step ${at + 1} of ${steps.length}: ${text}`}
          onInput={(event) => onGo(Number(event.currentTarget.value) - 1)}
        />
        <svg class="stepper-legs" aria-hidden="true">
          {starts.map(({ leg: number, step: start }) => {
            const x = `${(100 * start) / Math.max(1, steps.length - 1)}%`;
            return <line key={number} x1={x} x2={x} y1="0" y2="100%" />;
          })}
        </svg>
      </label>
      <div class="stepper-under">
        <span class="stepper-count">
          {at + 1} of {steps.length}
        </span>
        <Playing
          isPlaying={isPlaying}
          onPlaying={onPlaying}
          onNext={() => (isLast ? onPlaying(false) : onPlay(at + 1))}
          onStart={() => {
            if (isLast) onPlay(0);
          }}
          step={at}
        />
        <span class="stepper-keys">
          <kbd>←</kbd> <kbd>→</kbd> step, with <kbd>Shift</kbd> to the next match, <kbd>L</kbd> next leg
        </span>
      </div>
      <ol class="stepper-near" aria-label="The steps around this one">
        {steps.slice(first, first + 7).map((near, index) => (
          <li key={first + index}>
            <button
              type="button"
              aria-current={first + index === at ? 'step' : undefined}
              data-quiet={near.isStop ? undefined : ''}
              onClick={() => onGo(first + index)}
            >
              {stepWords(simulation, first + index).text}
            </button>
          </li>
        ))}
      </ol>
      <PrintedSteps simulation={simulation} leg={step.leg} />
    </div>
  );
}

/** On paper nobody steps: the leg of the chosen step, in full. Seen in print alone. */
function PrintedSteps({ simulation, leg }: { readonly simulation: Simulation; readonly leg: number }) {
  const [isInBrowser, setInBrowser] = useState(false);
  useEffect(() => setInBrowser(true), []);
  const printed = useMemo(() => {
    const all = simulation.steps.flatMap((step, at) => (step.leg === leg ? [{ step, at }] : []));
    const shown = all.length > longestPrint ? all.filter(({ step }) => step.isStop) : all;
    return shown.map(({ at }) => ({ at, ...stepWords(simulation, at) }));
  }, [simulation, leg]);
  if (!isInBrowser) return null;
  return (
    <ol class="stepper-printed">
      {printed.map(({ at, text, reason }) => (
        <li key={at}>
          {text} {reason}
        </li>
      ))}
    </ol>
  );
}

/** A longer leg is printed without the rules that did not match. */
const longestPrint = 300;

function Packet({ step: { packet, before } }: { readonly step: Step }) {
  const rows: readonly (readonly [name: string, now: string, was: string | null])[] = [
    ['from', sourceOf(packet), before && sourceOf(before)],
    ['to', destinationOf(packet), before && destinationOf(before)],
    ['protocol', packet.protocol, null],
    ...('uid' in packet.from
      ? ([['sent by', `uid ${packet.from.uid}, gid ${packet.from.gid}`, null]] as const)
      : []),
    ...(packet.mark === undefined || packet.mark === 0
      ? []
      : ([['mark', hexadecimal(packet.mark), before && hexadecimal(before.mark ?? 0)]] as const)),
  ];
  return (
    <dl class="stepper-packet" aria-label="The packet now">
      {rows.map(([name, now, was]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {was !== null && was !== now ? (
              <>
                <del>{was}</del> <ins>{now}</ins>
              </>
            ) : (
              now
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`;
}
