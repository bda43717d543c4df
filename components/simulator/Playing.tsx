/** Plays the steps at a chosen pace; nothing plays where the reader asked for less motion: the style sheet hides it. */
import { useEffect, useState } from 'preact/hooks';
import { StepButton } from './StepButton.tsx';

export interface PlayingProps {
  readonly isPlaying: boolean;
  readonly onPlaying: (isPlaying: boolean) => void;
  readonly onNext: () => void;
  /** Right before the first step. */
  readonly onStart: () => void;
  /** The step that is shown now. */
  readonly step: number;
}

const paces = [
  { name: 'slow', milliseconds: 2000 },
  { name: 'steady', milliseconds: 900 },
  { name: 'fast', milliseconds: 300 },
] as const;

export function Playing({ isPlaying, onPlaying, onNext, onStart, step }: PlayingProps) {
  const [pace, setPace] = useState<number>(paces[1].milliseconds);
  useEffect(() => {
    if (!isPlaying || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setTimeout(onNext, pace);
    return () => clearTimeout(timer);
  }, [isPlaying, step, pace]);
  return (
    <span class="playing">
      <StepButton
        label={isPlaying ? 'Pause' : 'Play'}
        icon={isPlaying ? 'pause' : 'play'}
        onClick={() => {
          if (!isPlaying) onStart();
          onPlaying(!isPlaying);
        }}
      />
      <select aria-label="Pace" value={pace} onChange={(event) => setPace(Number(event.currentTarget.value))}>
        {paces.map(({ name, milliseconds }) => (
          <option value={milliseconds} key={name}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
