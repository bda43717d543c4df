/** The steps of a journey: the current one large, and the ways to another. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import {
  goTo,
  legStarts,
  nextOf,
  packetAt,
  passageAt,
  type Session,
  type ShownPacket,
  stepOf,
  type Walked,
} from '../../src/handbook/walk/index.ts';
import { Playing } from './Playing.tsx';
import { StepButton } from './StepButton.tsx';
import type { Tell } from './use-session.ts';

export interface StepperProps {
  readonly session: Session;
  readonly tell: Tell;
}

export function Stepper({ session, tell }: StepperProps) {
  const { walked } = session;
  const at = stepOf(session);
  const onGo = (to: number) => tell(goTo, to);
  const { length, legs, words, matches } = walked;
  if (length === 0) return <div class="stepper">There is no step.</div>;
  const { leg: number, passage } = passageAt(walked, at);
  const leg = legs[number];
  const starts = legStarts(walked);
  const { text, reason } = words[at] ?? left;
  const packet = packetAt(walked, at);
  const nextLeg = starts.find(({ first }) => first > at);
  const match = nextOf(matches, at, 1);
  const matchBefore = nextOf(matches, at, -1);
  const isLast = at === length - 1;
  const near = Math.max(0, at - 2);
  const nearby = Array.from({ length: Math.min(7, length - near) }, (_, index) => near + index);
  return (
    <div class="stepper">
      <p class="stepper-leg">
        Leg {number + 1} of {legs.length}
        {leg && (
          <>
            : {leg.client} to {leg.server ?? 'nobody'}
          </>
        )}
        {passage > 0 && ', the answer'}
      </p>
      <div class="stepper-now">
        <p class="stepper-text">{text}</p>
        {reason !== '' && <p class="stepper-reason">{reason.replace(/\.$/, '')}.</p>}
      </div>
      {packet !== null && <Packet {...packet} />}
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
          onClick={() => onGo(nextLeg?.first ?? at)}
          isOff={nextLeg === undefined}
        />
        <StepButton label="To the end" icon="end" onClick={() => onGo(length - 1)} isOff={isLast} />
      </fieldset>
      <label class="stepper-scrubber">
        <span class="sr-only">Step</span>
        <input
          type="range"
          min={1}
          max={length}
          value={at + 1}
          aria-valuetext={`Step ${at + 1} of ${length}: ${text}`}
          onInput={(event) => onGo(Number(event.currentTarget.value) - 1)}
        />
        <svg class="stepper-legs" aria-hidden="true">
          {starts.map(({ leg: one, first }) => {
            const x = `${(100 * first) / Math.max(1, length - 1)}%`;
            return <line key={one} x1={x} x2={x} y1="0" y2="100%" />;
          })}
        </svg>
      </label>
      <div class="stepper-under">
        <span class="stepper-count">
          {at + 1} of {length}
        </span>
        <Playing session={session} tell={tell} />
        <span class="stepper-keys">
          <kbd>←</kbd> <kbd>→</kbd> step, with <kbd>Shift</kbd> to the next match, <kbd>L</kbd> next leg
        </span>
      </div>
      <ol class="stepper-near" aria-label="The steps around this one">
        {nearby.map((step) => (
          <li key={step}>
            <button
              type="button"
              aria-current={step === at ? 'step' : undefined}
              data-quiet={walked.stops.includes(step) ? undefined : ''}
              onClick={() => onGo(step)}
            >
              {(words[step] ?? left).text}
            </button>
          </li>
        ))}
      </ol>
      <PrintedSteps walked={walked} leg={number} />
    </div>
  );
}

/** Words that are on their way. */
const left = { text: '…', reason: '' };

/** On paper nobody steps: the leg of the chosen step, in full. Seen in print alone. */
function PrintedSteps({ walked, leg }: { readonly walked: Walked; readonly leg: number }) {
  const [isInBrowser, setInBrowser] = useState(false);
  useEffect(() => setInBrowser(true), []);
  const { words, stops, passages, length } = walked;
  const printed = useMemo(() => {
    const own = passages.filter((one) => one.leg === leg);
    const first = own[0]?.first ?? 0;
    const end = passages.find((one) => one.leg > leg)?.first ?? length;
    const shown =
      end - first > longestPrint
        ? stops.filter((step) => step >= first && step < end)
        : Array.from({ length: end - first }, (_, index) => first + index);
    return shown.flatMap((step) => {
      const said = words[step];
      return said === undefined ? [] : [{ step, ...said }];
    });
  }, [words, leg]);
  if (!isInBrowser) return null;
  return (
    <ol class="stepper-printed">
      {printed.map(({ step, text, reason }) => (
        <li key={step}>
          {text} {reason}
        </li>
      ))}
    </ol>
  );
}

/** A longer leg is printed without the rules that did not match. */
const longestPrint = 300;

interface PacketProps {
  readonly now: ShownPacket;
  readonly before: ShownPacket | null;
}

function Packet({ now: packet, before }: PacketProps) {
  const { from, to, protocol, sentBy, mark } = packet;
  const rows: readonly (readonly [name: string, now: string, was: string | null])[] = [
    ['from', from, before?.from ?? null],
    ['to', to, before?.to ?? null],
    ['protocol', protocol, null],
    ...(sentBy === undefined ? [] : ([['sent by', `uid ${sentBy.uid}, gid ${sentBy.gid}`, null]] as const)),
    ...(mark === undefined
      ? []
      : ([['mark', hexadecimal(mark), before && hexadecimal(before.mark ?? 0)]] as const)),
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
