/**
 * The lab: a pasted text, what is in it, what is wrong with it, how the six types fare on it, and any connection of
 * one's own. The text stays in the page.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { decodeDump, encodeDump } from '../../src/handbook/lab/index.ts';
import type { State, Walked } from '../../src/handbook/walk/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import { damagedWords, doingWords } from '../../src/words/index.ts';
import { useInspection } from '../engine/inspecting.ts';
import type { RemoteWalker } from '../engine/remote-walker.ts';
import { Simulator } from '../simulator/Simulator.tsx';
import { Commands } from './Commands.tsx';
import { Compare } from './Compare.tsx';
import { Findings } from './Findings.tsx';
import { Reading } from './Reading.tsx';
import { Walks } from './Walks.tsx';

export interface LabProps {
  /** A dump of a real pod, one click away. */
  readonly sample: string;
}

/** What could not be read, and the fragment of the connection that can be opened all the same. */
interface Failure {
  readonly says: string;
  readonly connection: string | null;
}

export function Lab({ sample }: LabProps) {
  const [text, setText] = useState('');
  const [pod, setPod] = useState(0);
  const [isOver, setIsOver] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [opens, setOpens] = useState<State | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const own = useRef<HTMLElement>(null);
  const [inspecting, { cancel, wake }] = useInspection(text, pod);

  const put = (next: string) => {
    setText(next);
    setPod(0);
    setFailure(null);
  };
  const open = (state: State) => {
    setOpens(state);
    own.current?.scrollIntoView({ block: 'start' });
  };
  const take = async (files: FileList | null | undefined) => {
    const chosen = [...(files ?? [])];
    if (chosen.length === 0) return;
    try {
      put((await Promise.all(chosen.map((file) => file.text()))).join('\n'));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      setFailure({ says: `The file could not be read: ${why}`, connection: null });
    }
  };

  useEffect(() => {
    const read = async () => {
      const decoded = await decodeDump(location.hash);
      if (decoded.kind === 'none') return;
      put(decoded.text);
      if (decoded.kind === 'damaged')
        setFailure({
          says: damagedWords(decoded),
          connection: decoded.text === '' ? withoutDump(location.hash) : null,
        });
    };
    void read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);

  useEffect(() => {
    let isWanted = true;
    setLink(null);
    if (text.trim() !== '')
      void encodeDump(text).then((encoded) => {
        if (isWanted && encoded.kind === 'encoded') setLink(encoded.part);
      });
    return () => {
      isWanted = false;
    };
  }, [text]);

  return (
    <div class="lab not-content">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the field and the file button do the same */}
      <div
        class="lab-input"
        data-over={isOver ? '' : undefined}
        data-filled={inspecting.state === 'ready' ? '' : undefined}
        onFocusIn={() => inspecting.state === 'idle' && wake()}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
          if (inspecting.state === 'idle') wake();
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          void take(event.dataTransfer?.files);
        }}
      >
        <label for="lab-text">Paste what iptables-save printed in the pod, or drop files here</label>
        <p class="lab-hint">
          As it comes: with prompts and prose around it, ip6tables-save behind it, and with the pod’s YAML, ip
          address, ip rule and ip route, so that its own addresses are walked.
        </p>
        <textarea
          id="lab-text"
          ref={field}
          spellcheck={false}
          autocomplete="off"
          rows={inspecting.state === 'idle' ? 10 : 6}
          value={shownText(text)}
          readOnly={text.length > longestShown}
          onInput={(event) => put(event.currentTarget.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData?.getData('text/plain') ?? '';
            // So much text is kept out of the field: laying it out would take the browser seconds.
            if (pasted.length <= longestShown) return;
            event.preventDefault();
            put(pasted);
          }}
        />
        <div class="lab-actions">
          <button type="button" onClick={() => put(sample)}>
            Use a sample from a real kernel
          </button>
          <label class="lab-file">
            <span>Choose files</span>
            <input
              type="file"
              multiple
              class="sr-only"
              onChange={(event) => take(event.currentTarget.files)}
            />
          </label>
          {text !== '' && (
            <button
              type="button"
              onClick={() => {
                put('');
                history.replaceState(null, '', location.pathname);
                field.current?.focus();
              }}
            >
              Clear
            </button>
          )}
          <span>The text stays in this page: it is sent nowhere and stored nowhere.</span>
        </div>
        {failure !== null && (
          <p class="simulator-problem" role="alert">
            {failure.says}{' '}
            {failure.connection !== null && (
              <a href={withBase(`/traffic/${usual}/${failure.connection}`)}>
                Open its connection on the handbook’s own rules
              </a>
            )}
          </p>
        )}
      </div>
      {inspecting.state === 'working' && (
        <div class="lab-progress" role="status">
          <progress value={inspecting.done} aria-label="Inspecting" />
          <span>{doingWords(inspecting.doing)}…</span>
          <button type="button" onClick={cancel}>
            Stop
          </button>
        </div>
      )}
      {inspecting.state === 'failed' && (
        <p class="simulator-problem" role="alert">
          This text could not be inspected: {inspecting.because}
        </p>
      )}
      {inspecting.state === 'ready' && (
        <>
          <Reading inspection={inspecting.inspection} words={inspecting.words} onPod={setPod} />
          <Findings inspection={inspecting.inspection} words={inspecting.words} />
          <Walks
            inspection={inspecting.inspection}
            onOpen={(scenario) => {
              open({ scenario });
            }}
          />
          <section class="lab-own" ref={own} aria-label="A connection of your own">
            <h2>A connection of your own</h2>
            {link === null && (
              <p class="lab-hint">
                These rules are too long for a link: send the text with it. Links copied here hold the
                connection alone.
              </p>
            )}
            <Own
              key={JSON.stringify(opens)}
              walker={inspecting.walker}
              opens={opens}
              {...(link === null ? {} : { alsoInAddress: link })}
            />
          </section>
        </>
      )}
      <Compare
        comparer={inspecting.state === 'ready' ? inspecting.comparer : null}
        options={inspecting.state === 'ready' ? (inspecting.inspection.identified[0]?.options ?? {}) : {}}
        onOpen={(request) => open({ scenario: usual, request })}
        onOpenText={(other, request) => {
          put(other);
          open({ scenario: usual, request });
        }}
      />
      <Commands />
    </div>
  );
}

interface OwnProps {
  readonly walker: RemoteWalker;
  /** What was asked for on this page; null: what the address says. */
  readonly opens: State | null;
  readonly alsoInAddress?: string;
}

/** The simulator on the pasted rules, once the first connection has been walked. */
function Own({ walker, opens, alsoInAddress }: OwnProps) {
  const [first, setFirst] = useState<{
    readonly walked: Walked;
    readonly walker: RemoteWalker;
  } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    setProblem(null);
    walker.walk(opens ?? { scenario: usual }).then(
      (walked) => isWanted && setFirst({ walked, walker }),
      (error: Error) => isWanted && setProblem(error.message),
    );
    return () => {
      isWanted = false;
    };
  }, [walker]);
  if (problem !== null)
    return (
      <p class="simulator-problem" role="alert">
        This connection could not be walked: {problem}
      </p>
    );
  if (first?.walker !== walker) return <p role="status">The connection is being walked…</p>;
  return (
    <Simulator
      scenario={opens?.scenario ?? usual}
      first={first.walked}
      walker={walker}
      isLab
      opensAddress={opens === null}
      {...(alsoInAddress === undefined ? {} : { alsoInAddress })}
    />
  );
}

/** What is walked where nothing was asked for. */
const usual = 'local-to-remote';

/** The rest of a link whose dump cannot be read; null where it holds no more than that. */
function withoutDump(hash: string): string | null {
  const rest = hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => !part.startsWith('dump='));
  return rest.some((part) => !part.startsWith('v=')) ? `#${rest.join('&')}` : null;
}

/** A longer text is inspected in full and shown in part. */
const longestShown = 200_000;

function shownText(text: string): string {
  if (text.length <= longestShown) return text;
  const lines = text.slice(0, 4000).split('\n').slice(0, -1).join('\n').slice(0, 4000);
  return `${lines}\n… ${(text.length / 1024 / 1024).toFixed(1)} MB in all, inspected in full`;
}
