/** The simulator of a page: its first view comes with the page, its engine when it is asked. */
import { useEffect, useMemo } from 'preact/hooks';
import type { OptionName } from '../../src/istio/index.ts';
import { remoteWalker, walkerBeside } from '../engine/remote-walker.ts';
import type { FromPage } from '../engine/walk-worker.ts';
import type { FirstView } from './first-view.ts';
import { OptionFields } from './OptionFields.tsx';
import { OfPage, Simulator } from './Simulator.tsx';

const nativeOption = 'nativeNftables' satisfies OptionName;

/** Whether a state, or the fragment of a link, says anything of the option: both call it by its name. */
function namesNative(asked: readonly unknown[]): boolean {
  return JSON.stringify(asked).includes(nativeOption);
}

export function PageSimulator() {
  return <OfPage shows={Walking} />;
}

function Walking({ walked, ...known }: FirstView) {
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
  }, []);
  useEffect(() => () => walker.close(), [walker]);
  return (
    <Simulator
      beginning={{ scenario: scenario.name, first: walked, ...known }}
      walker={walker}
      settings={OptionFields}
    />
  );
}
