/** The pasted rules beside others: Istio's own for a release, or a second text. */
import { useMemo, useState } from 'preact/hooks';
import { type Comparison, compare, type Inspection } from '../../src/handbook/index.ts';
import { releases, rulesFor } from '../../src/istio/index.ts';
import type { Request, Rulesets } from '../../src/journey/index.ts';
import { parseDumps } from '../../src/netfilter/index.ts';
import { RuleText } from '../RuleText.tsx';

export interface CompareProps {
  readonly rulesets: Rulesets;
  readonly inspection: Inspection;
  /** Opens a connection in the simulator. */
  readonly onOpen: (request: Request) => void;
}

const another = 'another text';
/** More rules than these are not compared while the page waits. */
const mostRules = 5000;

export function Compare({ rulesets, inspection, onOpen }: CompareProps) {
  const { expected, read } = inspection;
  const [against, setAgainst] = useState('');
  const [text, setText] = useState('');
  const isTooLarge = read.some(({ rules }) => rules > mostRules) || text.length > 1_000_000;
  const comparison = useMemo((): Comparison | null => {
    if (against === '' || isTooLarge) return null;
    if (against === another) return text.trim() === '' ? null : compare(rulesets, parseDumps(text), expected);
    const { v4, v6 } = rulesFor(against, expected.options);
    return compare(rulesets, v6 === null ? { v4 } : { v4, v6 }, expected);
  }, [against, text, rulesets]);
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
      {against !== '' && isTooLarge && (
        <p>
          More than {mostRules.toLocaleString('en')} rules are not compared here. Take the nat table alone.
        </p>
      )}
      {comparison !== null && <Compared comparison={comparison} onOpen={onOpen} />}
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
