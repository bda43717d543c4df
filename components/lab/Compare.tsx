/** The pasted rules beside others: Istio's own for a release, or a second text. */
import { useEffect, useState } from 'preact/hooks';
import type { Comparison } from '../../src/handbook/index.ts';
import { releases } from '../../src/istio/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { RuleText } from '../RuleText.tsx';
import type { RemoteLabWalker } from './inspecting.ts';

export interface CompareProps {
  /** It has the pasted rules. */
  readonly walker: RemoteLabWalker;
  /** Opens a connection in the simulator. */
  readonly onOpen: (request: Request) => void;
}

const another = 'another text';

type Comparing =
  | { readonly state: 'nothing' | 'working' | 'too large' }
  | { readonly state: 'compared'; readonly comparison: Comparison }
  | { readonly state: 'failed'; readonly because: string };

export function Compare({ walker, onOpen }: CompareProps) {
  const [against, setAgainst] = useState('');
  const [text, setText] = useState('');
  const [comparing, setComparing] = useState<Comparing>({ state: 'nothing' });
  useEffect(() => {
    if (against === '' || (against === another && text.trim() === '')) {
      setComparing({ state: 'nothing' });
      return;
    }
    let isWanted = true;
    const found = (next: Comparing) => isWanted && setComparing(next);
    setComparing({ state: 'working' });
    walker.compare(against === another ? { text } : { release: against }).then(
      (comparison) => found(comparison === null ? { state: 'too large' } : { state: 'compared', comparison }),
      (error: Error) => found({ state: 'failed', because: error.message }),
    );
    return () => {
      isWanted = false;
    };
  }, [against, text, walker]);
  return (
    <section class="lab-compare" aria-label="Compare">
      <h2>Compare</h2>
      <label>
        <span>These rules (A) with (B)</span>{' '}
        <select value={against} onChange={(event) => setAgainst(event.currentTarget.value)}>
          <option value="">nothing yet</option>
          {releases.toReversed().map(({ name }) => (
            <option value={name} key={name}>
              Istio {name}
            </option>
          ))}
          <option value={another}>{another}…</option>
        </select>
      </label>
      {against === another && (
        <label class="lab-second">
          <span>The other rules</span>
          <textarea
            rows={6}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      )}
      {comparing.state === 'too large' && (
        <p>More than 5,000 rules are not compared here. Take the nat table alone.</p>
      )}
      {comparing.state === 'working' && <p role="status">They are being compared…</p>}
      {comparing.state === 'failed' && (
        <p class="simulator-problem" role="alert">
          They could not be compared: {comparing.because}
        </p>
      )}
      {comparing.state === 'compared' && <Compared comparison={comparing.comparison} onOpen={onOpen} />}
    </section>
  );
}

interface ComparedProps {
  readonly comparison: Comparison;
  readonly onOpen: CompareProps['onOpen'];
}

function Compared({ comparison: { rules, connections, walked }, onOpen }: ComparedProps) {
  return (
    <>
      <p role="status">
        {rules.length === 0 ? 'The rules are the same.' : `${rules.length} rules stand on one side only.`}{' '}
        {connections.length} of {walked} connections go another way.
      </p>
      <ul class="lab-list lab-diff">
        {rules.slice(0, 200).map(({ table, chain, position, rule, only }) => (
          <li key={`${only} ${table} ${chain} ${position}`} data-only={only === 'a' ? 'foreign' : 'missing'}>
            <span>{only === 'a' ? 'A only' : 'B only'}</span>{' '}
            <span class="lab-place">
              {table} {chain} {position}
            </span>{' '}
            <RuleText rule={rule} />
          </li>
        ))}
      </ul>
      <ul class="lab-list lab-connections">
        {connections.map(({ title, request, a, b }) => (
          <li key={JSON.stringify(request)}>
            <button type="button" onClick={() => onOpen(request)}>
              {title}
            </button>
            <dl>
              <dt>A</dt>
              <dd>
                <code>{a}</code>
              </dd>
              <dt>B</dt>
              <dd>
                <code>{b}</code>
              </dd>
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
