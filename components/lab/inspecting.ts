/** Has a text inspected by the worker, which keeps the rules and walks on them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Inspection } from '../../src/handbook/index.ts';
import { Asking, type Remote, type RemoteWalker, walkerAsking } from '../simulator/remote-walker.ts';
import type { FromWorker, LabWalker, ToWorker } from './messages.ts';

/** Asks the worker that has the rules. */
export interface RemoteLabWalker extends RemoteWalker {
  readonly compare: Remote<LabWalker>['compare'];
}

export type Inspecting =
  | { readonly state: 'idle' }
  | { readonly state: 'working'; readonly done: number; readonly doing: string }
  | { readonly state: 'failed'; readonly because: string }
  | { readonly state: 'ready'; readonly inspection: Inspection; readonly walker: RemoteLabWalker };

const idle: Inspecting = { state: 'idle' };

/** Inspects whenever the text or the chosen pod is another; an empty text is not inspected. */
export function useInspection(text: string, pod: number): readonly [Inspecting, cancel: () => void] {
  const [inspecting, setInspecting] = useState<Inspecting>(idle);
  const running = useRef<Worker | null>(null);
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
      before.state === 'ready' ? before : { state: 'working', done: 0, doing: 'Starting' },
    );
    const worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module' });
    running.current = worker;
    const post = (message: ToWorker) => worker.postMessage(message);
    const asking = new Asking(post);
    const walker: RemoteLabWalker = {
      ...walkerAsking(asking),
      compare: (against) => asking.ask('compare', [against]) as ReturnType<RemoteLabWalker['compare']>,
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
          setInspecting({ state: 'ready', inspection: data.inspection, walker });
          break;
        case 'failed':
          setInspecting({ state: 'failed', because: data.because });
          stop();
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
  return [inspecting, cancel];
}
