/** A worker that has a pasted text: it reads it, keeps its rules, and walks and compares on them. */
import type { AskedOfEnvoy, ShownEnvoyWalk } from '../../src/handbook/lab/envoy/index.ts';
import type { LabEvent, LabReading, ShownPaths } from '../../src/handbook/lab/index.ts';
import { Comparer } from './comparer.ts';
import type { FromWorker, TicketWish, ToWalkEnvoy, ToWorker, ToWriteTicket } from './messages.ts';
import { Asking, type RemoteWalker, walkerAsking } from './remote-walker.ts';

export interface LabReader {
  readonly walker: RemoteWalker;
  readonly comparer: Comparer;
  /** What was read, for a ticket, in Markdown. */
  readonly ticket: (wish: TicketWish) => Promise<string>;
  /** A connection through the pasted Envoy. */
  readonly walkEnvoy: (asked: AskedOfEnvoy) => Promise<ShownEnvoyWalk>;
  /** Whether the published paths hold on the rules. */
  readonly publishedPaths: () => Promise<ShownPaths>;
  /** Ends it; what is not answered yet is never. */
  readonly close: () => void;
}

/** Has a worker read a text, and tells what becomes of it. */
export function labReader(
  worker: Worker,
  { number, text, pod }: LabReading,
  tell: (event: LabEvent) => void,
): LabReader {
  const post = (message: ToWorker) => worker.postMessage(message);
  const asking = new Asking<ToWriteTicket | ToWalkEnvoy>(post);
  const comparer = new Comparer(post);
  worker.onerror = () =>
    tell({
      kind: 'not inspected',
      number,
      because: 'The part of this page that reads rules could not be loaded.',
    });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    switch (data.kind) {
      case 'progress':
      case 'inspection':
        tell({ ...data, number });
        break;
      case 'failed':
        tell({ kind: 'not inspected', number, because: data.because });
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
  return {
    // It is awake while it has the rules, and ends with them.
    walker: { ...walkerAsking(asking), wake: () => {}, close: () => {} },
    comparer,
    ticket: (wish) => asking.askAs((number) => ({ kind: 'ticket', number, wish })) as Promise<string>,
    walkEnvoy: (asked) =>
      asking.askAs((number) => ({ kind: 'envoy', number, asked })) as Promise<ShownEnvoyWalk>,
    publishedPaths: () => asking.ask('publishedPaths', []) as Promise<ShownPaths>,
    close: () => worker.terminate(),
  };
}

/** The worker that reads, walks and compares. */
export function startLabWorker(): Worker {
  return new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module' });
}
