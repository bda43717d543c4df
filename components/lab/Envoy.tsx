/** What a pasted Envoy does: a connection of each kind, and one of the reader's own, step by step. */
import { useState } from 'preact/hooks';
import type { AskedOfEnvoy, EnvoyPart, ShownEnvoyWalk } from '../../src/handbook/lab/envoy/index.ts';
import { stepGroups } from '../../src/words/index.ts';

export interface EnvoyProps {
  readonly part: EnvoyPart;
  /** Nothing else was read of the text: the summary above is of it. */
  readonly isAlone: boolean;
  readonly walk: (asked: AskedOfEnvoy) => Promise<ShownEnvoyWalk>;
}

export function Envoy({ part: { words, walks, begins }, isAlone, walk }: EnvoyProps) {
  return (
    <section class="lab-envoy" aria-label="Inside Envoy">
      <h2>Inside Envoy</h2>
      {!isAlone && <p>{words.summary}</p>}
      {words.problems.length > 0 && (
        <details class="lab-problems">
          <summary>What was not read</summary>
          <ul>
            {words.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </details>
      )}
      {walks.map((one) => (
        <details key={one.title} class="lab-differences">
          <summary>
            {one.title}: {one.ending}
          </summary>
          <Steps walk={one} />
        </details>
      ))}
      {begins !== null && <Own begins={begins} walk={walk} />}
    </section>
  );
}

/** Chains and routes that are not taken stand folded, where they were asked. */
function Steps({ walk: { before, steps, after, ending } }: { readonly walk: ShownEnvoyWalk }) {
  return (
    <>
      {before !== null && <p class="lab-rules">By the rules: {before}</p>}
      <ol>
        {stepGroups(steps).map(({ folded, says }) => (
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
      {after !== null && <p class="lab-rules">By the rules: {after}</p>}
      <p>
        <strong>{ending}</strong>
      </p>
    </>
  );
}

/** In the words of `askedWords`. */
const firstWords: readonly AskedOfEnvoy['first'][] = [
  'HTTP',
  'nothing',
  'bytes',
  'HTTP/2',
  'TLS',
  'mutual TLS of Istio',
];

function Own({ begins, walk }: { readonly begins: AskedOfEnvoy; readonly walk: EnvoyProps['walk'] }) {
  const [asked, setAsked] = useState(begins);
  const [said, setSaid] = useState<ShownEnvoyWalk | string | null>(null);
  const set = (change: Partial<AskedOfEnvoy>) => setAsked({ ...asked, ...change });
  const isAddress = /^(?:\d+\.\d+\.\d+\.\d+|[\da-f:]*:[\da-f:.]*)$/i.test(asked.address.trim());
  const ask = async () => {
    try {
      setSaid(await walk({ ...asked, address: asked.address.trim(), host: asked.host.trim() }));
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      class="lab-envoy-own"
      aria-label="A connection through this Envoy"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <label>
        <span>Who calls</span>
        <select
          value={asked.direction}
          onChange={(event) => set({ direction: event.currentTarget.value as AskedOfEnvoy['direction'] })}
        >
          <option value="outbound">the app</option>
          <option value="inbound">a client outside</option>
        </select>
      </label>
      <label>
        <span>Address</span>
        <input value={asked.address} onInput={(event) => set({ address: event.currentTarget.value })} />
      </label>
      <label>
        <span>Port</span>
        <input
          type="number"
          min={1}
          max={65535}
          value={asked.port}
          onInput={(event) => set({ port: Number(event.currentTarget.value) })}
        />
      </label>
      <label>
        <span>Sends first</span>
        <select
          value={asked.first}
          onChange={(event) => set({ first: event.currentTarget.value as AskedOfEnvoy['first'] })}
        >
          {firstWords.map((one) => (
            <option value={one} key={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Host or server name</span>
        <input value={asked.host} onInput={(event) => set({ host: event.currentTarget.value })} />
      </label>
      <button type="submit" disabled={!isAddress}>
        Walk it
      </button>
      {!isAddress && <p class="simulator-problem">An address is expected, such as 10.96.0.7.</p>}
      <div role="status">
        {typeof said === 'string' && <p class="simulator-problem">{said}</p>}
        {said !== null && typeof said !== 'string' && (
          <>
            <p>{said.title}.</p>
            <Steps walk={said} />
          </>
        )}
      </div>
    </form>
  );
}
