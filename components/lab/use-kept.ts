/** Keeps the text of the lab over a reload of this tab, where the reader asked for it. */
import { useEffect, useState } from 'preact/hooks';
import type { LabEvent } from '../../src/handbook/lab/index.ts';
import { forgetInTab, keepInTab, keptInTab } from '../../src/site/browser-storage.ts';

/** `not possible`: the text is too long, or the browser does not allow it. */
export type Keeping = 'off' | 'on' | 'not possible';

export interface KeptText {
  readonly keeping: Keeping;
  readonly keep: (isKept: boolean) => void;
}

export function useKept(text: string, tell: (event: LabEvent) => void): KeptText {
  const [keeping, setKeeping] = useState<Keeping>('off');

  useEffect(() => {
    const kept = keptInTab();
    if (kept === null) {
      forgetInTab();
      return;
    }
    setKeeping('on');
    // What the address brings goes before it.
    if (!/[#&]dump=/.test(location.hash)) tell({ kind: 'put', text: kept });
  }, []);

  const keep = (isKept: boolean) => {
    if (!isKept) forgetInTab();
    setKeeping(isKept ? (keepInTab(text) ? 'on' : 'not possible') : 'off');
  };

  useEffect(() => {
    if (keeping === 'off') return;
    if (text === '') forgetInTab();
    else setKeeping(keepInTab(text) ? 'on' : 'not possible');
  }, [text]);

  return { keeping, keep };
}
