/**
 * The lab: a pasted ruleset, what it is, how the six types fare on it, and any connection of one's own. The text
 * stays in the page.
 */
import { useMemo, useRef, useState } from 'preact/hooks';
import { type Inspection, inspect, scenarios, summary } from '../../src/handbook/index.ts';
import { stopLines } from '../../src/render/index.ts';
import { RuleText } from '../RuleText.tsx';
import { Stop } from '../Stop.tsx';
import { Simulator } from '../simulator/Simulator.tsx';

export interface LabProps {
  /** A dump of a real pod, one click away. */
  readonly sample: string;
}

/** How many problems are listed before the rest is only counted. */
const listed = 20;

export function Lab({ sample }: LabProps) {
  const [text, setText] = useState('');
  const [isOver, setIsOver] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const inspection = useMemo(() => (text.trim() === '' ? null : inspect(text)), [text]);

  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      setText(await file.text());
      setFailure(null);
    } catch (error) {
      setFailure(`${file.name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return (
    <div class="lab not-content">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the field and the file button do the same */}
      <div
        class="lab-input"
        data-over={isOver ? '' : undefined}
        data-filled={inspection === null ? undefined : ''}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <label for="lab-text">Paste what iptables-save printed in the pod, or drop the file here</label>
        <textarea
          id="lab-text"
          ref={field}
          spellcheck={false}
          autocomplete="off"
          rows={inspection === null ? 10 : 6}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p class="lab-actions">
          <button type="button" onClick={() => setText(sample)}>
            Use a sample from a real kernel
          </button>
          <label class="lab-file">
            <span>Choose a file</span>
            <input type="file" class="sr-only" onChange={(event) => take(event.currentTarget.files?.[0])} />
          </label>
          {text !== '' && (
            <button
              type="button"
              onClick={() => {
                setText('');
                field.current?.focus();
              }}
            >
              Clear
            </button>
          )}
          <span>The text stays in this page: it is sent nowhere and stored nowhere.</span>
        </p>
        {failure !== null && (
          <p class="simulator-problem" role="alert">
            {failure}
          </p>
        )}
      </div>
      {inspection !== null && <Findings inspection={inspection} />}
    </div>
  );
}

function Findings({ inspection }: { readonly inspection: Inspection }) {
  const { counts, problems, identification, walks, rulesets, ruleset, expected } = inspection;
  return (
    <>
      <p class="lab-summary" role="status">
        {summary(inspection)}{' '}
        <span>
          Read as {ruleset.family === 'v4' ? 'IPv4' : 'IPv6'}: {counted(counts.tables, 'table')},{' '}
          {counted(counts.chains, 'chain')}, {counted(counts.rules, 'rule')}
          {problems.length > 0 && `, ${counted(problems.length, 'problem')}`}.
        </span>
      </p>
      {problems.length > 0 && <Problems inspection={inspection} />}
      {identification !== null && <Differences identification={identification} />}
      <h2>The six types on these rules</h2>
      {ruleset.family === 'v6' && (
        <p>The six types are walked over IPv4; these are rules for IPv6, and so none of them is asked.</p>
      )}
      <ol class="lab-walks">
        {walks.map(({ scenario, journey, isAsExpected, expected: path }) => (
          <li key={scenario.name} data-expected={isAsExpected ? '' : undefined}>
            <p>
              <strong>{scenario.title}</strong>{' '}
              <span class="lab-verdict">
                {isAsExpected
                  ? `as Istio ${expected.release} would do it`
                  : `not as Istio ${expected.release} would do it`}
              </span>
            </p>
            {stopLines(journey).map((line) => (
              <ol class="stops compact" key={line[0]?.leg}>
                {line.map((stop) => (
                  <Stop key={`${stop.event}-${stop.text}`} stop={stop} />
                ))}
              </ol>
            ))}
            {!isAsExpected && (
              <details>
                <summary>Expected</summary>
                <pre>{path}</pre>
              </details>
            )}
          </li>
        ))}
      </ol>
      <h2>A connection of your own</h2>
      <Simulator scenario={scenarios[1]?.name ?? ''} rulesets={rulesets} ownsAddress={false} />
    </>
  );
}

function Problems({ inspection: { problems } }: { readonly inspection: Inspection }) {
  return (
    <details class="lab-problems" open={problems.length <= 5}>
      <summary>{counted(problems.length, 'problem')} with this text; the rest was read</summary>
      <ol>
        {problems.slice(0, listed).map(({ line, column, found, expected, mend }) => (
          <li key={`${line}:${column}:${found}`}>
            <strong>
              Line {line}, column {column}:
            </strong>{' '}
            found {found}; expected {expected}. {mend}
          </li>
        ))}
      </ol>
      {problems.length > listed && <p>{problems.length - listed} more are not listed.</p>}
    </details>
  );
}

function Differences({
  identification,
}: {
  readonly identification: NonNullable<Inspection['identification']>;
}) {
  const { missing, foreign, releases } = identification;
  if (missing.length + foreign.length === 0) return null;
  return (
    <details class="lab-differences" open={missing.length + foreign.length <= 12}>
      <summary>What differs from Istio {releases.at(-1)} with its default options</summary>
      <ul>
        {[...missing, ...foreign].map(({ table, chain, position, rule, only }) => (
          <li key={`${only} ${table} ${chain} ${position}`} data-only={only === 'a' ? 'missing' : 'foreign'}>
            <span>{only === 'a' ? 'missing' : 'only here'}</span>{' '}
            <span class="lab-place">
              {table} {chain} {position}
            </span>{' '}
            <RuleText rule={rule} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
