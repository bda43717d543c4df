/** The simulator of a page: its first view comes with the page, its engine when it is asked. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Places, Purposes, Walked } from '../../src/handbook/walk/index.ts';
import type { OptionName } from '../../src/istio/index.ts';
import { remoteWalker, walkerBeside } from '../engine/remote-walker.ts';
import type { FromPage } from '../engine/walk-worker.ts';
import { OptionFields } from './OptionFields.tsx';
import { Simulator } from './Simulator.tsx';

const nativeOption = 'nativeNftables' satisfies OptionName;

/** Whether a state, or the fragment of a link, says anything of the option: both call it by its name. */
function namesNative(asked: readonly unknown[]): boolean {
  return JSON.stringify(asked).includes(nativeOption);
}

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
  /** The ports of Envoy to which the rules bring connections; absent in ambient mode. */
  readonly doors?: readonly number[];
}

export function PageSimulator({ first }: PageSimulatorProps) {
  const { walked, ...known } = useMemo(() => JSON.parse(first) as FirstView, [first]);
  const { scenario, menu } = walked;
  const walker = useMemo(() => {
    const own = remoteWalker(() => {
      const worker = new Worker(new URL('../engine/walk-worker.ts', import.meta.url), { type: 'module' });
      worker.postMessage({ kind: 'page', scenario, menu } satisfies FromPage);
      return worker;
    });
    const native = remoteWalker(
      () => new Worker(new URL('../engine/native-worker.ts', import.meta.url), { type: 'module' }),
    );
    return walkerBeside(
      own,
      native,
      (asked) => walked.options?.[nativeOption] === true || namesNative(asked),
    );
  }, [first]);
  useEffect(() => () => walker.close(), [walker]);
  return (
    <Simulator
      beginning={{ scenario: scenario.name, first: walked, ...known }}
      walker={walker}
      settings={OptionFields}
    />
  );
}
