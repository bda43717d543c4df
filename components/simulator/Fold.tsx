/** A part that a phone shows on request and a wide screen always: its button is seen on a phone alone. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

export interface FoldProps {
  readonly label: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Fold({ label, children }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div class="fold" data-open={isOpen ? '' : undefined}>
      <button
        type="button"
        class="fold-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      <div class="fold-content" id={id}>
        {children}
      </div>
    </div>
  );
}
