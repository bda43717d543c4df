/** Has a text inspected by the worker, which keeps the rules and walks and compares on them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Inspection } from '../../src/handbook/lab/index.ts';
import type { Doing } from '../../src/words/index.ts';
import { Comparer } from './comparer.ts';
import type { InspectionWords } from './inspection-words.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { Asking, type RemoteWalker, walkerAsking } from './remote-walker.ts';

export type Inspecting =
  | { readonly state: 'idle' }
  | { readonly state: 'working'; readonly done: number; readonly doing: Doing }
  | { readonly state: 'failed'; readonly because: string }
  | {
      readonly state: 'ready';
      readonly inspection: Inspection;
      readonly words: InspectionWords;
      readonly walker: RemoteWalker;
      readonly comparer: Comparer;
    };

const idle: Inspecting = { state: 'idle' };

export interface InspectionControls {
  readonly cancel: () => void;
  /** Loads what reads ahead: somebody is about to paste. */
  readonly wake: () => void;
}

/** Inspects whenever the text or the chosen pod is another; an empty text is not inspected. */
export function useInspection(text: string, pod: number): readonly [Inspecting, InspectionControls] {
  const [inspecting, setInspecting] = useState<Inspecting>(idle);
  const running = useRef<Worker | null>(null);
  const spare = useRef<Worker | null>(null);
  const stop = () => {
    running.current?.terminate();
    running.current = null;
  };
  useEffect(() => {
    if (text.trim() === '') {
      setInspecting(idle);
      return;
    }
    setInspecting((before) =>
      before.state === 'ready' ? before : { state: 'working', done: 0, doing: 'start' },
    );
    const worker = spare.current ?? startLabWorker();
    spare.current = null;
    running.current = worker;
    const post = (message: ToWorker) => worker.postMessage(message);
    const asking = new Asking(post);
    const comparer = new Comparer(post);
    const walker: RemoteWalker = {
      ...walkerAsking(asking),
      // It is awake while it has the rules, and ends with them.
      wake: () => {},
      close: () => {},
    };
    worker.onerror = () => {
      setInspecting({
        state: 'failed',
        because: 'The part of this page that reads rules could not be loaded.',
      });
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      switch (data.kind) {
        case 'progress':
          setInspecting({ state: 'working', done: data.done, doing: data.doing });
          break;
        case 'inspection':
          setInspecting({
            state: 'ready',
            inspection: data.inspection,
            words: data.words,
            walker,
            comparer,
          });
          break;
        case 'failed':
          setInspecting({ state: 'failed', because: data.because });
          stop();
          break;
        case 'comparing':
        case 'compared':
        case 'not compared':
          comparer.hear(data);
          break;
        default:
          asking.answered(data);
      }
    };
    post({ kind: 'text', text, pod });
    return stop;
  }, [text, pod]);
  const cancel = () => {
    stop();
    setInspecting(idle);
  };
  const wake = () => {
    if (spare.current !== null) return;
    const started = startLabWorker();
    spare.current = started;
    // One that could not be loaded is no use: the next is asked to load again, and says so.
    started.onerror = (event) => {
      event.preventDefault();
      if (spare.current === started) spare.current = null;
    };
  };
  useEffect(() => () => spare.current?.terminate(), []);
  return [inspecting, { cancel, wake }];
}

/** The worker that reads, walks and compares. */
export function startLabWorker(): Worker {
  return new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module' });
}
