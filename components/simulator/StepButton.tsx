/** A button of the stepper. */

/** Outlines in a box of 16 by 16. */
const icons = {
  start: 'M3 3h2v10H3zM13 3v10L6 8z',
  matchBefore: 'M8 3v10L1 8zM15 3v10L8 8z',
  back: 'M11 3v10L4 8z',
  forward: 'M5 3v10l7-5z',
  nextMatch: 'M1 3v10l7-5zM8 3v10l7-5z',
  nextLeg: 'M1 7h7V3l7 5-7 5V9H1z',
  end: 'M3 3v10l7-5zM11 3h2v10h-2z',
  play: 'M4 2v12l9-6z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
} as const;

export interface StepButtonProps {
  readonly label: string;
  readonly icon: keyof typeof icons;
  readonly onClick: () => void;
  /** Leads nowhere now. It keeps the focus, so that whoever steps by keyboard does not lose the place. */
  readonly isOff?: boolean;
  readonly isMain?: boolean;
}

export function StepButton({ label, icon, onClick, isOff = false, isMain = false }: StepButtonProps) {
  return (
    <button
      type="button"
      class={isMain ? 'step-button main' : 'step-button'}
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={() => {
        if (!isOff) onClick();
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={icons[icon]} />
      </svg>
    </button>
  );
}
