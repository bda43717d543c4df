/** Whether the published paths hold on the pasted rules, for which packets, and else where they end: asked when it is opened. */
import { useState } from 'preact/hooks';
import type { ShownPath, ShownPaths } from '../../src/handbook/lab/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import { publishedPathsWords } from '../../src/words/index.ts';

export interface PublishedPathsProps {
  readonly ask: () => Promise<ShownPaths>;
}

type Asked =
  | { readonly state: 'not yet' }
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly said: ShownPaths }
  | { readonly state: 'failed'; readonly because: string };

export function PublishedPaths({ ask }: PublishedPathsProps) {
  const [asked, setAsked] = useState<Asked>({ state: 'not yet' });
  const open = () => {
    if (asked.state !== 'not yet') return;
    setAsked({ state: 'asking' });
    ask().then(
      (said) => setAsked({ state: 'answered', said }),
      ({ message }: Error) => setAsked({ state: 'failed', because: message }),
    );
  };
  return (
    <details class="lab-published lab-tracked" onToggle={(event) => event.currentTarget.open && open()}>
      <summary>{publishedPathsWords.title}</summary>
      {asked.state === 'asking' && <p role="status">{publishedPathsWords.asking}</p>}
      {asked.state === 'failed' && (
        <p class="simulator-problem" role="alert">
          {publishedPathsWords.failed} {asked.because}
        </p>
      )}
      {asked.state === 'answered' && <Answers {...asked.said} />}
    </details>
  );
}

function Answers({ summary, paths, placings }: ShownPaths) {
  return (
    <>
      <p role="status">{summary}</p>
      <p>
        <a href={withBase('/learn/article/')}>{publishedPathsWords.article}</a>
      </p>
      <ol class="lab-walks">
        {paths.map((path) => (
          <Answer key={path.scenario} {...path} />
        ))}
      </ol>
      {placings.length > 0 && (
        <details>
          <summary>{publishedPathsWords.placings}</summary>
          <ul class="lab-list">
            {placings.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Answer({ title, verdict, answer, stops, says, examples, meant }: ShownPath) {
  return (
    // Alarming is only what is otherwise than on Istio's own rules: no sidecar takes all of these paths.
    <li data-verdict={verdict === 'not taken' && meant === null ? 'as meant' : verdict}>
      <p class="lab-walk-head">
        <strong>{title}</strong> <span class="lab-verdict">{answer}</span>
      </p>
      <p>{stops.join(' ▸ ')}</p>
      {meant !== null && <p class="lab-ends">{meant}</p>}
      <details>
        <summary>{publishedPathsWords.packets}</summary>
        <ul class="lab-list">
          {[...says, ...examples].map((one, at) => (
            // Two parts may have the same example.
            <li key={`${at} ${one}`}>{one}</li>
          ))}
        </ul>
      </details>
    </li>
  );
}
