/** Plays the steps at a chosen pace; nothing plays where the reader asked for less motion: the style sheet hides it. */
import { having, paces, play, type Session } from '../../src/handbook/walk/index.ts';
import { StepButton } from './StepButton.tsx';
import type { Tell } from './use-session.ts';

export interface PlayingProps {
  readonly session: Session;
  readonly tell: Tell;
}

export function Playing({ session: { isPlaying, pace }, tell }: PlayingProps) {
  return (
    <span class="playing">
      <StepButton
        label={isPlaying ? 'Pause' : 'Play'}
        icon={isPlaying ? 'pause' : 'play'}
        onClick={() => (isPlaying ? tell(having, { isPlaying: false }) : tell(play))}
      />
      <select
        aria-label="Pace"
        value={pace}
        onChange={(event) => tell(having, { pace: Number(event.currentTarget.value) })}
      >
        {paces.map(({ name, milliseconds }) => (
          <option value={milliseconds} key={name}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
