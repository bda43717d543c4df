/**
 * The page draws its own diagram: drawing another, and all of Mermaid, is loaded when a changed one comes near the
 * reader's sight. Until then it would only hold up whoever is still reading the steps.
 */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RedrawnProps } from './Redrawn.tsx';

/** A part of a screen ahead. */
const near = '25% 0px';

export function LaterRedrawn(props: RedrawnProps) {
  const [Redrawn, setRedrawn] = useState<ComponentType<RedrawnProps> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        import('./Redrawn.tsx').then(
          (loaded) => setRedrawn(() => loaded.Redrawn),
          () => setProblem('The part that draws could not be loaded. The steps above say the same.'),
        );
      },
      { rootMargin: near },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="redrawing" ref={place}>
      {problem !== null ? (
        <p class="simulator-problem" role="alert">
          {problem}
        </p>
      ) : Redrawn === null ? (
        <p class="redrawn-waiting">The diagram is being drawn…</p>
      ) : (
        <Redrawn {...props} />
      )}
    </div>
  );
}
