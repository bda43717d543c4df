/** The sequence diagram of a changed journey. Mermaid is loaded here, and nowhere before. */
import { useEffect, useState } from 'preact/hooks';
import { linkOf, type Places, type Walked } from '../../src/handbook/walk/index.ts';
import type { Level } from '../../src/render/index.ts';
import { drawInPage } from '../../src/site/drawing/in-page.ts';
import type { RemoteWalker } from '../engine/remote-walker.ts';

export interface RedrawnProps {
  readonly walked: Walked;
  readonly walker: RemoteWalker;
  /** Unique on the page. */
  readonly id: string;
  /** Another drawing stands in the page, with these messages. */
  readonly onDrawn: (places: Places) => void;
}

export function Redrawn({ walked: { state, scenario }, walker, id, onDrawn }: RedrawnProps) {
  const { title } = scenario;
  const link = linkOf(state, scenario);
  const [level, setLevel] = useState<Level>('overview');
  const [drawn, setDrawn] = useState<{ readonly svg: string; readonly places: Places } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    let isWanted = true;
    const draw = async () => {
      const { source, noteKinds, places } = await walker.sequence(state, level);
      const { svg } = await drawInPage(source, {
        id: `${id}-${level}`,
        title: `${title}, changed`,
        description: 'The changed journey as a sequence. The steps of the simulator say the same in words.',
        noteKinds,
      });
      return { svg, places: { [level]: places } };
    };
    draw().then(
      (drawing) => {
        if (isWanted) {
          setDrawn(drawing);
          setProblem(null);
        }
      },
      (error: unknown) => {
        if (isWanted) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [link, level, title, id]);

  useEffect(() => {
    if (drawn !== null) onDrawn(drawn.places);
  }, [drawn]);

  return (
    <figure class="diagrams redrawn" aria-label={`${title}, changed`}>
      <div class="diagram-bar">
        <div class="diagram-tabs">
          {(['overview', 'detail'] as const).map((one) => (
            <button
              type="button"
              class="diagram-tab"
              aria-pressed={level === one}
              key={one}
              onClick={() => setLevel(one)}
            >
              {one === 'overview' ? 'Overview' : 'Every rule'}
            </button>
          ))}
        </div>
      </div>
      {problem !== null && (
        <p class="simulator-problem" role="alert">
          The diagram could not be drawn: {problem} The steps above say the same.
        </p>
      )}
      <section
        class="diagram-frame"
        data-level={level}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-label={level === 'overview' ? 'Overview' : 'Every rule'}
      >
        {drawn === null ? (
          <p class="redrawn-waiting">The diagram is being drawn…</p>
        ) : (
          // The drawing is Mermaid's, tidied; every text in it was escaped by src/render.
          <div dangerouslySetInnerHTML={{ __html: drawn.svg }} />
        )}
      </section>
    </figure>
  );
}
