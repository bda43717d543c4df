/** The simulator of a page on ambient mode: its first view comes with the page, its engine when it is asked. */
import { useEffect, useMemo } from 'preact/hooks';
import { remoteWalker } from '../engine/remote-walker.ts';
import { AmbientFields } from './AmbientFields.tsx';
import type { FirstView } from './first-view.ts';
import { OfPage, Simulator } from './Simulator.tsx';

export function AmbientSimulator() {
  return <OfPage shows={Walking} />;
}

function Walking({ walked, ...known }: FirstView) {
  const walker = useMemo(
    () =>
      remoteWalker(
        () => new Worker(new URL('../engine/ambient-worker.ts', import.meta.url), { type: 'module' }),
      ),
    [],
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
