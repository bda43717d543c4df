/**
 * The page draws its own diagram: drawing another, and all of Mermaid, is loaded when a changed one comes near the
 * reader's sight. Until then it would only hold up whoever is still reading the steps.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { RedrawnProps } from './Redrawn.tsx';
import { useLater } from './use-later.tsx';

/** A part of a screen ahead. */
const near = '25% 0px';

export function LaterRedrawn(props: RedrawnProps) {
  const [Redrawn, load] = useLater<RedrawnProps>();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        load(import('./Redrawn.tsx'), 'Redrawn');
      },
      { rootMargin: near },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="redrawing" ref={place}>
      {Redrawn === null ? <p class="redrawn-waiting">The diagram is being drawn…</p> : <Redrawn {...props} />}
    </div>
  );
}
