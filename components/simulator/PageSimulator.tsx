/** The simulator of a page: its first view comes with the page, its engine when it is asked. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Places, Purposes, Walked } from '../../src/handbook/walk/index.ts';
import { remoteWalker } from '../engine/remote-walker.ts';
import type { FromPage } from '../engine/walk-worker.ts';
import { Simulator } from './Simulator.tsx';

export interface PageSimulatorProps {
  /** A `FirstView`, as JSON: shorter than a page's own form of it. */
  readonly first: string;
}

export interface FirstView {
  readonly walked: Walked;
  /** The messages of the page's diagrams. */
  readonly places: Places;
  /** What its rules are for. */
  readonly purposes: Purposes;
  /** What each experiment will change. */
  readonly outlooks: readonly string[];
}

export function PageSimulator({ first }: PageSimulatorProps) {
  const { walked, ...known } = useMemo(() => JSON.parse(first) as FirstView, [first]);
  const { scenario, menu } = walked;
  const walker = useMemo(
    () =>
      remoteWalker(() => {
        const worker = new Worker(new URL('../engine/walk-worker.ts', import.meta.url), { type: 'module' });
        worker.postMessage({ kind: 'page', scenario, menu } satisfies FromPage);
        return worker;
      }),
    [first],
  );
  useEffect(() => () => walker.close(), [walker]);
  return <Simulator beginning={{ scenario: scenario.name, first: walked, ...known }} walker={walker} />;
}
