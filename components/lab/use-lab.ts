/** Runs the lab's session in a page: has texts read and connections walked, makes links, and heeds the address. */
import { useEffect, useReducer, useRef } from 'preact/hooks';
import {
  decodeDump,
  encodeDump,
  type LabEvent,
  type LabSession,
  labAfter,
  newLab,
} from '../../src/handbook/lab/index.ts';
import { type LabReader, labReader, startLabWorker } from '../engine/lab-reader.ts';

export interface RunningLab {
  readonly lab: LabSession;
  readonly tell: (event: LabEvent) => void;
  /** Has the rules that are shown; null while none are. */
  readonly reader: LabReader | null;
  /** Loads what reads ahead: somebody is about to paste. */
  readonly wake: () => void;
}

export function useLab(): RunningLab {
  const [lab, tell] = useReducer<LabSession, LabEvent>(labAfter, newLab);
  const { text, reading, inspecting, own } = lab;
  const spare = useRef<Worker | null>(null);
  const readers = useRef(new Map<number, LabReader>());
  const shown = inspecting.state === 'ready' ? inspecting.reading : -1;
  const reader = readers.current.get(shown) ?? null;

  useEffect(() => {
    if (reading === null) return;
    const worker = spare.current ?? startLabWorker();
    spare.current = null;
    const started = labReader(worker, reading, tell);
    // The one whose rules are still shown stays known, though it has ended.
    for (const number of readers.current.keys()) if (number !== shown) readers.current.delete(number);
    readers.current.set(reading.number, started);
    return started.close;
  }, [reading]);

  useEffect(() => {
    const read = async () => {
      const fragment = location.hash;
      tell({ kind: 'link opened', fragment, decoded: await decodeDump(fragment) });
    };
    void read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);

  useEffect(() => {
    if (text.trim() !== '') void encodeDump(text).then((link) => tell({ kind: 'link made', text, link }));
  }, [text]);

  useEffect(() => {
    if (own === null || own.result !== null || reader === null) return;
    const { number, state } = own;
    reader.walker.walk(state).then(
      (walked) => tell({ kind: 'connection', number, result: { kind: 'walked', walked } }),
      ({ message }: Error) =>
        tell({ kind: 'connection', number, result: { kind: 'not walked', because: message } }),
    );
  }, [own?.number]);

  const wake = () => {
    if (inspecting.state !== 'idle' || spare.current !== null) return;
    const started = startLabWorker();
    spare.current = started;
    // One that could not be loaded is no use: the next is asked to load again, and says so.
    started.onerror = (event) => {
      event.preventDefault();
      if (spare.current === started) spare.current = null;
    };
  };
  useEffect(() => {
    // Whoever opens this page is about to paste; what the page shows at first is not kept waiting for it.
    const stop = whenIdle(() => readers.current.size === 0 && wake());
    return () => {
      stop();
      spare.current?.terminate();
    };
  }, []);

  return { lab, tell, reader, wake };
}

/** Calls back when the page has loaded and has nothing else to do, and returns what stops that. */
function whenIdle(callback: () => unknown): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(callback, 1000);
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(callback);
  return () => cancelIdleCallback(asked);
}
