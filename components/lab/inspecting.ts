/** Has a text inspected by the worker, and puts the rules together again that it hands over. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Inspection } from '../../src/handbook/index.ts';
import type { Rulesets } from '../../src/journey/index.ts';
import type { Chain, Family, Rule, TableName } from '../../src/netfilter/index.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export type Inspecting =
  | { readonly state: 'idle' }
  | { readonly state: 'working'; readonly done: number; readonly doing: string }
  | { readonly state: 'failed'; readonly because: string }
  | {
      readonly state: 'ready';
      readonly inspection: Inspection;
      /** Null until all rules have been handed over. */
      readonly rulesets: Rulesets | null;
    };

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
    const taken = new Taken();
    let inspection: Inspection | null = null;
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
          inspection = data.inspection;
          setInspecting({ state: 'ready', inspection, rulesets: null });
          break;
        case 'chain':
          taken.chain(data.family, data.table, data.chain);
          break;
        case 'rules':
          taken.rules(data.rules);
          break;
        case 'done':
          if (inspection !== null) setInspecting({ state: 'ready', inspection, rulesets: taken.rulesets() });
          stop();
          break;
        case 'failed':
          setInspecting({ state: 'failed', because: data.because });
          stop();
          break;
      }
    };
    worker.postMessage({ text, pod } satisfies ToWorker);
    return stop;
  }, [text, pod]);
  const cancel = () => {
    stop();
    setInspecting(idle);
  };
  return [inspecting, cancel];
}

/** What has been handed over so far. */
class Taken {
  private readonly tables: Record<Family, Map<TableName, Chain[]>> = { v4: new Map(), v6: new Map() };
  private open: Rule[] = [];

  chain(family: Family, table: TableName, chain: Omit<Chain, 'rules'>): void {
    this.open = [];
    const chains = this.tables[family].get(table) ?? [];
    chains.push({ ...chain, rules: this.open });
    this.tables[family].set(table, chains);
  }

  rules(rules: readonly Rule[]): void {
    for (const rule of rules) this.open.push(rule);
  }

  rulesets(): Rulesets {
    const made = (family: Family) => {
      const tables = [...this.tables[family]].map(([name, chains]) => ({ name, chains }));
      return tables.length === 0 ? {} : { [family]: { family, tables } };
    };
    return { ...made('v4'), ...made('v6') };
  }
}
