/** The steps of a journey: the current one large, and the ways to another. */
import { legStarts, nextStop, type Step } from '../../src/handbook/index.ts';
import type { Leg } from '../../src/journey/index.ts';
import { clientName, destinationOf, serverName, sourceOf } from '../../src/render/index.ts';

export interface StepperProps {
  readonly steps: readonly Step[];
  readonly at: number;
  readonly legs: readonly Leg[];
  readonly onGo: (to: number) => void;
}

export function Stepper({ steps, at, legs, onGo }: StepperProps) {
  const step = steps[at];
  if (step === undefined) return <div class="stepper">There is nothing to step through.</div>;
  const leg = legs[step.leg];
  const starts = legStarts(steps);
  const isLast = at === steps.length - 1;
  const nextLeg = starts.find((start) => start.step > at);
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
      <div class="stepper-now" aria-live="polite">
        <p class="stepper-text">{step.text}</p>
        {step.reason !== '' && <p class="stepper-reason">{step.reason.replace(/\.$/, '')}.</p>}
      </div>
      <Packet step={step} />
      <div class="stepper-buttons">
        <Button label="To the start" icon="start" onClick={() => onGo(0)} disabled={at === 0} />
        <Button
          label="To the stop before"
          icon="stopBefore"
          onClick={() => onGo(nextStop(steps, at, -1))}
          disabled={at === 0}
        />
        <Button label="One step back" icon="back" onClick={() => onGo(at - 1)} disabled={at === 0} />
        <span class="stepper-count">
          {at + 1} of {steps.length}
        </span>
        <Button label="One step forward" icon="forward" onClick={() => onGo(at + 1)} disabled={isLast} />
        <Button
          label="To the next stop"
          icon="nextStop"
          onClick={() => onGo(nextStop(steps, at, 1))}
          disabled={isLast}
        />
        <Button
          label="To the next leg"
          icon="nextLeg"
          onClick={() => onGo(nextLeg?.step ?? at)}
          disabled={nextLeg === undefined}
        />
      </div>
      <label class="stepper-scrubber">
        <span class="sr-only">Step</span>
        <input
          type="range"
          min={1}
          max={steps.length}
          value={at + 1}
          aria-valuetext={`Step ${at + 1} of ${steps.length}: ${step.text}`}
          onInput={(event) => onGo(Number(event.currentTarget.value) - 1)}
        />
        <svg class="stepper-legs" aria-hidden="true">
          {starts.map(({ leg: number, step: start }) => {
            const x = `${(100 * start) / Math.max(1, steps.length - 1)}%`;
            return <line key={number} x1={x} x2={x} y1="0" y2="100%" />;
          })}
        </svg>
      </label>
      <ol class="stepper-near" aria-label="The steps around this one">
        {steps.slice(Math.max(0, at - 2), at + 5).map((near, index) => {
          const number = Math.max(0, at - 2) + index;
          return (
            <li key={number}>
              <button
                type="button"
                aria-current={number === at ? 'step' : undefined}
                data-quiet={near.isStop ? undefined : ''}
                onClick={() => onGo(number)}
              >
                {near.text}
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Packet({ step: { packet, before } }: { readonly step: Step }) {
  return (
    <dl class="stepper-packet">
      <Field name="from" now={sourceOf(packet)} was={before === null ? null : sourceOf(before)} />
      <Field name="to" now={destinationOf(packet)} was={before === null ? null : destinationOf(before)} />
      {packet.mark !== undefined && packet.mark !== 0 && (
        <Field name="mark" now={`0x${packet.mark.toString(16)}`} was={null} />
      )}
    </dl>
  );
}

function Field({
  name,
  now,
  was,
}: {
  readonly name: string;
  readonly now: string;
  readonly was: string | null;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {was !== null && was !== now && (
          <>
            <del>{was}</del>{' '}
          </>
        )}
        {was !== null && was !== now ? <ins>{now}</ins> : now}
      </dd>
    </div>
  );
}

/** Outlines in a box of 16 by 16. */
const icons = {
  start: 'M3 3h2v10H3zM13 3v10L6 8z',
  stopBefore: 'M8 3v10L1 8zM15 3v10L8 8z',
  back: 'M11 3v10L4 8z',
  forward: 'M5 3v10l7-5z',
  nextStop: 'M1 3v10l7-5zM8 3v10l7-5z',
  nextLeg: 'M3 3v10l7-5zM11 3h2v10h-2z',
} as const;

interface ButtonProps {
  readonly label: string;
  readonly icon: keyof typeof icons;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

function Button({ label, icon, disabled, onClick }: ButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={icons[icon]} />
      </svg>
    </button>
  );
}
