/**
 * The lab: a pasted text, what is in it, what is wrong with it, how the six types fare on it, and any connection of
 * one's own. The text stays in the page.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AskedOfEnvoy } from '../../src/handbook/lab/envoy/index.ts';
import {
  largestPaste,
  type OwnConnection,
  scenarioInLink,
  type Unread as UnreadText,
  usualConnection,
  writeCall,
} from '../../src/handbook/lab/index.ts';
import type { State } from '../../src/handbook/walk/index.ts';
import { withBase } from '../../src/site/addresses/base.ts';
import { damagedWords, doingWords, tooLargeWords } from '../../src/words/index.ts';
import type { RemoteWalker } from '../engine/remote-walker.ts';
import { MeshFields } from '../simulator/MeshFields.tsx';
import { Simulator } from '../simulator/Simulator.tsx';
import { Commands } from './Commands.tsx';
import { Compare } from './Compare.tsx';
import { Envoy } from './Envoy.tsx';
import { Findings } from './Findings.tsx';
import { FirstCommand } from './FirstCommand.tsx';
import { ForTicket, type TicketChoice } from './ForTicket.tsx';
import { PublishedPaths } from './PublishedPaths.tsx';
import { Reading } from './Reading.tsx';
import { type SampleKind, sampleKinds, sampleOf } from './samples.ts';
import { TrackedConnections } from './TrackedConnections.tsx';
import { type Keeping, useKept } from './use-kept.ts';
import { useLab } from './use-lab.ts';
import { Walks } from './Walks.tsx';

interface LabProps {
  /** The pages of connections that are not told on the usual one, by their scenarios. */
  readonly pages: ReadonlyMap<string, string>;
}

export function Lab({ pages }: LabProps) {
  const { lab, tell, reader, wake } = useLab();
  const { keeping, keep } = useKept(lab.text, tell);
  const { text, isOver, isFromLink, unread, link, call, inspecting, opens, own } = lab;
  const field = useRef<HTMLTextAreaElement>(null);
  const ownPart = useRef<HTMLElement>(null);

  const [ticket, setTicket] = useState<TicketChoice>({ isAnonymous: false, hasText: false });
  const walkedLast = useRef<{ readonly own: number; readonly state: State } | null>(null);
  const callWalkedLast = useRef<AskedOfEnvoy | null>(null);
  const writeTicket = (state: State | null) =>
    reader === null
      ? Promise.reject(new Error('The text is still being read.'))
      : reader.ticket({
          ...ticket,
          lab: `${location.origin}${location.pathname}`,
          state,
          call: callWalkedLast.current,
        });
  const write = useRef(writeTicket);
  write.current = writeTicket;
  const shown = own?.number ?? -1;
  /** What is copied as Markdown from here is a ticket. */
  const walker = useMemo(
    (): RemoteWalker | null =>
      reader && {
        ...reader.walker,
        walk: (state) => {
          walkedLast.current = { own: shown, state };
          return reader.walker.walk(state);
        },
        text: (state, form) => (form === 'Markdown' ? write.current(state) : reader.walker.text(state, form)),
      },
    [reader, shown],
  );
  /** The connection as it is shown, whatever the reader has changed. */
  const shownState = () =>
    walkedLast.current?.own === shown ? walkedLast.current.state : (own?.state ?? null);

  // The answer is drawn first, and what stands below it in tasks of their own.
  const [drawn, setDrawn] = useState(0);
  useEffect(
    () => setDrawn(inspecting.state === 'ready' ? Math.min(drawn + 1, 2) : 0),
    [inspecting.state, drawn],
  );

  const alsoInLink = link === null || call === null ? link : `${writeCall(call.asked)}&${link}`;
  const put = (next: string) => tell({ kind: 'put', text: next });
  const putSample = async (kind: SampleKind) => {
    try {
      put(await sampleOf(kind));
    } catch {
      tell({ kind: 'files not read', because: 'the sample could not be loaded.' });
    }
  };
  // The first page leads here with it.
  useEffect(() => {
    if (location.hash === '#sample') void putSample('sidecar');
  }, []);
  const open = (state: State, other?: string) => {
    tell({ kind: 'open', state, ...(other === undefined ? {} : { text: other }) });
    ownPart.current?.scrollIntoView({ block: 'start' });
  };
  const take = async (files: FileList | null | undefined) => {
    const chosen = [...(files ?? [])];
    if (chosen.length === 0) return;
    const size = chosen.reduce((sum, file) => sum + file.size, 0);
    if (size > largestPaste) {
      tell({ kind: 'files too large', size });
      return;
    }
    try {
      put((await Promise.all(chosen.map((file) => file.text()))).join('\n'));
    } catch (error) {
      tell({ kind: 'files not read', because: error instanceof Error ? error.message : String(error) });
    }
  };

  return (
    <div class="lab not-content">
      <FirstCommand />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the field and the file button do the same */}
      <div
        class="lab-input"
        id="sample"
        data-over={isOver ? '' : undefined}
        data-filled={inspecting.state === 'ready' ? '' : undefined}
        onFocusIn={wake}
        onDragOver={(event) => {
          event.preventDefault();
          tell({ kind: 'over', isOver: true });
          wake();
        }}
        onDragLeave={() => tell({ kind: 'over', isOver: false })}
        onDrop={(event) => {
          event.preventDefault();
          tell({ kind: 'over', isOver: false });
          void take(event.dataTransfer?.files);
        }}
      >
        <label for="lab-text">Paste what iptables-save printed in the pod, or drop files here</label>
        <p class="lab-hint">
          As it comes: with prompts and prose around it, ip6tables-save behind it, and with the pod’s YAML, ip
          address, ip rule and ip route, so that its own addresses are walked. Or what its Envoy was told,
          alone or beside the rules: istioctl proxy-config all POD -o json.
        </p>
        <textarea
          id="lab-text"
          ref={field}
          spellcheck={false}
          autocomplete="off"
          rows={inspecting.state === 'idle' ? 10 : 6}
          value={shownText(text)}
          readOnly={text.length > longestShown}
          onInput={(event) => {
            // One long text that is inserted can come as several events, of which the later ones see what is shown of it.
            if (!event.currentTarget.readOnly) put(event.currentTarget.value);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData?.getData('text/plain') ?? '';
            // So much text is kept out of the field: laying it out would take the browser seconds.
            if (pasted.length <= longestShown) return;
            event.preventDefault();
            put(pasted);
          }}
        />
        <div class="lab-actions">
          <button type="button" onClick={() => void putSample('sidecar')}>
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
          <span>
            {isFromLink
              ? 'This text came in the address, and stays there until another takes its place. It is sent nowhere.'
              : 'The text stays in this page: it is sent nowhere, and written into no address but that of a link which you copy.'}
          </span>
        </div>
        <Kept keeping={keeping} keep={keep} />
        <details class="lab-samples">
          <summary>A sample of another kind</summary>
          <p>
            {sampleKinds.map((kind) => (
              <button type="button" key={kind} onClick={() => void putSample(kind)}>
                {kind}
              </button>
            ))}
          </p>
        </details>
        {unread !== null && <Unread unread={unread} pages={pages} />}
      </div>
      {inspecting.state === 'working' && (
        <div class="lab-progress" role="status">
          <progress value={inspecting.done} aria-label="Inspecting" />
          <span>{doingWords(inspecting.doing)}…</span>
          <button type="button" onClick={() => tell({ kind: 'stop' })}>
            Stop
          </button>
        </div>
      )}
      {inspecting.state === 'failed' && (
        <p class="simulator-problem" role="alert">
          This text could not be inspected: {inspecting.because}
        </p>
      )}
      {inspecting.state === 'ready' && reader !== null && (
        <>
          <Reading
            inspection={inspecting.inspection}
            words={inspecting.words}
            onPod={(pod) => tell({ kind: 'pod', pod })}
          />
          {drawn > 0 && <Findings inspection={inspecting.inspection} words={inspecting.words} />}
          {drawn > 1 && (
            <>
              <ForTicket choice={ticket} onChoose={setTicket} make={() => writeTicket(shownState())} />
              {inspecting.inspection.envoy !== undefined && (
                <Envoy
                  key={inspecting.reading}
                  part={inspecting.inspection.envoy}
                  isAlone={inspecting.inspection.recognised[0].kind === 'configuration of Envoy'}
                  linked={call}
                  dump={link}
                  walk={(asked) => {
                    callWalkedLast.current = asked;
                    return reader.walkEnvoy(asked);
                  }}
                />
              )}
              <Walks inspection={inspecting.inspection} onOpen={(scenario) => open({ scenario })} />
              {inspecting.inspection.asksPaths && (
                <PublishedPaths key={`${inspecting.reading} published`} ask={reader.publishedPaths} />
              )}
              <TrackedConnections
                inspection={inspecting.inspection}
                words={inspecting.words}
                onOpen={(request) =>
                  open({ scenario: inspecting.inspection.asksWith ?? usualConnection, request })
                }
              />
              {inspecting.inspection.asksWith !== null && (
                <section class="lab-own" ref={ownPart} aria-label="A connection of your own">
                  <h2>A connection of your own</h2>
                  {link === null && (
                    <p class="lab-hint">
                      These rules are too long for a link: send the text with it. Links copied here hold the
                      connection alone.
                    </p>
                  )}
                  {own === null || own.result === null ? (
                    <p role="status">The connection is being walked…</p>
                  ) : (
                    <Own
                      key={own.number}
                      own={own}
                      walker={walker ?? reader.walker}
                      opensAddress={opens === null && call?.isAlone !== true}
                      {...(alsoInLink === null ? {} : { alsoInLink, alsoInAddress: isFromLink })}
                    />
                  )}
                </section>
              )}
            </>
          )}
        </>
      )}
      <Compare
        comparer={reader?.comparer ?? null}
        options={inspecting.state === 'ready' ? (inspecting.inspection.identified[0]?.options ?? {}) : {}}
        onOpen={(request) =>
          open({
            scenario:
              (inspecting.state === 'ready' ? inspecting.inspection.asksWith : null) ?? usualConnection,
            request,
          })
        }
        onOpenText={(other, request) => open({ scenario: usualConnection, request }, other)}
      />
      <Commands />
    </div>
  );
}

/** That the browser writes it down is said where it is turned on. */
function Kept({ keeping, keep }: { readonly keeping: Keeping; readonly keep: (isKept: boolean) => void }) {
  return (
    <p class="lab-kept">
      <label>
        <input
          type="checkbox"
          checked={keeping === 'on'}
          onChange={(event) => keep(event.currentTarget.checked)}
        />
        <span>Keep in this tab</span>
      </label>{' '}
      <span>
        {keeping === 'not possible'
          ? 'This text cannot be kept: it is too long, or the browser does not allow it.'
          : 'Then a reload brings the text back. For that the browser writes it into its profile on disk, locked; what opens it stays in the memory of this tab and is gone with Clear, or when the tab is closed.'}
      </span>
    </p>
  );
}

function unreadWords(unread: UnreadText): string {
  switch (unread.kind) {
    case 'files':
      return `The file could not be read: ${unread.because}`;
    case 'too large':
      return tooLargeWords(unread.size, largestPaste);
    case 'link':
      return damagedWords(unread.damaged);
  }
}

function Unread({ unread, pages }: { readonly unread: UnreadText } & LabProps) {
  const connection = unread.kind === 'link' ? unread.connection : null;
  return (
    <p class="simulator-problem" role="alert">
      {unreadWords(unread)}{' '}
      {connection !== null && (
        <a
          href={withBase(
            `${pages.get(scenarioInLink(connection)) ?? `/traffic/${usualConnection}/`}${connection}`,
          )}
        >
          Open its connection on the handbook’s own rules
        </a>
      )}
    </p>
  );
}

interface OwnProps {
  readonly own: OwnConnection;
  readonly walker: RemoteWalker;
  readonly opensAddress: boolean;
  readonly alsoInLink?: string;
  readonly alsoInAddress?: boolean;
}

/** The simulator on the pasted rules, which begins with the first connection that was walked. */
function Own({ own: { result }, ...around }: OwnProps) {
  if (result?.kind !== 'walked')
    return (
      <p class="simulator-problem" role="alert">
        This connection could not be walked: {result?.because}
      </p>
    );
  const { walked } = result;
  const beginning = { scenario: walked.scenario.name, first: walked, isLab: true };
  const settings = walked.ambient?.mesh === undefined ? {} : { settings: MeshFields };
  return <Simulator beginning={beginning} {...settings} {...around} />;
}

/** A longer text is inspected in full and shown in part. */
const longestShown = 200_000;

function shownText(text: string): string {
  if (text.length <= longestShown) return text;
  const lines = text.slice(0, 4000).split('\n').slice(0, -1).join('\n').slice(0, 4000);
  return `${lines}\n… ${(text.length / 1024 / 1024).toFixed(1)} MB in all, inspected in full`;
}
