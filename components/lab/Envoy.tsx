/** What a pasted Envoy does: a connection of each kind, and one of the reader's own, step by step. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AskedOfEnvoy, EnvoyPart, ShownEnvoyWalk } from '../../src/handbook/lab/envoy/index.ts';
import { type LinkedEnvoyCall, writeCall } from '../../src/handbook/lab/index.ts';
import { callProblemWords, stepGroups } from '../../src/words/index.ts';

export interface EnvoyProps {
  readonly part: EnvoyPart;
  /** Nothing else was read of the text: the summary above is of it. */
  readonly isAlone: boolean;
  /** The connection that a link leads to. */
  readonly linked: LinkedEnvoyCall | null;
  /** The text as a part of a link; null where it is too long for one. */
  readonly dump: string | null;
  readonly walk: (asked: AskedOfEnvoy) => Promise<ShownEnvoyWalk>;
}

export function Envoy({ part: { words, walks, begins }, isAlone, linked, ...of }: EnvoyProps) {
  const opens = linked?.asked ?? begins;
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
      {opens !== null && <Own key={JSON.stringify(linked)} begins={opens} linked={linked} {...of} />}
    </section>
  );
}

/** Chains and routes that are not taken stand folded, where they were asked. */
function Steps({ walk: { before, steps, after, ending, flags } }: { readonly walk: ShownEnvoyWalk }) {
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
      {flags.length > 0 && <p class="lab-hint">{flags.join(' ')}</p>}
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

interface OwnProps extends Pick<EnvoyProps, 'linked' | 'dump' | 'walk'> {
  readonly begins: AskedOfEnvoy;
}

function Own({ begins, linked, dump, walk }: OwnProps) {
  const [asked, setAsked] = useState(begins);
  const [said, setSaid] = useState<ShownEnvoyWalk | string | null>(null);
  const set = (change: Partial<AskedOfEnvoy>) => setAsked({ ...asked, ...change });
  const isAddress = /^(?:\d+\.\d+\.\d+\.\d+|(?=[\da-f]*:)[\da-f:.]+)$/i.test(asked.address.trim());
  const part = useRef<HTMLFormElement>(null);
  const call = { ...asked, address: asked.address.trim(), host: asked.host.trim() };
  const ask = async () => {
    try {
      setSaid(await walk(call));
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  // What a link says is what its reader sees.
  useEffect(() => {
    if (linked === null) return;
    part.current?.scrollIntoView({ block: 'start' });
    void ask();
  }, []);
  return (
    <form
      ref={part}
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
      <CopyLink call={call} dump={dump} />
      {!isAddress && <p class="simulator-problem">An address is expected, such as 10.96.0.7.</p>}
      {linked?.problems.map(({ name, text }) => (
        <p class="simulator-problem" key={name}>
          {callProblemWords(name, text)}
        </p>
      ))}
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

/** A link that leads back to this connection, with the text in it where there is room. */
function CopyLink({ call, dump }: { readonly call: AskedOfEnvoy } & Pick<EnvoyProps, 'dump'>) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    const fragment = ['v=1', writeCall(call), ...(dump === null ? [] : [dump])].join('&');
    try {
      await navigator.clipboard.writeText(`${location.href.split('#')[0]}#${fragment}`);
      setSaid(
        dump === null
          ? 'Copied without the text, which is too long for a link: send it along.'
          : 'Copied as link.',
      );
    } catch {
      setSaid('The browser does not let this page copy.');
    }
  };
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        Copy link
      </button>
      <span role="status">{said}</span>
    </>
  );
}
