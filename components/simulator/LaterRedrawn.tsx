/** The page draws its own diagram: drawing another, and all of Mermaid, is loaded with the first change. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RedrawnProps } from './Redrawn.tsx';

export function LaterRedrawn(props: RedrawnProps) {
  const [Redrawn, setRedrawn] = useState<ComponentType<RedrawnProps> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    import('./Redrawn.tsx').then(
      (loaded) => setRedrawn(() => loaded.Redrawn),
      () => setProblem('The part that draws could not be loaded. The steps above say the same.'),
    );
  }, []);
  if (problem !== null)
    return (
      <p class="simulator-problem" role="alert">
        {problem}
      </p>
    );
  if (Redrawn === null) return <p class="redrawn-waiting">The diagram is being drawn…</p>;
  return <Redrawn {...props} />;
}
