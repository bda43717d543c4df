/**
 * What Envoy does at its stops of the path, step by step, with what a reader can choose of it. Loaded when it is opened,
 * with a worker of its own; nothing that the page has already is imported here, which would split the page's own script.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type {
  AskedOfStops,
  EnvoyChoice,
  ToldField,
  ToldStop,
  ToldStops,
} from '../../src/handbook/envoy/index.ts';
import type { Walked } from '../../src/handbook/walk/index.ts';

export interface EnvoyStopsProps {
  readonly walked: Walked;
  readonly onChoose: (chosen: EnvoyChoice) => void;
}

const notLoaded = 'What walks through Envoy could not be loaded: is there a connection? Load the page again.';

export function EnvoyStops({ walked, onChoose }: EnvoyStopsProps) {
  const [told, setTold] = useState<ToldStops | null>(null);
  const [isMissing, setMissing] = useState(false);
  const worker = useMemo(
    () => new Worker(new URL('../engine/envoy-worker.ts', import.meta.url), { type: 'module' }),
    [],
  );
  useEffect(() => {
    worker.onmessage = ({ data }: MessageEvent<ToldStops>) => setTold(data);
    worker.onerror = () => setMissing(true);
    return () => worker.terminate();
  }, [worker]);
  const { scenario, release, options, head, lines, packets, passages, state } = walked;
  const chosen = state.envoy ?? {};
  // Of a step that is gone to nothing changes.
  useEffect(() => {
    const walk = { scenario, release, options, head, lines, packets, passages };
    worker.postMessage({ walk, chosen } satisfies AskedOfStops);
  }, [worker, lines, options, JSON.stringify(chosen)]);
  if (isMissing)
    return (
      <p class="simulator-problem" role="alert">
        {notLoaded}
      </p>
    );
  if (told === null) return <p>It is being walked…</p>;
  return (
    <>
      <div class="controls envoy-choices">
        {told.fields.map((field) => (
          <Field
            key={field.name}
            {...field}
            onChange={(value) => onChoose({ ...chosen, [field.name]: value })}
          />
        ))}
      </div>
      {told.note !== null && <p>{told.note}</p>}
      <div role="status">
        {told.stops.map((stop) => (
          <Stop key={stop.title} {...stop} />
        ))}
      </div>
    </>
  );
}

function Field({
  label,
  value,
  choices,
  problem,
  onChange,
}: ToldField & { readonly onChange: (value: string) => void }) {
  return (
    <div class="controls-field">
      {choices === null ? (
        <label>
          <span>{label}</span>
          <input
            type="text"
            spellcheck={false}
            autocomplete="off"
            value={value}
            aria-invalid={problem !== null}
            onChange={(event) => onChange(event.currentTarget.value.trim())}
          />
        </label>
      ) : (
        <label>
          <span>{label}</span>
          <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
            {choices.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
      )}
      {problem !== null && (
        <p class="controls-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** What was not taken stands folded, where it was asked. */
function Stop({ title, steps, ending, seen, client, beside }: ToldStop) {
  return (
    <div class="envoy-walk" data-seen={client}>
      <p>
        {title}. <strong>{seen}</strong>
      </p>
      <ol>
        {steps.map(({ folded, says }) => (
          <li key={says[0]}>
            {folded !== null ? (
              <details>
                <summary>{folded}</summary>
                <ul>
                  {says.map((one) => (
                    <li key={one}>{one}</li>
                  ))}
                </ul>
              </details>
            ) : (
              says[0]
            )}
          </li>
        ))}
      </ol>
      <p>
        {ending} {beside}
      </p>
    </div>
  );
}
