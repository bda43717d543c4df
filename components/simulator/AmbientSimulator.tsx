/** The simulator of a page on ambient mode: its first view comes with the page, its engine when it is asked. */
import { useEffect, useMemo } from 'preact/hooks';
import { remoteWalker } from '../engine/remote-walker.ts';
import { AmbientFields } from './AmbientFields.tsx';
import type { FirstView } from './PageSimulator.tsx';
import { Simulator } from './Simulator.tsx';

export interface AmbientSimulatorProps {
  /** A `FirstView`, as JSON. */
  readonly first: string;
}

export function AmbientSimulator({ first }: AmbientSimulatorProps) {
  const { walked, ...known } = useMemo(() => JSON.parse(first) as FirstView, [first]);
  const walker = useMemo(
    () =>
      remoteWalker(
        () => new Worker(new URL('../engine/ambient-worker.ts', import.meta.url), { type: 'module' }),
      ),
    [first],
  );
  useEffect(() => () => walker.close(), [walker]);
  return (
    <Simulator
      beginning={{ scenario: walked.scenario.name, first: walked, ...known }}
      walker={walker}
      settings={AmbientFields}
    />
  );
}
