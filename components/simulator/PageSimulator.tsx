/** The simulator of a page: its first view comes with the page, its engine when it is asked. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Walked } from '../../src/handbook/index.ts';
import { remoteWalker } from './remote-walker.ts';
import { Simulator } from './Simulator.tsx';

export interface PageSimulatorProps {
  readonly scenario: string;
  /** A `Walked`, as JSON: shorter than a page's own form of it. */
  readonly first: string;
  readonly outlooks: readonly string[];
}

export function PageSimulator({ scenario, first, outlooks }: PageSimulatorProps) {
  const walked = useMemo(() => JSON.parse(first) as Walked, [first]);
  const walker = useMemo(
    () => remoteWalker(() => new Worker(new URL('./walk-worker.ts', import.meta.url), { type: 'module' })),
    [],
  );
  useEffect(() => () => walker.close(), [walker]);
  return <Simulator scenario={scenario} first={walked} outlooks={outlooks} walker={walker} />;
}
