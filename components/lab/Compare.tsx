/** Two rulesets or two settings side by side: the rules as a difference, and the connections that fare differently. */
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  anotherText,
  asThese,
  type Choice,
  type ComparedSide,
  choicesShown,
  type DifferentConnection,
  isRelease,
  noChoice,
  sideOf,
  these,
} from '../../src/handbook/lab/index.ts';
import type { Setting } from '../../src/handbook/scenarios/index.ts';
import { settings } from '../../src/handbook/tables/index.ts';
import { releases } from '../../src/istio/index.ts';
import type { Request } from '../../src/journey/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import {
  connectionName,
  differingWords,
  probeLegNames,
  probeOverBothWords,
  waysWords,
} from '../../src/words/index.ts';
import { type Compared, Comparer } from '../engine/comparer.ts';
import { startLabWorker } from '../engine/lab-reader.ts';
import type { FromWorker } from '../engine/messages.ts';
import { Stop } from '../path/Stop.tsx';
import { ChainDifferences } from '../rules/ChainDifferences.tsx';
import { AskedHere } from './AskedHere.tsx';

export interface CompareProps {
  /** Asks the worker that has the pasted rules; null while there are none. */
  readonly comparer: Comparer | null;
  /** The options that made them. */
  readonly options: Setting['options'];
  /** Opens a connection on the pasted rules. */
  readonly onOpen: (request: Request) => void;
  /** Opens a connection on another text, which takes their place. */
  readonly onOpenText: (text: string, request: Request) => void;
}

type Comparing =
  | { readonly state: 'nothing' }
  | { readonly state: 'working'; readonly done: number }
  | {
      readonly state: 'compared';
      readonly compared: Compared;
      readonly sides: readonly [ComparedSide, ComparedSide];
    }
  | { readonly state: 'failed'; readonly because: string };

export function Compare({ comparer, options, ...opening }: CompareProps) {
  const [one, setOne] = useState(noChoice);
  const [other, setOther] = useState(noChoice);
  const [comparing, setComparing] = useState<Comparing>({ state: 'nothing' });
  const alone = useComparer();
  const hasThese = comparer !== null;
  const [a, b] = choicesShown([one, other], hasThese);
  const ofThese = hasThese ? options : null;
  const [sideA, sideB] = [sideOf(a, ofThese), sideOf(b, ofThese)];
  const asked = sideA === null || sideB === null ? '' : JSON.stringify([sideA, sideB]);

  useEffect(() => {
    if (sideA === null || sideB === null) {
      setComparing({ state: 'nothing' });
      return;
    }
    const by = comparer ?? alone();
    let isWanted = true;
    const found = (next: Comparing) => isWanted && setComparing(next);
    setComparing({ state: 'working', done: 0 });
    by.compare(sideA, sideB, (done) => found({ state: 'working', done })).then(
      (compared) => found({ state: 'compared', compared, sides: [sideA, sideB] }),
      (error: Error) => found({ state: 'failed', because: error.message }),
    );
    return () => {
      isWanted = false;
      by.stop();
    };
  }, [asked, comparer]);

  return (
    <section class="lab-compare" aria-label="Compare">
      <h2>Compare</h2>
      <p class="lab-hint">
        Two rulesets or two settings of Istio: what differs between their rules, and which connections go
        another way.
      </p>
      <div class="lab-sides">
        <SideFields label="A" choice={a} hasThese={hasThese} onChange={setOne} />
        <SideFields label="B" choice={b} hasThese={hasThese} onChange={setOther} />
      </div>
      {comparing.state === 'working' && (
        <div class="lab-progress" role="status">
          <progress value={comparing.done} aria-label="Comparing" />
          <span>Walking the same connections on both…</span>
          <button
            type="button"
            onClick={() => {
              (comparer ?? alone()).stop();
              setComparing({ state: 'nothing' });
            }}
          >
            Stop
          </button>
        </div>
      )}
      {comparing.state === 'failed' && (
        <p class="simulator-problem" role="alert">
          They could not be compared: {comparing.because}
        </p>
      )}
      {comparing.state === 'compared' && <Differences {...comparing} {...opening} />}
    </section>
  );
}

/** A worker of its own, started when it is first asked and ended with the part. */
function useComparer(): () => Comparer {
  const own = useRef<{ readonly worker: Worker; readonly comparer: Comparer } | null>(null);
  useEffect(() => () => own.current?.worker.terminate(), []);
  return () => {
    if (own.current !== null) return own.current.comparer;
    const worker = startLabWorker();
    const comparer = new Comparer((message) => worker.postMessage(message));
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'comparing' || data.kind === 'compared' || data.kind === 'not compared')
        comparer.hear(data);
    };
    own.current = { worker, comparer };
    return comparer;
  };
}

interface SideFieldsProps {
  readonly label: 'A' | 'B';
  readonly choice: Choice;
  readonly hasThese: boolean;
  readonly onChange: (choice: Choice) => void;
}

function SideFields({ label, choice, hasThese, onChange }: SideFieldsProps) {
  return (
    <fieldset class="lab-side">
      <legend>{label}</legend>
      <label>
        <span>Rules</span>{' '}
        <select
          value={choice.rules}
          onChange={(event) => onChange({ ...choice, rules: event.currentTarget.value })}
        >
          {choice.rules === '' && <option value="">choose…</option>}
          {hasThese && <option value={these}>these rules</option>}
          {releases.toReversed().map(({ name }) => (
            <option value={name} key={name}>
              Istio {name}
            </option>
          ))}
          <option value={anotherText}>another text…</option>
        </select>
      </label>
      {isRelease(choice) && (
        <label>
          <span>Options</span>{' '}
          <select
            value={choice.options}
            onChange={(event) => onChange({ ...choice, options: event.currentTarget.value })}
          >
            {hasThese && <option value={asThese}>{asThese}</option>}
            {settings.map(({ name }) => (
              <option value={name} key={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {choice.rules === anotherText && (
        <label class="lab-second">
          <span>Paste the rules of {label}</span>
          <textarea
            rows={6}
            spellcheck={false}
            value={choice.text}
            onInput={(event) => onChange({ ...choice, text: event.currentTarget.value })}
          />
        </label>
      )}
    </fieldset>
  );
}

interface DifferencesProps extends Pick<CompareProps, 'onOpen' | 'onOpenText'> {
  readonly compared: Compared;
  readonly sides: readonly [ComparedSide, ComparedSide];
}

function Differences({ compared, sides, ...opening }: DifferencesProps) {
  const { chains, differing, connections, probe, isOfTwoLanguages, isOfTwoModes } = compared.comparison;
  const shown = chains.reduce((sum, { rows }) => sum + rows.filter(({ kind }) => kind !== 'kept').length, 0);
  if (probe !== undefined) return <ProbeOverBoth {...probe} />;
  return (
    <>
      <p role="status" class="lab-verdicts">
        {differingWords(differing, isOfTwoLanguages, isOfTwoModes)} {waysWords(compared.comparison)}
      </p>
      {chains.length > 0 && (
        <section class="difference" aria-label="The rules of A and B">
          <p class="lab-hint">A minus stands before what only A has, a plus before what only B has.</p>
          <ChainDifferences chains={chains} said={{ gone: 'A only', come: 'B only' }} />
          {differing > shown && <p>And {(differing - shown).toLocaleString('en')} more rules.</p>}
        </section>
      )}
      <ul class="lab-list lab-connections">
        {connections.map(({ connection, request, difference, outcomes, a, b, questions }, at) => (
          <li key={JSON.stringify(request)} data-verdict={difference}>
            <p>
              {connectionName(connection)} <span class="lab-verdict">{differs[difference]}</span>
            </p>
            <dl>
              {[a, b].map((path, side) => (
                <div key={names[side]}>
                  <dt>{names[side]}</dt>
                  <dd>
                    <p class="lab-hint">{outcomes[side]}</p>
                    {path.map((line) => (
                      <ol class="stops compact" key={line[0]?.leg}>
                        {line.map((stop) => (
                          <Stop key={`${stop.event}-${stop.kind}`} stop={stop} />
                        ))}
                      </ol>
                    ))}
                    <AskedHere question={questions[side]} />
                    <Opening
                      name={`${connectionName(connection)}, ${names[side]}`}
                      side={sides[side] as ComparedSide}
                      link={compared.links[at]?.[side] ?? null}
                      request={request}
                      {...opening}
                    />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Of a node and a pod: over the rules of the one into the other. */
function ProbeOverBoth({ lines, ending }: NonNullable<Compared['comparison']['probe']>) {
  return (
    <>
      <p role="status" class="lab-verdicts">
        {probeOverBothWords} {ending}
      </p>
      {lines.map((line) => (
        <ol class="stops compact" key={line[0]?.leg} aria-label={probeLegNames[line[0]?.leg ?? 0] ?? ''}>
          {line.map((stop) => (
            <Stop key={`${stop.event}-${stop.kind}`} stop={stop} />
          ))}
        </ol>
      ))}
    </>
  );
}

const names = ['A', 'B'] as const;

const differs: Readonly<Record<DifferentConnection['difference'], string>> = {
  'as it is': '',
  moved: '',
  'by other rules': 'the same end by other rules',
  'cannot tell': 'cannot tell whether the same',
  'ends otherwise': 'ends otherwise',
};

interface OpeningProps extends Pick<CompareProps, 'onOpen' | 'onOpenText'> {
  readonly name: string;
  readonly side: ComparedSide;
  readonly link: string | null;
  readonly request: Request;
}

/** Where a connection can be stepped through: on a text's rules here, under a setting on a page of its mode. */
function Opening({ name, side, link, request, onOpen, onOpenText }: OpeningProps) {
  if (link !== null)
    return (
      <a href={withBase(link)} aria-label={`Step through ${name}`}>
        Step through
      </a>
    );
  const open = () => (side.kind === 'text' ? onOpenText(side.text, request) : onOpen(request));
  return (
    <button type="button" onClick={open} aria-label={`Step through ${name}`}>
      Step through
    </button>
  );
}
